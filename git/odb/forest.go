package odb

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
)

// forest links the entries of all packs into delta trees, so that a walk can
// expand each object once, from its base, while that is still in memory.
//
// Entries are numbered from 0, pack after pack and by offset within one. The
// tables take 20 bytes and a bit an object while a walk lasts, and 8 more while
// they are built: 200 MB for ten million objects. Immutable once built, safe for
// concurrent use.
type forest struct {
	packs []*pack
	start []int32 // first entry of each pack, then the count of all
	off   []int64 // offset in the pack
	rank  []int32 // position in the pack's index
	child []int32 // first delta against this entry, or none
	next  []int32 // next delta against the same base, or none
	skip  bitset  // by start of the pack + rank: not to be visited, or visited in another pack
	roots []int32 // entries to start from, in order
	kinds []Kind  // of each root; 0: only a walk finds out
	sizes []int32 // of each root: objects to visit at and below it
	lost  []int32 // entries that no root leads to: deltas in a cycle, or on one

	notes []string // reverse indexes that are no use

	refs map[int32]int32 // bases of ref-deltas in a pack that is being indexed
}

const none = -1

// newForest reads the head of every entry. It cuts off what leads to nothing that
// is selected.
func newForest(ps []*pack, sel selection, run parallel) (*forest, error) {
	f := &forest{packs: ps, start: make([]int32, 1, len(ps)+1)}
	n := 0
	for _, p := range ps {
		if n += p.idx.n; n > math.MaxInt32 {
			return nil, fmt.Errorf("walk object store: more than %d packed objects", math.MaxInt32)
		}
		f.start = append(f.start, int32(n))
	}
	f.off, f.rank = make([]int64, n), make([]int32, n)
	for i, p := range ps {
		f.sortPack(p, f.start[i], f.start[i+1])
	}
	f.skip = copies(ps, f.start)
	if sel.only != nil {
		f.keepOnly(sel.only)
	}
	f.leave(sel.known, sel.tell)
	f.link(run)
	f.plan()
	return f, nil
}

// choose gives the roots of trees of a wanted kind and of those whose kind is not
// known, and how many objects are to be visited from there. Workers cannot split
// a chain of deltas: trees that may take long come first, so that none is left
// over at the end, and the others by offset.
func (f *forest) choose(want kindSet) (roots []int32, objects int64) {
	type tree struct {
		root int32
		cost int64 // as if its objects were as large as the root
	}
	var all, long []tree
	var cost int64
	for i, root := range f.roots {
		if kind := f.kinds[i]; kind == 0 || want.has(kind) {
			t := tree{root, int64(f.sizes[i]) * f.packed(root)}
			all, cost, objects = append(all, t), cost+t.cost, objects+int64(f.sizes[i])
		}
	}
	short := make([]int32, 0, len(all))
	for _, t := range all {
		if t.cost > cost/256 {
			long = append(long, t)
		} else {
			short = append(short, t.root)
		}
	}
	slices.SortStableFunc(long, func(a, b tree) int { return cmp.Compare(b.cost, a.cost) })
	for _, t := range long {
		roots = append(roots, t.root)
	}
	return append(roots, short...), objects + int64(len(f.lost))
}

// packed is how many bytes an entry takes in its pack.
func (f *forest) packed(e int32) int64 {
	pi := f.packOf(e)
	if e+1 < f.start[pi+1] {
		return f.off[e+1] - f.off[e]
	}
	return f.packs[pi].end - f.off[e]
}

// sortPack numbers a pack's entries by offset, as its reverse index lists them
// where it has one. Offsets outside the pack become its end, where no entry can be
// read.
func (f *forest) sortPack(p *pack, lo, hi int32) {
	off, rank := f.off[lo:hi], f.rank[lo:hi]
	switch ok, err := p.orderByReverse(off, rank); {
	case ok:
		return
	case err != nil:
		f.notes = append(f.notes, fmt.Sprintf("%s: reverse index %v: it was not used; `git index-pack --rev-index` writes it anew", p.path, err))
	}
	for i := range off {
		at, err := p.idx.offset(i)
		if err != nil || at > p.end {
			at = p.end
		}
		off[i], rank[i] = at, int32(i)
	}
	sortByOffset(off, rank, p.end)
}

// sortByOffset is a radix sort of the pairs off[i], rank[i] by off, 11 bits a
// pass; 0 <= off <= last.
func sortByOffset(off []int64, rank []int32, last int64) {
	const bits = 11
	off2, rank2 := make([]int64, len(off)), make([]int32, len(rank))
	var at [1 << bits]int32
	for shift := 0; last>>shift > 0; shift += bits {
		clear(at[:])
		for _, v := range off {
			at[v>>shift&(1<<bits-1)]++
		}
		var sum int32
		for i, count := range at {
			at[i] = sum
			sum += count
		}
		for i, v := range off {
			to := &at[v>>shift&(1<<bits-1)]
			off2[*to], rank2[*to] = v, rank[i]
			*to++
		}
		copy(off, off2)
		copy(rank, rank2)
	}
}

