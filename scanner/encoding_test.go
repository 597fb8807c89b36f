package scanner

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func in64(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

func zipped(t testing.TB, text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.String()
}

// each writes every character of text with a format.
func each(format, text string) string {
	var b strings.Builder
	for _, r := range text {
		fmt.Fprintf(&b, format, r)
	}
	return b.String()
}

// wrapped breaks text into lines.
func wrapped(text string, width int, end string) string {
	var lines []string
	for len(text) > width {
		lines, text = append(lines, text[:width]), text[width:]
	}
	return strings.Join(append(lines, text), end)
}

func encode32(text string, little, mark bool) []byte {
	var out []byte
	if mark {
		text = "\uFEFF" + text
	}
	for _, r := range text {
		if little {
			out = append(out, byte(r), byte(r>>8), byte(r>>16), 0)
		} else {
			out = append(out, 0, byte(r>>16), byte(r>>8), byte(r))
		}
	}
	return out
}

func TestEncodings(t *testing.T) {
	e := mustCompile(t, testRules(), Options{})
	id := key("")
	script := "#!/bin/sh\nexport AWS_ACCESS_KEY_ID=" + id + "\nrun --now\n"
	long := strings.Repeat("echo a line of some length before it\n", 5) + script
	for _, tt := range []struct{ name, text, encoding string }{
		{"base64", "data: " + in64(script), "base64"},
		{"base64, second offset", "data: " + in64("."+script), "base64"},
		{"base64, third offset", "data: " + in64(".."+script), "base64"},
		{"base64 behind a path", "path/" + in64(script), "base64"},
		{"base64 without padding", strings.TrimRight(in64(script), "="), "base64"},
		{"base64 of the URL alphabet", base64.URLEncoding.EncodeToString([]byte("??>" + script + "??>")), "base64"},
		{"wrapped base64", "x: |\n    " + wrapped(in64(long), 76, "\n    ") + "\nnext: y", "base64"},
		{"base64 wrapped in JSON", `{"data": "` + wrapped(in64(long), 64, `\n`) + `"}`, "base64"},
		{"base64 over literals", `x = "` + wrapped(in64(long), 64, "\" \\\n  \"") + `"`, "base64"},
		{"base64 twice", in64("data: " + in64(script)), "base64>base64"},
		{"gzip in base64 twice", in64(in64(zipped(t, long))), "base64>base64>gzip"},
		{"gzip", in64(zipped(t, long)), "base64>gzip"},
		{"gzip and base64", in64(zipped(t, "inner: "+in64(long))), "base64>gzip>base64"},
		{"UTF-16 of a shell", "powershell -enc " + base64.StdEncoding.EncodeToString(encode16(script, true, false)), "base64>utf-16le"},
		{"hex", "blob = x'" + hex.EncodeToString([]byte(script)) + "'", "hex"},
		{"HEX", "0" + strings.ToUpper(hex.EncodeToString([]byte(script))), "hex"},
		{"percent", "next=" + url.QueryEscape("https://host/?id="+id), ""},
		{"percent inside", "https%3A%2F%2Fh%2F%3Fid%3D" + each("%%%02X", id), "percent"},
		{"unicode", `{"id": "` + each(`\u%04x`, id) + `"}`, "unicode"},
		{"unicode in braces", `"\u003d` + each(`\u{%x}`, id) + `"`, "unicode"},
		{"unicode in part", `id\u003d` + "\\u0041" + id[1:], "unicode"},
		{"hexadecimal escapes alone", `"` + each(`\x%02x`, id) + `"`, "unicode"},
		{"hexadecimal escapes", `"` + each(`\x%02x`, "---"+id) + `"`, "unicode"},
		{"decimal references", "<a>" + each("&#%d;", id) + "</a>", "html"},
		{"hexadecimal references", "<a>" + each("&#x%X;", id) + "</a>", "html"},
		{"base64 with escapes", strings.ReplaceAll(in64("??>"+script), "+", `\u002b`), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []Match
			for _, m := range e.Scan(e.NewScratch(), []byte(tt.text)) {
				if m.Rule.ID == "aws" {
					got = append(got, m)
				}
			}
			require.Len(t, got, 1)
			require.Equal(t, id, got[0].Secret.Reveal())
			if tt.encoding != "" {
				require.Equal(t, tt.encoding, got[0].Encoding)
			}
			require.Less(t, got[0].Start, got[0].End)
			require.LessOrEqual(t, got[0].End, len(tt.text))
		})
	}
}

