package odb

import "errors"

// Options bounds what a Store reads. The zero value is usable.
type Options struct {
	HashSize   int   // bytes of an object id: 20 (SHA-1, the default) or 32 (SHA-256)
	MaxObject  int64 // larger objects, expanded, are not read: default 1 GiB
	Large      int64 // larger objects that are no deltas are streamed by Walk: default 64 MiB
	CacheBytes int64 // bound of the cache of delta bases behind Read: default 32 MiB
	WalkBytes  int64 // bound of the delta bases that each worker of Walk keeps: default 64 MiB
	Verify     bool  // hash every object that is read and compare it with its id
}

// Store reads the objects of a repository. Safe for concurrent use, except
// Close.
type Store struct{}

// Open opens the stores in objectDirs: the repository's objects directory
// first, then extra ones such as a quarantine. Alternates are followed. A pack
// that cannot be read does not fail Open: Walk reports it as a Problem.
func Open(objectDirs []string, o Options) (*Store, error) {
	return nil, errors.New("not built yet")
}

// Close releases the mapped files. No call may be under way.
func (s *Store) Close() error { return nil }

// Read returns the kind and the content of an object; the caller owns the bytes.
// Errors are *MissingError or *CorruptError.
func (s *Store) Read(id ID) (Kind, []byte, error) { return 0, nil, &MissingError{id} }

// Has reports whether the store holds id, without reading it.
func (s *Store) Has(id ID) bool { return false }

// Resolve returns the ids that start with a prefix of at least four hex
// digits, in order.
func (s *Store) Resolve(prefix string) []ID { return nil }
