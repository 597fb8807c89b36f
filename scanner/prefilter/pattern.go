package prefilter

import "encoding/binary"

// word is up to eight bytes of a literal, the first lowest. Under mask a letter's
// case bit is clear, as is what lies beyond the literal's ends.
type word struct{ want, mask uint64 }

func (w word) matches(text uint64) bool { return text&w.mask == w.want }

// common is what both want.
func (w word) common(o word) word {
	mask := w.mask & o.mask &^ (w.want ^ o.want)
	return word{w.want & mask, mask}
}

// newWord wants the first size bytes of the text, letters in either case.
func newWord(text uint64, size int) word {
	const each = 0x0101010101010101
	// A byte of the sums is 0x80 or more where that of the text is 'a' or more, or more than 'z'.
	folded := (text | 0x20*each) & (0x7F * each)
	fromA, beyondZ := folded+(0x80-'a')*each, folded+(0x80-'z'-1)*each
	letters := fromA &^ beyondZ &^ text & (0x80 * each)
	mask := ^(letters >> 2) & (1<<(8*size) - 1)
	return word{text & mask, mask}
}

// eightAt returns the eight bytes of data from at, with zeros beyond its ends.
func eightAt(data []byte, at int) uint64 {
	var padded [8]byte
	if at < len(data) {
		copy(padded[:], data[at:])
	}
	return binary.LittleEndian.Uint64(padded[:])
}

// pattern is a literal made ready for comparison.
type pattern struct {
	lo, hi        word     // its first bytes
	before, after classSet // what can stand beside it
	size          int32
}

// inPattern is how many bytes of a literal its pattern holds.
const inPattern = 16

func newPattern(lit []byte) pattern {
	var first [inPattern]byte
	n := copy(first[:], lit)
	return pattern{
		lo:     newWord(binary.LittleEndian.Uint64(first[:]), min(n, 8)),
		hi:     newWord(binary.LittleEndian.Uint64(first[8:]), max(0, n-8)),
		before: allClasses, after: allClasses,
		size: int32(len(lit)),
	}
}

// from is what of the literal stands in the eight bytes from an offset, which may lie
// beyond either of its ends.
func (p *pattern) from(at int) word {
	switch {
	case at < 0:
		return word{p.lo.want << (8 * -at), p.lo.mask << (8 * -at)}
	case at < 8:
		return word{p.lo.want>>(8*at) | p.hi.want<<(64-8*at), p.lo.mask>>(8*at) | p.hi.mask<<(64-8*at)}
	}
	return word{p.hi.want >> (8*at - 64), p.hi.mask >> (8*at - 64)}
}

// foldedEqual compares texts of equal length without ASCII case.
func foldedEqual(a, b []byte) bool {
	for at := 0; at < len(a); at += 8 {
		if !newWord(eightAt(a, at), min(8, len(a)-at)).matches(eightAt(b, at)) {
			return false
		}
	}
	return true
}
