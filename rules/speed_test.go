package rules

import (
	"encoding/base64"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

// hostile returns texts of about size bytes that hold far more literals, or longer
// lines, than honest text does.
func hostile(e *scanner.Engine, size int) map[string]string {
	rng := rand.New(rand.NewPCG(1, 2))
	var literals []string
	for _, r := range e.Rules() {
		literals = append(literals, strings.Fields(e.Literals(r.ID))...)
	}
	shuffled := func(between string) string {
		var b strings.Builder
		for b.Len() < size {
			b.WriteString(literals[rng.IntN(len(literals))])
			b.WriteString(between)
		}
		return b.String()
	}
	repeated := func(text string) string { return strings.Repeat(text, 1+size/len(text))[:size] }
	random := make([]byte, size*3/4)
	for i := range random {
		random[i] = byte(rng.Uint32())
	}
	encoded := base64.StdEncoding.EncodeToString(random)
	return map[string]string{
		"one letter":            repeated("a"),
		"one capital":           repeated("A"),
		"one digit":             repeated("0"),
		"spaces":                repeated(" "),
		"quotes":                repeated(`"`),
		"one line of base64":    encoded,
		"list of literals":      repeated(strings.Join(literals, "\n")),
		"literals":              shuffled(""),
		"literals and lines":    shuffled("\n"),
		"literals and names":    shuffled("_"),
		"assigned literals":     shuffled(`="`),
		"passwords":             repeated("password="),
		"lists of passwords":    repeated("password=["),
		"texts of passwords":    repeated("password='"),
		"addresses":             repeated("https://a:"),
		"key marks":             repeated("-----BEGIN RSA PRIVATE KEY-----"),
		"minified assignments":  repeated(`a.password=b.token;c.secret=d;`),
		"tokens that are short": repeated("ghp_x AKIAX eyJ.eyJ. xoxb-1 "),
	}
}

// TestTimeIsLinear compares a text with one eight times as long: linear time takes
// eight times as long, quadratic time sixty-four times.
func TestTimeIsLinear(t *testing.T) {
	const size, times, most = 32 << 10, 8, 28
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	all, err := Load()
	require.NoError(t, err)
	e := engine(t, all)
	s := e.NewScratch()
	took := func(text string) time.Duration { // the best of some, as others use the machine
		best := time.Hour
		for range 3 {
			started := time.Now()
			e.Scan(s, []byte(text))
			best = min(best, time.Since(started))
		}
		return best
	}
	long := hostile(e, times*size)
	for name, text := range long {
		var short, whole time.Duration
		for range 8 { // a busy machine may spoil some
			if short, whole = took(text[:size]), took(text); whole < most*max(short, 20*time.Microsecond) {
				break
			}
		}
		require.Less(t, whole, most*max(short, 20*time.Microsecond), "%s: %v for %d bytes, %v for %d", name, short, size, whole, len(text))
	}
}

// TestRejectedCandidatesAllocateNothing scans text in which many literals stand and
// nothing is found.
func TestRejectedCandidatesAllocateNothing(t *testing.T) {
	all, err := Load()
	require.NoError(t, err)
	e := engine(t, all)
	s := e.NewScratch()
	text := []byte(strings.Repeat(`
func login(user string, password string) error { // see https://example.com/docs?token=none
	secret := os.Getenv("SECRET_TOKEN"); apiKey, password := config.APIKey, flags.password
	if password == "" || token != nil { return errors.New("password: none given, AKIA or ghp_ expected") }
	curl -u "$USER:$PASSWORD" -H "Authorization: Bearer $TOKEN" https://api.example.com/v1/keys
`, 50))
	require.Empty(t, e.Scan(s, text)) // compiles what is needed
	require.Zero(t, testing.AllocsPerRun(20, func() { e.Scan(s, text) }))
}

// BenchmarkScanSource scans the source of this module.
func BenchmarkScanSource(b *testing.B) {
	names, err := filepath.Glob("../*/*.go")
	require.NoError(b, err)
	var text []byte
	for _, name := range names {
		file, err := os.ReadFile(name)
		require.NoError(b, err)
		text = append(text, file...)
	}
	benchmarkScan(b, string(text))
}

// BenchmarkScanHostile scans what a scanner dislikes.
func BenchmarkScanHostile(b *testing.B) {
	all, err := Prepared()
	require.NoError(b, err)
	for name, text := range hostile(engine(b, all), 1<<20) {
		b.Run(strings.ReplaceAll(name, " ", "-"), func(b *testing.B) { benchmarkScan(b, text) })
	}
}

func benchmarkScan(b *testing.B, text string) {
	all, err := Prepared()
	require.NoError(b, err)
	e := engine(b, all)
	s := e.NewScratch()
	data := []byte(text)
	e.Scan(s, data) // compiles what is needed
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		e.Scan(s, data)
	}
}
