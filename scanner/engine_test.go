package scanner

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math/rand"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"github.com/stretchr/testify/require"
)

// key assembles an access key id, so that this file holds none.
func key(tail string) string { return "AK" + "IA" + (tail + strings.Repeat("ABCD2345", 2))[:16] }

func testRules() []Rule {
	return []Rule{
		{ID: "aws", Regex: `\b(AKIA[A-Z2-7]{16})\b`, Confidence: ConfidenceHigh},
		{ID: "near", Context: []string{"datadog"}, Value: `[0-9a-f]{32}`, Confidence: ConfidenceMedium},
		{ID: "block", Regex: `-----BEGIN KEY-----[A-Za-z0-9\s]+-----END KEY-----`, Reach: 2000, Confidence: ConfidenceHigh},
		{ID: "either", Regex: `(?i)(foo_|bar_)[a-z]{4,8}`, Confidence: ConfidenceMedium},
		{ID: "word", Keywords: []string{"password"}, Confidence: ConfidenceLow},
	}
}

func mustCompile(t testing.TB, rules []Rule, o Options) *Engine {
	t.Helper()
	e, err := Compile(rules, o)
	require.NoError(t, err)
	return e
}

// place is what of a match can be compared.
func place(m Match) string {
	return fmt.Sprintf("%s %d:%d-%d:%d %s %s", m.Rule.ID, m.Line, m.Column, m.EndLine, m.EndColumn, m.Encoding, m.Secret.Reveal())
}

func places(ms []Match) []string {
	out := []string{}
	for _, m := range ms {
		out = append(out, place(m))
	}
	return out
}

func TestScan(t *testing.T) {
	e := mustCompile(t, testRules(), Options{})
	hex := strings.Repeat("0a", 16)
	tests := []struct {
		name, text string
		want       []string
	}{
		{"nothing", "plain text, akia in lower case", nil},
		{"alone", key(""), []string{"aws 1:1-1:21  " + key("")}},
		{"line and column are code points", "ä\n é " + key("") + "\n", []string{"aws 2:4-2:24  " + key("")}},
		{"inside a longer word", "x" + key(""), nil},
		{"too long", key("") + "A", nil},
		{"two adjacent", key("") + " " + key("ZZ"), []string{"aws 1:1-1:21  " + key(""), "aws 1:22-1:42  " + key("ZZ")}},
		{"context on the same line", "datadog.key = '" + hex + "'", []string{"near 1:16-1:48  " + hex}},
		{"context after an escape", `datadog\n` + hex + `"`, []string{"near 1:10-1:42  " + hex}},
		{"context too far", "datadog" + strings.Repeat(" ", 81) + hex, nil},
		{"context, token too long", "datadog " + hex + "0", nil},
		{"context, base64 padding", "datadog " + hex + "=", nil},
		{"fold", "FOO_abcd Bar_ABCDEFGH", []string{"either 1:1-1:5  FOO_", "either 1:10-1:14  Bar_"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.want == nil {
				tt.want = []string{}
			}
			require.Equal(t, tt.want, places(e.Scan(e.NewScratch(), []byte(tt.text))))
		})
	}
}

func TestSpecificBeatsGeneric(t *testing.T) {
	e := mustCompile(t, testRules(), Options{})
	require.Equal(t, []string{"aws 1:13-1:33  " + key("")}, places(e.Scan(e.NewScratch(), []byte(`password = "`+key("")+`"`))))
}

func TestChecks(t *testing.T) {
	checks := map[string]Check{"c": func(secret, _ []byte) CheckResult {
		switch secret[4] {
		case 'R':
			return CheckResult{Proof: Refuted}
		case 'X':
			return CheckResult{Proof: Example}
		case 'P':
			return CheckResult{Proof: Proven, Severity: SeverityLow, Details: []Detail{{"a", "b"}}}
		}
		return CheckResult{}
	}}
	rules := testRules()
	rules[0].Check, rules[0].Severity, rules[0].Confidence = "c", SeverityHigh, ConfidenceMedium
	e := mustCompile(t, rules, Options{Checks: checks})
	scan := func(text string) []Match { return e.Scan(e.NewScratch(), []byte(text)) }

	require.Empty(t, scan(key("R")))
	require.Empty(t, scan(`password = "`+key("X")+`"`), "an example hides the generic match on the same bytes")
	m := scan(key("P"))[0]
	require.True(t, m.Proven)
	require.Equal(t, SeverityLow, m.Severity)
	require.Equal(t, ConfidenceHigh, m.Confidence)
	require.Equal(t, []Detail{{"a", "b"}}, m.Details)
	m = scan(key("A"))[0]
	require.False(t, m.Proven)
	require.Equal(t, SeverityHigh, m.Severity)
	require.Equal(t, ConfidenceMedium, m.Confidence)
}

