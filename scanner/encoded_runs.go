package scanner

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/base64"
	"encoding/hex"
	"io"
	"slices"
	"unicode/utf8"
)

const (
	minBase64  = 16      // letters of the shortest run that is decoded
	minHex     = 16      // digits, likewise
	minWrapped = 32      // letters of a line that goes on in the next
	sampled    = 24      // letters that tell whether a run is encoded text
	maxGzip    = 1 << 20 // bytes that one gzip stream may expand to
)

// base64Parts yields the decoded runs of base64, of either alphabet (RFC 4648),
// padded or not, on one line or wrapped.
func base64Parts(text []byte, left *int, yield func(part)) {
	var r base64Run
	for i := longRun(text, 0); i < len(text) && *left > 0; i = longRun(text, i) {
		i = r.read(text, i)
		skip, ok := aligned(r.letters)
		if !ok {
			continue
		}
		letters := r.letters[skip:]
		decoded := make([]byte, base64.RawStdEncoding.DecodedLen(len(letters)))
		n, _ := base64.RawStdEncoding.Decode(decoded, letters)
		decoded = decoded[:n]
		*left -= n
		last := len(r.letters) - 1
		at := func(letter int) int { return r.place(min(skip+letter, last)) }
		p := part{text: decoded, encoding: "base64", place: func(start, end int) (int, int) {
			return at(start * 8 / 6), at((end*8-1)/6) + 1
		}}
		p = unpacked(p, at(0), at(last)+1)
		if *left -= len(p.text); *left >= 0 && readable(p.text) {
			yield(p)
		}
	}
}

const base64Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// longRun returns where the next run of minBase64 letters starts; nothing stands before
// text[i] that belongs to it. It looks at every letter of such a run, and at few others.
func longRun(text []byte, i int) int {
	for i+minBase64 <= len(text) {
		at := i + minBase64 - 1
		for at >= i && base64Letter[text[at]] != 0 {
			at--
		}
		if at < i {
			return i
		}
		i = at + 1
	}
	return len(text)
}

// base64Letter maps the letters of both alphabets to those of the first.
var base64Letter = func() (t [256]byte) {
	for _, c := range []byte(base64Letters) {
		t[c] = c
	}
	t['-'], t['_'] = '+', '/'
	return t
}()

// base64Run is a run of letters, in lines that stand anywhere in the text.
type base64Run struct {
	letters []byte
	lines   []base64Line
}

// base64Line says that a run's letters from one on stand at text[at:].
type base64Line struct{ letter, at int }

// place returns where a letter stands.
func (r *base64Run) place(letter int) int {
	i, found := slices.BinarySearchFunc(r.lines, letter, func(l base64Line, letter int) int { return cmp.Compare(l.letter, letter) })
	if !found {
		i--
	}
	return r.lines[i].at + letter - r.lines[i].letter
}

// read reads the run from text[i] on, over line breaks where lines are long, and
// returns where it stopped.
func (r *base64Run) read(text []byte, i int) int {
	r.letters, r.lines = r.letters[:0], r.lines[:0]
	for {
		r.lines = append(r.lines, base64Line{len(r.letters), i})
		start := i
		for i < len(text) && base64Letter[text[i]] != 0 {
			r.letters = append(r.letters, base64Letter[text[i]])
			i++
		}
		if i == len(text) || i-start < minWrapped {
			return i
		}
		next := lineBreak(text, i)
		if next == i || next == len(text) || base64Letter[text[next]] == 0 {
			return i
		}
		i = next
	}
}

// lineBreak steps over a line's end, real or written as \n, and the indent or
// the quotes and signs that join the lines of a literal.
func lineBreak(text []byte, i int) int {
	start := i
	broken := false
	for i < len(text) && i < start+64 {
		switch c := text[i]; {
		case c == '\n' || c == '\r':
			broken = true
			i++
		case c == '\\' && i+1 < len(text) && (text[i+1] == 'n' || text[i+1] == 'r'):
			broken = true
			i += 2
		case c == '\\', c == '"', c == '\'', c == ' ', c == '\t':
			i++
		default:
			if !broken {
				return start
			}
			return i
		}
	}
	return start
}

