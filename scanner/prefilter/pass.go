package prefilter

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

const (
	// batch is how many places go through the finer tests at once.
	batch = 64

	// behind and ahead are how many bytes before a place and from there on the tests reach.
	behind       = 8
	ahead        = 24
	surroundings = behind + ahead

	// nearBehind is how many of the eight bytes near a key's place are before it.
	nearBehind = 2
)

// block is a piece of text in its surroundings.
type block [behind + siftMost + ahead]byte

// at returns the byte at an offset, less than behind+ahead, of a place's surroundings.
func (b *block) at(place uint, offset uint8) byte {
	return b[place%siftMost+uint(offset%surroundings)]
}

func (b *block) key(place uint) uint32 {
	at := place%siftMost + behind
	return (uint32(b[at]) | uint32(b[at+1])<<8 | uint32(b[at+2])<<16 | uint32(b[at+3])<<24) & keyMask
}

func (b *block) near(place uint) uint64 {
	at := place%siftMost + behind - nearBehind
	return binary.LittleEndian.Uint64(b[at : at+8])
}

// pass is one Scan under way.
type pass struct {
	set  *Set
	data []byte
	from int // hits end after this
	hits []Hit

	places     positions
	open       [batch]uint16
	candidates candidates
	found      [4 * batch]found
}

// found is an entry and the place of its key in the data.
type found struct {
	entry uint32
	at    int32
}

// candidate is a place in a block, in the lower 16 bits, and the slot of its key.
type candidate uint32

func newCandidate(s slot, place uint16) candidate { return candidate(s)<<16 | candidate(place) }

func (c candidate) place() uint   { return uint(c & 0xFFFF) }
func (c candidate) group() uint32 { return uint32(c >> (16 + groupShift)) }

// candidates takes those of a batch: at most three for a place, and room to spare
// that makes its size a power of two.
type candidates [4 * batch]candidate

// look looks for literals whose grams stand in the first size bytes of a block, which is
// what data has from at on.
func (p *pass) look(b *block, size, at int) {
	places := p.places[:sift(&p.set.filter, b[behind:behind+size+lookahead], &p.places)]
	for len(places) > 0 {
		n := min(batch, len(places))
		lone, large := p.part(p.screen(b, p.sieve(b, places[:n])), at)
		p.report(lone)
		p.compare(b, large, at)
		places = places[n:]
	}
}

// sieve lists, of at most batch places in a block, those whose key has a used slot,
// once for each way. Like the sift it does not branch.
func (p *pass) sieve(b *block, places []uint16) []candidate {
	slots, out := &p.set.table.slots, &p.candidates
	n, opens := uint(0), uint(0)
	_ = b[0]
	for _, at := range places {
		s := slots[slotOf(b.key(uint(at))|whole)]
		out[n%uint(len(out))] = newCandidate(s, at)
		n += uint(s & used)
		p.open[opens%uint(len(p.open))] = at
		opens += uint(s / open % 2)
	}
	for _, at := range p.open[:opens] {
		key := b.key(uint(at))
		s := slots[slotOf(key&headMask|head)]
		out[n%uint(len(out))] = newCandidate(s, at)
		n += uint(s & used)
		s = slots[slotOf(key&tailMask|tail)]
		out[n%uint(len(out))] = newCandidate(s, at)
		n += uint(s & used)
	}
	return out[:n]
}

// screen keeps those candidates near whose place stands what all entries of their group
// want. It does not branch either.
func (p *pass) screen(b *block, list []candidate) []candidate {
	groups, out := p.set.table.groups, &p.candidates
	n := uint(0)
	_ = b[0]
	for _, c := range list {
		out[n%uint(len(out))] = c
		if groups[c.group()].near.matches(b.near(c.place())) {
			n++
		}
	}
	return out[:n]
}

// part lists the entries of groups that have one only, and the candidates of the others.
func (p *pass) part(list []candidate, at int) (lone []found, large []candidate) {
	groups := p.set.table.groups
	n, m := uint(0), uint(0)
	for _, c := range list {
		g := &groups[c.group()]
		p.found[n%uint(len(p.found))] = found{g.at, int32(at) + int32(c.place())}
		p.candidates[m%uint(len(p.candidates))] = c
		if g.splits == 0 {
			n++
		}
		if g.splits != 0 {
			m++
		}
	}
	return p.found[:n], p.candidates[:m]
}

// compare lists the entries of groups that can stand at their places, and reports them.
func (p *pass) compare(b *block, list []candidate, at int) {
	t, out := &p.set.table, &p.found
	n := 0
	_ = b[0]
	for _, c := range list {
		g := &t.groups[c.group()]
		splits := t.splits[g.at : g.at+g.splits]
		for i := range splits {
			for left := splits[i].left(b, c.place()); left != 0; left &= left - 1 {
				if n == len(out) {
					p.report(out[:n])
					n = 0
				}
				out[n] = found{splits[i].first + uint32(bits.TrailingZeros(left)), int32(at) + int32(c.place())}
				n++
			}
		}
	}
	p.report(out[:n])
}

// report adds to hits the entries found whose literal stands at its place between what
// it must. Whether it does cannot be foretold, so there is no branch on it.
func (p *pass) report(list []found) {
	entries, patterns, classes := p.set.table.entries, p.set.patterns, &p.set.classes
	data := p.data[:len(p.data):len(p.data)]
	n := len(p.hits)
	hits := slices.Grow(p.hits, len(list))[:n+len(list)]
	least := max(1, p.from) // where no hit starts that ends too early
	for _, f := range list {
		e := entries[f.entry]
		pattern := &patterns[e.literal]
		start := int(f.at - e.offset)
		hits[n] = Hit{e.literal, int32(start) + pattern.size}
		if start < least || start+inPattern >= len(data) || pattern.size > inPattern {
			if p.stands(pattern, e.literal, start) {
				n++
			}
			continue
		}
		text := data[start-1 : start+inPattern+1]
		differ := binary.LittleEndian.Uint64(text[1:])&pattern.lo.mask ^ pattern.lo.want
		differ |= binary.LittleEndian.Uint64(text[9:])&pattern.hi.mask ^ pattern.hi.want
		fits := pattern.before.bit(classes, text[0]) & pattern.after.bit(classes, text[1+pattern.size])
		if differ != 0 {
			fits = 0
		}
		n += int(fits)
	}
	p.hits = hits[:n]
}

// stands reports whether a literal of any length stands at data[start:], wherever that is.
//
//go:noinline
func (p *pass) stands(pattern *pattern, literal int32, start int) bool {
	end := start + int(pattern.size)
	return start >= 0 && p.from < end && end <= len(p.data) &&
		(start == 0 || pattern.before.has(&p.set.classes, p.data[start-1])) &&
		(end == len(p.data) || pattern.after.has(&p.set.classes, p.data[end])) &&
		pattern.lo.matches(eightAt(p.data, start)) && pattern.hi.matches(eightAt(p.data, start+8)) &&
		(pattern.size <= inPattern || foldedEqual(p.set.long[literal], p.data[start+inPattern:end]))
}
