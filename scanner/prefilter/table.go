package prefilter

import (
	"cmp"
	"math/bits"
	"slices"
)

// A literal of five bytes or more has two neighbouring grams in the table, one of
// which stands at an even offset wherever the literal stands. A shorter one lacks
// bytes for that: it is found by three bytes of the key, whatever the fourth. So a
// key can lead to literals in three ways, told apart by a bit that no key has set.
const (
	whole = 1 << 5 // by the whole key
	head  = 1 << 6 // by the key's first three bytes, at the literal's start
	tail  = 1 << 7 // by its last three, a byte before the literal

	headMask = 0x00FFFFFF
	tailMask = 0xFFFFFF00
)

// entry is a literal that is found by a key, at the key's place minus offset.
type entry struct {
	first   word // of the literal's text
	literal int32
	offset  int32
}

// table maps keys, with their way, to entries: open addressing with linear
// probing over a power of two of slots, at most half full.
type table struct {
	slots   []slot
	entries []entry // grouped by key once built
	pending []keyed
	shift   int
}

type slot struct {
	key          uint32 // 0 in an empty slot
	first, count int32  // of the entries
}

type keyed struct {
	key uint32
	entry
}

func (t *table) add(key uint32, e entry) { t.pending = append(t.pending, keyed{key, e}) }

func (t *table) build() {
	slices.SortStableFunc(t.pending, func(a, b keyed) int { return cmp.Compare(a.key, b.key) })
	size := 1 << bits.Len(uint(2*len(t.pending)))
	t.shift = 32 - bits.Len(uint(size-1))
	t.slots = make([]slot, size)
	t.entries = make([]entry, len(t.pending))
	for i, p := range t.pending {
		s := t.slot(p.key)
		if s.key == 0 {
			s.key, s.first = p.key, int32(i)
		}
		s.count++
		t.entries[i] = p.entry
	}
	t.pending = nil
}

// slot returns where key is, or the empty slot where it would be.
func (t *table) slot(key uint32) *slot {
	mask := uint32(len(t.slots) - 1)
	for i := key * 0x85EBCA6B >> t.shift; ; i++ {
		if s := &t.slots[i&mask]; s.key == key || s.key == 0 {
			return s
		}
	}
}

func (t *table) find(key uint32) []entry {
	s := t.slot(key)
	return t.entries[s.first : s.first+s.count]
}
