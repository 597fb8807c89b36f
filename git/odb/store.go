package odb

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"
)

// Options bounds what a Store reads. The zero value is usable.
type Options struct {
	HashSize   int   // bytes of an object id: 20 (SHA-1, the default) or 32 (SHA-256)
	MaxObject  int64 // objects that expand to more are not held in memory: default 1 GiB
	Large      int64 // larger objects that are neither delta nor base are streamed by Walk: default 64 MiB
	CacheBytes int64 // bound of the cache of delta bases behind Read: default 32 MiB
	WalkBytes  int64 // bound of the delta bases that each worker of Walk keeps: default 64 MiB
	Verify     bool  // hash every object that is read and compare it with its id
}

func (o *Options) fill() error {
	set := func(v *int64, def int64) {
		if *v <= 0 {
			*v = def
		}
	}
	set(&o.MaxObject, 1<<30)
	set(&o.Large, 64<<20)
	set(&o.CacheBytes, 32<<20)
	set(&o.WalkBytes, 64<<20)
	if o.HashSize == 0 {
		o.HashSize = sha1Size
	}
	if o.HashSize != sha1Size && o.HashSize != sha256Size {
		return fmt.Errorf("open object store: hashes of %d bytes are unknown: want 20 (SHA-1) or 32 (SHA-256)", o.HashSize)
	}
	return nil
}

// Store reads the objects of a repository. Safe for concurrent use, except
// Close.
//
// A repository may be pushed to or repacked meanwhile: packs stay mapped once
// they are open, and new ones are looked for when an object is not found and when
// a walk starts.
type Store struct {
	o        Options
	dirs     []string  // objects directories, alternates included
	problems []Problem // of the alternates
	packs    atomic.Pointer[packs]
	refresh  sync.Mutex // held by the one goroutine that looks for new packs
	mapped   [][]byte   // multi-pack indexes; guarded by refresh
	cache    baseCache
	readers  sync.Pool // of *reader
	frozen   bool      // never looks for new packs

	forest atomic.Pointer[forest] // see grow
}

// Open opens the stores in objectDirs: the repository's objects directory
// first, then extra ones such as a quarantine. Alternates are followed. A pack
// that cannot be read does not fail Open: Walk reports it as a Problem.
func Open(objectDirs []string, o Options) (*Store, error) {
	if err := o.fill(); err != nil {
		return nil, err
	}
	if len(objectDirs) == 0 {
		return nil, errors.New("open object store: no objects directory given")
	}
	s := newStore(o)
	var err error
	if s.dirs, s.problems, err = directories(objectDirs); err != nil {
		return nil, err
	}
	if _, err := s.findPacks(s.packs.Load()); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// newStore gives a store without directories. o is filled.
func newStore(o Options) *Store {
	s := &Store{o: o}
	s.cache.limit = o.CacheBytes
	s.readers.New = func() any { return &reader{hash: newHasher(o.HashSize)} }
	s.packs.Store(&packs{})
	return s
}

// Close releases the mapped files. No call may be under way; a second Close does
// nothing.
func (s *Store) Close() error {
	for _, p := range s.packs.Swap(&packs{}).list {
		p.close()
	}
	for _, data := range s.mapped {
		unmap(data)
	}
	s.mapped = nil
	return nil
}

// Has reports whether the store holds id, without reading it.
func (s *Store) Has(id ID) (held bool) {
	err := guarded(func() error {
		held = s.has(id)
		return nil
	})
	return held && err == nil
}

func (s *Store) has(id ID) bool {
	for {
		now := s.packs.Load()
		if _, _, ok := now.find(id[:s.o.HashSize]); ok {
			return true
		}
		for _, dir := range s.dirs {
			if _, err := os.Stat(loosePath(dir, id)); err == nil {
				return true
			}
		}
		if len(now.multi) > 0 {
			if _, _, ok := findIn(now.list, id[:s.o.HashSize]); ok {
				return true
			}
		}
		if found, err := s.findPacks(now); !found || err != nil {
			return false
		}
	}
}

// Packed is the count of objects in packs, one for each copy.
func (s *Store) Packed() int {
	n := 0
	for _, p := range s.packs.Load().list {
		n += p.idx.n
	}
	return n
}

// Resolve returns the ids that start with a prefix of at least four hex
// digits, in order. A malformed or longer prefix has none.
func (s *Store) Resolve(prefix string) []ID {
	low, high, ok := prefixRange(prefix, s.o.HashSize)
	if !ok {
		return nil
	}
	within := func(id ID) bool { return compareID(low, id) <= 0 && compareID(id, high) <= 0 }
	var ids []ID
	for _, p := range s.packs.Load().list {
		for i := p.idx.search(low[:s.o.HashSize]); i < p.idx.n && within(p.id(i)); i++ {
			ids = append(ids, p.id(i))
		}
	}
	for _, dir := range s.dirs {
		for _, id := range looseIn(dir, low[0], s.o.HashSize) {
			if within(id) {
				ids = append(ids, id)
			}
		}
	}
	slices.SortFunc(ids, compareID)
	return slices.Compact(ids)
}
