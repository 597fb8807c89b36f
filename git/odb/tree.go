package odb

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"path/filepath"
	"slices"

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
	data  []byte // content; nil when it was dropped, or could not be made
	err   error  // why it could not be made
}

// reset empties the stack.
func (w *worker) reset() {
	for _, f := range w.stack {
		w.buf.put(f.data)
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
	w.kind = kind
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
		top.next = w.forest.next[e]
		var data []byte
		err := top.err
		if err == nil {
			data, err = w.apply(e, top.data)
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
	if cause == nil && w.s.o.Verify {
		cause = w.hash.check(w.id(e), w.kind, data)
	}
	if cause != nil {
		w.buf.put(data)
		data, cause = w.rescue(e, cause)
	}
	if cause != nil {
		w.unmade(e, cause)
	} else if err := w.found(e, data); err != nil {
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
	w.stack = append(w.stack, frame{e, f.child[e], data, cause})
	w.held += int64(len(data))
	w.trim()
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
	w.held -= int64(len(w.stack[i].data))
	w.buf.put(w.stack[i].data)
	w.stack[i].data = nil
}

// trim drops contents from below until the rest is within bounds. The top stays.
func (w *worker) trim() {
	for ; w.held > w.s.o.WalkBytes && w.low < len(w.stack)-1; w.low++ {
		w.drop(w.low)
	}
}

// remake expands the content of frame i, the top one, anew: from the nearest
// frame below that still holds its content, or from the root. The dropped frames
// on the way are filled too, as far as the bounds allow, so that going up a long
// stack does not start from the root each time.
func (w *worker) remake(i int) error {
	f := w.forest
	chain := []int32{w.stack[i].entry} // upwards
	below := i - 1
	var data []byte
	for {
		e := chain[len(chain)-1]
		pi := f.packOf(e)
		h, _, err := f.headIn(pi, e)
		if err != nil {
			return err
		}
		b := int32(none)
		if h.kind == 0 {
			b = f.base(pi, e, h)
		}
		if b == none {
			break
		}
		if below >= 0 && w.stack[below].entry == b {
			if data = w.stack[below].data; data != nil {
				break
			}
			below--
		}
		chain = append(chain, b)
	}
	// below is the frame that holds data, or the last one passed has no other
	// under it on the chain.
	borrowed := data != nil
	if !borrowed {
		below = -1
	}
	at := below + 1
	for n, e := range slices.Backward(chain) {
		var made []byte
		var err error
		if n == len(chain)-1 && !borrowed && data == nil {
			_, made, err = w.root(e)
		} else {
			made, err = w.apply(e, data)
		}
		if !borrowed {
			w.buf.put(data)
		}
		if err != nil {
			return err
		}
		data, borrowed = made, false
		if at <= i && w.stack[at].entry == e {
			w.stack[at].data, borrowed = made, true
			w.held += int64(len(made))
			w.low = min(w.low, at)
			for ; w.held > w.s.o.WalkBytes && w.low < at; w.low++ {
				w.drop(w.low)
			}
			at++
		}
	}
	return nil
}

// share gives the lowest pending child, and so most likely a large subtree, to
// a worker that waits.
func (w *worker) share() {
	for i := w.low; i < len(w.stack); i++ {
		top := &w.stack[i]
		if top.next == none || top.data == nil {
			continue
		}
		e := top.next
		top.next = w.forest.next[e]
		w.queue.share(task{entry: e, kind: w.kind, base: append([]byte{}, top.data...)})
		return
	}
}

// id is the id of an entry.
func (w *worker) id(e int32) ID {
	return w.forest.packs[w.forest.packOf(e)].id(int(w.forest.rank[e]))
}

// root expands an entry that no other packed entry is the base of: a whole
// object, or a delta of a thin pack whose base is a loose object.
func (w *worker) root(e int32) (Kind, []byte, error) {
	_, h, _, err := w.forest.head(e)
	if err != nil {
		return 0, nil, err
	}
	if h.kind != 0 {
		data, err := w.inflate(e, w.buf.get)
		return h.kind, data, err
	}
	if h.ref == nil {
		return 0, nil, fmt.Errorf("no object stands at offset %d, where its delta base should", h.base)
	}
	var id ID
	copy(id[:], h.ref)
	kind, base, err := w.s.read(id, nil)
	if err != nil {
		return 0, nil, fmt.Errorf("read its delta base: %w", err)
	}
	data, err := w.apply(e, base)
	return kind, data, err
}

// apply expands a delta against its base.
func (w *worker) apply(e int32, base []byte) ([]byte, error) {
	d, err := w.inflate(e, w.scratch)
	if err != nil {
		return nil, err
	}
	size, ops, err := checkDelta(d, len(base), w.s.o.MaxObject)
	if err != nil {
		return nil, err
	}
	data := w.buf.get(size)
	applyDelta(data, base, ops)
	return data, nil
}

// inflate expands the packed bytes of an entry, content or delta.
func (w *worker) inflate(e int32, alloc func(int) []byte) ([]byte, error) {
	p, h, end, err := w.forest.head(e)
	if err != nil {
		return nil, err
	}
	sum, checked := p.idx.crc(int(w.forest.rank[e]))
	if checked && crc32.ChecksumIEEE(p.data[w.forest.off[e]:end]) != sum {
		return nil, errCRC
	}
	if h.size > w.s.o.MaxObject {
		return nil, fmt.Errorf("%w: %d bytes, %d allowed", ErrTooLarge, h.size, w.s.o.MaxObject)
	}
	data, _, err := expand(&w.inf, h.size, p.data[h.body:], end-h.body, !checked, alloc)
	return data, err
}

var errCRC = errors.New("packed bytes do not match the index's checksum: the pack is damaged, restore it from another clone")

// rescue looks for a copy of an unreadable entry in another pack or among the
// loose objects. It gives the cause back when there is none.
func (w *worker) rescue(e int32, cause error) ([]byte, error) {
	const most = 10_000 // a damaged or hostile pack must not cost without bounds
	if w.rescues.Add(1) > most {
		return nil, cause
	}
	kind, data, err := w.s.read(w.id(e), w.forest.packs[w.forest.packOf(e)])
	if err != nil {
		return nil, cause
	}
	w.kind = kind
	return data, nil
}

// lost visits a delta that no root leads to, if there is another copy of it. The
// deltas against it are lost too and come on their own.
func (w *worker) lost(e int32) error {
	data, err := w.rescue(e, errCycle)
	if err != nil {
		w.unmade(e, err)
		return nil
	}
	return w.found(e, data)
}

// found visits the content of an entry, unless another copy is the one visited.
func (w *worker) found(e int32, data []byte) error {
	if w.forest.isCopy(e) || !w.want.has(w.kind) {
		return nil
	}
	return w.visit(w.id(e), w.kind, data)
}

// unmade reports an entry whose content cannot be made, unless it is a copy.
func (w *worker) unmade(e int32, cause error) {
	if w.forest.isCopy(e) {
		return
	}
	w.count(1)
	p := w.forest.packs[w.forest.packOf(e)]
	w.problem(Problem{Object: w.id(e).String(), Path: p.path, Offset: w.forest.off[e], Err: cause})
}
