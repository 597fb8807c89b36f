package git

import (
	"context"
	"slices"

	"github.com/shrike-scan/shrike/git/odb"
)

// place finds where the blobs with findings were introduced: with the shapes of
// the memory and the trees of what is new, or with all trees.
func (a *attribution) place(ctx context.Context, tips []tip, workers int) error {
	recalled, err := a.recallShapes(ctx, tips, workers)
	if err == nil && !recalled {
		err = a.readShapes(ctx, workers)
	}
	if err != nil {
		return err
	}
	if head := a.headCommit(); head != absent {
		a.head = a.roots[head]
	}
	for i := range tips {
		if t := &tips[i]; t.isTree {
			t.shape = a.shapes.of(t.object[:a.graph.hashSize])
		}
	}
	a.introduce()
	return nil
}

// unread reports a tree that could not be read.
func (a *attribution) unread(p odb.Problem) {
	a.partial = true
	a.problem(p)
}

// recallShapes takes the shapes of known commits from the memory and reads the
// trees of the others, and of those whose trees may have been incomplete. It
// gives false where all trees are to be read after all: for want of a memory,
// where much is new, where a tree cannot be read, and where a blob with a new
// finding is found in none of these trees, so that an older one may hold it.
func (a *attribution) recallShapes(ctx context.Context, tips []tip, workers int) (bool, error) {
	l := a.repo.history.learned
	if l == nil || l.inc.memory == nil || !l.inc.memory.shapes.known || len(a.blobs.ids) == 0 {
		return false, nil
	}
	m := l.inc.memory
	var commits []int32
	var trees []odb.ID
	for c, old := range l.from {
		if old == absent || !l.inc.same && !m.settled[old] {
			commits = append(commits, int32(c))
			trees = append(trees, toID(a.graph.tree(int32(c))))
		}
	}
	if len(commits) > fewCommits {
		return false, nil
	}
	for _, t := range tips {
		if t.isTree {
			trees = append(trees, t.object)
		}
	}
	set := newTreeSet(a.graph.hashSize, &a.blobs, workers)
	set.replace(a.repo.replaced)
	shapes := m.shapes.restore(set)
	readable := true
	u := &unchanged{attribution: a, set: set, shapes: shapes, problem: func(odb.Problem) { readable = false }}
	err := u.read(ctx, commits)
	if err == nil {
		err = set.readFrom(ctx, a.repo.store, trees, u.have, u.problem)
	}
	if err != nil || !readable {
		return false, err
	}
	u.forgetUnused()
	shapes.addTrees(u.known)
	if !a.allStand(shapes, m.shapes.blobs) {
		return false, nil
	}
	a.shapes = shapes
	a.roots = make([]uint32, a.graph.len())
	for c, old := range l.from {
		if old != absent {
			a.roots[c] = m.shapes.roots[old]
		}
	}
	for _, c := range commits {
		a.roots[c] = shapes.of(a.graph.tree(c))
	}
	return true, nil
}

// allStand reports whether each blob that is not among the known ones stands in a
// shape.
func (a *attribution) allStand(shapes *shapeSet, known idTable) bool {
	stands := make([]bool, len(a.blobs.ids))
	for _, edges := range shapes.edges {
		for _, e := range edges {
			if e.isBlob() {
				stands[e.target] = true
			}
		}
	}
	for id, blob := range a.blobs.ids {
		if !stands[blob] && !known.has(id[:known.size]) {
			return false
		}
	}
	return true
}

// restore gives the remembered shapes, with names and blobs numbered as trees has
// them.
func (h *rememberedShapes) restore(trees *treeSet) *shapeSet {
	names := make([]uint32, len(h.names))
	for i, name := range h.names {
		names[i] = trees.names.add([]byte(name))
	}
	blobs := make([]uint32, h.blobs.len())
	for i := range blobs {
		blobs[i] = trees.blobs.add(toID(h.blobs.at(i)))
	}
	s := &shapeSet{trees: trees, edges: make([][]edge, 0, len(h.edges)), byEdge: make(map[string]uint32, len(h.edges))}
	for _, edges := range h.edges {
		s.kept = s.kept[:0]
		for _, e := range edges {
			e.key = names[e.key>>1]<<1 | e.key&1
			if e.isBlob() {
				e.target = blobs[e.target]
			}
			s.kept = append(s.kept, e.packed())
		}
		s.sortKept()
		s.addKept()
	}
	return s
}

// rememberShapes turns the shapes into a form without numbers of this run.
func (a *attribution) rememberShapes() rememberedShapes {
	if a.partial {
		return rememberedShapes{}
	}
	size := a.graph.hashSize
	h := rememberedShapes{known: true, roots: a.roots, edges: make([][]edge, 1)}
	var ids []odb.ID
	byNumber := make([]odb.ID, len(a.blobs.ids))
	for id, blob := range a.blobs.ids {
		ids = append(ids, id)
		byNumber[blob] = id
	}
	none := idTable{size: size}
	h.blobs = none.with(ids)
	names := make(map[uint32]uint32)
	for _, edges := range a.shapes.edges[1:] {
		list := slices.Clone(edges)
		for i, e := range list {
			name, ok := names[e.key>>1]
			if !ok {
				name = uint32(len(h.names))
				names[e.key>>1] = name
				h.names = append(h.names, string(a.shapes.trees.names.text(e.key>>1)))
			}
			list[i].key = name<<1 | e.key&1
			if e.isBlob() {
				at, _ := h.blobs.find(byNumber[e.target][:size])
				list[i].target = uint32(at)
			}
		}
		h.edges = append(h.edges, list)
	}
	return h
}
