package git

import (
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
	if b.rejects(id) {
		return 0, false
	}
	n, ok := b.ids[toID(id)]
	return n, ok
}

// rejects reports whether the filter knows that an id is none of the blobs'.
func (b *blobSet) rejects(id []byte) bool {
	bit := filterBit(id)
	return b.filter[bit/64]&(1<<(bit%64)) == 0
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
	edges    [][]edge // tree number -> entries, of what was joined
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
		t.workers = append(t.workers, newTreeReader(t))
	}
	return t
}

// shownBytes is shown for the id of a tree's entry.
func (t *treeSet) shownBytes(id []byte) []byte {
	if len(t.replaced) == 0 {
		return id
	}
	other := t.shown(toID(id))
	return other[:t.hashSize]
}

// join brings together what the workers have gathered. No add may be under way.
func (t *treeSet) join() {
	t.edges = append(t.edges, make([][]edge, t.ids.bound()-len(t.edges))...)
	for _, w := range t.workers {
		for _, tree := range w.trees {
			t.edges[tree.number] = tree.edges
		}
		w.trees = nil
	}
}

// edgesOf gives the entries of a tree, none where it was not gathered.
func (t *treeSet) edgesOf(tree uint32) []edge {
	if int(tree) < len(t.edges) {
		return t.edges[tree]
	}
	return nil
}

// readAll gathers every tree of the store, or those among some objects.
func (t *treeSet) readAll(ctx context.Context, store *odb.Store, only map[odb.ID]struct{}, problem func(odb.Problem)) error {
	_, err := store.Walk(ctx, odb.WalkOptions{Kinds: []odb.Kind{odb.Tree}, Only: only, Workers: len(t.workers)}, odb.Visitor{
		Object: func(worker int, o *odb.Object) error {
			if other := t.shown(o.ID); other != o.ID {
				if data, err := readKind(store, other, odb.Tree); err == nil {
					t.workers[worker].add(o.ID, data)
					return nil
				}
			}
			t.workers[worker].object(o)
			return nil
		},
		Problem: problem,
	})
	t.join()
	return err
}

// readFrom gathers the trees below roots, each once. It suits few commits. A tree that
// is had already is not read: have gives its entries.
func (t *treeSet) readFrom(ctx context.Context, store *odb.Store, roots []odb.ID, have func(odb.ID) ([]edge, bool), problem func(odb.Problem)) error {
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
		edges, ok := have(id)
		if !ok {
			data, err := readKind(store, t.shown(id), odb.Tree)
			if err != nil {
				problem(odb.Problem{Object: id.String(), Err: err})
				continue
			}
			w.add(id, data)
			edges = w.edges
		}
		for _, e := range edges {
			if !e.isBlob() {
				stack = append(stack, toID(t.ids.text(e.target)))
			}
		}
	}
	t.join()
	return nil
}

// haveNone is for readFrom where nothing was gathered before.
func haveNone(odb.ID) ([]edge, bool) { return nil, false }
