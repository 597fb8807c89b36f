package odb

import (
	"context"
	"errors"
	"io"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// WalkOptions narrows and tunes a walk.
type WalkOptions struct {
	Kinds    []Kind                  // nil visits all; others are not even inflated
	Only     map[ID]struct{}         // visit these alone, and expand no more than they need; nil: all
	Workers  int                     // goroutines; 0 means GOMAXPROCS
	Progress func(done, total int64) // may be nil; called now and then, serially, counting objects

	// Known are commits, by ascending id, of which no more is asked than this: where
	// a pack holds one, Visitor.Known is called for it and its object is not visited.
	Known []GraphCommit
}

// Visitor is what a walk calls. Object and Large are called from as many
// goroutines as there are workers, numbered from 0, and never twice at a time for
// one worker. An error from either stops the walk, which returns it.
type Visitor struct {
	Object  func(worker int, o *Object) error                              // must not write to o.Data
	Large   func(worker int, id ID, k Kind, size int64, r io.Reader) error // nil: large objects go to Object
	Problem func(Problem)                                                  // may be nil; called serially; the walk goes on
	Known   func(*GraphCommit)                                             // called serially before any object is visited; nil without WalkOptions.Known
}

// Stats counts what a walk visited, by Kind.
type Stats struct {
	Objects   [5]int64
	Bytes     [5]int64 // expanded
	PackBytes int64    // size of the packs
	Problems  int64
	Notes     []string // what was no use, though nothing is missing
}

func (s *Stats) add(t Stats) {
	for k := range s.Objects {
		s.Objects[k] += t.Objects[k]
		s.Bytes[k] += t.Bytes[k]
	}
}

// Walk visits every object of the store exactly once, in no promised order,
// whatever the count of its copies in packs, loose files and alternates. It goes
// down each delta tree depth first, so that an object is inflated and its delta
// applied once. What cannot be read is a Problem, one for each object where its
// id is known, and does not stop the walk.
//
// Packed bytes are checked with the CRC of the index, or, in a pack without,
// with the checksum of the zlib stream; ids only with Options.Verify.
func (s *Store) Walk(ctx context.Context, o WalkOptions, v Visitor) (Stats, error) {
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	w := &walk{s: s, v: v, want: newKindSet(o.Kinds), selection: selection{o.Only, o.Known, v.Known}, progress: o.Progress}
	if err := guarded(func() error { return w.prepare(o.Workers) }); err != nil {
		return Stats{}, err
	}
	release := context.AfterFunc(ctx, func() { w.fail(context.Cause(ctx)) })
	defer release()
	if err := ctx.Err(); err != nil {
		return Stats{}, err
	}

	var stats Stats
	for _, p := range w.forest.packs {
		stats.PackBytes += int64(len(p.data))
	}
	workers := make([]*worker, o.Workers)
	var wg sync.WaitGroup
	for i := range workers {
		workers[i] = newWorker(w, i)
		wg.Go(workers[i].run)
	}
	wg.Wait()
	for _, k := range workers {
		stats.add(k.stats)
	}
	stats.Problems, stats.Notes = w.problems, w.forest.notes
	if w.err == nil && o.Progress != nil {
		o.Progress(w.total, w.total)
	}
	return stats, w.err
}

// walk is what the workers of one Walk share.
type walk struct {
	s    *Store
	v    Visitor
	want kindSet
	selection
	forest *forest
	roots  []int32 // of the forest, those to start from
	loose  []looseID
	queue  *queue

	progress func(done, total int64)
	total    int64
	done     atomic.Int64
	rescues  atomic.Int64
	stopped  atomic.Bool

	mu       sync.Mutex // guards what follows, and calls of Problem and Progress
	err      error
	problems int64
}

// prepare finds out what there is to visit.
func (w *walk) prepare(workers int) error {
	loose, err := w.s.settle()
	if err != nil {
		return err
	}
	if w.forest, err = w.s.grow(w.inspect(), w.selection, inParallel(workers)); err != nil {
		return err
	}
	w.roots, w.total = w.forest.choose(w.want)
	w.loose = w.onlyLoose(loose)
	w.total += int64(len(w.loose))
	w.queue = newQueue(workers, len(w.roots)+len(w.forest.lost)+len(w.loose))
	return nil
}

// grow gives the forest of some packs. That of a walk over all objects is kept for
// the next walk, which is often one over the trees of the same packs.
func (s *Store) grow(ps []*pack, sel selection, run parallel) (*forest, error) {
	last := s.forest.Swap(nil)
	if !sel.all() {
		return newForest(ps, sel, run)
	}
	if last != nil && slices.Equal(last.packs, ps) {
		return last, nil
	}
	f, err := newForest(ps, sel, run)
	s.forest.Store(f)
	return f, err
}

// ReadAhead does what a walk over all objects begins with, so that the next one,
// if no pack comes in between, need not. What is wrong shows in that one.
func (s *Store) ReadAhead() {
	ps := s.packs.Load().list
	_ = guarded(func() error {
		for _, p := range ps {
			_ = p.idx.checksum()
		}
		_, err := s.grow(ps, selection{}, inParallel(runtime.GOMAXPROCS(0)))
		return err
	})
}

// fail stops the walk for an error that is not the repository's.
func (w *walk) fail(err error) {
	w.mu.Lock()
	if w.err == nil {
		w.err = err
	}
	w.mu.Unlock()
	w.stopped.Store(true)
	w.queue.stop()
}

func (w *walk) problem(p Problem) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.problems++
	if w.v.Problem != nil {
		w.v.Problem(p)
	}
}

