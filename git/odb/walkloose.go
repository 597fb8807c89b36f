package odb

import (
	"errors"
	"io/fs"
	"slices"
)

// looseID names one loose object.
type looseID struct {
	id  ID
	dir int // of Store.dirs
}

// settle looks for packs before and after it lists the loose objects, until
// nothing new came: an object that is being packed meanwhile is then seen in one
// of the two places.
func (s *Store) settle() ([]looseID, error) {
	const tries = 4
	if _, err := s.findPacks(s.packs.Load()); err != nil {
		return nil, err
	}
	for try := 1; ; try++ {
		now := s.packs.Load()
		var loose []looseID
		for d, dir := range s.dirs {
			for _, b := range fanOut(dir) {
				for _, id := range looseIn(dir, b, s.o.HashSize) {
					loose = append(loose, looseID{id, d})
				}
			}
		}
		if found, err := s.findPacks(now); err != nil || !found || try == tries {
			return loose, err
		}
	}
}

// onlyLoose drops the loose objects that are packed too, further copies, and what
// is not asked for.
func (w *walk) onlyLoose(all []looseID) []looseID {
	slices.SortFunc(all, func(a, b looseID) int {
		if c := compareID(a.id, b.id); c != 0 {
			return c
		}
		return a.dir - b.dir
	})
	all = slices.CompactFunc(all, func(a, b looseID) bool { return a.id == b.id })
	return slices.DeleteFunc(all, func(l looseID) bool {
		if _, ok := w.only[l.id]; !ok && w.only != nil {
			return true
		}
		return slices.ContainsFunc(w.forest.packs, func(p *pack) bool {
			_, ok := p.idx.find(l.id[:w.s.o.HashSize])
			return ok
		})
	})
}

// looseObject visits one loose object.
func (w *worker) looseObject(at looseID) error {
	l, err := openLoose(w.s.dirs[at.dir], at.id)
	if err != nil {
		return w.unreadable(at, err)
	}
	defer l.close()
	if !w.want.has(l.kind) {
		w.count(1)
		return nil
	}
	if l.size > w.s.o.Large && w.v.Large != nil {
		return w.stream(at.id, l.kind, l.size, l.stream, Problem{Object: at.id.String(), Path: l.path})
	}
	data, err := l.read(w.s.o.MaxObject)
	if err == nil && w.s.o.Verify {
		err = w.hash.check(at.id, l.kind, data)
	}
	if err != nil {
		return w.unreadable(at, err)
	}
	return w.visit(&Object{ID: at.id, Kind: l.kind, Data: data})
}

// unreadable tries other copies of a loose object: in another directory, or in a
// pack that a repack has just put it into.
func (w *worker) unreadable(at looseID, cause error) error {
	if k, data, err := w.s.read(at.id, nil); err == nil {
		if w.want.has(k) {
			return w.visit(&Object{ID: at.id, Kind: k, Data: data})
		}
		return nil
	}
	w.count(1)
	if errors.Is(cause, fs.ErrNotExist) {
		cause = &MissingError{ID: at.id}
	}
	path := loosePath(w.s.dirs[at.dir], at.id)
	w.problem(Problem{Object: at.id.String(), Path: path, Err: cause})
	return nil
}
