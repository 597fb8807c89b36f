package classify

import (
	"bytes"

	"github.com/shrike-scan/shrike/scanner/assign"
)

// beside judges a value that nothing but its place gives to a name: it must look like
// a secret itself.
func beside(c *Candidate, m meaning, s *shape, exact bool, bits float64) Verdict {
	const margin = 8 // more bits than where a value is assigned
	switch {
	case exact && m == password && c.Op == assign.Comma && isUpper(c.Name[len(c.Name)-1]) && puts(c.Before):
		return chosen(c, m, s, bits)
	case s.length < assign.LeastBeside:
		return tooShort
	case c.Op == assign.Comma && (s.hex || bytes.Contains(c.Before[max(0, len(c.Before)-16):], []byte("ash"))):
		return Verdict{Hash, 0.1, "hexadecimal digits beside a name, or the salt of a hash"}
	case exact && m != someKey && bits >= m.needs(s, exact)+margin:
		return Verdict{Secret, certainty(bits), "drawn at random"}
	case exact && m == password && s.mixed() && (s.upper > 0 || s.signs > 0 || s.digits > 1):
		return Verdict{Secret, 0.5, "letters and digits beside the name of a password"}
	}
	return Verdict{Identifier, 0.1, "beside the name, and no random text"}
}

// puts reports whether the text ends in a call that sets what is named: put(, setProperty(.
func puts(before []byte) bool {
	open := bytes.LastIndexByte(before, '(')
	if open < 0 || bytes.IndexByte(before[open:], ',') >= 0 {
		return false
	}
	start := open
	for start > 0 && (isLetter(before[start-1]) || before[start-1] == '_') {
		start--
	}
	callee := before[start:open]
	for _, verb := range [...]string{"put", "set", "add", "append", "param", "with"} {
		if hasPrefix(callee, verb) {
			return true
		}
	}
	return false
}

// numbers judges a key that is written byte by byte: 0x1a, 0x2b or \x1a\x2b.
func numbers(v []byte, m meaning, exact bool) Verdict {
	const least = 8
	if !exact || m != key && m != secret && m != password && m != token {
		return Verdict{Identifier, 0.1, "bytes of another name"}
	}
	var seen [256]bool
	count, distinct, even, last, step := 0, 0, 0, 0, 0
	for len(v) > 0 {
		b, rest, ok := number(v)
		if !ok {
			return Verdict{Code, 0.1, "no list of bytes"}
		}
		v = rest
		if !seen[b] {
			seen[b] = true
			distinct++
		}
		if count > 0 && (b-last == step || b == last) {
			even++
		}
		step, last = b-last, b
		count++
	}
	switch {
	case count < least:
		return Verdict{Code, 0.1, "few bytes"}
	case distinct*3 < min(count, 32)*2 || even*4 > count:
		return Verdict{TestVector, 0.1, "bytes in their order, or a few of them"}
	}
	return Verdict{Secret, 0.6, "bytes of a key"}
}

// number reads a byte of a list and what parts it from the next one.
func number(v []byte) (n int, rest []byte, ok bool) {
	v = bytes.TrimPrefix(v, []byte("(byte)"))
	v = bytes.TrimLeft(v, " ")
	base, digits := 10, 0
	switch {
	case hasPrefix(v, `\x`), hasPrefix(v, "0x"), hasPrefix(v, "0X"):
		base, v = 16, v[2:]
	}
	for len(v) > 0 && digits < 3 {
		d := int(v[0])
		switch {
		case isDigit(v[0]):
			d -= '0'
		case base == 16 && (v[0]|0x20)-'a' < 6:
			d = d | 0x20 - 'a' + 10
		default:
			d = -1
		}
		if d < 0 || base == 16 && digits == 2 {
			break
		}
		n, v, digits = n*base+d, v[1:], digits+1
	}
	if digits == 0 || n > 255 {
		return 0, nil, false
	}
	return n, bytes.TrimLeft(v, ", \t\r\n"), true
}
