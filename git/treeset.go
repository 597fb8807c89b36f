package git

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"github.com/shrike-scan/shrike/git/odb"
)

// blobSet numbers the blobs in which something was found.
type blobSet struct {
	ids    map[odb.ID]uint32
	filter [1 << 12]uint64 // one bit for each value of the first 18 bits of an id
}

func (b *blobSet) add(id odb.ID) uint32 {
	n, ok := b.ids[id]
	if !ok {
		n = uint32(len(b.ids))
		b.ids[id] = n
		bit := filterBit(id[:])
		b.filter[bit/64] |= 1 << (bit % 64)
	}
	return n
}

// find looks up the id of a tree's entry. Nearly all are rejected by the filter,
// which fits in the nearest cache.
func (b *blobSet) find(id []byte) (uint32, bool) {
	if bit := filterBit(id); b.filter[bit/64]&(1<<(bit%64)) == 0 {
		return 0, false
	}
	n, ok := b.ids[toID(id)]
	return n, ok
}

// skip cuts entries off the front of a tree that are no folders and that the
// filter rejects: nearly all of them. It leaves whatever looks unusual to nextEntry.
func (b *blobSet) skip(data []byte, hashSize int) []byte {
	const mode = len("100644 ")
	for len(data) > mode+hashSize && data[0] == '1' && data[mode-1] == ' ' {
		n := bytes.IndexByte(data[mode:], 0)
		end := mode + n + 1 + hashSize
		if n <= 0 || len(data) < end {
			break
		}
		if bit := filterBit(data[mode+n+1:]); b.filter[bit/64]&(1<<(bit%64)) != 0 {
			break
		}
		data = data[end:]
	}
	return data
}

func filterBit(id []byte) uint32 {
	return uint32(id[0])<<10 | uint32(id[1])<<2 | uint32(id[2])>>6
}

// treeSet is what attribution keeps of trees: which folders each one has, and
// which interesting blobs. Eight bytes an entry. Names and tree ids are numbered
// in tables that all workers share.
type treeSet struct {
	hashSize int
	blobs    *blobSet
	ids      *internTable
	names    *internTable
	edges    [][]edge // tree number -> entries; filled by join
	workers  []*treeReader
	replaced map[odb.ID]odb.ID // see view.go; nil for none
}

// replace makes the trees read as git shows them.
func (t *treeSet) replace(replaced map[odb.ID]odb.ID) {
	t.replaced = replaced
	for id := range replaced {
		bit := filterBit(id[:])
		t.blobs.filter[bit/64] |= 1 << (bit % 64)
	}
}

// shown is what git shows for an object.
func (t *treeSet) shown(id odb.ID) odb.ID {
	if other, ok := t.replaced[id]; ok {
		return other
	}
	return id
}

func newTreeSet(hashSize int, blobs *blobSet, workers int) *treeSet {
	t := &treeSet{hashSize: hashSize, blobs: blobs, ids: newInternTable(), names: newInternTable()}
	for range workers {
		t.workers = append(t.workers, &treeReader{set: t, ids: memo{table: t.ids}, names: memo{table: t.names}})
	}
	return t
}

// treeReader gathers trees on one goroutine.
type treeReader struct {
	set   *treeSet
	ids   memo
	names memo
	trees []uint32
	edges [][]edge
	slab  []edge // free space that edges are cut from
	tree  []edge // of the tree at hand
}

const slabSize = 1 << 14

// add records a tree. It allocates nothing for trees without folders or
// interesting blobs. Entries after bytes that are no entry are lost, as they are
// for git.
func (w *treeReader) add(id odb.ID, data []byte) {
	set := w.set
	w.tree = w.tree[:0]
	for {
		data = set.blobs.skip(data, set.hashSize)
		e, rest, ok := nextEntry(data, set.hashSize)
		if !ok {
			break
		}
		data = rest
		if e.isTree() {
			w.tree = append(w.tree, edge{w.names.add(e.name) << 1, w.ids.add(e.id)})
		} else if blob, ok := set.blobs.find(set.shownBytes(e.id)); ok && !e.isGitlink() {
			w.tree = append(w.tree, edge{w.names.add(e.name)<<1 | 1, blob})
		}
	}
	if len(w.tree) == 0 {
		return
	}
	if len(w.slab) < len(w.tree) {
		w.slab = make([]edge, max(slabSize, len(w.tree)))
	}
	n := copy(w.slab, w.tree)
	w.trees = append(w.trees, set.ids.add(id[:set.hashSize]))
	w.edges = append(w.edges, w.slab[:n:n])
	w.slab = w.slab[n:]
}

// shownBytes is shown for the id of a tree's entry.
func (t *treeSet) shownBytes(id []byte) []byte {
	if len(t.replaced) == 0 {
		return id
	}
	other := t.shown(toID(id))
	return other[:t.hashSize]
}

// join brings together what the workers gathered. No add may be under way.
func (t *treeSet) join() {
	t.edges = make([][]edge, t.ids.bound())
	for _, w := range t.workers {
		for i, tree := range w.trees {
			t.edges[tree] = w.edges[i]
		}
	}
	t.workers = nil
}

func (t *treeSet) edgesOf(tree uint32) []edge { return t.edges[tree] }

// readAll gathers every tree of the store.
func (t *treeSet) readAll(ctx context.Context, store *odb.Store, problem func(odb.Problem)) error {
	_, err := store.Walk(ctx, odb.WalkOptions{Kinds: []odb.Kind{odb.Tree}, Workers: len(t.workers)}, odb.Visitor{
		Object: func(worker int, o *odb.Object) error {
			data := o.Data
			if other := t.shown(o.ID); other != o.ID {
				var err error
				if data, err = readKind(store, other, odb.Tree); err != nil {
					data = o.Data
				}
			}
			t.workers[worker].add(o.ID, data)
			return nil
		},
		Problem: problem,
	})
	t.join()
	return err
}

// readFrom gathers the trees below roots, each once. It suits few commits.
func (t *treeSet) readFrom(ctx context.Context, store *odb.Store, roots []odb.ID, problem func(odb.Problem)) error {
	seen := make(map[odb.ID]bool)
	w, stack := t.workers[0], slices.Clone(roots)
	for len(stack) > 0 {
		id := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if seen[id] {
			continue
		}
		seen[id] = true
		if err := ctx.Err(); err != nil {
			return err
		}
		data, err := readKind(store, t.shown(id), odb.Tree)
		if err != nil {
			problem(odb.Problem{Object: id.String(), Err: err})
			continue
		}
		w.add(id, data)
		for _, e := range w.tree {
			if !e.isBlob() {
				stack = append(stack, toID(t.ids.text(e.target)))
			}
		}
	}
	t.join()
	return nil
}

func sortEdges(list []edge) {
	slices.SortFunc(list, func(a, b edge) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.target, b.target))
	})
}