// advance counts visited objects; a worker calls it now and then.
func (w *walk) advance(n int64) {
	done := w.done.Add(n)
	if w.progress != nil && w.mu.TryLock() {
		w.progress(min(done, w.total), w.total)
		w.mu.Unlock()
	}
}

// inspect reports the alternates and packs that cannot be opened and gives the
// packs to walk: those that hold what is asked for. An index of theirs that does
// not match its checksum is made anew.
func (w *walk) inspect() []*pack {
	now := w.s.packs.Load()
	for _, p := range slices.Concat(w.s.problems, now.broken, now.faults) {
		w.problem(p)
	}
	ps := slices.Clone(now.list)
	if w.only != nil {
		ps = holding(ps, w.only)
	} else {
		w.inspectMulti(now)
	}
	for i, p := range ps {
		err := guarded(func() error {
			err := p.check()
			if sum := p.idx.checksum(); sum != nil {
				if anew := w.s.reindex(p, now); anew != nil {
					ps[i] = anew
					return nil
				}
				return errors.Join(err, sum)
			}
			return err
		})
		if err != nil {
			w.problem(Problem{Path: p.path, Err: err})
		}
		for _, u := range p.unindexed {
			w.problem(u)
		}
	}
	return ps
}

// inspectMulti reports the multi-pack indexes that do not match their checksums.
func (w *walk) inspectMulti(now *packs) {
	for _, m := range now.multi {
		if err := guarded(m.checksum); err != nil {
			w.problem(Problem{Path: m.path, Err: err})
		}
	}
}

// reindex gives p with an index made anew, or nil when the pack itself has a
// fault: then its own index shows more of it.
func (s *Store) reindex(p *pack, now *packs) *pack {
	anew := &pack{path: p.path, data: p.data, end: p.end}
	if anew.idx = s.scanPack(anew, now); len(anew.unindexed) > 0 {
		return nil
	}
	return anew
}

// parallel runs f over consecutive parts of 0..n-1.
type parallel func(n int, f func(from, to int))

func inParallel(workers int) parallel {
	return func(n int, f func(from, to int)) {
		const worthwhile = 1 << 12
		part := max((n+workers-1)/workers, worthwhile)
		if n <= part {
			f(0, n)
			return
		}
		var wg sync.WaitGroup
		for from := 0; from < n; from += part {
			wg.Go(func() { f(from, min(from+part, n)) })
		}
		wg.Wait()
	}
}