func TestCompileErrors(t *testing.T) {
	tests := []struct {
		name string
		rule Rule
		want string
	}{
		{"no form", Rule{}, "needs either regex"},
		{"two forms", Rule{Regex: "abcd", Keywords: []string{"abcd"}}, "needs either regex"},
		{"bad regex", Rule{Regex: "a(b"}, "missing closing )"},
		{"empty match", Rule{Regex: "(abcd)?"}, "matches the empty string"},
		{"no literal", Rule{Regex: "[0-9a-f]{40}"}, "no literal"},
		{"short word", Rule{Keywords: []string{"ab"}}, "too short"},
		{"unknown check", Rule{Regex: "abcd", Check: "nope"}, `no check is called "nope"`},
		{"reach", Rule{Regex: "abcd", Reach: -1}, "must be between"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.rule.ID = "the-rule"
			_, err := Compile([]Rule{tt.rule}, Options{})
			var re *RuleError
			require.ErrorAs(t, err, &re)
			require.Equal(t, "the-rule", re.ID)
			require.ErrorContains(t, err, tt.want)
		})
	}
}

func TestUTF16(t *testing.T) {
	e := mustCompile(t, testRules(), Options{})
	text := "first line, long enough to be sniffed\nid = " + key("") + " 😀\n"
	for _, little := range []bool{true, false} {
		for _, mark := range []bool{true, false} {
			data := encode16(text, little, mark)
			name := map[bool]string{true: "utf-16le", false: "utf-16be"}[little]
			want := []string{"aws 2:6-2:26 " + name + " " + key("")}
			require.Equal(t, want, places(e.Scan(e.NewScratch(), data)))
		}
	}
}

func encode16(text string, little, mark bool) []byte {
	var out []byte
	units := utf16.Encode([]rune(text))
	if mark {
		units = append([]uint16{0xFEFF}, units...)
	}
	for _, u := range units {
		if little {
			out = append(out, byte(u), byte(u>>8))
		} else {
			out = append(out, byte(u>>8), byte(u))
		}
	}
	return out
}

func TestBinaryKeepsDistinctRules(t *testing.T) {
	e := mustCompile(t, testRules(), Options{})
	text := []byte("\x00\x01 password = \"hunter2hunter2\" " + key("") + " ")
	require.Equal(t, []string{"aws 1:32-1:52  " + key("")}, places(e.Scan(e.NewScratch(), text)))
}

// pieces are joined at random to make texts in which rules meet.
var pieces = []string{
	" ", "\n", "x", "ABCD", "AKIA", "datadog", "=", "\"", strings.Repeat("0a", 16), "-----BEGIN KEY-----", "-----END KEY-----",
	"foo_", "bar_", "abcd", "password", " = ", "hunter2hunter2", "ä", "\\n",
}

func randomText(rng *rand.Rand, n int) []byte {
	var b bytes.Buffer
	for b.Len() < n {
		if rng.Intn(6) == 0 {
			b.WriteString(key(fmt.Sprint(rng.Intn(3)+2)) + " ")
		}
		b.WriteString(pieces[rng.Intn(len(pieces))])
	}
	return b.Bytes()
}

// TestVerdictsAreLocal proves what delta-aware sources rely on: cutting away
// text farther than the margin from a match changes nothing about it.
func TestVerdictsAreLocal(t *testing.T) {
	e := mustCompile(t, testRules(), Options{})
	rng := rand.New(rand.NewSource(1))
	for range 30 {
		text := randomText(rng, 40000)
		whole := append([]Match(nil), e.Scan(e.NewScratch(), text)...)
		require.NotEmpty(t, whole)
		for range 10 {
			lo := rng.Intn(len(text))
			hi := lo + rng.Intn(len(text)-lo)
			from, to := max(0, lo-e.Margin()), min(len(text), hi+e.Margin())
			var want, got []string
			for _, m := range whole {
				if m.Start >= lo && m.Start < hi {
					want = append(want, fmt.Sprint(m.Rule.ID, m.Start, m.End))
				}
			}
			for _, m := range e.Scan(e.NewScratch(), text[from:to]) {
				if m.Start+from >= lo && m.Start+from < hi {
					got = append(got, fmt.Sprint(m.Rule.ID, m.Start+from, m.End+from))
				}
			}
			require.Equal(t, want, got, "range %d-%d of %q", lo, hi, text)
		}
	}
}

