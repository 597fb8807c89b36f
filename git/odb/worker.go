package odb

import (
	"errors"
	"fmt"
	"io"
)

// worker is one goroutine of a walk.
type worker struct {
	*walk
	reader
	number    int
	buf       buffers
	object    Object // the one that is visited
	stats     Stats
	uncounted int64 // objects done since the last advance

	// The tree under way, see tree.go.
	kind  Kind
	delta Delta // of the object last made; without ops, when it was stored whole
	stack []frame
	held  int64 // bytes in the frames
	low   int   // no frame below this one holds data
}

func newWorker(w *walk, number int) *worker {
	k := &worker{walk: w, number: number}
	k.hash = newHasher(w.s.o.HashSize)
	k.buf.limit = w.s.o.WalkBytes / 4
	return k
}

// run is a worker's goroutine.
func (w *worker) run() {
	f := w.forest
	for {
		t, ok := w.queue.take()
		if !ok {
			break
		}
		err := guarded(func() error {
			i := t.item
			switch {
			case t.base != nil:
				return w.subtree(t)
			case i < len(w.roots):
				return w.tree(w.roots[i])
			case i < len(w.roots)+len(f.lost):
				return w.lost(f.lost[i-len(w.roots)])
			default:
				return w.looseObject(w.loose[i-len(w.roots)-len(f.lost)])
			}
		})
		if fault := (faultError{}); errors.As(err, &fault) {
			w.reset()
			w.problem(Problem{Path: w.path(t), Err: fault})
			continue
		}
		if err != nil {
			w.fail(err)
			break
		}
	}
	w.advance(w.uncounted)
}

// path is the pack or the loose file that a task starts in.
func (w *worker) path(t task) string {
	f, i := w.forest, t.item
	switch {
	case t.base != nil:
		return f.packs[f.packOf(t.entry)].path
	case i < len(w.roots):
		return f.packs[f.packOf(w.roots[i])].path
	case i < len(w.roots)+len(f.lost):
		return f.packs[f.packOf(f.lost[i-len(w.roots)])].path
	default:
		at := w.loose[i-len(w.roots)-len(f.lost)]
		return loosePath(w.s.dirs[at.dir], at.id)
	}
}

// count notes n objects as done.
func (w *worker) count(n int64) {
	const often = 512
	if w.uncounted += n; w.uncounted >= often {
		w.advance(w.uncounted)
		w.uncounted = 0
	}
}

// visit hands an object to the visitor.
func (w *worker) visit(o *Object) error {
	w.count(1)
	w.stats.Objects[o.Kind]++
	w.stats.Bytes[o.Kind] += int64(len(o.Data))
	if w.v.Object == nil {
		return nil
	}
	return w.v.Object(w.number, o)
}

// stream hands a large object to the visitor; at says where it stands.
func (w *worker) stream(id ID, k Kind, size int64, r io.Reader, at Problem) error {
	w.count(1)
	s := &exactReader{r: r, left: size}
	if w.s.o.Verify {
		w.hash.begin(k, size)
		s.r = io.TeeReader(r, w.hash)
	}
	err := w.v.Large(w.number, id, k, size, s)
	if err == nil && w.s.o.Verify {
		if _, err = io.Copy(io.Discard, s); err == nil && w.hash.end() != id {
			s.err = errHash
		}
	}
	if s.err != nil {
		at.Err = s.err
		w.problem(at)
		return nil
	}
	if err == nil {
		w.stats.Objects[k]++
		w.stats.Bytes[k] += size
	}
	return err
}

// exactReader reads exactly left bytes, and remembers what went wrong.
type exactReader struct {
	r    io.Reader
	left int64
	err  error
}

func (e *exactReader) Read(p []byte) (int, error) {
	if e.err != nil {
		return 0, e.err
	}
	if e.left == 0 {
		return 0, io.EOF
	}
	n, err := e.r.Read(p[:min(int64(len(p)), e.left)])
	e.left -= int64(n)
	if err == io.EOF && e.left > 0 {
		err = fmt.Errorf("compressed data ends %d bytes before the size stated", e.left)
	}
	if err != nil && err != io.EOF {
		e.err = fmt.Errorf("inflate: %w", err)
		return n, e.err
	}
	return n, nil
}
