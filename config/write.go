package config

import (
	"fmt"
	"strings"
	"unicode"
)

// tomlTable is a table to be written, in the order of its keys.
type tomlTable []tomlPair

// tomlPair is a key and its value: a string, a float64 or a []string.
type tomlPair struct {
	key   string
	value any
}

// write writes the table as an element of an array.
func (t tomlTable) write(b *strings.Builder, array string) {
	fmt.Fprintf(b, "\n[[%s]]\n", array)
	for _, p := range t {
		if p.value != "" {
			p.write(b)
		}
	}
}

func (p tomlPair) write(b *strings.Builder) {
	b.WriteString(p.key + " = ")
	switch v := p.value.(type) {
	case string:
		b.WriteString(quote(v))
	case []string:
		b.WriteString("[\n")
		for _, text := range v {
			b.WriteString("  " + quote(text) + ",\n")
		}
		b.WriteByte(']')
	default:
		fmt.Fprint(b, v)
	}
	b.WriteByte('\n')
}

// quote writes a TOML string: a literal one where it can be, since regexes read
// better so.
func quote(text string) string {
	if strings.IndexFunc(text, func(r rune) bool { return r == '\'' || !unicode.IsPrint(r) }) < 0 {
		return "'" + text + "'"
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == unicode.ReplacementChar || unicode.IsPrint(r):
			b.WriteRune(r)
		case r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// printable makes one line of a text, for a comment.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, text)
}
