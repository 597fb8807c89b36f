package prefilter

import "encoding/binary"

// word is eight bytes of a literal, the first lowest. Under mask a letter's case
// bit is clear, as is what lies beyond the literal's end.
type word struct{ want, mask uint64 }

func (w word) matches(text uint64) bool { return text&w.mask == w.want }

// pattern is a literal made ready for comparison.
type pattern struct {
	size  int
	words []word
}

func newPattern(lit []byte) pattern {
	p := pattern{len(lit), make([]word, (len(lit)+7)/8)}
	for i, c := range lit {
		mask := byte(0xFF)
		if lower(c)-'a' < 26 {
			mask = 0xDF
		}
		w := &p.words[i/8]
		w.want |= uint64(c&mask) << (i % 8 * 8)
		w.mask |= uint64(mask) << (i % 8 * 8)
	}
	return p
}

// follows reports whether the pattern stands at text[at:], whose first eight bytes
// match.
func (p *pattern) follows(text []byte, at int) bool {
	if at+p.size > len(text) {
		return false
	}
	for _, w := range p.words[1:] {
		at += 8
		if !w.matches(load(text, at)) {
			return false
		}
	}
	return true
}

// load returns the eight bytes of text from at, which is not beyond its end; those
// beyond it as zeros.
func load(text []byte, at int) uint64 {
	if rest := text[at:]; len(rest) >= 8 {
		return binary.LittleEndian.Uint64(rest)
	}
	return loadEnd(text[at:])
}

func loadEnd(text []byte) uint64 {
	var padded [8]byte
	copy(padded[:], text)
	return binary.LittleEndian.Uint64(padded[:])
}

// lower folds ASCII letters alone.
func lower(c byte) byte {
	if c-'A' < 26 {
		return c + 0x20
	}
	return c
}
