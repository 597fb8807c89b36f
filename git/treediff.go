package git

import (
	"bytes"
	"cmp"
	"errors"

	"github.com/shrike-scan/shrike/git/odb"
)

// treeDiff finds the blobs that a tree has and that none of its parents' trees
// has at the same path. Not safe for concurrent use.
type treeDiff struct {
	store    *odb.Store
	hashSize int
	replaced map[odb.ID]odb.ID // see Repository.replaced
	problem  func(odb.ID, error)
	blob     func(odb.ID)
	paths    func(path string) bool // which paths count; nil: all
	path     []byte                 // of the folder at hand, with its slash, where paths count
	budget   int                    // entries of one commit that may be compared, where paths count; 0: maxSteps
	steps    int                    // of these, what is left
	seen     map[string]struct{}    // (tree, parents) pairs of this commit that were compared
	cache    map[odb.ID][]byte      // trees of the commits just before
	cached   int
}

// maxCachedTrees bounds, in bytes, the trees that are kept between commits. The
// parent of one commit is often the next one compared.
const maxCachedTrees = 16 << 20

// introduced calls d.blob for each such blob, possibly more than once. Trees are
// merged in git's order; in a tree whose entries are out of order blobs may count
// as introduced that are not, never the other way round. It fails when paths
// count and there are more than anybody could go through.
func (d *treeDiff) introduced(tree odb.ID, parents []odb.ID) error {
	d.seen = make(map[string]struct{})
	d.steps = cmp.Or(d.budget, maxSteps)
	d.descend(tree, parents, 0)
	if d.steps < 0 {
		return errTooManyPaths
	}
	return nil
}

var errTooManyPaths = errors.New("the tree expands to more paths than can be compared with globs: some were left out")

func (d *treeDiff) descend(tree odb.ID, parents []odb.ID, depth int) {
	key := append(make([]byte, 0, (1+len(parents))*d.hashSize+len(d.path)), tree[:d.hashSize]...)
	for _, p := range parents {
		if p == tree {
			return
		}
		key = append(key, p[:d.hashSize]...)
	}
	key = append(key, d.path...)
	if _, ok := d.seen[string(key)]; ok || depth > maxDepth || d.steps < 0 {
		return
	}
	d.seen[string(key)] = struct{}{}

	sides := make([]cursor, len(parents))
	for i, p := range parents {
		sides[i] = cursor{data: d.read(p), hashSize: d.hashSize}
	}
	below := make([]odb.ID, len(parents))
	for data := d.read(tree); ; {
		data = skipEqual(data, sides, d.hashSize)
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
		if !known {
			d.entry(e, below, depth)
		}
	}
}

// entry goes into a folder, or hands on a blob, that no parent has.
func (d *treeDiff) entry(e treeEntry, below []odb.ID, depth int) {
	if d.paths == nil {
		if e.isTree() {
			d.descend(e.object(), below, depth+1)
		} else {
			d.blob(e.object())
		}
		return
	}
	d.steps--
	folder := len(d.path)
	d.path = append(d.path, e.name...)
	if e.isTree() {
		d.path = append(d.path, '/')
		d.descend(e.object(), below, depth+1)
	} else if d.paths(string(d.path)) {
		d.blob(e.object())
	}
	d.path = d.path[:folder]
}

// skipEqual cuts entries off the front of a tree that a side has at its own front
// byte for byte: nearly all of them.
func skipEqual(data []byte, sides []cursor, hashSize int) []byte {
	for {
		n := bytes.IndexByte(data, 0) + 1 + hashSize
		if n <= hashSize || n > len(data) {
			return data
		}
		known := false
		for i := range sides { // all that have it, so that none falls behind
			if side := &sides[i]; bytes.HasPrefix(side.data, data[:n]) {
				side.data, known = side.data[n:], true
			}
		}
		if !known {
			return data
		}
		data = data[n:]
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
	at := id
	if other, ok := d.replaced[id]; ok {
		at = other
	}
	data, err := readKind(d.store, at, odb.Tree)
	if err != nil {
		d.problem(at, err)
	}
	if d.cached += len(data); d.cached > maxCachedTrees || d.cache == nil {
		d.cache, d.cached = make(map[odb.ID][]byte), len(data)
	}
	d.cache[id] = data
	return data
}

// cursor goes through a tree's entries once, in order. data starts with the first
// entry not yet passed.
type cursor struct {
	data     []byte
	hashSize int
}

// seek passes all entries up to want and gives the one of its name and sort.
func (c *cursor) seek(want treeEntry) (treeEntry, bool) {
	for {
		e, rest, ok := nextEntry(c.data, c.hashSize)
		if !ok {
			return e, false
		}
		switch order := compareEntries(e, want); {
		case order == 0:
			c.data = rest // no honest tree has two entries of a name
			return e, true
		case order > 0:
			return e, false
		}
		c.data = rest
	}
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
