package odb

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/shrike-scan/shrike/git/odb/inflate"
)

// reader is what one goroutine needs to expand objects.
type reader struct {
	inf   inflate.Inflater
	hash  *hasher
	delta []byte // the inflated delta
}

// Read returns the kind and the content of an object, which must not be changed: a
// cache and other callers may hold it too. Errors are *MissingError or *CorruptError.
func (s *Store) Read(id ID) (k Kind, data []byte, err error) {
	err = guarded(func() error {
		k, data, err = s.read(id, nil)
		return err
	})
	if fault := (faultError{}); errors.As(err, &fault) {
		return 0, nil, &CorruptError{ID: id, Err: fault}
	}
	return k, data, err
}

// read looks for a copy that can be read in every pack but one and among the
// loose objects, and once more when new packs have come.
func (s *Store) read(id ID, except *pack) (Kind, []byte, error) {
	r := s.readers.Get().(*reader)
	defer s.readers.Put(r)
	for {
		now := s.packs.Load()
		k, data, err := s.lookUp(r, now, id, except)
		if err == nil {
			return k, data, nil
		}
		if missing := (*MissingError)(nil); !errors.As(err, &missing) || missing.ID != id {
			var c *CorruptError
			if !errors.As(err, &c) {
				err = &CorruptError{ID: id, Err: err}
			}
			return 0, nil, err
		}
		if found, _ := s.findPacks(now); !found {
			missing := &MissingError{ID: id}
			if len(now.broken) > 0 {
				missing.Cause = fmt.Errorf("read pack %s: %w", now.broken[0].Path, now.broken[0].Err)
			}
			return 0, nil, missing
		}
	}
}

// lookUp gives the first copy that can be read, else why the first of them
// cannot.
func (s *Store) lookUp(r *reader, now *packs, id ID, except *pack) (Kind, []byte, error) {
	var broken error
	good := func(k Kind, data []byte, err error) bool {
		if err == nil && s.o.Verify {
			err = r.hash.check(id, k, data)
		}
		if err != nil && broken == nil {
			broken = err
		}
		return err == nil
	}
	first, i, packed := now.find(id[:s.o.HashSize])
	if packed && first != except {
		if k, data, err := s.readPacked(r, first, i); good(k, data, err) {
			return k, data, nil
		}
	}
	for _, dir := range s.dirs {
		k, data, err := s.readLoose(dir, id)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if good(k, data, err) {
			return k, data, nil
		}
	}
	if packed || len(now.multi) > 0 {
		for _, p := range now.list {
			i, ok := p.idx.find(id[:s.o.HashSize])
			if !ok || p == first || p == except {
				continue
			}
			if k, data, err := s.readPacked(r, p, i); good(k, data, err) {
				return k, data, nil
			}
		}
	}
	if broken == nil {
		broken = &MissingError{ID: id}
	}
	return 0, nil, broken
}

func (s *Store) readLoose(dir string, id ID) (Kind, []byte, error) {
	l, err := openLoose(dir, id)
	if err != nil {
		return 0, nil, err
	}
	defer l.close()
	data, err := l.read(s.o.MaxObject)
	if err != nil {
		return 0, nil, &CorruptError{ID: id, Path: l.path, Err: err}
	}
	return l.kind, data, nil
}

// link is one delta of a chain.
type link struct {
	place
	body, size int64
}

// readPacked expands the i-th object of a pack: down the chain of its bases to
// one that is cached or whole, and up again. It does not recurse, and holds no
// more than two objects and the chain's offsets at a time.
func (s *Store) readPacked(r *reader, p *pack, i int) (Kind, []byte, error) {
	off, err := p.idx.offset(i)
	if err != nil {
		return 0, nil, &CorruptError{ID: p.id(i), Path: p.path, Err: err}
	}
	var (
		at      = place{p, off}
		chain   []link
		kind    Kind
		data    []byte
		corrupt = func(at place, err error) error {
			return &CorruptError{ID: p.id(i), Path: at.pack.path, Offset: at.off, Err: err}
		}
		tortoise, lap = at, 1 // Brent's cycle detection
	)
	for {
		var held bool
		if kind, data, held = s.cache.get(at); held {
			break
		}
		e, err := at.pack.entry(at.off, at.pack.end)
		if err != nil {
			return 0, nil, corrupt(at, err)
		}
		if e.size > s.o.MaxObject {
			return 0, nil, corrupt(at, fmt.Errorf("%w: %d bytes, %d allowed", ErrTooLarge, e.size, s.o.MaxObject))
		}
		if e.kind != 0 {
			kind = e.kind
			data, err = at.pack.expand(r, e.body, e.size, makeBytes)
			if err != nil {
				return 0, nil, corrupt(at, err)
			}
			if len(chain) > 0 {
				s.cache.put(at, kind, data)
			}
			break
		}
		chain = append(chain, link{at, e.body, e.size})
		next, ok := s.base(at, e)
		if !ok {
			var base ID
			copy(base[:], e.ref)
			if kind, data, err = s.looseBase(base); err != nil {
				return 0, nil, corrupt(at, err)
			}
			break
		}
		at = next
		if at == tortoise {
			return 0, nil, corrupt(at, errCycle)
		}
		if len(chain) == lap {
			tortoise, lap = at, lap*2
		}
	}
	for _, l := range slices.Backward(chain) {
		d, err := l.pack.expand(r, l.body, l.size, r.scratch)
		if err != nil {
			return 0, nil, corrupt(l.place, err)
		}
		size, ops, err := checkDelta(d, len(data), s.o.MaxObject)
		if err != nil {
			return 0, nil, corrupt(l.place, err)
		}
		target := make([]byte, size)
		applyDelta(target, data, ops)
		data = target
		s.cache.put(l.place, kind, data)
	}
	return kind, data, nil
}

var errCycle = errors.New("deltas form a cycle: no object of it can be made")

// base is where the base of a delta stands, if in a pack at all.
func (s *Store) base(at place, e entry) (place, bool) {
	if e.ref == nil {
		return place{at.pack, e.base}, true
	}
	if i, ok := at.pack.idx.find(e.ref); ok {
		if off, err := at.pack.idx.offset(i); err == nil {
			return place{at.pack, off}, true
		}
	}
	now := s.packs.Load()
	p, i, ok := now.find(e.ref)
	if !ok && len(now.multi) > 0 {
		p, i, ok = findIn(now.list, e.ref)
	}
	if !ok {
		return place{}, false
	}
	off, err := p.idx.offset(i)
	return place{p, off}, err == nil
}

// looseBase reads the base of a delta in a thin pack.
func (s *Store) looseBase(id ID) (Kind, []byte, error) {
	for _, dir := range s.dirs {
		k, data, err := s.readLoose(dir, id)
		if !errors.Is(err, fs.ErrNotExist) {
			return k, data, err
		}
	}
	return 0, nil, fmt.Errorf("base of a delta: %w", &MissingError{ID: id})
}

// expand inflates the stream at offset body, wherever it ends.
func (p *pack) expand(r *reader, body, size int64, alloc func(int) []byte) ([]byte, error) {
	data, _, err := expand(&r.inf, size, p.data[body:], p.end-body, true, alloc)
	return data, err
}

// scratch gives n bytes for a delta, valid until the next call.
func (r *reader) scratch(n int) []byte {
	if cap(r.delta) < n+inflate.Slack {
		r.delta = make([]byte, n+n/4+inflate.Slack)
	}
	return r.delta[:n]
}
