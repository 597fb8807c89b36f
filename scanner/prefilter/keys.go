package prefilter

import "encoding/binary"

// A gram's key is its four bytes under keyMask. Of the inner two bytes that keeps
// all but the case bit and the eighth, of the outer two the low five bits: fewer
// bits to fill in where a literal leaves an outer byte open, at little cost in
// what is told apart.
const (
	gram    = 4
	keyMask = 0x1F5F5F1F
	outer   = 0x1F // what the mask keeps of an outer byte
)

func keyOf(text []byte) uint32 { return binary.LittleEndian.Uint32(text) & keyMask }

// A literal of five bytes or more has two neighbouring grams, one of which stands
// at an even offset wherever the literal stands. A shorter one lacks bytes for
// that: it is found by three bytes of a key, whatever the fourth. So a key leads to
// literals in three ways, told apart by bits that no key has set.
const (
	whole = 0      // by all of the key
	head  = 1 << 5 // by its first three bytes
	tail  = 1 << 6 // by its last three

	headMask = 0x00FFFFFF
	tailMask = 0xFFFFFF00
)

// anchor is where a literal is looked for: at a key's place minus offset.
type anchor struct {
	key, way uint32
	offset   int
}

// others says with what steps to come to the keys that the anchor's way leaves open, and
// how many they are, its own being the first.
func (a anchor) others() (step uint32, n int) {
	switch a.way {
	case head:
		return 1 << 24, outer + 1
	case tail:
		return 1, outer + 1
	}
	return 0, 1
}

// anchors returns what finds a literal where it stands at an even offset and where
// at an odd one, in either order.
func anchors(lit []byte) [stride]anchor {
	switch {
	case len(lit) > gram:
		at := rarest(lit[:min(len(lit), inPattern)])
		return [stride]anchor{{keyOf(lit[at:]), whole, at}, {keyOf(lit[at+1:]), whole, at + 1}}
	case len(lit) < gram:
		return [stride]anchor{headAnchor(lit, 0), tailAnchor(lit)}
	case threeCount(lit[1:]) < threeCount(lit):
		return [stride]anchor{{keyOf(lit), whole, 0}, headAnchor(lit, 1)}
	default:
		return [stride]anchor{{keyOf(lit), whole, 0}, tailAnchor(lit)}
	}
}

// headAnchor finds a literal by three of its bytes, from offset.
func headAnchor(lit []byte, offset int) anchor {
	return anchor{three(lit[offset:]) & keyMask, head, offset}
}

// tailAnchor finds a literal by its first three bytes and the byte before it.
func tailAnchor(lit []byte) anchor { return anchor{three(lit) << 8 & keyMask, tail, -1} }

func three(text []byte) uint32 {
	return uint32(text[0]) | uint32(text[1])<<8 | uint32(text[2])<<16
}
