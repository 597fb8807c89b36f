package odb

import (
	"errors"
	"fmt"
	"hash/crc32"
)

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
	w.delta = Delta{BaseSize: len(base), ops: ops}
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
	w.kind, w.delta = kind, Delta{}
	return data, nil
}
