package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Neutral makes a string harmless on a terminal and keeps it on one line. Control
// characters (C0, C1 and with them every escape sequence), format characters
// (bidirectional overrides, zero-width and tag characters), line and paragraph
// separators, unassigned code points and bytes that are not UTF-8 are shown as
// \n, \x1b, \u202e and the like. Backslashes stay as they are: this is for eyes,
// not for a parser.
func Neutral(s string) string {
	if i := strings.IndexFunc(s, func(r rune) bool { return r == utf8.RuneError || !unicode.IsGraphic(r) }); i < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case unicode.IsGraphic(r):
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < 0x80:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
		i += size
	}
	return b.String()
}
