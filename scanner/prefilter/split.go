package prefilter

import "math/bits"

// split tells up to splitSize entries of a group apart by two bytes near their key:
// "secret" is a part of dozens of literals, which share its key. By a byte's low five
// bits it has the set of entries, a bit each, that can have such a byte there.
type split [2]struct {
	at uint8 // where the byte stands in the surroundings of a place
	by [tellings]uint16
}

const (
	tellings   = 32
	splitSize  = 16
	leastSplit = 3
)

// left is the set of entries that can stand at a place of a block.
func (s *split) left(b *block, place uint) uint {
	return uint(s[0].by[b.at(place, s[0].at)%tellings] & s[1].by[b.at(place, s[1].at)%tellings])
}

// keepTogether makes the split one of n entries that does not tell them apart.
func (s *split) keepTogether(n int) {
	all := uint16(1)<<n - 1
	for i := range s {
		for c := range s[i].by {
			s[i].by[c] = all
		}
	}
}

// tellApart makes the split that of the entries, by the bytes that tell the most pairs of
// them apart.
func (s *split) tellApart(entries []entry, patterns []pattern) {
	s.keepTogether(len(entries))
	var known [splitSize]nearKey
	var same [splitSize]uint16 // of an entry: those that are not told apart from it
	near := known[:len(entries)]
	for i, e := range entries {
		near[i] = newNearKey(&patterns[e.literal], int(e.offset))
		same[i] = s[0].by[0]
	}
	for k := range s {
		half, at := mostApart(near, &same)
		if half < 0 {
			return
		}
		s[k].at = uint8(half*(behind+gram) + at)
		by := &s[k].by
		var open uint16 // those of which any byte can stand there
		clear(by[:])
		for i := range near {
			if c, ok := near[i][half].telling(at); ok {
				by[c] |= 1 << i
			} else {
				open |= 1 << i
			}
		}
		for c := range by {
			by[c] |= open
		}
		for i := range near {
			if c, ok := near[i][half].telling(at); ok {
				same[i] &= by[c]
			}
		}
	}
}

// mostApart finds the byte that tells the most pairs apart of those that are the same as
// yet. The half is negative if none does.
func mostApart(near []nearKey, same *[splitSize]uint16) (half, at int) {
	var pairs [2]uint64 // how many are told apart by each byte
	for i := range near {
		for rest := same[i] & (1<<i - 1); rest != 0; rest &= rest - 1 {
			other := &near[bits.TrailingZeros16(rest)]
			pairs[0] += near[i][0].apart(other[0])
			pairs[1] += near[i][1].apart(other[1])
		}
	}
	half, most := -1, uint64(0)
	for h, counts := range pairs {
		for i := 0; counts != 0; i, counts = i+1, counts>>8 {
			if n := counts & 0xFF; n > most {
				half, at, most = h, i, n
			}
		}
	}
	return half, at
}

// nearKey is what a literal wants of the eight bytes before a key and of those behind it.
type nearKey [2]word

func newNearKey(p *pattern, at int) nearKey { return nearKey{p.from(at - behind), p.from(at + gram)} }

// apart has in each byte a one where what tells the words apart differs.
func (w word) apart(o word) uint64 {
	const each = 0x0101010101010101
	differ := (w.want ^ o.want) & w.mask & o.mask & ((tellings - 1) * each)
	return (differ + (tellings-1)*each) / tellings & each
}

// telling is what counts of the i-th byte, if the word wants one.
func (w word) telling(i int) (uint8, bool) {
	return uint8(w.want>>(8*i)) % tellings, w.mask>>(8*i)&0xFF != 0
}
