package prefilter

import (
	"cmp"
	"math/bits"
	"slices"
)

// split tells up to splitSize entries of a group apart by two bytes near their key:
// "secret" is a part of dozens of literals, which share its key. By a byte's low five
// bits it has the set of entries, a bit each, that can have such a byte there.
type split struct {
	by    [2][tellings]uint16
	at    [2]uint8 // where the bytes stand in the surroundings of a place
	first uint32   // of its entries
}

const (
	tellings   = 32
	splitSize  = 16
	leastSplit = 3
)

// left is the set of entries that can stand at a place of a block.
func (s *split) left(b *block, place uint) uint {
	return uint(s.by[0][b.at(place, s.at[0])%tellings] & s.by[1][b.at(place, s.at[1])%tellings])
}

// splitter makes the splits of groups, one after the other.
type splitter struct {
	patterns []pattern
	near     [splitSize]nearKey
	same     [splitSize]uint16 // of an entry: those that are not told apart from it
}

// split appends the splits of the entries from first on.
func (x *splitter) split(splits []split, entries []entry, first uint32) []split {
	if len(entries) > int(first)+splitSize {
		x.sort(entries[first:])
	}
	for ; int(first) < len(entries); first += splitSize {
		splits = append(splits, split{first: first})
		x.tellApart(&splits[len(splits)-1], entries[first:min(int(first)+splitSize, len(entries))])
	}
	return splits
}

// sort puts entries together that are alike near their keys, so that what stands at a
// place differs from all of a split.
func (x *splitter) sort(entries []entry) {
	type placed struct {
		entry
		behind, ahead uint64 // with the bytes nearest to the key on top
	}
	list := make([]placed, len(entries))
	for i, e := range entries {
		near := newNearKey(&x.patterns[e.literal], int(e.offset))
		list[i] = placed{e, near[0].want, bits.ReverseBytes64(near[1].want)}
	}
	slices.SortFunc(list, func(a, b placed) int {
		return cmp.Or(cmp.Compare(a.behind, b.behind), cmp.Compare(a.ahead, b.ahead))
	})
	for i := range list {
		entries[i] = list[i].entry
	}
}

// tellApart chooses the bytes that tell the most pairs of a split's entries apart.
func (x *splitter) tellApart(s *split, entries []entry) {
	near, same := x.near[:len(entries)], x.same[:len(entries)]
	for i, e := range entries {
		near[i] = newNearKey(&x.patterns[e.literal], int(e.offset))
		same[i] = 1<<len(entries) - 1
	}
	for k := range s.by {
		half, at, pairs := x.mostApart(near)
		by := &s.by[k]
		if k > 0 && pairs == 0 { // one is enough
			s.at[k], *by = s.at[0], s.by[0]
			return
		}
		s.at[k] = uint8(half*(behind+gram) + at)
		var open uint16 // those of which any byte can stand there
		for i := range near {
			if c, ok := near[i][half].telling(at); ok {
				by[c] |= 1 << i
			} else {
				open |= 1 << i
			}
		}
		if open != 0 {
			for c := range by {
				by[c] |= open
			}
		}
		for i := range near {
			if c, ok := near[i][half].telling(at); ok {
				same[i] &= by[c]
			}
		}
	}
}

// mostApart finds the byte that tells the most pairs apart of those that are the same as
// yet, and how many it does.
func (x *splitter) mostApart(near []nearKey) (half, at int, most uint64) {
	var pairs [2]uint64 // how many are told apart by each byte
	for i := range near {
		for rest := x.same[i] & (1<<i - 1); rest != 0; rest &= rest - 1 {
			other := &x.near[bits.TrailingZeros16(rest)]
			pairs[0] += near[i][0].apart(other[0])
			pairs[1] += near[i][1].apart(other[1])
		}
	}
	for h, counts := range pairs {
		for i := 0; counts != 0; i, counts = i+1, counts>>8 {
			if n := counts & 0xFF; n > most {
				half, at, most = h, i, n
			}
		}
	}
	return half, at, most
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
