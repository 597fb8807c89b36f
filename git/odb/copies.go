package odb

import (
	"bytes"
	"container/heap"
)

// bitset is a set of small numbers.
type bitset []uint64

func newBitset(n int) bitset    { return make(bitset, (n+63)/64) }
func (b bitset) set(i int)      { b[i/64] |= 1 << (i % 64) }
func (b bitset) has(i int) bool { return b[i/64]>>(i%64)&1 != 0 }

// kindSet is a set of kinds; zero holds all.
type kindSet uint8

func newKindSet(ks []Kind) (s kindSet) {
	for _, k := range ks {
		s |= 1 << k
	}
	return s
}

func (s kindSet) has(k Kind) bool { return s == 0 || s>>k&1 != 0 }

// copies marks, by start[pack] + position in its index, the objects that stand
// in an earlier pack, or twice in one. It gives nil for none. It merges the sorted indexes: n log(packs) steps.
func copies(ps []*pack, start []int32) bitset {
	var marked bitset
	m := &merge{packs: ps, at: make([]int, len(ps))}
	for i, p := range ps {
		if p.idx.n > 0 {
			m.live = append(m.live, i)
		}
	}
	heap.Init(m)
	var last []byte
	for len(m.live) > 0 {
		i := m.live[0]
		id := m.id(i)
		if bytes.Equal(id, last) {
			if marked == nil {
				marked = newBitset(int(start[len(ps)]))
			}
			marked.set(int(start[i]) + m.at[i])
		}
		last = id
		if m.at[i]++; m.at[i] < ps[i].idx.n {
			heap.Fix(m, 0)
		} else {
			heap.Pop(m)
		}
	}
	return marked
}

// merge is a heap of packs, the one with the least current id first, an earlier
// pack before a later one.
type merge struct {
	packs []*pack
	at    []int // current position in each index
	live  []int // the heap
}

func (m *merge) id(i int) []byte { return m.packs[i].idx.id(m.at[i]) }
func (m *merge) Len() int        { return len(m.live) }
func (m *merge) Swap(i, j int)   { m.live[i], m.live[j] = m.live[j], m.live[i] }
func (m *merge) Push(x any)      { m.live = append(m.live, x.(int)) }

func (m *merge) Less(i, j int) bool {
	a, b := m.live[i], m.live[j]
	if c := bytes.Compare(m.id(a), m.id(b)); c != 0 {
		return c < 0
	}
	return a < b
}

func (m *merge) Pop() any {
	last := m.live[len(m.live)-1]
	m.live = m.live[:len(m.live)-1]
	return last
}
