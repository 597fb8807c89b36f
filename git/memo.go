package git

import (
	"bytes"
	"hash/maphash"
)

// memo remembers the numbers that one goroutine lately got from a table. Trees
// come in the order of their deltas, so most of what a tree names stood in the one
// before: the shared table, and its locks, are asked for the rest alone.
type memo struct {
	table *internTable
	slots [memoSlots]memoSlot
}

type memoSlot struct {
	text   []byte
	number uint32
}

const memoSlots = 1 << 12

// add is internTable.add.
func (m *memo) add(b []byte) uint32 {
	s := &m.slots[maphash.Bytes(m.table.seed, b)%memoSlots]
	if len(s.text) == 0 || !bytes.Equal(s.text, b) {
		s.text, s.number = append(s.text[:0], b...), m.table.add(b)
	}
	return s.number
}
