package git

import (
	"bytes"
	"slices"

	"github.com/shrike-scan/shrike/git/odb"
)

// idTable is a set of object ids, ascending, size bytes each. It is searched
// where it was read: nothing is allocated for an id.
type idTable struct {
	size int
	ids  []byte
}

func (t idTable) len() int { return len(t.ids) / t.size }

func (t idTable) at(i int) []byte { return t.ids[i*t.size:][:t.size] }

// find gives the position of an id of size bytes. Ids are spread evenly, so the
// search starts where an id should stand and doubles its steps from there.
func (t idTable) find(id []byte) (int, bool) {
	n := t.len()
	guess := int(uint64(n) * (uint64(id[0])<<16 | uint64(id[1])<<8 | uint64(id[2])) >> 24)
	lo, hi := guess, guess // ids before lo are less, ids from hi on are not
	for step := 1; lo > 0 && bytes.Compare(t.at(lo-1), id) >= 0; step *= 2 {
		hi = lo - 1
		lo = max(0, lo-step)
	}
	for step := 1; hi < n && bytes.Compare(t.at(hi), id) < 0; step *= 2 {
		lo = hi + 1
		hi = min(n, hi+step)
	}
	for lo < hi {
		if mid := (lo + hi) / 2; bytes.Compare(t.at(mid), id) < 0 {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo, lo < n && bytes.Equal(t.at(lo), id)
}

func (t idTable) has(id []byte) bool {
	_, ok := t.find(id)
	return ok
}

// with gives the union with ids that are not in the table yet.
func (t idTable) with(more []odb.ID) idTable {
	if len(more) == 0 {
		return t
	}
	slices.SortFunc(more, compareIDs)
	merged := make([]byte, 0, len(t.ids)+len(more)*t.size)
	at := 0
	for i := range more {
		id := more[i][:t.size]
		next, _ := t.find(id)
		merged = append(merged, t.ids[at*t.size:next*t.size]...)
		merged = append(merged, id...)
		at = next
	}
	return idTable{t.size, append(merged, t.ids[at*t.size:]...)}
}

// without gives the ids that are not gone.
func (t idTable) without(gone func(id []byte) bool) idTable {
	kept := make([]byte, 0, len(t.ids))
	for i := range t.len() {
		if id := t.at(i); !gone(id) {
			kept = append(kept, id...)
		}
	}
	return idTable{t.size, kept}
}
