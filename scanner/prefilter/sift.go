package prefilter

import "encoding/binary"

// The sift is the loop that reads the text. It looks at every second position
// whether the four bytes there may be a gram of the set, and lists those where
// they may, about one in thirty bytes. There is no branch in it but the loop's own,
// so its time depends neither on the text nor on the literals.
//
// A key (keys.go) is hashed by a multiplication (Knuth, TAOCP 3, 6.4),
// whose top bits number a word of the filter and a bit in it:
//
//	31         19 18      14 13         0
//	|    word    |    bit   |  (unused) |

const (
	hashMul   = 0x9E3779B1
	wordShift = 19 // of the product, to get the number of the filter's word
	bitShift  = 14 // of the product, to get the number of the bit, from the top
	bitMask   = 31

	// stride is the distance of the positions looked at.
	stride = 2

	// siftStep is the granularity of a sift's data, which may read lookahead bytes
	// more: those of the last positions' grams.
	siftStep  = 64
	lookahead = gram - stride
	// siftMost is the largest data of one sift.
	siftMost = 2048
)

// filter is a bitmap of hashed keys: 32 KB, for a core's first cache.
type filter [1 << (32 - wordShift)]uint32

// positions takes the offsets that a sift lists: at most one in stride.
type positions [siftMost / stride]uint16

// mark lets an anchor's key pass, with whatever byte its way leaves open.
func (f *filter) mark(a anchor) {
	key := a.key
	step, n := a.others()
	for range n {
		f.set(key)
		key += step
	}
}

func (f *filter) set(key uint32) {
	p := key * hashMul
	f[p>>wordShift] |= 1 << 31 >> (p >> bitShift & bitMask)
}

// has is 1 if the key of these four bytes may have been marked, else 0.
func (f *filter) has(four uint32) uint {
	p := four & keyMask * hashMul
	return uint(f[p>>wordShift] << (p >> bitShift & bitMask) >> 31)
}

// siftGo lists in out the even offsets of data where a marked key may stand, in
// order, and returns how many. len(data) is a multiple of siftStep, at most
// siftMost, plus lookahead; no gram that starts in the lookahead is looked at. It
// is what the assembly must equal.
func siftGo(f *filter, data []byte, out *positions) int {
	n := uint(0)
	for at := uint16(0); len(data) >= 8+lookahead; at += 8 {
		even, odd := binary.LittleEndian.Uint64(data), binary.LittleEndian.Uint64(data[stride:])
		out[n%uint(len(out))] = at
		n += f.has(uint32(even))
		out[n%uint(len(out))] = at + 2
		n += f.has(uint32(odd))
		out[n%uint(len(out))] = at + 4
		n += f.has(uint32(even >> 32))
		out[n%uint(len(out))] = at + 6
		n += f.has(uint32(odd >> 32))
		data = data[8:]
	}
	return int(n)
}
