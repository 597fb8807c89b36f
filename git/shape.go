package git

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"
)

// Trees repeat: a commit changes one file and leaves thousands of folders as they
// were. And of a tree only the blobs with findings matter. So trees are reduced
// to shapes: a shape is a folder with nothing in it but interesting blobs and
// folders that hold some. Trees with the same interesting content share one
// shape, so that comparing two of them is comparing two numbers:
//
//	tree 1: README  src/ -> a.go  b.go*      shape 1: b.go*
//	tree 2: README  src/ -> a.go' b.go*      shape 2: src/ -> 1
//	                                         both trees are shape 2
//
// Most commits have the shape of their parent and cost nothing more. Shapes are
// numbered bottom up: a shape's folders have smaller numbers than itself. Shape 0
// is the empty one.

// edge is an entry of a tree or of a shape.
type edge struct {
	key    uint32 // number of the name, times 2, plus 1 for a blob
	target uint32 // blob number, or tree (in a tree) or shape (in a shape) number
}

func (e edge) isBlob() bool { return e.key&1 == 1 }

// packed orders edges by key, then by target.
func (e edge) packed() uint64 { return uint64(e.key)<<32 | uint64(e.target) }

// shapeSet is all shapes of a history. Immutable once built.
type shapeSet struct {
	trees  *treeSet
	byTree []uint32 // tree number -> shape
	edges  [][]edge // shape -> entries, sorted by key
	byEdge map[string]uint32

	kept []uint64 // packed edges of the tree that is being reduced
	key  []byte   // the same, as in byEdge
}

const (
	unknownShape = math.MaxUint32
	openShape    = math.MaxUint32 - 1
)

// newShapeSet reduces every tree that was gathered, in time linear in its edges.
func newShapeSet(trees *treeSet) *shapeSet {
	s := &shapeSet{trees: trees, edges: [][]edge{nil}, byEdge: make(map[string]uint32)}
	s.addTrees(nil)
	return s
}

// addTrees reduces the trees that were gathered, but for those whose shape is known.
func (s *shapeSet) addTrees(known map[uint32]uint32) {
	s.byTree = make([]uint32, s.trees.ids.bound())
	for i := range s.byTree {
		s.byTree[i] = unknownShape
	}
	for tree, shape := range known {
		s.byTree[tree] = shape
	}
	for tree := range s.byTree {
		s.reduce(uint32(tree))
	}
	s.byEdge, s.kept, s.key = nil, nil, nil
}

// reduce finds the shape of a tree after those of the trees below it. It keeps
// its own stack, for trees may be nested as deep as somebody likes. A tree that
// is being reduced further down the stack, which only a forged id can bring
// about, counts as empty.
func (s *shapeSet) reduce(tree uint32) {
	stack := []uint32{tree}
	for len(stack) > 0 {
		top := stack[len(stack)-1]
		if s.byTree[top] == unknownShape {
			s.byTree[top] = openShape
			for _, e := range s.trees.edgesOf(top) {
				if !e.isBlob() && s.byTree[e.target] == unknownShape {
					stack = append(stack, e.target)
				}
			}
			continue
		}
		stack = stack[:len(stack)-1]
		if s.byTree[top] == openShape {
			s.byTree[top] = s.intern(s.trees.edgesOf(top))
		}
	}
}

// intern gives the shape with the entries of a tree that matter.
func (s *shapeSet) intern(entries []edge) uint32 {
	kept := s.kept[:0]
	for _, e := range entries {
		if !e.isBlob() {
			if e.target = s.byTree[e.target]; e.target == openShape || e.target == 0 {
				continue
			}
		}
		kept = append(kept, e.packed())
	}
	s.kept = kept
	if len(kept) == 0 {
		return 0
	}
	s.sortKept()
	n, ok := s.byEdge[string(s.key)]
	if !ok {
		n = s.addKept()
	}
	return n
}

// sortKept puts the kept edges in order and sets their key.
func (s *shapeSet) sortKept() {
	slices.Sort(s.kept)
	s.key = s.key[:0]
	for _, e := range s.kept {
		s.key = binary.LittleEndian.AppendUint64(s.key, e)
	}
}

// addKept makes a shape of the kept edges, which are in order.
func (s *shapeSet) addKept() uint32 {
	n := uint32(len(s.edges))
	edges := make([]edge, len(s.kept))
	for i, e := range s.kept {
		edges[i] = edge{uint32(e >> 32), uint32(e)}
	}
	s.edges, s.byEdge[string(s.key)] = append(s.edges, edges), n
	return n
}

// of gives the shape of the tree with that id, 0 where it was never read.
func (s *shapeSet) of(id []byte) uint32 {
	if n, ok := s.trees.ids.find(id); ok {
		return s.byTree[n]
	}
	return 0
}

// child looks an entry up by its key.
func (s *shapeSet) child(shape, key uint32) (target uint32, ok bool) {
	list := s.edges[shape]
	lo, hi := 0, len(list)
	for lo < hi {
		if mid := (lo + hi) / 2; list[mid].key < key {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(list) && list[lo].key == key {
		return list[lo].target, true
	}
	return 0, false
}

// at gives the blob that a shape has at a path.
func (s *shapeSet) at(shape uint32, path string) (blob uint32, ok bool) {
	for {
		folder, rest, deeper := strings.Cut(path, "/")
		name, known := s.trees.names.find([]byte(folder))
		if !known {
			return 0, false
		}
		if !deeper {
			return s.child(shape, name<<1|1)
		}
		if shape, ok = s.child(shape, name<<1); !ok {
			return 0, false
		}
		path = rest
	}
}

// maxDepth bounds paths, as core.maxTreeDepth does in git. Deeper blobs are
// scanned, but no path is told.
const maxDepth = 2048

// differ compares shapes. Its budget of steps bounds what a small but deeply
// shared tree can cost that expands to billions of paths.
type differ struct {
	shapes *shapeSet
	steps  int
	emit   func(path []byte, blob uint32) (more bool)
}

// introduced calls emit for each (path, blob) of shape that no parent has at the
// same path. It descends only where shape differs from every parent. path is
// valid during the call. False means that emit wanted no more, or that the
// budget is used up.
func (d *differ) introduced(shape uint32, parents []uint32) bool {
	return d.descend(shape, parents, nil, 0)
}

func (d *differ) descend(shape uint32, parents []uint32, path []byte, depth int) bool {
	if shape == 0 || depth > maxDepth || slices.Contains(parents, shape) {
		return true
	}
	below := make([]uint32, len(parents))
	for _, e := range d.shapes.edges[shape] {
		if d.steps--; d.steps < 0 {
			return false
		}
		known := false
		for i, p := range parents {
			target, ok := d.shapes.child(p, e.key)
			below[i] = target
			known = known || ok && target == e.target
		}
		if known {
			continue
		}
		here := append(path, d.shapes.trees.names.text(e.key>>1)...)
		if e.isBlob() {
			if !d.emit(here, e.target) {
				return false
			}
		} else if !d.descend(e.target, below, append(here, '/'), depth+1) {
			return false
		}
	}
	return true
}

// masks gives for each shape the union of the masks of the blobs in it.
func (s *shapeSet) masks(byBlob []uint64, out []uint64) []uint64 {
	out = append(out[:0], make([]uint64, len(s.edges))...)
	for shape, list := range s.edges {
		for _, e := range list {
			if e.isBlob() {
				out[shape] |= byBlob[e.target]
			} else {
				out[shape] |= out[e.target]
			}
		}
	}
	return out
}
