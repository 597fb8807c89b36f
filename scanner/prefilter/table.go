package prefilter

import (
	"math/bits"
	"slices"
)

// table maps keys to the entries added under them: open addressing with linear
// probing over a power of two of slots, at most half full.
type table struct {
	keys    []uint32 // of the slots; 0 for an empty one: no folded gram is 0
	first   []int32  // of the slot's entries
	count   []int32
	entries []entry // grouped by key once built
	pending []keyed
	shift   int
}

type keyed struct {
	key uint32
	entry
}

func (t *table) add(key uint32, e entry) { t.pending = append(t.pending, keyed{key, e}) }

func (t *table) build() {
	if len(t.pending) == 0 {
		return
	}
	slices.SortStableFunc(t.pending, func(a, b keyed) int { return int(int64(a.key) - int64(b.key)) })
	size := 1 << bits.Len(uint(2*len(t.pending)))
	t.shift = 32 - bits.Len(uint(size-1))
	t.keys, t.first, t.count = make([]uint32, size), make([]int32, size), make([]int32, size)
	for _, p := range t.pending {
		slot := t.slot(p.key)
		if t.keys[slot] == 0 {
			t.keys[slot], t.first[slot] = p.key, int32(len(t.entries))
		}
		t.count[slot]++
		t.entries = append(t.entries, p.entry)
	}
	t.pending = nil
}

// slot returns where key is, or the empty slot where it would be.
func (t *table) slot(key uint32) uint32 {
	mask := uint32(len(t.keys) - 1)
	for slot := key * 0x85EBCA6B >> t.shift; ; slot++ {
		if k := t.keys[slot&mask]; k == key || k == 0 {
			return slot & mask
		}
	}
}

func (t *table) find(key uint32) []entry {
	if len(t.keys) == 0 {
		return nil
	}
	slot := t.slot(key)
	first := t.first[slot]
	return t.entries[first : first+t.count[slot]]
}
