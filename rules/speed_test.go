package rules

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/bench/hostile"
)

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
	for _, long := range hostile.Texts(e, times*size) {
		name, text := long.Name, long.Text
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
	for _, t := range hostile.Texts(engine(b, all), 1<<20) {
		b.Run(strings.ReplaceAll(t.Name, " ", "-"), func(b *testing.B) { benchmarkScan(b, t.Text) })
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
