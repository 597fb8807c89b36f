package prefilter

import "encoding/binary"

// word is up to eight bytes of a literal, the first lowest. Under mask a letter's
// case bit is clear, as is what lies beyond the literal's end.
type word struct{ want, mask uint64 }

func (w word) matches(text uint64) bool { return text&w.mask == w.want }

// newWord wants the bytes from lo to hi of the text, letters in either case.
func newWord(text uint64, lo, hi int) word {
	const each = 0x0101010101010101
	if lo >= hi {
		return word{}
	}
	// A byte of the sums is 0x80 or more where that of the text is 'a' or more, or more than 'z'.
	folded := (text | 0x20*each) & (0x7F * each)
	fromA, beyondZ := folded+(0x80-'a')*each, folded+(0x80-'z'-1)*each
	letters := fromA &^ beyondZ &^ text & (0x80 * each)
	mask := ^(letters >> 2) & (^uint64(0) << (8 * lo)) & (^uint64(0) >> (64 - 8*hi))
	return word{text & mask, mask}
}

// pattern is a literal made ready for comparison: in words of eight bytes, the last of
// which may overlap. Only one that an entry does not hold whole has any.
type pattern []word

func newPattern(lit []byte) pattern {
	p := make(pattern, (len(lit)+7)/8)
	for i := range p {
		p[i] = newWord(binary.LittleEndian.Uint64(lit[p.at(i, len(lit)):]), 0, 8)
	}
	return p
}

// at is the offset of the i-th word.
func (p pattern) at(i, size int) int { return min(8*i, size-8) }

// matches reports whether text is the literal; it is as long as that.
func (p pattern) matches(text []byte) bool {
	for i, w := range p {
		if !w.matches(binary.LittleEndian.Uint64(text[p.at(i, len(text)):])) {
			return false
		}
	}
	return true
}

// around returns the eight bytes before data[at] and the eight from there on, with
// zeros beyond the ends of data.
func around(data []byte, at int) (behind, ahead uint64) {
	if at >= 8 && at+8 <= len(data) {
		near := data[at-8 : at+8]
		return binary.LittleEndian.Uint64(near), binary.LittleEndian.Uint64(near[8:])
	}
	return aroundEnd(data, at)
}

//go:noinline
func aroundEnd(data []byte, at int) (behind, ahead uint64) {
	var padded [16]byte
	copy(padded[max(0, 8-at):], data[max(0, at-8):min(len(data), at+8)])
	return binary.LittleEndian.Uint64(padded[:]), binary.LittleEndian.Uint64(padded[8:])
}
