package odb

import (
	"bytes"
	"fmt"
	"path/filepath"

	"github.com/klauspost/compress/zlib"
)

// A worker goes through a delta tree depth first, with a stack of its own:
//
//	stack   base -> delta -> delta ...   each frame: content, next child
//	                          |
//	                          +-- the child being expanded against it
//
// A frame leaves the stack before its last child is entered, and that child is
// the heaviest, so the frames are few: a chain of any length needs one. When
// their contents exceed Options.WalkBytes all the same, the lowest are dropped,
// and made again from the pack when their turn comes.
type frame struct {
	entry int32
	next  int32  // the child to enter next, or none
	stop  int32  // the child before which to stop, for another worker has it, or none
	data  []byte // content; nil when it was dropped, or could not be made
	lent  bool   // another worker reads data too
	err   error  // why it could not be made
	note  any    // what the visitor left
}

// reset empties the stack.
func (w *worker) reset() {
	for i := range w.stack {
		w.drop(i)
	}
	clear(w.stack)
	w.stack, w.held, w.low = w.stack[:0], 0, 0
}

// tree visits a root and all that is made from it.
func (w *worker) tree(root int32) error {
	p, h, end, err := w.forest.head(root)
	if err == nil && w.streams(root, h) {
		z, err := zlib.NewReader(bytes.NewReader(p.data[h.body:end]))
		at := Problem{Object: w.id(root).String(), Path: p.path, Offset: w.forest.off[root]}
		if err != nil {
			at.Err = fmt.Errorf("inflate: %w", err)
			w.problem(at)
			return nil
		}
		return w.stream(w.id(root), h.kind, h.size, z, at)
	}
	kind, data, err := w.root(root)
	if err == nil && !w.want.has(kind) {
		w.buf.put(data)
		return nil
	}
	w.kind, w.delta = kind, Delta{}
	if err := w.enter(root, data, err); err != nil {
		return err
	}
	return w.descend()
}

// unmadeTree reports an entry and all that is made from it.
func (w *worker) unmadeTree(e int32, cause error) error {
	if err := w.enter(e, nil, cause); err != nil {
		return err
	}
	return w.descend()
}

// streams reports whether an entry is to go to Visitor.Large.
func (w *worker) streams(e int32, h entry) bool {
	return h.kind != 0 && h.size > w.s.o.Large && w.v.Large != nil && w.forest.child[e] == none
}

// subtree visits what another worker gave away.
func (w *worker) subtree(t task) error {
	w.kind = t.kind
	data, err := w.apply(t.entry, t.base)
	w.delta.Note = t.note
	if err := w.enter(t.entry, data, err); err != nil {
		return err
	}
	return w.descend()
}

// descend empties the stack.
func (w *worker) descend() error {
	defer w.reset()
	for len(w.stack) > 0 && !w.stopped.Load() {
		i := len(w.stack) - 1
		top := &w.stack[i]
		if top.next == none {
			w.pop()
			continue
		}
		if top.data == nil && top.err == nil {
			if err := w.remake(i); err != nil {
				top.err = err
			}
		}
		e := top.next
		if top.next = w.forest.next[e]; top.next == top.stop {
			top.next = none
		}
		var data []byte
		err := top.err
		if err == nil {
			data, err = w.apply(e, top.data)
			w.delta.Note = top.note
		}
		if top.next == none {
			w.pop()
		}
		if err := w.enter(e, data, err); err != nil {
			return err
		}
		if w.queue.hungry.Load() > 0 {
			w.share()
		}
	}
	return nil
}

// enter visits an entry, given its content or why that could not be made, and
// pushes it when deltas are made against it.
func (w *worker) enter(e int32, data []byte, cause error) error {
	f := w.forest
	var note any
	var err error
	if cause == nil && w.s.o.Verify {
		cause = w.hash.check(w.id(e), w.kind, data)
	}
	if cause != nil {
		w.buf.put(data)
		data, cause = w.rescue(e, cause)
	}
	if cause != nil {
		w.unmade(e, cause)
	} else if note, err = w.found(e, data); err != nil {
		return err
	}
	if f.child[e] == none {
		w.buf.put(data)
		return nil
	}
	if cause != nil {
		name := filepath.Base(f.packs[f.packOf(e)].path)
		cause = fmt.Errorf("its delta base, at offset %d of %s, cannot be read", f.off[e], name)
	}
	w.stack = append(w.stack, frame{entry: e, next: f.child[e], stop: none, data: data, err: cause, note: note})
	w.held += int64(len(data))
	w.trim(len(w.stack) - 1)
	return nil
}

// pop takes the top frame off.
func (w *worker) pop() {
	i := len(w.stack) - 1
	w.drop(i)
	w.stack = w.stack[:i]
	w.low = min(w.low, i)
}

// drop lets go of a frame's content.
func (w *worker) drop(i int) {
	f := &w.stack[i]
	w.held -= int64(len(f.data))
	if !f.lent {
		w.buf.put(f.data)
	}
	f.data, f.lent = nil, false
}

// trim drops contents from below until the rest is within bounds, or frame stop
// is reached.
func (w *worker) trim(stop int) {
	for ; w.held > w.s.o.WalkBytes && w.low < stop; w.low++ {
		w.drop(w.low)
	}
}

// share gives a pending child to a worker that waits: the heaviest of the lowest
// frame, so that the other comes back late.
func (w *worker) share() {
	for i := w.low; i < len(w.stack); i++ {
		top := &w.stack[i]
		if top.next == none || top.data == nil {
			continue
		}
		e := top.next
		for after := w.forest.next[e]; after != top.stop && after != none; after = w.forest.next[e] {
			e = after
		}
		if top.stop = e; top.next == e {
			top.next = none
		}
		top.lent = true
		w.queue.share(task{entry: e, kind: w.kind, base: top.data, note: top.note})
		return
	}
}

// id is the id of an entry.
func (w *worker) id(e int32) ID {
	return w.forest.packs[w.forest.packOf(e)].id(int(w.forest.rank[e]))
}

// lost visits a delta that no root leads to, if there is another copy of it. The
// deltas against it are lost too and come on their own.
func (w *worker) lost(e int32) error {
	data, err := w.rescue(e, errCycle)
	if err != nil {
		w.unmade(e, err)
		return nil
	}
	_, err = w.found(e, data)
	return err
}

// found visits the content of an entry, unless another copy is the one visited,
// and returns the visitor's note.
func (w *worker) found(e int32, data []byte) (note any, err error) {
	if w.forest.skips(e) || !w.want.has(w.kind) {
		return nil, nil
	}
	o := &w.object
	*o = Object{ID: w.id(e), Kind: w.kind, Data: data, IsBase: w.forest.child[e] != none}
	if w.delta.Note != nil {
		o.Delta = &w.delta
	}
	err = w.visit(o)
	return o.Note, err
}

// unmade reports an entry whose content cannot be made, unless it is a copy.
func (w *worker) unmade(e int32, cause error) {
	if w.forest.skips(e) {
		return
	}
	w.count(1)
	p := w.forest.packs[w.forest.packOf(e)]
	w.problem(Problem{Object: w.id(e).String(), Path: p.path, Offset: w.forest.off[e], Err: cause})
}
