package rules

import (
	"strconv"
	"strings"

	"github.com/shrike-scan/shrike/scanner"
)

// The shipped rules keep to a plain part of TOML, which this reader takes in a
// twentieth of the time of the full decoder: [[rule]] tables of bare keys, each
// at the start of a line, whose values are strings (basic without \u escapes,
// literal, multi-line literal), numbers, booleans and arrays of strings. It
// declines whatever else it meets, and what it accepts it reads as decode does:
// the tests compare the two.
type plainReader struct{ rest string }

// decodePlain reads a file of rules. ok is false when it declines.
func decodePlain(text string) (rules []scanner.Rule, ok bool) {
	if !printableLines(text) {
		return nil, false
	}
	p := plainReader{text}
	rules = make([]scanner.Rule, strings.Count(text, "\n[[rule]]\n"))
	n := -1
	var table []field
	for p.skip(); p.rest != ""; p.skip() {
		if p.take("[[rule]]\n") {
			if n++; n == len(rules) {
				return nil, false
			}
			table = fields(&rules[n])
			continue
		}
		key, rest, found := strings.Cut(p.rest, " = ")
		into := takeField(table, key)
		if !found || into == nil {
			return nil, false
		}
		p.rest = rest
		if !p.value(into) || !p.take("\n") {
			return nil, false
		}
	}
	rules = rules[:n+1]
	expandFragments(rules)
	return rules, true
}

// takeField returns the target of a key and removes it: no key may be set twice.
func takeField(table []field, key string) any {
	for i := range table {
		if table[i].key == key {
			into := table[i].into
			table[i].key = ""
			if key == "" {
				return nil
			}
			return into
		}
	}
	return nil
}

// skip passes white space, empty lines and comments.
func (p *plainReader) skip() {
	for {
		p.rest = strings.TrimLeft(p.rest, " \n")
		if !strings.HasPrefix(p.rest, "#") {
			return
		}
		_, p.rest, _ = strings.Cut(p.rest, "\n")
	}
}

func (p *plainReader) take(text string) bool {
	rest, ok := strings.CutPrefix(p.rest, text)
	p.rest = rest
	return ok
}

func (p *plainReader) value(into any) (ok bool) {
	switch into := into.(type) {
	case *string:
		*into, ok = p.text()
	case *[]string:
		*into, ok = p.texts()
	case *int:
		word := p.word()
		var err error
		*into, err = strconv.Atoi(word)
		ok = err == nil && word[0] >= '1' && word[0] <= '9'
	case *float64: // d.d
		word := p.word()
		var err error
		*into, err = strconv.ParseFloat(word, 64)
		ok = err == nil && len(word) == 3 && word[1] == '.'
	case *bool:
		*into = p.take("true")
		ok = *into
	case interface{ UnmarshalText([]byte) error }: // severity, confidence
		var name string
		name, ok = p.text()
		ok = ok && into.UnmarshalText([]byte(name)) == nil
	}
	return ok
}

// word is what stands before the end of the line.
func (p *plainReader) word() string {
	end := max(strings.IndexByte(p.rest, '\n'), 0)
	word := p.rest[:end]
	p.rest = p.rest[end:]
	return word
}

func (p *plainReader) text() (s string, ok bool) {
	if p.take("'''") {
		end := strings.Index(p.rest, "'''")
		if end < 0 {
			return "", false
		}
		for range 2 { // quotes at the end of the text itself
			if strings.HasPrefix(p.rest[end+3:], "'") {
				end++
			}
		}
		s, p.rest = p.rest[:end], p.rest[end+3:]
		return strings.TrimPrefix(s, "\n"), true
	}
	if p.take("'") {
		s, p.rest, ok = strings.Cut(p.rest, "'")
		return s, ok && !strings.Contains(s, "\n")
	}
	if !p.take(`"`) {
		return "", false
	}
	for i := 0; i < len(p.rest); i++ {
		switch p.rest[i] {
		case '"':
			s, p.rest = p.rest[:i], p.rest[i+1:]
			return unescape(s)
		case '\\':
			i++
		}
	}
	return "", false
}

// unescape reads the escapes that the rules use.
func unescape(s string) (string, bool) {
	if !strings.ContainsAny(s, "\\\n") {
		return s, true
	}
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '\\' {
			i++
			switch s[i] {
			case '\\', '"':
				c = s[i]
			case 'n':
				c = '\n'
			case 't':
				c = '\t'
			default:
				return "", false
			}
		} else if c == '\n' {
			return "", false
		}
		out.WriteByte(c)
	}
	return out.String(), true
}

// printableLines holds for ASCII without control characters.
func printableLines(text string) bool {
	for i := 0; i < len(text); i++ {
		if c := text[i]; c < ' ' && c != '\n' || c >= 0x7f {
			return false
		}
	}
	return true
}

func (p *plainReader) texts() (list []string, ok bool) {
	if !p.take("[") {
		return nil, false
	}
	for p.skip(); !p.take("]"); p.skip() {
		s, ok := p.text()
		if !ok {
			return nil, false
		}
		list = append(list, s)
		p.skip()
		if !p.take(",") && !strings.HasPrefix(p.rest, "]") {
			return nil, false
		}
	}
	return list, list != nil
}