func TestScanReaderAtEveryOffsetOfAnEdge(t *testing.T) {
	e := mustCompile(t, testRules(), Options{})
	s := e.NewScratch()
	edge := chunk + e.Margin() // where the first chunk's own part ends
	for offset := -30; offset <= 30; offset++ {
		text := bytes.Repeat([]byte("line of text\n"), 2*chunk/13)
		at := edge + offset
		copy(text[at:], " "+key("")+" ")
		var got []string
		n, err := e.ScanReader(s, bytes.NewReader(text), func(ms []Match) { got = append(got, places(ms)...) })
		require.NoError(t, err)
		require.EqualValues(t, len(text), n)
		require.Equal(t, places(e.Scan(e.NewScratch(), text)), got, "offset %d", offset)
		require.Len(t, got, 1)
	}
}

// What is encoded is found in chunks as in the whole, across their edges too.
func TestScanReaderUndoesEncodings(t *testing.T) {
	e := mustCompile(t, testRules(), Options{})
	script := "#!/bin/sh\nexport PASSWORD=x AWS_ACCESS_KEY_ID=" + key("") + "\n"
	long := strings.Repeat("a line of some length before and behind it\n", 8)
	edge := chunk + e.Margin()
	for name, encoded := range map[string]string{
		"base64":  in64(script),
		"wrapped": wrapped(in64(long+script+long), 76, "\n"),
		"gzip":    in64(zipped(t, script)),
		"hex":     hex.EncodeToString([]byte(script)),
		"percent": "password%3D1 https%3A%2F%2Fh%2F%3Fid%3D" + each("%%%02X", key("")),
		"unicode": each(`\u%04x`, "password "+key("")),
		"html":    each("&#%d;", "password "+key("")),
	} {
		large := append(bytes.Repeat([]byte("line of text\n"), maxExtract/13), "\n\n"+encoded+"\n\n"...)
		require.Len(t, e.Scan(e.NewScratch(), append(large, large[:2*chunk]...)), 1, "%s in a large text", name)
		for at := edge - len(encoded) - 40; at <= edge+40; at += 1 + (len(encoded)+80)/7 {
			text := bytes.Repeat([]byte("line of text\n"), (2*chunk+2*e.Margin())/13)
			copy(text[at:], "\n\n"+encoded+"\n\n")
			var got []string
			_, err := e.ScanReader(e.NewScratch(), bytes.NewReader(text), func(ms []Match) { got = append(got, places(ms)...) })
			require.NoError(t, err)
			require.Len(t, got, 1, "%s at %d", name, at-edge)
			require.Equal(t, places(e.Scan(e.NewScratch(), text)), got, "%s at %d", name, at-edge)
		}
	}
}

func TestScanReaderEqualsScan(t *testing.T) {
	e := mustCompile(t, testRules(), Options{})
	rng := rand.New(rand.NewSource(2))
	for _, size := range []int{0, 1, 1000, chunk, chunk + e.Margin(), 3*chunk + 12345} {
		text := append(randomText(rng, size), "\n"...)
		want := places(e.Scan(e.NewScratch(), text))
		got := []string{}
		_, err := e.ScanReader(e.NewScratch(), iotest.HalfReader(bytes.NewReader(text)), func(ms []Match) { got = append(got, places(ms)...) })
		require.NoError(t, err)
		require.Equal(t, want, got, "size %d", size)
	}
}

func TestScanReaderUTF16(t *testing.T) {
	e := mustCompile(t, testRules(), Options{})
	text := strings.Repeat("some words 😀 in a line\n", chunk/12) + key("") + "\n"
	data := encode16(text, true, true)
	want := places(e.Scan(e.NewScratch(), data))
	var got []string
	_, err := e.ScanReader(e.NewScratch(), iotest.OneByteReader(bytes.NewReader(data)), func(ms []Match) { got = append(got, places(ms)...) })
	require.NoError(t, err)
	require.Equal(t, want, got)
	require.Len(t, got, 1)
}

func TestScanReaderReturnsReadError(t *testing.T) {
	e := mustCompile(t, testRules(), Options{})
	_, err := e.ScanReader(e.NewScratch(), iotest.ErrReader(iotest.ErrTimeout), func([]Match) {})
	require.ErrorIs(t, err, iotest.ErrTimeout)
}

func FuzzScan(f *testing.F) {
	e := mustCompile(f, testRules(), Options{})
	f.Add([]byte("password = \"hunter2hunter2\"\n" + key("")))
	f.Add([]byte("\xff\xfea\x00b\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, m := range e.Scan(e.NewScratch(), data) {
			require.Less(t, m.Start, m.End)
			require.GreaterOrEqual(t, m.Line, 1)
			require.GreaterOrEqual(t, m.Column, 1)
		}
	})
}
