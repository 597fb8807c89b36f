package git

import (
	"bytes"
	"math"
	"slices"

	"github.com/shrike-scan/shrike/git/odb"
)

// treeReader gathers trees on one goroutine. Most trees are stored as deltas, and
// share nearly all of their entries with their base. So it keeps, for a tree that
// others are made of, where its entries end and which of them matter:
//
//	base     a b c d e f        entries that a delta copies whole are taken over
//	delta    |copy-| + |-copy|  as they are; only the inserted ones, and those that
//	target   a b c X Y e f      stand across a joint, are read
//
// That is sound because an entry is read from its own bytes alone: where an entry
// of the target starts at a copied byte with which one of the base started, the
// copied ones that follow are the base's.
type treeReader struct {
	set    *treeSet
	ids    *internTable
	names  *internTable
	trees  []gatheredTree
	copies []odb.Copy

	// Of the tree at hand.
	ends    []uint32 // where its entries end
	edges   []edge   // the entries that matter
	entries []uint32 // their numbers, ascending

	edgeSlab slab[edge]
	noteSlab slab[uint32]
}

type gatheredTree struct {
	number uint32
	edges  []edge
}

// treeNote is a tree as the reader left it for those made of it. Immutable.
type treeNote struct {
	ends    []uint32
	edges   []edge
	entries []uint32
}

func newTreeReader(set *treeSet) *treeReader {
	return &treeReader{set: set, ids: set.ids, names: set.names}
}

// add records a tree that is given whole.
func (w *treeReader) add(id odb.ID, data []byte) {
	w.clear()
	w.parse(data, 0, len(data))
	w.gather(id)
}

// object records a tree that a walk visits.
func (w *treeReader) object(o *odb.Object) {
	w.clear()
	at := 0
	if o.Delta != nil {
		base := o.Delta.Note.(*treeNote)
		w.copies = o.Delta.Copies(w.copies[:0])
		for _, c := range w.copies {
			at = w.parse(o.Data, at, c.To)
			at = w.inherit(o.Data, at, c, base)
		}
	}
	w.parse(o.Data, at, len(o.Data))
	edges := w.gather(o.ID)
	if o.IsBase {
		o.Note = &treeNote{w.noteSlab.clone(w.ends), edges, w.noteSlab.clone(w.entries)}
	}
}

func (w *treeReader) clear() {
	w.ends, w.edges, w.entries = w.ends[:0], w.edges[:0], w.entries[:0]
}

// gather keeps what matters of the tree at hand. It allocates nothing for trees
// without folders or interesting blobs.
func (w *treeReader) gather(id odb.ID) []edge {
	if len(w.edges) == 0 {
		return nil
	}
	edges := w.edgeSlab.clone(w.edges)
	w.trees = append(w.trees, gatheredTree{w.set.ids.add(id[:w.set.hashSize]), edges})
	return edges
}

// noEntry is where a tree stops that goes on with bytes that are no entry: the
// entries behind them are lost, as they are for git.
const noEntry = math.MaxInt

// parse reads the entries that start from at on and before end, and returns where
// the next one starts.
func (w *treeReader) parse(data []byte, at, end int) int {
	set := w.set
	const mode = len("100644 ")
	for at < end {
		if rest := data[at:]; len(rest) > mode && rest[0] == '1' && rest[mode-1] == ' ' {
			// No folder, and nearly always a blob without findings. What looks
			// unusual is left to nextEntry.
			n := bytes.IndexByte(rest[mode:], 0)
			next := mode + n + 1 + set.hashSize
			if n > 0 && next <= len(rest) && set.blobs.rejects(rest[mode+n+1:]) {
				at += next
				w.ends = append(w.ends, uint32(at))
				continue
			}
		}
		e, rest, ok := nextEntry(data[at:], set.hashSize)
		if !ok {
			return noEntry
		}
		if e.isTree() {
			w.edge(edge{w.names.add(e.name) << 1, w.ids.add(e.id)})
		} else if blob, ok := set.blobs.find(set.shownBytes(e.id)); ok && !e.isGitlink() {
			w.edge(edge{w.names.add(e.name)<<1 | 1, blob})
		}
		at = len(data) - len(rest)
		w.ends = append(w.ends, uint32(at))
	}
	return at
}

// edge adds an edge for the entry that is being read.
func (w *treeReader) edge(e edge) {
	w.edges = append(w.edges, e)
	w.entries = append(w.entries, uint32(len(w.ends)))
}

// inherit takes over the base's entries that lie in a copied piece as a whole, if
// at, where an entry starts, lies in it. It returns where the next one starts.
func (w *treeReader) inherit(data []byte, at int, c odb.Copy, base *treeNote) int {
	for at < c.To+c.Len {
		first, ok := base.entryAt(uint32(at - c.To + c.From))
		if !ok {
			at = w.parse(data, at, at+1)
			continue
		}
		last, _ := slices.BinarySearch(base.ends[first:], uint32(c.From+c.Len)+1)
		last += first
		if first == last {
			return at
		}
		moved, renumbered := uint32(c.To-c.From), uint32(len(w.ends)-first) // both may wrap
		lo, _ := slices.BinarySearch(base.entries, uint32(first))
		hi, _ := slices.BinarySearch(base.entries, uint32(last))
		w.edges = append(w.edges, base.edges[lo:hi]...)
		for _, entry := range base.entries[lo:hi] {
			w.entries = append(w.entries, entry+renumbered)
		}
		for _, end := range base.ends[first:last] {
			w.ends = append(w.ends, end+moved)
		}
		return int(w.ends[len(w.ends)-1])
	}
	return at
}

// entryAt gives the number of the entry that starts at an offset.
func (n *treeNote) entryAt(offset uint32) (int, bool) {
	if offset == 0 {
		return 0, true
	}
	i, ok := slices.BinarySearch(n.ends, offset)
	return i + 1, ok
}

// slab cuts slices from larger pieces: few allocations for many small ones.
type slab[T any] struct{ free []T }

const slabSize = 1 << 14

// clone returns a copy that nothing can be appended to in place.
func (s *slab[T]) clone(list []T) []T {
	if len(s.free) < len(list) {
		s.free = make([]T, max(slabSize, len(list)))
	}
	n := copy(s.free, list)
	out := s.free[:n:n]
	s.free = s.free[n:]
	return out
}
