package git

import (
	"context"
	"slices"

	"github.com/shrike-scan/shrike/git/odb"
)

// unchanged finds the shapes of the folders that new commits left as they were, so
// that these are not read again. Of a commit that the memory knows the shape is known,
// and so with its tree that of each folder in it:
//
//	known commit    tree 7, shape 3    a/ -> tree 5    b/ -> tree 6
//	new commit      tree 8             a/ -> tree 5    b/ -> tree 9
//
// So tree 5 has what shape 3 has as a/. Tree 9 is new and read as all new ones are,
// and what it left as it was is found by comparing it with tree 6.
type unchanged struct {
	*attribution
	set     *treeSet
	shapes  *shapeSet
	problem func(odb.Problem)

	fresh map[odb.ID]struct{} // with all trees that came since
	known map[uint32]uint32   // tree -> shape, of trees that did not
	used  map[uint32]bool     // of those that came, the ones that commits hold
	seen  map[pairing]bool
	stack []pairing
}

// pairing is a new tree and what stood there in a parent commit.
type pairing struct{ tree, before uint32 }

// maxPairings bounds what trees may cost that share folders in ever new ways. What
// is not compared is read.
const maxPairings = 1 << 18

// read gathers the trees that came since the memory was made, and compares those of
// new commits with those of their parents.
func (u *unchanged) read(ctx context.Context, commits []int32) error {
	l := u.repo.history.learned
	u.fresh, u.known, u.used, u.seen = l.inc.fresh, make(map[uint32]uint32), make(map[uint32]bool), make(map[pairing]bool)
	if len(u.fresh) == 0 || len(commits) == 0 {
		return nil
	}
	if err := u.set.readAll(ctx, u.repo.store, u.fresh, u.problem); err != nil {
		return err
	}
	added := make(map[int32]bool, len(commits))
	for _, c := range commits {
		added[c] = true
	}
	for _, c := range u.graph.order { // parents first
		if !added[c] {
			continue
		}
		for _, p := range u.graph.parentsOf(c) {
			if p == absent {
				continue
			}
			before := u.set.ids.add(u.graph.tree(p))
			if !added[p] {
				u.known[before] = l.inc.memory.shapes.roots[l.from[p]]
			}
			u.compare(u.set.ids.add(u.graph.tree(c)), before)
		}
	}
	return nil
}

// compare goes through the folders that are new below a tree.
func (u *unchanged) compare(tree, before uint32) {
	u.stack = append(u.stack[:0], pairing{tree, before})
	for len(u.stack) > 0 && len(u.seen) < maxPairings {
		p := u.stack[len(u.stack)-1]
		u.stack = u.stack[:len(u.stack)-1]
		if p.tree == p.before || u.seen[p] || !u.isFresh(p.tree) {
			continue
		}
		u.seen[p] = true
		edges := u.set.edgesOf(p.tree)
		if !slices.ContainsFunc(edges, func(e edge) bool { return !e.isBlob() }) {
			continue
		}
		old := u.edgesBefore(p.before)
		for _, e := range edges { // both in git's order, or else less is known
			for len(old) > 0 && old[0].key != e.key && u.less(old[0], e) {
				old = old[1:]
			}
			if len(old) > 0 && old[0].key == e.key {
				if !e.isBlob() && e.target != old[0].target {
					u.stack = append(u.stack, pairing{e.target, old[0].target})
				}
				old = old[1:]
			}
		}
	}
}

// less orders the entries of trees as git does.
func (u *unchanged) less(a, b edge) bool {
	name := func(e edge) string {
		name := string(u.set.names.text(e.key >> 1))
		if !e.isBlob() {
			name += "/"
		}
		return name
	}
	return name(a) < name(b)
}

// edgesBefore gives the entries of a tree, and knows the shapes of its folders from
// then on if that of the tree is known.
func (u *unchanged) edgesBefore(tree uint32) []edge {
	shape, known := u.known[tree]
	if !known {
		return u.set.edgesOf(tree) // none, where it was not read
	}
	edges := u.set.edgesOf(tree)
	if edges == nil {
		edges = u.readBefore(tree)
	}
	for _, e := range edges {
		if !e.isBlob() && !u.isFresh(e.target) {
			u.known[e.target], _ = u.shapes.child(shape, e.key)
		}
	}
	return edges
}

func (u *unchanged) readBefore(tree uint32) []edge {
	id := toID(u.set.ids.text(tree))
	data, err := readKind(u.repo.store, u.set.shown(id), odb.Tree)
	if err != nil {
		u.problem(odb.Problem{Object: id.String(), Err: err})
		return nil
	}
	w := u.set.workers[0]
	w.add(id, data)
	u.set.join()
	return u.set.edgesOf(tree)
}

func (u *unchanged) isFresh(tree uint32) bool {
	_, ok := u.fresh[toID(u.set.ids.text(tree))]
	return ok
}

// have is for treeSet.readFrom: what came since is read, and nothing is needed of what
// lies below a tree whose shape is known.
func (u *unchanged) have(id odb.ID) ([]edge, bool) {
	tree, ok := u.set.ids.find(id[:u.set.hashSize])
	if !ok {
		return nil, false
	}
	if _, known := u.known[tree]; known {
		return nil, true
	}
	_, fresh := u.fresh[id]
	if fresh {
		u.used[tree] = true
	}
	return u.set.edgesOf(tree), fresh
}

// forgetUnused leaves out the trees that came and that readFrom did not come by: of what
// is below them nothing is known.
func (u *unchanged) forgetUnused() {
	for id := range u.fresh {
		if tree, ok := u.set.ids.find(id[:u.set.hashSize]); ok && !u.used[tree] && int(tree) < len(u.set.edges) {
			u.set.edges[tree] = nil
		}
	}
}
