package odb

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/klauspost/compress/zlib"
)

// scanPack makes the index of a pack that has none, or none that can be trusted,
// as git index-pack does: it finds the entries one after the other, then goes
// through the delta trees to compute the ids. Entries that cannot be made have no
// id: they go to p.unindexed. known gives the bases of a thin pack.
//
// Memory: some 80 bytes an entry found, and what a worker of a walk takes.
func (s *Store) scanPack(p *pack, known *packs) *index {
	sc := newPackScan(s, p, known)
	sc.entries()
	sc.checksum()
	sc.resolve()
	return sc.index()
}

// packScan is the indexing of one pack. Its forest numbers the entries by
// offset; the ids in its provisional index are entry numbers until the ids are
// known.
type packScan struct {
	p       *pack
	w       *worker
	f       *forest
	ids     []byte          // by entry
	named   bitset          // entries whose id is known
	pending map[ID][]int32  // ref-deltas that wait for their base
	refs    map[int32]int32 // the bases of those that waited
}

func newPackScan(s *Store, p *pack, known *packs) *packScan {
	frozen := newStore(s.o)
	frozen.o.Verify, frozen.dirs, frozen.frozen = false, s.dirs, true
	frozen.packs.Store(known)
	sc := &packScan{p: p, pending: map[ID][]int32{}, refs: map[int32]int32{}}
	sc.f = &forest{packs: []*pack{p}, refs: sc.refs}
	sc.w = newWorker(&walk{s: frozen, forest: sc.f, queue: newQueue(1, 0)}, 0)
	sc.w.v = Visitor{Object: sc.name, Problem: sc.unnamed}
	return sc
}

// entries finds where the entries start, by inflating them.
func (sc *packScan) entries() {
	p, w := sc.p, sc.w
	off := int64(packHeader)
	for off < p.end {
		h, err := p.entry(off, p.end)
		var used int64
		if err == nil {
			used, err = w.skip(h, p.data[h.body:p.end])
		}
		if err != nil {
			sc.unnamed(Problem{Offset: off, Err: fmt.Errorf("no index, and the pack cannot be read beyond this object: %w", err)})
			break
		}
		sc.f.off = append(sc.f.off, off)
		off = h.body + used
	}
	stated, n := binary.BigEndian.Uint32(p.data[8:]), len(sc.f.off)
	if int64(stated) != int64(n) && len(p.unindexed) == 0 {
		sc.unnamed(Problem{Offset: 8, Err: fmt.Errorf("pack states %d objects and holds %d", stated, n)})
	}
}

// skip inflates an entry of any size to learn how many packed bytes it takes.
func (w *worker) skip(h entry, src []byte) (int64, error) {
	if h.size <= w.s.o.Large {
		_, used, err := expand(&w.inf, h.size, src, int64(len(src)), true, w.scratch)
		return used, err
	}
	r := bytes.NewReader(src)
	z, err := zlib.NewReader(r)
	if err == nil {
		_, err = io.Copy(io.Discard, z)
	}
	return int64(len(src) - r.Len()), err
}

func (sc *packScan) checksum() {
	if !sealed(sc.p.data, len(sc.p.data)-int(sc.p.end)) {
		sc.unnamed(Problem{Offset: sc.p.end, Err: errors.New("pack does not match its checksum: restore it from another clone")})
	}
}

// resolve names every entry that a whole object leads to, then those that hang
// on objects outside the pack.
func (sc *packScan) resolve() {
	f, p, n := sc.f, sc.p, len(sc.f.off)
	hash := len(p.data) - int(p.end)
	sc.ids, sc.named = make([]byte, n*hash), newBitset(n)
	f.start = []int32{0, int32(n)}
	f.rank, f.child, f.next = make([]int32, n), make([]int32, n), make([]int32, n)
	for e := range int32(n) {
		f.rank[e], f.child[e], f.next[e] = e, none, none
		binary.BigEndian.PutUint32(sc.ids[int(e)*hash:], uint32(e))
	}
	p.idx = &index{idList: idList{n: n, hash: hash, ids: sc.ids, stride: hash}}
	for e := int32(n) - 1; e >= 0; e-- {
		h, _, err := f.headIn(0, e)
		switch {
		case err != nil || h.kind != 0:
			f.roots = append(f.roots, e)
		case h.ref != nil:
			var id ID
			copy(id[:], h.ref)
			sc.pending[id] = append(sc.pending[id], e)
		default:
			if b := f.before(0, e, h.base); b != none {
				f.next[e], f.child[b] = f.child[b], e
			} else {
				f.roots = append(f.roots, e)
			}
		}
	}
	for _, e := range slices.Backward(f.roots) {
		_ = sc.w.tree(e) // name never fails
	}
	for _, id := range sc.waiting() {
		kind, base, err := sc.w.s.read(id, nil)
		if err != nil {
			continue // reported below
		}
		for _, e := range sc.pending[id] {
			_ = sc.w.subtree(task{entry: e, kind: kind, base: base})
		}
		delete(sc.pending, id)
	}
	for _, id := range sc.waiting() {
		for _, e := range sc.pending[id] {
			err := fmt.Errorf("its delta base %s is missing, or both are in a cycle", id)
			_ = sc.w.unmadeTree(e, err)
		}
	}
}

// waiting lists the bases that deltas wait for, in order.
func (sc *packScan) waiting() (ids []ID) {
	for id := range sc.pending {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, compareID)
	return ids
}

// name is called with each content once; the id in o is its entry's number.
func (sc *packScan) name(_ int, o *Object) error {
	e := int32(binary.BigEndian.Uint32(o.ID[:]))
	id := sc.w.hash.id(o.Kind, o.Data)
	copy(sc.p.idx.id(int(e)), id[:])
	sc.named.set(int(e))
	for _, c := range sc.pending[id] {
		sc.refs[c] = e
		sc.f.next[c], sc.f.child[e] = sc.f.child[e], c
	}
	delete(sc.pending, id)
	return nil
}

// unnamed keeps a problem. The object's id is not known.
func (sc *packScan) unnamed(p Problem) {
	p.Path, p.Object = sc.p.path, ""
	sc.p.unindexed = append(sc.p.unindexed, p)
}

// index sorts the ids into an index.
func (sc *packScan) index() *index {
	order := make([]int32, 0, len(sc.f.off))
	for e := range int32(len(sc.f.off)) {
		if sc.named.has(int(e)) {
			order = append(order, e)
		}
	}
	from := sc.p.idx
	slices.SortFunc(order, func(a, b int32) int { return bytes.Compare(from.id(int(a)), from.id(int(b))) })
	x := &index{
		idList:    idList{n: len(order), hash: from.hash, stride: from.hash, fan: make([]byte, fanSize)},
		offStride: 4, wide: true,
	}
	var fan [256]uint32
	for _, e := range order {
		id, off := from.id(int(e)), uint64(sc.f.off[e])
		fan[id[0]]++
		x.ids = append(x.ids, id...)
		if off < 1<<31 {
			x.offsets = binary.BigEndian.AppendUint32(x.offsets, uint32(off))
			continue
		}
		x.offsets = binary.BigEndian.AppendUint32(x.offsets, 1<<31|uint32(len(x.large)/8))
		x.large = binary.BigEndian.AppendUint64(x.large, off)
	}
	var sum uint32
	for b, count := range fan {
		sum += count
		binary.BigEndian.PutUint32(x.fan[b*4:], sum)
	}
	return x
}
