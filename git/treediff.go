package git

import (
	"bytes"

	"github.com/shrike-scan/shrike/git/odb"
)

// treeDiff finds the blobs that a tree has and that none of its parents' trees
// has at the same path. Not safe for concurrent use.
type treeDiff struct {
	store    *odb.Store
	hashSize int
	problem  func(odb.ID, error)
	blob     func(odb.ID)
	seen     map[string]struct{} // (tree, parents) pairs of this commit that were compared
	cache    map[odb.ID][]byte   // trees of the commits just before
	cached   int
}

// maxCachedTrees bounds, in bytes, the trees that are kept between commits. The
// parent of one commit is often the next one compared.
const maxCachedTrees = 16 << 20

// introduced calls d.blob for each such blob, possibly more than once. Trees are
// merged in git's order; in a tree whose entries are out of order blobs may count
// as introduced that are not, never the other way round.
func (d *treeDiff) introduced(tree odb.ID, parents []odb.ID) {
	d.seen = make(map[string]struct{})
	d.descend(tree, parents, 0)
}

func (d *treeDiff) descend(tree odb.ID, parents []odb.ID, depth int) {
	key := append(make([]byte, 0, (1+len(parents))*d.hashSize), tree[:d.hashSize]...)
	for _, p := range parents {
		if p == tree {
			return
		}
		key = append(key, p[:d.hashSize]...)
	}
	if _, ok := d.seen[string(key)]; ok || depth > maxDepth {
		return
	}
	d.seen[string(key)] = struct{}{}

	sides := make([]cursor, len(parents))
	for i, p := range parents {
		sides[i] = cursor{data: d.read(p), hashSize: d.hashSize}
		sides[i].next()
	}
	below := make([]odb.ID, len(parents))
	data := d.read(tree)
	for {
		e, rest, ok := nextEntry(data, d.hashSize)
		if !ok {
			return
		}
		data = rest
		known := e.isGitlink()
		for i := range sides {
			other, found := sides[i].seek(e)
			below[i] = odb.ID{}
			if found && other.isTree() == e.isTree() {
				below[i] = other.object()
				known = known || bytes.Equal(other.id, e.id)
			}
		}
		switch {
		case known:
		case e.isTree():
			d.descend(e.object(), below, depth+1)
		default:
			d.blob(e.object())
		}
	}
}

// read gives the content of a tree, nothing for the zero id.
func (d *treeDiff) read(id odb.ID) []byte {
	if id.IsZero() {
		return nil
	}
	if data, ok := d.cache[id]; ok {
		return data
	}
	data, err := readKind(d.store, id, odb.Tree)
	if err != nil {
		d.problem(id, err)
	}
	if d.cached += len(data); d.cached > maxCachedTrees || d.cache == nil {
		d.cache, d.cached = make(map[odb.ID][]byte), len(data)
	}
	d.cache[id] = data
	return data
}

// cursor goes through a tree's entries once, in order. e is the first entry not
// yet passed; ok is false behind the last.
type cursor struct {
	data     []byte
	hashSize int
	e        treeEntry
	ok       bool
}

func (c *cursor) next() { c.e, c.data, c.ok = nextEntry(c.data, c.hashSize) }

// seek passes all entries before want and gives the one of its name and sort.
func (c *cursor) seek(want treeEntry) (treeEntry, bool) {
	for c.ok {
		switch order := compareEntries(c.e, want); {
		case order == 0:
			return c.e, true
		case order > 0:
			return treeEntry{}, false
		}
		c.next()
	}
	return treeEntry{}, false
}

// compareEntries is git's order of a tree: by name, a folder's with a slash
// behind it.
func compareEntries(a, b treeEntry) int {
	n := min(len(a.name), len(b.name))
	if order := bytes.Compare(a.name[:n], b.name[:n]); order != 0 {
		return order
	}
	return int(a.byteAt(n)) - int(b.byteAt(n))
}

func (e treeEntry) byteAt(i int) byte {
	switch {
	case i < len(e.name):
		return e.name[i]
	case e.isTree():
		return '/'
	}
	return 0
}
