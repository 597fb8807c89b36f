package git

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/shrike-scan/shrike/git/cache"
	"github.com/shrike-scan/shrike/git/odb"
	"github.com/shrike-scan/shrike/scanner"
)

// learned is what a scan with a cache learned, for Remember.
type learned struct {
	inc      *incremental
	complete bool          // all that is there was read
	from     []int32       // commit -> number in the memory, or absent
	blobs    []odb.ID      // scanned now
	tags     []odb.ID      // scanned now
	matches  []loggedMatch // of what was scanned now
	graph    *graph        // of all commits
}

// learn gathers what the readers scanned. complete says that all was read.
func (inc *incremental) learn(g *graph, from []int32, readers []*reader, complete bool) *learned {
	if inc.file == "" {
		return nil
	}
	l := &learned{inc: inc, graph: g, from: from, complete: complete}
	for _, own := range readers {
		l.complete = l.complete && !own.log.lost
		l.blobs = append(l.blobs, own.log.blobs...)
		l.tags = append(l.tags, own.log.tags...)
		l.matches = append(l.matches, own.log.list...)
	}
	return l
}

// Remember writes what the last Scan, which named a cache, and Attribute after it
// learned, for the next scan. It writes nothing where nothing has changed, where
// something could not be read, and for a range. The scan's result does not depend
// on it: an error says why the next one will take its whole time.
func (r *Repository) Remember() error {
	h := r.history
	defer func() { r.history = nil }() // what a scan knows of all commits is large, and of no use from now on
	if h == nil || h.learned == nil || !h.learned.complete {
		return nil
	}
	l := h.learned
	if l.inc.same && (h.attribution == nil || !h.attribution.reread) {
		return nil
	}
	var m *memory
	err := odb.Guarded(func() error {
		m = l.memory(func(id odb.ID) bool {
			kind, _, err := r.store.Read(id)
			return err == nil && kind == odb.Tree
		})
		return nil
	})
	if err != nil {
		return err
	}
	m.settled = r.settled(l)
	switch a := h.attribution; {
	case a != nil:
		m.shapes = a.rememberShapes()
	case len(m.objects) == 0: // all shapes are empty
		m.shapes = newMemory(r.HashSize).shapes
		m.shapes.roots = make([]uint32, m.graph.len())
	default:
		m.shapes = rememberedShapes{}
	}
	if err := cache.Write(l.inc.file, l.inc.key, m.format()); err != nil {
		return fmt.Errorf("write the history cache, for the next scan to be fast: %w", err)
	}
	return nil
}

// memory joins what was known with what was scanned.
func (l *learned) memory(isTree func(odb.ID) bool) *memory {
	m := newMemory(l.graph.hashSize)
	if l.inc.memory != nil {
		*m = *l.inc.memory
	}
	m.graph = l.graph
	m.packs = nil
	for _, p := range l.inc.contents.Packs {
		m.packs = append(m.packs, p.PackID)
	}
	m.blobs, m.tags = m.blobs.with(l.blobs), m.tags.with(l.tags)
	l.addLoose(m, isTree)
	l.addObjects(m)
	return m
}

// addLoose lists the loose objects, and which of them are trees. What is neither
// scanned nor a tree vanished before it could be read: should it come back, it is
// new.
func (l *learned) addLoose(m *memory, isTree func(odb.ID) bool) {
	none := idTable{size: l.graph.hashSize}
	var loose, strays []odb.ID
	for _, id := range l.inc.contents.Loose {
		switch {
		case m.strays.has(id[:none.size]):
			strays = append(strays, id)
		case m.knows(id[:none.size]) || packed(l.inc.contents.Packs, id):
		case isTree(id):
			strays = append(strays, id)
		default:
			continue
		}
		loose = append(loose, id)
	}
	m.loose, m.strays = none.with(loose), none.with(strays)
}

// addObjects adds the matches to the objects that the memory knows, and numbers
// the kinds of credentials anew.
func (l *learned) addObjects(m *memory) {
	old := m.objects
	m.objects, m.kinds = nil, 0
	kinds := make(map[credential]uint32)
	kindOf := func(match *scanner.Match) uint32 {
		c := credentialOf(match)
		kind, ok := kinds[c]
		if !ok {
			kind = uint32(len(kinds))
			kinds[c] = kind
		}
		return kind
	}
	moved := make([]uint32, len(l.inc.kinds))
	for i := range moved {
		moved[i] = kindOf(&l.inc.kinds[i])
	}
	for _, o := range old {
		o.spots = slices.Clone(o.spots)
		for i := range o.spots {
			o.spots[i].kind = moved[o.spots[i].kind]
		}
		m.objects = append(m.objects, o)
	}
	at := make(map[odb.ID]int)
	for i := range l.matches {
		found := &l.matches[i]
		n, ok := at[found.id]
		if !ok {
			n = len(m.objects)
			at[found.id] = n
			m.objects = append(m.objects, spotted{id: found.id})
		}
		m.objects[n].spots = append(m.objects[n].spots, found.spot(kindOf(&found.match)))
	}
	slices.SortFunc(m.objects, func(a, b spotted) int { return bytes.Compare(a.id[:], b.id[:]) })
	m.kinds = len(kinds)
}

// settled marks the commits that the refs and reflogs reach which were read before
// the objects were listed, and those that were settled before. Git writes trees
// and blobs before what reaches them, so theirs were all there.
func (r *Repository) settled(l *learned) []bool {
	settled := make([]bool, l.graph.len())
	if old := l.inc.memory; old != nil {
		for c, o := range l.from {
			settled[c] = o != absent && old.settled[o]
		}
	}
	tips := r.history.tips
	if tips == nil {
		tips = (&attribution{repo: r, graph: l.graph}).tips()
	}
	var commits []int32
	for _, t := range tips {
		if t.commit != absent {
			commits = append(commits, t.commit)
		}
	}
	for c, yes := range l.graph.reachable(commits...) {
		settled[c] = settled[c] || yes
	}
	return settled
}