// link finds each entry's base and threads the lists of children.
func (f *forest) link(run parallel) {
	n := len(f.off)
	base := make([]int32, n)
	kind := make([]Kind, n)
	for e := range base {
		base[e] = none
	}
	for pi := range f.packs {
		lo, hi := f.start[pi], f.start[pi+1]
		run(int(hi-lo), func(from, to int) {
			// After a fault the rest are roots, and fault again when a worker
			// enters them.
			_ = guarded(func() error {
				for e := lo + int32(from); e < lo+int32(to); e++ {
					switch h, _, err := f.headIn(pi, e); {
					case err != nil:
					case h.kind == 0:
						base[e] = f.base(pi, e, h)
					default:
						kind[e] = h.kind
					}
				}
				return nil
			})
		})
	}
	f.child, f.next = make([]int32, n), base // next[e] is written after base[e] is read
	for e := range f.child {
		f.child[e] = none
	}
	for e := int32(n) - 1; e >= 0; e-- {
		b := base[e]
		if b == none || b == e {
			f.next[e] = none
			if b == none {
				f.roots = append(f.roots, e)
			}
			continue
		}
		f.next[e] = f.child[b]
		f.child[b] = e
	}
	slices.Reverse(f.roots)
	for _, e := range f.roots {
		f.kinds = append(f.kinds, kind[e])
	}
}

// plan puts the heaviest child of each entry last: a walk lets go of a base
// before it enters its last child, so that no more than log2(n) bases wait at
// a time. It cuts off subtrees in which nothing is to be visited, and finds the
// entries that no root leads to.
func (f *forest) plan() {
	n := len(f.off)
	order := make([]int32, 0, n) // bases before their deltas
	order = append(order, f.roots...)
	for i := 0; i < len(order); i++ {
		for c := f.child[order[i]]; c != none; c = f.next[c] {
			order = append(order, c)
		}
	}
	if len(order) < n {
		reached := newBitset(n)
		for _, e := range order {
			reached.set(int(e))
		}
		for e := range int32(n) {
			if !reached.has(int(e)) && !f.skips(e) {
				f.lost = append(f.lost, e)
			}
		}
	}
	weight := make([]int32, n) // objects to visit at and below an entry
	for _, e := range slices.Backward(order) {
		f.arrange(e, weight)
	}
	roots, kinds := f.roots[:0], f.kinds[:0]
	for i, e := range f.roots {
		if weight[e] > 0 {
			roots, kinds, f.sizes = append(roots, e), append(kinds, f.kinds[i]), append(f.sizes, weight[e])
		}
	}
	f.roots, f.kinds = roots, kinds
}

// arrange orders the children of e, whose own weights are known, and sets the
// weight of e.
func (f *forest) arrange(e int32, weight []int32) {
	if !f.skips(e) {
		weight[e] = 1
	}
	heavy, tail := int32(none), &f.child[e]
	for c := *tail; c != none; {
		after, light := f.next[c], c
		weight[e] += weight[c]
		if heavy == none || weight[c] > weight[heavy] {
			heavy, light = c, heavy
		}
		if light != none && weight[light] > 0 {
			*tail, tail = light, &f.next[light]
		}
		c = after
	}
	if heavy != none && weight[heavy] == 0 {
		heavy = none
	}
	*tail = heavy
	if heavy != none {
		f.next[heavy] = none
	}
}

// packOf is the number of the pack that holds e.
func (f *forest) packOf(e int32) int {
	if len(f.packs) == 1 {
		return 0
	}
	i, found := slices.BinarySearch(f.start, e)
	if !found {
		return i - 1
	}
	for f.start[i+1] == e { // packs without objects
		i++
	}
	return i
}

// skips reports whether an entry's object is not to be visited here: it was not
// asked for, or another pack's copy of it is the one visited.
func (f *forest) skips(e int32) bool {
	if f.skip == nil {
		return false
	}
	return f.skip.has(int(f.start[f.packOf(e)] + f.rank[e]))
}

// head reads the head of an entry, and where its packed bytes end.
func (f *forest) head(e int32) (p *pack, h entry, end int64, err error) {
	pi := f.packOf(e)
	h, end, err = f.headIn(pi, e)
	return f.packs[pi], h, end, err
}

func (f *forest) headIn(pi int, e int32) (h entry, end int64, err error) {
	p := f.packs[pi]
	end = p.end
	if e+1 < f.start[pi+1] {
		end = f.off[e+1]
	}
	switch off := f.off[e]; {
	case off >= p.end:
		return h, end, fmt.Errorf("index places the object beyond the end of the pack: %w", errTruncated)
	case off == end:
		return h, end, errSameOffset
	default:
		h, err = p.entry(off, end)
		return h, end, err
	}
}

var errSameOffset = errors.New("index places two objects at one offset: rebuild it with `git index-pack`")

// base is the entry that h, the head of e in pack pi, is a delta against, or
// none.
func (f *forest) base(pi int, e int32, h entry) int32 {
	if h.ref == nil {
		return f.before(pi, e, h.base)
	}
	if f.refs != nil {
		if b, ok := f.refs[e]; ok {
			return b
		}
		return none
	}
	if b := f.byID(pi, h.ref); b != none {
		return b
	}
	for other := range f.packs {
		if b := f.byID(other, h.ref); b != none {
			return b
		}
	}
	return none
}

// byID finds an object in one pack.
func (f *forest) byID(pi int, id []byte) int32 {
	p := f.packs[pi]
	i, ok := p.idx.find(id)
	if !ok {
		return none
	}
	off, err := p.idx.offset(i)
	if err != nil || off >= p.end {
		return none
	}
	return f.before(pi, f.start[pi+1], off)
}

// before finds the entry at off among those before e in pack pi. Bases stand
// close to their deltas, so the steps back double.
func (f *forest) before(pi int, e int32, off int64) int32 {
	lo, hi := f.start[pi], e
	for step := int32(1); hi-step > lo; step *= 2 {
		if f.off[hi-step] <= off {
			lo = hi - step
			break
		}
		hi -= step
	}
	i, found := slices.BinarySearch(f.off[lo:hi], off)
	if !found {
		return none
	}
	return lo + int32(i)
}
