package git

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/shrike-scan/shrike/git/odb"
)

// Contents answers what single files hold in the index and in commits. It keeps
// the index as it was when it was made. Not for concurrent use.
type Contents struct {
	repo  *Repository
	index *index
}

// Contents reads the index.
func (r *Repository) Contents() (*Contents, error) {
	idx, err := readIndex(r.indexFile, r.HashSize)
	if err != nil {
		return nil, err
	}
	return &Contents{r, idx}, nil
}

// Staged returns a file's content in the index, nil where it is not there. path is
// slash separated and relative to the root.
func (c *Contents) Staged(path string) ([]byte, error) {
	i, found := slices.BinarySearchFunc(c.index.entries, path, func(e indexEntry, path string) int {
		return bytes.Compare(e.path, []byte(path))
	})
	if !found || c.index.entries[i].ita || c.index.entries[i].mode&modeType == modeGitlink {
		return nil, nil
	}
	return readKind(c.repo.store, c.index.entries[i].id, odb.Blob)
}

// Paths returns where the index holds blobs, given by their hex ids.
func (c *Contents) Paths(blobs map[string]bool) map[string][]string {
	paths := make(map[string][]string)
	for i := range c.index.entries {
		e := &c.index.entries[i]
		if e.ita || e.mode&modeType == modeGitlink {
			continue
		}
		if id := hex.EncodeToString(e.id[:c.repo.HashSize]); blobs[id] {
			paths[id] = append(paths[id], string(e.path))
		}
	}
	return paths
}

// At returns a file's content in a commit, given by its hex id, and nil where the
// commit has no such file.
func (c *Contents) At(commit, path string) ([]byte, error) {
	id, err := odb.ParseID(commit)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", commit, err)
	}
	parsed, err := c.repo.readCommit(id)
	if err != nil {
		return nil, err
	}
	id = parsed.tree
	names := bytes.Split([]byte(path), []byte("/"))
	for depth, name := range names {
		data, err := readKind(c.repo.store, id, odb.Tree)
		if err != nil {
			return nil, err
		}
		e, found := entryNamed(data, name, c.repo.HashSize)
		if !found || e.isTree() == (depth == len(names)-1) {
			return nil, nil
		}
		id = e.object()
	}
	kind, data, err := c.repo.store.Read(id)
	if err != nil || kind != odb.Blob {
		return nil, err
	}
	return data, nil
}

func entryNamed(tree, name []byte, hashSize int) (treeEntry, bool) {
	for {
		e, rest, ok := nextEntry(tree, hashSize)
		if !ok || bytes.Equal(e.name, name) {
			return e, ok
		}
		tree = rest
	}
}
