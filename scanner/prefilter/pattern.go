package prefilter

import "encoding/binary"

// word is up to eight bytes of a literal, the first lowest. Under mask a letter's
// case bit is clear, as is what lies beyond the literal's end.
type word struct{ want, mask uint64 }

func (w word) matches(text uint64) bool { return text&w.mask == w.want }

func newWord(lit []byte) (w word) {
	for i, c := range lit[:min(len(lit), 8)] {
		mask := byte(0xFF)
		if lower(c)-'a' < 26 {
			mask = 0xDF
		}
		w.want |= uint64(c&mask) << (8 * i)
		w.mask |= uint64(mask) << (8 * i)
	}
	return w
}

// pattern is a literal made ready for comparison: its first eight bytes, and those
// after them in words of eight bytes, the last of which may overlap.
type pattern struct {
	size          int
	first         word
	rest          []word
	before, after uint16 // what can stand beside it, see Set.addBytes
}

func newPattern(lit []byte) pattern {
	p := pattern{size: len(lit), first: newWord(lit)}
	if len(lit) > 8 {
		p.rest = make([]word, (len(lit)-1)/8)
		for i := range p.rest {
			p.rest[i] = newWord(lit[restAt(i, len(lit)):])
		}
	}
	return p
}

// restAt is the offset of the i-th word of a pattern's rest.
func restAt(i, size int) int { return min(8*(i+1), size-8) }

// restMatches compares all but the first word; text is as long as the pattern.
func (p *pattern) restMatches(text []byte) bool {
	for i, w := range p.rest {
		if !w.matches(binary.LittleEndian.Uint64(text[restAt(i, len(text)):])) {
			return false
		}
	}
	return true
}

// loadEnd returns the less than eight bytes of text, followed by zeros.
//
//go:noinline
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
