package odb

import (
	"bytes"
	"slices"
)

// selection is what a walk is to visit.
type selection struct {
	only  map[ID]struct{}    // nil: all
	known []GraphCommit      // by ascending id: not to be visited
	tell  func(*GraphCommit) // called for each of known that a pack holds
}

func (s *selection) all() bool { return s.only == nil && len(s.known) == 0 }

// keepOnly skips all objects but these.
func (f *forest) keepOnly(only map[ID]struct{}) {
	wanted := newBitset(len(f.off))
	for id := range only {
		for pi, p := range f.packs {
			i, ok := p.idx.find(id[:p.idx.hash])
			for ; ok && i < p.idx.n && bytes.Equal(p.idx.id(i), id[:p.idx.hash]); i++ {
				wanted.set(int(f.start[pi]) + i)
			}
		}
	}
	if f.skip == nil {
		f.skip = newBitset(len(f.off))
	}
	for i := range f.skip {
		f.skip[i] |= ^wanted[i]
	}
}

// leave skips the known commits, and tells of those that a pack holds.
func (f *forest) leave(known []GraphCommit, tell func(*GraphCommit)) {
	if len(known) == 0 {
		return
	}
	if f.skip == nil {
		f.skip = newBitset(len(f.off))
	}
	held := newBitset(len(known))
	for pi, p := range f.packs {
		mark := func(k, i int) {
			held.set(k)
			f.skip.set(int(f.start[pi]) + i)
		}
		if p.idx.n < len(known) {
			for i := range p.idx.n {
				if k, ok := slices.BinarySearchFunc(known, p.id(i), func(c GraphCommit, id ID) int { return compareID(c.ID, id) }); ok {
					mark(k, i)
				}
			}
			continue
		}
		for k := range known {
			id := known[k].ID[:p.idx.hash]
			i, ok := p.idx.find(id)
			for ; ok && i < p.idx.n && bytes.Equal(p.idx.id(i), id); i++ {
				mark(k, i)
			}
		}
	}
	for k := range known {
		if held.has(k) {
			tell(&known[k])
		}
	}
}