func TestEncodedPlaceIsExact(t *testing.T) {
	e := mustCompile(t, testRules(), Options{})
	for pad := range 7 {
		before := strings.Repeat("a", pad) + " "
		text := "\nx: " + in64(before+key("")+" tail of it")
		got := e.Scan(e.NewScratch(), []byte(text))
		require.Len(t, got, 1)
		require.Equal(t, 4+len(before)*8/6, got[0].Start)
		require.Equal(t, 4+((len(before)+20)*8-1)/6+1, got[0].End)
		require.Equal(t, 2, got[0].Line)
	}
}

func TestWideTextsHoldEncodings(t *testing.T) {
	e := mustCompile(t, testRules(), Options{})
	plain := "a text that is long enough\nx: " + in64("password AWS "+key("")) + "\n"
	for name, data := range map[string][]byte{
		"utf-16le>base64": encode16(plain, true, true),
		"utf-32le>base64": encode32(plain, true, true),
		"utf-32be>base64": encode32(plain, false, false),
	} {
		got := e.Scan(e.NewScratch(), data)
		require.Len(t, got, 1, name)
		require.Equal(t, name, got[0].Encoding)
	}
}

func TestUTF32(t *testing.T) {
	e := mustCompile(t, testRules(), Options{})
	text := "first line ä\nkey " + key("") + "\n"
	for _, little := range []bool{true, false} {
		for _, mark := range []bool{true, false} {
			data := encode32(text, little, mark)
			got := e.Scan(e.NewScratch(), data)
			require.Len(t, got, 1)
			require.Equal(t, map[bool]string{true: "utf-32le", false: "utf-32be"}[little], got[0].Encoding)
			require.Equal(t, 2, got[0].Line)
			require.Equal(t, 5, got[0].Column)
		}
	}
}

func TestPlainTextFiresNothing(t *testing.T) {
	e := mustCompile(t, nil, Options{})
	s := e.NewScratch()
	text := "password = \"" + key("") + "\" and secret, token, postgres://user:pw@host/ <b>&amp;</b> %20 \\n\n"
	require.Empty(t, e.candidates(s, []byte(text), false))
}

func TestGzipIsBounded(t *testing.T) {
	e := mustCompile(t, testRules(), Options{})
	bomb := in64(zipped(t, strings.Repeat("\n", 64<<20)+key("")))
	require.Empty(t, e.Scan(e.NewScratch(), []byte(bomb)))
}

// TestManyBombsAreBounded feeds hundreds of streams that expand a thousandfold.
func TestManyBombsAreBounded(t *testing.T) {
	bomb := []byte(strings.Repeat(in64(zipped(t, strings.Repeat("password \n", maxGzip/10)))+"\n\n", 300))
	left, size := maxDecoded, 0
	base64Parts(bomb, &left, func(p part) { size += len(p.text) })
	require.Positive(t, size)
	require.LessOrEqual(t, size, maxDecoded)
}

func FuzzEncodings(f *testing.F) {
	e := mustCompile(f, testRules(), Options{})
	f.Add([]byte("x: " + in64("password = \"hunter2hunter2\" "+key(""))))
	f.Add([]byte(in64(zipped(f, "x "+key("")))))
	f.Add([]byte(`password\u003d` + each(`\u%04x`, key("")) + "%3A%2F%2F&#x3d;&#0;"))
	f.Add([]byte(hex.EncodeToString([]byte("password: AKIA"))))
	f.Fuzz(func(t *testing.T, data []byte) {
		text, _ := decode(data, e.NewScratch())
		for _, m := range e.Scan(e.NewScratch(), data) {
			require.True(t, 0 <= m.Start && m.Start < m.End && m.End <= len(text))
		}
		for _, enc := range encodings() {
			left := maxDecoded
			enc.parts(data, &left, func(p part) {
				if n := len(p.text); n > 0 {
					a, b := p.place(0, n)
					require.True(t, 0 <= a && a < b && b <= len(data), "%s %d-%d of %d", p.encoding, a, b, len(data))
					require.True(t, utf8.Valid(p.text) || p.escaped || !strings.Contains(p.encoding, "utf"))
				}
			})
		}
	})
}

