package git

import (
	"bytes"
	"hash/maphash"
	"sync"
)

// internTable numbers byte strings (tree ids, file names) as they are first
// seen, about 12 bytes on top of each. Safe for concurrent use: it is split by
// hash into shards, and a number holds its shard in its lowest bits, so numbers
// are nearly but not quite dense.
type internTable struct {
	seed   maphash.Seed
	shards [internShards]internShard
}

type internShard struct {
	mu    sync.Mutex
	slots []uint32 // open addressing, power of two long: 1 + index into ends, 0 = free
	ends  []uint32 // end of each string in text; a string starts where the one before ends
	sums  []uint32 // high half of each string's hash
	text  []byte
}

const internShards = 32

func newInternTable() *internTable { return &internTable{seed: maphash.MakeSeed()} }

// add gives the number of b, and a new one to a string not seen before.
func (t *internTable) add(b []byte) uint32 { n, _ := t.lookup(b, true); return n }

// find gives the number of b if add has seen it.
func (t *internTable) find(b []byte) (uint32, bool) { return t.lookup(b, false) }

func (t *internTable) lookup(b []byte, insert bool) (uint32, bool) {
	h := maphash.Bytes(t.seed, b)
	shard := uint32(h % internShards)
	s := &t.shards[shard]
	s.mu.Lock()
	defer s.mu.Unlock()
	if 4*len(s.ends) >= 3*len(s.slots) {
		s.grow()
	}
	sum := uint32(h >> 32)
	for i := sum; ; i++ {
		slot := &s.slots[i&uint32(len(s.slots)-1)]
		if *slot == 0 {
			if !insert {
				return 0, false
			}
			s.text = append(s.text, b...)
			s.ends = append(s.ends, uint32(len(s.text)))
			s.sums = append(s.sums, sum)
			*slot = uint32(len(s.ends))
			return (*slot-1)*internShards + shard, true
		}
		if n := *slot - 1; s.sums[n] == sum && bytes.Equal(s.get(n), b) {
			return n*internShards + shard, true
		}
	}
}

func (s *internShard) get(n uint32) []byte {
	start := uint32(0)
	if n > 0 {
		start = s.ends[n-1]
	}
	return s.text[start:s.ends[n]]
}

func (s *internShard) grow() {
	slots := make([]uint32, max(64, 2*len(s.slots)))
	for n, sum := range s.sums {
		i := sum
		for slots[i&uint32(len(slots)-1)] != 0 {
			i++
		}
		slots[i&uint32(len(slots)-1)] = uint32(n) + 1
	}
	s.slots = slots
}

// text gives the string of a number. No add may be under way.
func (t *internTable) text(n uint32) []byte { return t.shards[n%internShards].get(n / internShards) }

// bound is larger than every number given so far. No add may be under way.
func (t *internTable) bound() int {
	most := 0
	for i := range t.shards {
		most = max(most, len(t.shards[i].ends))
	}
	return most * internShards
}
