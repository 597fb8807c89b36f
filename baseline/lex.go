package baseline

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"
)

// peek is the next byte, 0 at the end.
func (p *parser) peek() byte {
	if p.i < len(p.text) {
		return p.text[p.i]
	}
	return 0
}

func (p *parser) spaces() {
	for p.peek() == ' ' || p.peek() == '\t' {
		p.i++
	}
}

// blanks passes white space, line ends and comments.
func (p *parser) blanks() error {
	for {
		switch p.peek() {
		case ' ', '\t', '\n':
			p.i++
		case '\r':
			if !strings.HasPrefix(p.text[p.i:], "\r\n") {
				return errors.New("carriage return without line feed")
			}
			p.i += 2
		case '#':
			for p.i++; p.i < len(p.text) && isPlain(p.text[p.i]); p.i++ {
			}
			if c := p.peek(); p.i < len(p.text) && c != '\n' && c != '\r' {
				return errors.New("control character in a comment")
			}
		default:
			return nil
		}
	}
}

// lineEnd passes what may stand after a value.
func (p *parser) lineEnd() error {
	start := p.i
	if err := p.blanks(); err != nil {
		return err
	}
	if p.i < len(p.text) && !strings.Contains(p.text[start:p.i], "\n") {
		return errors.New("want the end of the line")
	}
	return nil
}

// word reads a bare key or number, perhaps empty.
func (p *parser) word() string {
	start := p.i
	for p.i < len(p.text) {
		if c := p.text[p.i]; c-'a' >= 26 && c-'0' >= 10 && c != '_' && c != '-' && c-'A' >= 26 {
			break
		}
		p.i++
	}
	return p.text[start:p.i]
}

func (p *parser) equals() error {
	p.spaces()
	if p.peek() != '=' {
		return errors.New("want an equals sign")
	}
	p.i++
	p.spaces()
	return nil
}

// list reads an array, which may go over many lines.
func (p *parser) list(item func() error) error {
	if p.peek() != '[' {
		return errors.New("want a list in square brackets")
	}
	p.i++
	for {
		if err := p.blanks(); err != nil {
			return err
		}
		if p.peek() == ']' {
			p.i++
			return nil
		}
		if err := item(); err != nil {
			return err
		}
		if err := p.blanks(); err != nil {
			return err
		}
		switch p.peek() {
		case ',':
			p.i++
		case ']':
		default:
			return errors.New("want a comma or the end of the list")
		}
	}
}

// str reads a string on one line, basic or literal. Without escapes it shares the
// memory of the text.
func (p *parser) str() (string, error) {
	quote := p.peek()
	if quote != '"' && quote != '\'' {
		return "", errors.New("want a string in quotes")
	}
	p.i++
	var unescaped []byte
	start := p.i
	for p.i < len(p.text) {
		for p.i < len(p.text) && !stops[p.text[p.i]] {
			p.i++
		}
		c := p.peek()
		switch {
		case c == quote:
			s := p.text[start:p.i]
			p.i++
			if unescaped != nil {
				s = string(append(unescaped, s...))
			}
			return s, nil
		case c == '\\' && quote == '"':
			unescaped = append(unescaped, p.text[start:p.i]...)
			r, n := unescape(p.text[p.i:])
			if n == 0 {
				return "", errors.New("unknown escape in a string")
			}
			unescaped = utf8.AppendRune(unescaped, r)
			p.i += n
			start = p.i
		case p.i == len(p.text):
		case !isPlain(c):
			return "", errors.New("line end or control character in a string: close it, or write an escape")
		default: // the other quote
			p.i++
		}
	}
	return "", errors.New("string without end")
}

// unescape reads the escape at the start of text and returns its length, 0 when
// there is none such.
func unescape(text string) (rune, int) {
	if len(text) < 2 {
		return 0, 0
	}
	digits := 0
	switch text[1] {
	case 'b':
		return '\b', 2
	case 't':
		return '\t', 2
	case 'n':
		return '\n', 2
	case 'f':
		return '\f', 2
	case 'r':
		return '\r', 2
	case '"', '\\':
		return rune(text[1]), 2
	case 'u':
		digits = 4
	case 'U':
		digits = 8
	}
	if digits == 0 || len(text) < 2+digits {
		return 0, 0
	}
	n, err := strconv.ParseUint(text[2:2+digits], 16, 32)
	if err != nil || n > utf8.MaxRune || !utf8.ValidRune(rune(n)) {
		return 0, 0
	}
	return rune(n), 2 + digits
}

// stops holds the bytes at which reading a string takes a closer look. The table
// is what makes 10,000 entries fast.
var stops = [256]bool{
	0: true, 1: true, 2: true, 3: true, 4: true, 5: true, 6: true, 7: true, 8: true, '\n': true, 11: true, 12: true, '\r': true,
	14: true, 15: true, 16: true, 17: true, 18: true, 19: true, 20: true, 21: true, 22: true, 23: true, 24: true, 25: true,
	26: true, 27: true, 28: true, 29: true, 30: true, 31: true, 127: true, '"': true, '\'': true, '\\': true,
}

// isPlain reports whether TOML lets a byte into strings and comments as it is.
func isPlain(c byte) bool { return c >= ' ' && c != 0x7f || c == '\t' }