// aligned finds the letter from which on a run is base64 of something readable:
// what stands before it, as the folders of a path, may be of the alphabet too.
func aligned(letters []byte) (skip int, ok bool) {
	var sample [sampled * 3 / 4]byte
	for _, ahead := range [...]int{0, 4, 8, 16, 32} {
		for skip := ahead; skip < ahead+4; skip++ {
			if len(letters)-skip < minBase64 {
				return 0, false
			}
			if !begins(letters[skip:]) {
				continue
			}
			// A tail of one letter is none of base64's.
			n, err := base64.RawStdEncoding.Decode(sample[:], letters[skip:skip+min(sampled, (len(letters)-skip)&^3)])
			if err == nil && (readable(sample[:n]) || bytes.HasPrefix(sample[:n], gzipMagic)) {
				return skip, true
			}
		}
	}
	return 0, false
}

// begins reports whether the first letters can be the start of what aligned looks for,
// which most letters that are no base64 are not.
func begins(letters []byte) bool {
	group := sixBits[letters[0]]<<18 | sixBits[letters[1]]<<12 | sixBits[letters[2]]<<6 | sixBits[letters[3]]
	a, b := byte(group>>16), byte(group>>8)
	switch {
	case a == 0, b == 0, a >= 0xFE, a == gzipMagic[0]: // wide units, their mark, gzip
		return true
	case a < utf8.RuneSelf:
		return isPlain(a) && (isPlain(b) || b >= 0xC2)
	}
	return a >= 0xC2 && !utf8.RuneStart(b)
}

// isPlain reports whether c is ASCII that texts hold.
func isPlain(c byte) bool { return c >= ' ' && c < 0x7F || c == '\n' || c == '\r' || c == '\t' }

// sixBits maps the letters of the first alphabet to what they stand for.
var sixBits = func() (t [256]uint32) {
	for i, c := range []byte(base64Letters) {
		t[c] = uint32(i)
	}
	return t
}()

const gzipped = ">gzip" // in a chain

var gzipMagic = []byte{0x1f, 0x8b, 8}

// unpacked undoes what is inside a decoded part: gzip (RFC 1952) and wide units. The
// bytes of a compressed text have no place of their own: theirs is their share of
// the run text[start:end].
func unpacked(p part, start, end int) part {
	if bytes.HasPrefix(p.text, gzipMagic) {
		r, err := gzip.NewReader(bytes.NewReader(p.text))
		if err != nil {
			return part{}
		}
		plain, _ := io.ReadAll(io.LimitReader(r, maxGzip)) // what was read before an error counts
		size := max(1, len(plain))
		p = part{text: plain, encoding: p.encoding + gzipped, place: func(from, to int) (int, int) {
			a := start + from*(end-start)/size
			return a, max(a+1, start+to*(end-start)/size)
		}}
	}
	w, mark := sniffWide(p.text)
	if w.order == nil {
		return p
	}
	inner, limit := p.place, len(p.text)
	return part{text: w.append(nil, p.text[mark:]), encoding: p.encoding + ">" + w.name, place: func(from, to int) (int, int) {
		return inner(min(mark+w.size*from, limit-1), min(mark+w.size*to, limit)) // exact for ASCII
	}}
}

// readable reports whether text is one, by its first bytes: printable, or
// in wide units.
func readable(text []byte) bool {
	if w, _ := sniffWide(text); w.order != nil {
		return true
	}
	head := text[:min(len(text), 256)]
	if len(head) == 0 {
		return false
	}
	for i := 0; i < len(head); {
		if head[i] < utf8.RuneSelf {
			if !isPlain(head[i]) {
				return false
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(head[i:])
		if r == utf8.RuneError && i+utf8.UTFMax <= len(head) {
			return false
		}
		i += size
	}
	return true
}

// hexParts yields the decoded runs of hexadecimal digits.
func hexParts(text []byte, left *int, yield func(part)) {
	for i := 0; i < len(text) && *left > 0; {
		if !isHexDigit(text[i]) {
			i++
			continue
		}
		start := i
		for i < len(text) && isHexDigit(text[i]) {
			i++
		}
		for skip := range 2 {
			from := start + skip
			if i-from < minHex {
				break
			}
			decoded := make([]byte, (i-from)/2)
			n, _ := hex.Decode(decoded, text[from:from+(i-from)&^1])
			if readable(decoded[:n]) {
				*left -= n
				yield(part{text: decoded[:n], encoding: "hex", place: func(a, b int) (int, int) { return from + 2*a, from + 2*b }})
				break
			}
		}
	}
}

func isHexDigit(c byte) bool { return c-'0' < 10 || c|0x20-'a' < 6 }
