package git

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"sort"

	"github.com/shrike-scan/shrike/git/odb"
	"github.com/shrike-scan/shrike/scanner"
)

// StagedOptions tunes Staged.
type StagedOptions struct {
	Workers int // goroutines; 0 means GOMAXPROCS
}

// Staged scans what the index would commit: the blobs of all entries that HEAD's
// tree does not have at the same path, all of them where HEAD has no commit yet,
// and every side of a conflict. Blobs are read from the object store, never from
// the work tree. Occurrences carry their path. A folder that the index knows to
// equal HEAD's costs one comparison, however much is in it.
func (r *Repository) Staged(ctx context.Context, e *scanner.Engine, c *scanner.Collector, o StagedOptions) (Receipt, error) {
	var receipt Receipt
	idx, err := r.index()
	if err != nil {
		return receipt, err
	}
	names, err := r.readRefs()
	if err != nil {
		return receipt, err
	}
	receipt.Refs, receipt.Head = names.list, names.head
	r.replaced = names.replacements(r.HashSize)
	var head odb.ID
	if !names.head.IsZero() {
		commit, err := r.readCommit(names.head)
		if err != nil {
			return receipt, fmt.Errorf("read HEAD's commit: %w", err)
		}
		head = commit.tree
	}
	var problems problemList
	d := stagedDiff{repo: r, problems: &problems, receipt: &receipt, paths: make(map[odb.ID][]string)}
	d.folder(head, idx.entries, 0, idx.tree)

	ids := slices.SortedFunc(maps.Keys(d.paths), compareIDs)
	readers := make([]*reader, max(1, min(ScanOptions{Workers: o.Workers}.workers(), len(ids))))
	for i := range readers {
		readers[i] = r.newReader(e, c, &problems)
	}
	err = r.scanBlobs(ctx, ids, d.paths, readers, &receipt, nil)
	receipt.countInherited(readers)
	receipt.Empty = len(idx.entries) == 0 && head.IsZero()
	problems.into(&receipt)
	return receipt, err
}

// indexRead is an index, or why it could not be read.
type indexRead struct {
	index *index
	err   error
}

// ReadIndexAhead starts to read the index, which takes milliseconds where it holds
// 100,000 files: time to compile rules in. The next call of Staged uses it. Not to be
// called while Staged runs.
func (r *Repository) ReadIndexAhead() {
	ahead := make(chan indexRead, 1)
	go func() {
		idx, err := readIndex(r.indexFile, r.HashSize)
		ahead <- indexRead{idx, err}
	}()
	r.ahead = ahead
}

func (r *Repository) index() (*index, error) {
	if r.ahead == nil {
		return readIndex(r.indexFile, r.HashSize)
	}
	read := <-r.ahead
	r.ahead = nil
	return read.index, read.err
}

// maxPath bounds, in bytes, the folders that are looked at one by one. It is what
// Linux takes as a path.
const maxPath = 4096

// stagedDiff gathers the entries of an index that a tree lacks.
type stagedDiff struct {
	repo     *Repository
	problems *problemList
	receipt  *Receipt
	paths    map[odb.ID][]string // blob -> paths it is staged at
}

// folder compares entries, which are all of one folder and below it, with a tree.
// prefix is the length of the folder's path with its slash. The zero id stands
// for no tree.
func (d *stagedDiff) folder(tree odb.ID, entries []indexEntry, prefix int, known *cacheTree) {
	if known.equals(tree, len(entries)) {
		return
	}
	if prefix > maxPath { // no honest path is as long: all below counts as added
		for i := range entries {
			d.entry(&entries[i], treeEntry{})
		}
		return
	}
	have := d.read(tree)
	for i := 0; i < len(entries); {
		e := &entries[i]
		name := e.path[prefix:]
		slash := bytes.IndexByte(name, '/')
		if slash < 0 {
			d.entry(e, have[string(name)])
			i++
			continue
		}
		below := prefix + slash + 1
		dir := e.path[:below]
		folder := known.folder(name[:slash])
		n := countBelow(entries[i:], dir, folder)
		var sub odb.ID
		if h := have[string(name[:slash])]; h.isTree() {
			sub = h.object()
		}
		if len(e.path) == below {
			d.sparse(e, sub)
		} else {
			d.folder(sub, entries[i:i+max(n, 1)], below, folder)
		}
		i += max(n, 1)
	}
}

// countBelow counts the entries at the front whose paths start with dir. The folder's
// own count is tried first: in an index of many folders a search would touch a
// good part of it.
func countBelow(entries []indexEntry, dir []byte, known *cacheTree) int {
	isBelow := func(i int) bool { return bytes.HasPrefix(entries[i].path, dir) }
	if known != nil && 0 < known.entries && known.entries <= len(entries) {
		if n := known.entries; isBelow(n-1) && (n == len(entries) || !isBelow(n)) {
			return n
		}
	}
	return sort.Search(len(entries), func(i int) bool { return !isBelow(i) })
}

// entry stages one file unless the tree has it.
func (d *stagedDiff) entry(e *indexEntry, have treeEntry) {
	switch {
	case e.mode&modeType == modeGitlink:
	case e.ita:
		d.receipt.Notes = append(d.receipt.Notes, fmt.Sprintf("%q is marked to be added later (git add -N): nothing of it is staged", e.path))
	case !have.isTree() && bytes.Equal(have.id, e.id[:d.repo.HashSize]):
	default:
		d.paths[e.id] = append(d.paths[e.id], string(e.path))
	}
}

// sparse stages what a folder that the index holds only as a whole has beyond
// the tree's.
func (d *stagedDiff) sparse(e *indexEntry, tree odb.ID) {
	diff := treeDiff{
		store: d.repo.store, hashSize: d.repo.HashSize, problem: d.problems.object,
		blob: func(id odb.ID) { d.paths[id] = append(d.paths[id], string(e.path)) },
	}
	if err := diff.introduced(e.id, []odb.ID{tree}); err != nil {
		d.problems.object(e.id, err)
	}
}

func (d *stagedDiff) read(tree odb.ID) map[string]treeEntry {
	if tree.IsZero() {
		return nil
	}
	data, err := readKind(d.repo.store, tree, odb.Tree)
	if err != nil {
		d.problems.object(tree, err)
	}
	have := make(map[string]treeEntry)
	for {
		e, rest, ok := nextEntry(data, d.repo.HashSize)
		if !ok {
			return have
		}
		have[string(e.name)] = e
		data = rest
	}
}
