package odb

import (
	"context"
	"errors"
	"io"
)

// WalkOptions narrows and tunes a walk.
type WalkOptions struct {
	Kinds    []Kind                  // nil visits all; others are not even inflated
	Workers  int                     // goroutines; 0 means GOMAXPROCS
	Progress func(done, total int64) // may be nil; called now and then, serially, in objects
}

// Visitor is what a walk calls. Object and Large are called from as many
// goroutines as there are workers, numbered from 0, and never twice at a time for
// one worker. An error from either stops the walk, which returns it.
type Visitor struct {
	Object  func(worker int, o Object) error
	Large   func(worker int, id ID, k Kind, size int64, r io.Reader) error // nil: large objects go to Object
	Problem func(Problem)                                                  // called serially; the walk goes on
}

// Stats counts what a walk visited, by Kind.
type Stats struct {
	Objects   [5]int64
	Bytes     [5]int64 // expanded
	PackBytes int64    // size of the packs
	Problems  int64
}

// Walk visits every object of the store exactly once, in no promised order.
func (s *Store) Walk(ctx context.Context, o WalkOptions, v Visitor) (Stats, error) {
	return Stats{}, errors.New("not built yet")
}
