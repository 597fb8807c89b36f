package git

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"

	"github.com/shrike-scan/shrike/git/odb"
)

// graph is a set of commits as arrays indexed by commit number: 50 to 90 bytes
// a commit, so that a history of a million fits. Commits are numbered by
// ascending id, whatever the order in which they were added. Immutable once
// built; safe for concurrent use.
type graph struct {
	hashSize    int
	ids, trees  []byte   // hashSize bytes each
	parentStart []uint32 // parents of c: parents[parentStart[c]:parentStart[c+1]]
	parents     []int32  // commit number, or absent
	dates       []int64  // corrected, see sort
	order       []int32  // commit numbers, parents before children, else by date
	rank        []int32  // position in order
	boundary    []bool   // known only as a parent or as HEAD: not scanned. nil: none is
}

// absent stands for a parent that is not in the graph.
const absent = int32(-1)

// graphBuilder gathers commits, one builder a worker.
type graphBuilder struct {
	hashSize    int
	ids, trees  []byte
	dates       []int64
	parentCount []uint32
	parentIDs   []byte
	boundary    []bool
}

func (b *graphBuilder) add(id odb.ID, c *commitObject, boundary bool) {
	b.ids = append(b.ids, id[:b.hashSize]...)
	b.trees = append(b.trees, c.tree[:b.hashSize]...)
	b.dates = append(b.dates, c.committer.seconds)
	b.parentCount = append(b.parentCount, uint32(len(c.parents)))
	for _, p := range c.parents {
		b.parentIDs = append(b.parentIDs, p[:b.hashSize]...)
	}
	b.boundary = append(b.boundary, boundary)
}

// buildGraph joins what the builders gathered. missing, which may be nil, is
// called for each parent that should be there and is not.
func buildGraph(hashSize int, builders []*graphBuilder, missing func(parent odb.ID)) *graph {
	none := &graph{hashSize: hashSize, parentStart: make([]uint32, 1)}
	g, _ := none.extend(builders, missing)
	return g
}

// builtCommit is a commit of a builder.
type builtCommit struct {
	b       *graphBuilder
	i       int
	parents []byte // ids
	prefix  uint64 // of its own id: it decides nearly every comparison
}

func (s builtCommit) id() []byte { return s.b.ids[s.i*s.b.hashSize:][:s.b.hashSize] }

// sortBuilt lists what the builders gathered by ascending id.
func sortBuilt(builders []*graphBuilder) []builtCommit {
	var all []builtCommit
	for _, b := range builders {
		at := 0
		for i := range b.dates {
			end := at + int(b.parentCount[i])*b.hashSize
			prefix := binary.BigEndian.Uint64(b.ids[i*b.hashSize:])
			all = append(all, builtCommit{b, i, b.parentIDs[at:end], prefix})
			at = end
		}
	}
	slices.SortFunc(all, func(x, y builtCommit) int {
		if x.prefix != y.prefix {
			return cmp.Compare(x.prefix, y.prefix)
		}
		return bytes.Compare(x.id(), y.id())
	})
	return all
}

// extend gives the graph of g's commits and of those that the builders gathered,
// none of which is a parent in g, and tells the number of each of g's commits in
// it.
func (g *graph) extend(builders []*graphBuilder, missing func(parent odb.ID)) (joined *graph, moved []int32) {
	added := sortBuilt(builders)
	n := g.len() + len(added)
	joined = &graph{
		hashSize: g.hashSize, parentStart: make([]uint32, 1, n+1), dates: make([]int64, 0, n),
		ids: make([]byte, 0, n*g.hashSize), trees: make([]byte, 0, n*g.hashSize),
	}
	moved = make([]int32, 0, g.len())
	fresh := make([]int32, 0, len(added))
	for len(joined.dates) < n {
		o, i, c := len(moved), len(fresh), int32(len(joined.dates))
		if i == len(added) || o < g.len() && bytes.Compare(g.idOf(int32(o)), added[i].id()) < 0 {
			joined.append(g.idOf(int32(o)), g.tree(int32(o)), g.dates[o])
			moved = append(moved, c)
			continue
		}
		s := added[i]
		joined.append(s.id(), s.b.trees[s.i*g.hashSize:][:g.hashSize], s.b.dates[s.i])
		if s.b.boundary[s.i] {
			if joined.boundary == nil {
				joined.boundary = make([]bool, n)
			}
			joined.boundary[c] = true
		}
		fresh = append(fresh, c)
	}
	for o, i := 0, 0; o+i < n; {
		if i == len(fresh) || o < len(moved) && moved[o] < fresh[i] {
			for _, p := range g.parentsOf(int32(o)) {
				if p != absent {
					p = moved[p]
				}
				joined.parents = append(joined.parents, p)
			}
			o++
		} else {
			if !joined.isBoundary(fresh[i]) {
				joined.addParents(added[i].parents, missing)
			}
			i++
		}
		joined.parentStart = append(joined.parentStart, uint32(len(joined.parents)))
	}
	joined.sort(g.order, moved, fresh)
	return joined, moved
}