func TestEncodedAssignmentBeatsItsEncoding(t *testing.T) {
	e := mustCompile(t, testRules(), Options{})
	inner := `password = "mari` + `gold7-Lx9VbN4cKw8"`
	got := e.Scan(e.NewScratch(), []byte(`db_password: "`+in64(inner)+`"`))
	require.Len(t, got, 1)
	require.Equal(t, "base64", got[0].Encoding)
	got = e.Scan(e.NewScratch(), []byte(`db_password: "Lx9VbN4cKw8Rj3MfYp6.`+in64(inner)+`.q7Zt2Lx9VbN4cKw8Rj3"`))
	require.Len(t, got, 1)
	require.Empty(t, got[0].Encoding, "the encoded piece is a part of the secret")
}

// alignedPlainly is the plain way to find where encoded text starts in a run.
func alignedPlainly(r *base64Run) (skip int, ok bool) {
	for _, ahead := range []int{0, 4, 8, 16, 32} {
		for skip := ahead; skip < ahead+4 && r.size-skip >= minBase64; skip++ {
			if opens(r.head[leading+skip : leading+skip+min(sampled, (r.size-skip)&^3)]) {
				return skip, true
			}
		}
	}
	return 0, false
}

// requireAligned compares the look at all letters of a run at once with that.
func requireAligned(t *testing.T, letters string) {
	t.Helper()
	if len(letters) < minBase64 {
		return
	}
	var r base64Run
	r.read([]byte(letters), 0)
	wantSkip, want := alignedPlainly(&r)
	skip, ok := r.aligned()
	require.Equal(t, want, ok, letters)
	require.Equal(t, wantSkip, skip, letters)
}

// TestAligned tries all pairs of bytes at the start of texts and in them, and other
// letters before these.
func TestAligned(t *testing.T) {
	texts := []string{"some text, more ..", "some text, mo", "s\x00o\x00m\x00e\x00 \x00t\x00e\x00x\x00t\x00", "\x1f\x8b\x08 and all that"}
	for _, text := range texts {
		for a := range 256 {
			for b := range 256 {
				for at := range 6 {
					changed := []byte(text)
					changed[at], changed[at+1] = byte(a), byte(b)
					requireAligned(t, strings.Repeat("z", (a+b)%40)+base64.RawURLEncoding.EncodeToString(changed))
				}
			}
		}
	}
}

func FuzzAligned(f *testing.F) {
	f.Add(3, []byte("\u00e9t\u00e9: \U0001f600 and \ufffd"))
	f.Add(17, append(bytes.Clone(gzipMagic), "0123456789abcdef"...))
	f.Fuzz(func(t *testing.T, before int, text []byte) {
		letters := "path/to_some-FILE/that/is/not/encoded/text"
		requireAligned(t, letters[:max(0, before)%len(letters)]+base64.RawStdEncoding.EncodeToString(text))
	})
}

// TestNoteForm compares the chunks that a form is noted in with those that hold it.
func TestNoteForm(t *testing.T) {
	e := mustCompile(t, testRules(), Options{})
	text := make([]byte, 5*chunk+777)
	x := e.extractors[0]
	for _, edge := range []int{0, e.margin, chunk - e.margin, chunk, chunk + e.margin, 3*chunk - e.margin, 5 * chunk, len(text)} {
		for start := max(0, edge-12); start <= min(edge+2, len(text)-9); start++ {
			s := e.NewScratch()
			e.noteForm(s, text, x, start, start+9)
			e.noteForm(s, text, x, start, start+9)
			require.Len(t, s.forms, 6)
			for n, fired := range s.forms {
				holds := max(0, n*chunk-e.margin) <= start && start+9 <= min(len(text), (n+1)*chunk+e.margin)
				require.Equal(t, holds, len(fired) == 1, "%d in chunk %d", start, n)
			}
		}
	}
}
