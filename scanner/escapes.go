package scanner

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"unicode/utf8"
)

// percentParts undoes URL encoding (RFC 3986).
func percentParts(text []byte, left *int, yield func(part)) {
	unescape(text, left, "percent", '%', yield, func(rest []byte) (rune, int) {
		return hexRune(rest, 1, 2)
	})
}

// unicodeParts undoes the escapes \uXXXX, \u{X} and \xXX of JSON, properties and most
// programming languages. In a literal of them, \/ is a slash and \n ends a line.
func unicodeParts(text []byte, left *int, yield func(part)) {
	unescape(text, left, "unicode", '\\', yield, func(rest []byte) (rune, int) {
		switch {
		case len(rest) < 2:
		case rest[1] == 'u' && len(rest) > 2 && rest[2] == '{': // of JavaScript, Rust, Swift and Ruby
			return bracedRune(rest)
		case rest[1] == 'u':
			return hexRune(rest, 2, 4)
		case rest[1] == 'x':
			return hexRune(rest, 2, 2)
		case rest[1] == '/':
			return '/', 2
		}
		return 0, 0
	})
}

// htmlParts undoes the numeric character references of HTML and XML, and the
// five names that both have.
func htmlParts(text []byte, left *int, yield func(part)) {
	unescape(text, left, "html", '&', yield, func(rest []byte) (rune, int) {
		end := bytes.IndexByte(rest[:min(len(rest), 10)], ';')
		if end < 3 {
			return 0, 0
		}
		switch name := string(rest[1:end]); name {
		case "quot":
			return '"', end + 1
		case "apos":
			return '\'', end + 1
		case "amp":
			return '&', end + 1
		case "lt":
			return '<', end + 1
		case "gt":
			return '>', end + 1
		default:
			if name[0] != '#' {
				return 0, 0
			}
			base, digits := 10, name[1:]
			if digits[0]|0x20 == 'x' {
				base, digits = 16, digits[1:]
			}
			code, err := strconv.ParseUint(digits, base, 21)
			if err != nil || code == 0 {
				return 0, 0
			}
			return rune(code), end + 1
		}
	})
}

// bracedRune reads the code point of \u{...}.
func bracedRune(rest []byte) (rune, int) {
	const open = len(`\u{`)
	digits := bytes.IndexByte(rest[open:min(len(rest), open+7)], '}')
	if digits < 1 {
		return 0, 0
	}
	r, end := hexRune(rest, open, digits)
	if end == 0 {
		return 0, 0
	}
	return r, end + 1
}

// hexRune reads the code point of n hexadecimal digits behind from bytes.
func hexRune(rest []byte, from, n int) (rune, int) {
	if len(rest) < from+n {
		return 0, 0
	}
	var r rune
	for _, c := range rest[from : from+n] {
		switch {
		case c-'0' < 10:
			r = r<<4 | rune(c-'0')
		case c|0x20-'a' < 6:
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, 0
		}
	}
	return r, from + n
}

// What of a text is scanned with an escape undone: all that the verdict on a
// credential with the escape in it, or close before it, may depend on.
const (
	beforeEscape = 1 << 10
	afterEscape  = 2 << 10
)

// unescape yields the surroundings of the text's escapes with these undone. one
// reads the escape that a text starts with and says how long it is; 0 for none.
func unescape(text []byte, left *int, name string, mark byte, yield func(part), one func(rest []byte) (rune, int)) {
	if len(text) > maxExtract {
		return
	}
	u := undoing{text: text, name: name}
	for i := 0; *left > 0; {
		n := bytes.IndexByte(text[i:], mark)
		if n < 0 {
			break
		}
		i += n
		r, size := one(text[i:])
		if size == 0 {
			i++
			continue
		}
		if len(u.ends) > 0 && i-u.done > afterEscape+beforeEscape {
			*left -= u.end(yield)
		}
		u.escape(i, r, size)
		i += size
	}
	if len(u.ends) > 0 && *left > 0 {
		*left -= u.end(yield)
	}
}

// undoing is the piece of a text that is being unescaped.
type undoing struct {
	text  []byte
	name  string
	plain []byte
	ends  []escapeEnd
	done  int // how far of the text is in plain
}

// escape adds the text up to an escape, and the character that this stands for.
func (u *undoing) escape(at int, r rune, size int) {
	if len(u.ends) == 0 {
		u.done = max(0, at-beforeEscape)
		u.ends = append(u.ends, escapeEnd{at: 0, text: u.done}, escapeEnd{at: 0, text: u.done})
	}
	u.plain = append(u.plain, u.text[u.done:at]...)
	u.ends = append(u.ends, escapeEnd{at: len(u.plain), text: at})
	u.plain = utf8.AppendRune(u.plain, r)
	u.done = at + size
	u.ends = append(u.ends, escapeEnd{at: len(u.plain), text: u.done})
}

// end yields the piece, and returns its size.
func (u *undoing) end(yield func(part)) int {
	u.plain = append(u.plain, u.text[u.done:min(len(u.text), u.done+afterEscape)]...)
	size, ends := len(u.plain), u.ends
	yield(part{text: u.plain, encoding: u.name, escaped: true, place: func(start, end int) (int, int) {
		return placeOf(ends, start), placeOf(ends, end)
	}})
	u.plain, u.ends = u.plain[:0], u.ends[:0]
	return size
}

// escapeEnd says that what an escape stands for starts or ends at plain[at:], and
// the escape at text[text:]. The first two are both the start of the piece.
type escapeEnd struct{ at, text int }

// placeOf returns where plain[at:] starts in the text: inside what an escape stands
// for, at the escape's start.
func placeOf(ends []escapeEnd, at int) int {
	i, found := slices.BinarySearchFunc(ends, at, func(e escapeEnd, at int) int { return cmp.Compare(e.at, at) })
	switch {
	case found:
		for i+1 < len(ends) && ends[i+1].at == at { // one escape after another
			i++
		}
		return ends[i].text
	case i%2 == 1: // behind a start
		return ends[i-1].text
	}
	return ends[i-1].text + at - ends[i-1].at
}