// append adds a commit, whose parents follow later.
func (g *graph) append(id, tree []byte, date int64) {
	g.ids, g.trees, g.dates = append(g.ids, id...), append(g.trees, tree...), append(g.dates, date)
}

// addParents adds the parents of the next commit by their ids.
func (g *graph) addParents(ids []byte, missing func(parent odb.ID)) {
	for ; len(ids) > 0; ids = ids[g.hashSize:] {
		id := ids[:g.hashSize]
		c := g.find(id)
		if c == absent && missing != nil {
			missing(toID(id))
		}
		g.parents = append(g.parents, c)
	}
}

func toID(b []byte) odb.ID {
	var id odb.ID
	copy(id[:], b)
	return id
}

func (g *graph) len() int { return len(g.parentStart) - 1 }

func (g *graph) id(c int32) odb.ID { return toID(g.idOf(c)) }

func (g *graph) idOf(c int32) []byte { return g.ids[int(c)*g.hashSize:][:g.hashSize] }

func (g *graph) tree(c int32) []byte { return g.trees[int(c)*g.hashSize:][:g.hashSize] }

func (g *graph) parentsOf(c int32) []int32 {
	return g.parents[g.parentStart[c]:g.parentStart[c+1]]
}

func (g *graph) isBoundary(c int32) bool { return g.boundary != nil && g.boundary[c] }

// find gives the number of the commit with that id, or absent.
func (g *graph) find(id []byte) int32 {
	if i, ok := (idTable{g.hashSize, g.ids}).find(id); ok {
		return int32(i)
	}
	return absent
}

// without gives the graph of the commits that are not gone, and tells the number
// in it of each commit, or absent. It fails where a commit that is left has a
// parent that is not.
func (g *graph) without(gone func(id []byte) bool) (left *graph, moved []int32, ok bool) {
	left = &graph{hashSize: g.hashSize, parentStart: make([]uint32, 1)}
	moved = make([]int32, g.len())
	for c := range int32(g.len()) {
		if moved[c] = absent; !gone(g.idOf(c)) {
			moved[c] = int32(len(left.dates))
			left.append(g.idOf(c), g.tree(c), g.dates[c])
		}
	}
	for c := range int32(g.len()) {
		if moved[c] == absent {
			continue
		}
		for _, p := range g.parentsOf(c) {
			if p == absent || moved[p] == absent {
				return nil, nil, false
			}
			left.parents = append(left.parents, moved[p])
		}
		left.parentStart = append(left.parentStart, uint32(len(left.parents)))
	}
	for _, c := range g.order {
		if moved[c] != absent {
			left.order = append(left.order, moved[c])
		}
	}
	left.setRank()
	return left, moved, true
}

// sort corrects the dates of the fresh commits and orders all, given the order of
// the others. A corrected date is a commit's own, but always later than its
// parents' (gitglossary: generation number v2). Commits of one date are ordered
// by id.
func (g *graph) sort(oldOrder, moved, fresh []int32) {
	const unseen, open, done = 1, 2, 0
	state := make([]uint8, g.len())
	for _, c := range fresh {
		state[c] = unseen
	}
	var stack []int32
	for _, c := range fresh {
		if state[c] == unseen {
			stack = append(stack, c)
		}
		for len(stack) > 0 {
			top := stack[len(stack)-1]
			if state[top] == unseen {
				state[top] = open
				for _, p := range g.parentsOf(top) {
					if p != absent && state[p] == unseen {
						stack = append(stack, p)
					}
				}
				continue
			}
			stack = stack[:len(stack)-1]
			if state[top] == done {
				continue
			}
			state[top] = done
			for _, p := range g.parentsOf(top) {
				// A forged cycle leaves a parent open: it is ignored.
				if p != absent && state[p] == done {
					g.dates[top] = max(g.dates[top], g.dates[p]+1)
				}
			}
		}
	}
	byDate := func(a, b int32) int {
		return cmp.Or(cmp.Compare(g.dates[a], g.dates[b]), cmp.Compare(a, b))
	}
	slices.SortFunc(fresh, byDate)
	g.order = make([]int32, 0, g.len())
	for _, o := range oldOrder {
		for len(fresh) > 0 && byDate(fresh[0], moved[o]) < 0 {
			g.order, fresh = append(g.order, fresh[0]), fresh[1:]
		}
		g.order = append(g.order, moved[o])
	}
	g.order = append(g.order, fresh...)
	g.setRank()
}

func (g *graph) setRank() {
	g.rank = make([]int32, len(g.order))
	for i, c := range g.order {
		g.rank[c] = int32(i)
	}
}

// reachable marks the commits of from and all that they descend from.
func (g *graph) reachable(from ...int32) []bool {
	seen := make([]bool, g.len())
	stack := slices.Clone(from)
	for len(stack) > 0 {
		c := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if c == absent || seen[c] {
			continue
		}
		seen[c] = true
		stack = append(stack, g.parentsOf(c)...)
	}
	return seen
}
