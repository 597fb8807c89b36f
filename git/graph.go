package git

import (
	"bytes"
	"cmp"
	"slices"
	"sort"

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

// buildGraph joins what the builders gathered. missing is called for each parent that should be there and is not.
func buildGraph(hashSize int, builders []*graphBuilder, missing func(parent odb.ID)) *graph {
	type source struct {
		b       *graphBuilder
		i       int
		parents []byte // ids
	}
	var all []source
	for _, b := range builders {
		at := 0
		for i := range b.dates {
			end := at + int(b.parentCount[i])*hashSize
			all = append(all, source{b, i, b.parentIDs[at:end]})
			at = end
		}
	}
	id := func(s source) []byte { return s.b.ids[s.i*hashSize:][:hashSize] }
	slices.SortFunc(all, func(x, y source) int { return bytes.Compare(id(x), id(y)) })

	g := &graph{hashSize: hashSize, parentStart: make([]uint32, 1, len(all)+1)}
	dates := make([]int64, len(all))
	for c, s := range all {
		g.ids = append(g.ids, id(s)...)
		g.trees = append(g.trees, s.b.trees[s.i*hashSize:][:hashSize]...)
		dates[c] = s.b.dates[s.i]
		if s.b.boundary[s.i] {
			if g.boundary == nil {
				g.boundary = make([]bool, len(all))
			}
			g.boundary[c] = true
		}
	}
	for c, s := range all {
		if !g.isBoundary(int32(c)) {
			for p := s.parents; len(p) > 0; p = p[hashSize:] {
				n := g.find(p[:hashSize])
				if n == absent && missing != nil {
					missing(toID(p[:hashSize]))
				}
				g.parents = append(g.parents, n)
			}
		}
		g.parentStart = append(g.parentStart, uint32(len(g.parents)))
	}
	g.sort(dates)
	return g
}

func toID(b []byte) odb.ID {
	var id odb.ID
	copy(id[:], b)
	return id
}

func (g *graph) len() int { return len(g.parentStart) - 1 }

func (g *graph) id(c int32) odb.ID { return toID(g.ids[int(c)*g.hashSize:][:g.hashSize]) }

func (g *graph) tree(c int32) []byte { return g.trees[int(c)*g.hashSize:][:g.hashSize] }

func (g *graph) parentsOf(c int32) []int32 {
	return g.parents[g.parentStart[c]:g.parentStart[c+1]]
}

func (g *graph) isBoundary(c int32) bool { return g.boundary != nil && g.boundary[c] }

// find gives the number of the commit with that id, or absent.
func (g *graph) find(id []byte) int32 {
	n := len(g.ids) / g.hashSize
	i := sort.Search(n, func(i int) bool {
		return bytes.Compare(g.ids[i*g.hashSize:][:g.hashSize], id) >= 0
	})
	if i < n && bytes.Equal(g.ids[i*g.hashSize:][:g.hashSize], id) {
		return int32(i)
	}
	return absent
}

// sort orders commits by corrected date: a commit's own, but always later than
// its parents' (gitglossary: generation number v2), and then by id.
func (g *graph) sort(dates []int64) {
	const fresh, open, done = 0, 1, 2
	n := g.len()
	state := make([]uint8, n)
	var stack []int32
	for c := range int32(n) {
		if state[c] == fresh {
			stack = append(stack, c)
		}
		for len(stack) > 0 {
			top := stack[len(stack)-1]
			if state[top] == fresh {
				state[top] = open
				for _, p := range g.parentsOf(top) {
					if p != absent && state[p] == fresh {
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
					dates[top] = max(dates[top], dates[p]+1)
				}
			}
		}
	}
	g.order = make([]int32, n)
	for i := range g.order {
		g.order[i] = int32(i)
	}
	slices.SortFunc(g.order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(dates[a], dates[b]), cmp.Compare(a, b))
	})
	g.rank = make([]int32, n)
	for i, c := range g.order {
		g.rank[c] = int32(i)
	}
}

// reachable marks the commits that from stands for or descends from.
func (g *graph) reachable(from int32) []bool {
	seen := make([]bool, g.len())
	stack := []int32{from}
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
