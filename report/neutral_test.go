package report

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestNeutral(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"plain", "src/main.go", "src/main.go"},
		{"letters of the world", "naïve/日本語/файл 🐦", "naïve/日本語/файл 🐦"},
		{"newline, tab, return", "a\nb\tc\rd", `a\nb\tc\rd`},
		{"escape sequence", "\x1b[31mred", `\x1b[31mred`},
		{"title and bell", "\x1b]0;t\x07", `\x1b]0;t\x07`},
		{"delete", "a\x7f", `a\x7f`},
		{"C1 sequence", "\u009b2J", `\u009b2J`},
		{"C1 as a raw byte", "\x9b2J", `\x9b2J`},
		{"bidirectional override", "\u202egnp.exe\u202c", `\u202egnp.exe\u202c`},
		{"bidirectional isolate", "\u2066x\u2069", `\u2066x\u2069`},
		{"zero width", "a\u200bb\ufeff", `a\u200bb\ufeff`},
		{"line separators", "a\u2028b\u2029", `a\u2028b\u2029`},
		{"tag characters", "a\U000e0041", `a\U000e0041`},
		{"replacement character itself", "\ufffd", "\ufffd"},
		{"not UTF-8", "a\xc3(", `a\xc3(`},
	} {
		t.Run(tt.name, func(t *testing.T) { require.Equal(t, tt.want, Neutral(tt.in)) })
	}
}

func FuzzNeutral(f *testing.F) {
	f.Add("a\x1b[31m\u202e\xff\n")
	f.Add("\U000e0041\u009b\x7f\x00")
	f.Fuzz(func(t *testing.T, s string) {
		got := Neutral(s)
		require.True(t, utf8.ValidString(got))
		require.Equal(t, -1, strings.IndexFunc(got, func(r rune) bool {
			return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.In(r, unicode.Zl, unicode.Zp)
		}))
		require.Equal(t, got, Neutral(got), "twice changes nothing")
	})
}
