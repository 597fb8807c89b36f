package git

import (
	"math/bits"
	"slices"
	"strings"

	"github.com/shrike-scan/shrike/git/odb"
	"github.com/shrike-scan/shrike/scanner"
)

// What can hold a finding in the repository, the strongest first: git keeps what
// refs reach, a stash until it is dropped, what a reflog remembers until that
// entry expires, and the rest until the next `git gc --prune`.
var reaches = [...]string{"ref", "stash", "reflog", "unreachable"}

const (
	byRef = iota
	byStash
	byReflog
	byNothing
)

// tip is where a walk over history can start.
type tip struct {
	name   string // of a ref that findings are to name; else empty
	reach  int
	commit int32    // absent where it is none of the graph
	isTree bool     // object is a tree
	shape  uint32   // of that tree
	object odb.ID   // what it names in the end
	tags   []odb.ID // on the way there
}

// tips gathers everything that holds objects in the repository, refs in the
// order of their names.
func (a *attribution) tips() []tip {
	names := a.repo.history.names
	var list []tip
	for _, ref := range names.list {
		if ref.Name == "refs/stash" {
			list = append(list, a.tip("", byStash, ref.ID))
		} else {
			list = append(list, a.tip(ref.Name, byRef, ref.ID))
		}
	}
	for _, ref := range names.heads {
		list = append(list, a.tip(ref.Name, byRef, ref.ID))
	}
	slices.SortStableFunc(list, func(x, y tip) int { return strings.Compare(x.name, y.name) })

	logs := a.repo.history.logs
	if logs == nil {
		now := a.repo.readReflogs()
		logs = &now
	}
	for id := range logs.stash {
		list = append(list, a.tip("", byStash, id))
	}
	for _, ref := range names.pseudo {
		if !logs.ids[ref.ID] {
			list = append(list, a.tip("", byReflog, ref.ID))
		}
	}
	for id := range logs.ids {
		list = append(list, a.tip("", byReflog, id))
	}
	return list
}

func (a *attribution) tip(name string, reach int, id odb.ID) tip {
	t := tip{name: name, reach: reach, object: id}
	find := func(id odb.ID) bool {
		t.commit = a.graph.find(id[:a.graph.hashSize])
		return t.commit != absent
	}
	if find(id) || !a.repo.history.whole && reach != byRef {
		return t
	}
	var kind odb.Kind
	t.object, kind, _, t.tags, _ = a.repo.peelTo(id, find)
	t.isTree = kind == odb.Tree
	return t
}

// follow carries up to 64 findings, one bit each, along all commits, parents
// first, and reads at the tips which of them got there.
func (a *attribution) follow(fs []*scanner.Finding, tips []tip) {
	holds := a.holders(fs)
	inShape := a.shapes.masks(holds.blobs, nil)
	g := a.graph
	in := func(c int32) uint64 { return inShape[a.roots[c]] }

	head := a.headCommit()
	var onHead []bool
	var alive uint64
	if head != absent {
		onHead, alive = g.reachable(head), in(head)
	}
	seen := make([]uint64, g.len())    // a tree of the commit's history held it
	reached := make([]uint64, g.len()) // or a message
	var removed, removedOnHead [64]int32
	for i := range removed {
		removed[i], removedOnHead[i] = absent, absent
	}
	for _, c := range g.order {
		if g.isBoundary(c) {
			continue
		}
		var had, lost uint64
		for _, p := range g.parentsOf(c) {
			if p == absent {
				continue
			}
			had |= in(p)
			lost |= seen[p] &^ in(p)
			seen[c] |= seen[p]
			reached[c] |= reached[p]
		}
		seen[c] |= in(c)
		reached[c] |= in(c) | holds.commits[c]
		// A merge with a side that had already lost it removes nothing: that
		// side's commit did.
		for gone := had &^ in(c) &^ lost; gone != 0; gone &= gone - 1 {
			i := bits.TrailingZeros64(gone)
			if removed[i] = c; onHead != nil && onHead[c] {
				removedOnHead[i] = c
			}
		}
	}
	best := [64]int{}
	for i := range best {
		best[i] = byNothing
	}
	for _, t := range tips {
		held := inShape[t.shape]
		if t.commit != absent {
			held |= reached[t.commit]
		}
		if blob, ok := a.blobs.ids[t.object]; ok {
			held |= holds.blobs[blob]
		}
		for _, tag := range t.tags {
			held |= holds.tags[tag]
		}
		for ; held != 0; held &= held - 1 {
			i := bits.TrailingZeros64(held)
			if best[i] = min(best[i], t.reach); t.name != "" {
				fs[i].Refs = append(fs[i].Refs, t.name)
			}
		}
	}
	for i, f := range fs {
		f.Alive = alive>>i&1 == 1
		f.Reach = reaches[best[i]]
		if best[i] == byNothing && !a.repo.history.whole {
			f.Reach = ""
		}
		last := removedOnHead[i]
		if last == absent && best[i] != byStash { // a stash merges what it keeps out of its tree
			last = removed[i]
		}
		if !f.Alive && last != absent {
			f.Removed = a.commit(g.id(last))
		}
	}
}

// holders says which of up to 64 findings an object holds by itself.
type holders struct {
	blobs   []uint64 // blob number -> findings
	commits map[int32]uint64
	tags    map[odb.ID]uint64
}

func (a *attribution) holders(fs []*scanner.Finding) holders {
	h := holders{make([]uint64, len(a.blobs.ids)), make(map[int32]uint64), make(map[odb.ID]uint64)}
	for i, f := range fs {
		for j := range f.Occurrences {
			o := &f.Occurrences[j]
			id, err := odb.ParseID(o.Object)
			if err != nil {
				continue
			}
			if o.Where == scanner.InFile {
				h.blobs[a.blobs.ids[id]] |= 1 << i
			} else if c := a.graph.find(id[:a.graph.hashSize]); c != absent {
				h.commits[c] |= 1 << i
			} else {
				h.tags[id] |= 1 << i
			}
		}
	}
	return h
}
