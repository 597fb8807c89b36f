package git

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"

	"github.com/shrike-scan/shrike/git/odb"
)

// parseCacheTree parses the TREE extension: for each folder, depth first, its name,
// NUL, count of entries, SP, count of folders, LF, and its tree's id unless the
// first count is negative. It only saves time, so a damaged one counts as none.
func parseCacheTree(data []byte, hashSize int) *cacheTree {
	p := cacheTreeParser{data, hashSize}
	if t, ok := p.folder(0); ok && len(p.data) == 0 {
		return &t
	}
	return nil
}

type cacheTreeParser struct {
	data     []byte
	hashSize int
}

func (p *cacheTreeParser) folder(depth int) (t cacheTree, ok bool) {
	name, rest, ok1 := bytes.Cut(p.data, []byte{0})
	entries, rest, ok2 := bytes.Cut(rest, []byte{' '})
	folders, rest, ok3 := bytes.Cut(rest, []byte{'\n'})
	if !ok1 || !ok2 || !ok3 || depth > maxDepth {
		return t, false
	}
	var errEntries, errFolders error
	t.name = string(name)
	t.entries, errEntries = strconv.Atoi(string(entries))
	count, errFolders := strconv.Atoi(string(folders))
	if errEntries != nil || errFolders != nil || count < 0 {
		return t, false
	}
	if t.entries >= 0 {
		if len(rest) < p.hashSize {
			return t, false
		}
		t.id, rest = toID(rest[:p.hashSize]), rest[p.hashSize:]
	}
	p.data = rest
	for range count {
		folder, ok := p.folder(depth + 1)
		if !ok {
			return t, false
		}
		t.folders = append(t.folders, folder)
	}
	return t, true
}

// equals reports whether the folder is known to be written as that tree, and to
// hold so many entries.
func (t *cacheTree) equals(id odb.ID, entries int) bool {
	return t != nil && t.entries == entries && !id.IsZero() && t.id == id
}

// folder gives the folder of that name, nil where none is known. git sorts them by
// the length of their names, then by these; others need not.
func (t *cacheTree) folder(name []byte) *cacheTree {
	if t == nil {
		return nil
	}
	if i, ok := slices.BinarySearchFunc(t.folders, name, compareFolder); ok {
		return &t.folders[i]
	}
	for i := range t.folders {
		if t.folders[i].name == string(name) {
			return &t.folders[i]
		}
	}
	return nil
}

func compareFolder(t cacheTree, name []byte) int {
	return cmp.Or(cmp.Compare(len(t.name), len(name)), cmp.Compare(t.name, string(name)))
}
