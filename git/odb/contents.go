package odb

import (
	"path/filepath"
	"slices"
)

// Contents is what a store held at one moment.
type Contents struct {
	Packs []Pack // in the order in which they are searched
	Loose []ID   // in order, each once

	// Faulty says that a pack could not be opened or does not go with its index:
	// Walk tells which.
	Faulty bool
}

// Pack is one pack of a store. Valid until the store is closed. Its methods read
// mapped files: call them within Guarded.
type Pack struct {
	PackID
	idx *index
}

// PackID tells packs apart by content: two packs with the same PackID hold the
// same objects, unless one of them was damaged.
type PackID struct {
	Name  string // of the file, without its folder
	Size  int64  // of the file, in bytes
	Sum   ID     // the pack's own checksum, which ends it
	Index ID     // the checksum of the index; zero where that was made by scanning
}

// Contents looks for new packs and lists packs and loose objects. An object that
// is being packed meanwhile is in one of the two.
func (s *Store) Contents() (Contents, error) {
	loose, err := s.settle()
	if err != nil {
		return Contents{}, err
	}
	var c Contents
	for _, l := range loose {
		c.Loose = append(c.Loose, l.id)
	}
	slices.SortFunc(c.Loose, compareID)
	c.Loose = slices.Compact(c.Loose)
	now := s.packs.Load()
	c.Faulty = len(now.broken)+len(s.problems) > 0
	err = guarded(func() error {
		for _, p := range now.list {
			c.Faulty = c.Faulty || p.check() != nil || len(p.unindexed) > 0
			id := PackID{Name: filepath.Base(p.path), Size: int64(len(p.data))}
			copy(id.Sum[:], p.data[p.end:])
			if raw := p.idx.raw; raw != nil {
				copy(id.Index[:], raw[len(raw)-p.idx.hash:])
			}
			c.Packs = append(c.Packs, Pack{id, p.idx})
		}
		return nil
	})
	return c, err
}

// Len is the number of objects in the pack.
func (p Pack) Len() int { return p.idx.n }

// ID is the i-th id in ascending order, 0 <= i < Len, as HashSize bytes of the
// index that must not be changed.
func (p Pack) ID(i int) []byte { return p.idx.id(i) }

// Holds reports whether the pack holds an object.
func (p Pack) Holds(id ID) bool {
	_, ok := p.idx.find(id[:p.idx.hash])
	return ok
}

// Guarded calls f and turns a read of mapped memory that fails, as happens when
// another process cuts a file short, into an error. It counts for f's own goroutine.
func Guarded(f func() error) error { return guarded(f) }

// holding drops the packs that hold none of the objects.
func holding(ps []*pack, only map[ID]struct{}) []*pack {
	return slices.DeleteFunc(slices.Clone(ps), func(p *pack) bool {
		for id := range only {
			if _, ok := p.idx.find(id[:p.idx.hash]); ok {
				return false
			}
		}
		return true
	})
}
