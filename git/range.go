package git

import (
	"context"
	"maps"
	"slices"

	"github.com/shrike-scan/shrike/git/odb"
	"github.com/shrike-scan/shrike/scanner"
)

// scanRange scans what the commits of a range introduce: their messages, and each
// blob that a commit's tree has at a path where no parent's tree has it, once.
func (r *Repository) scanRange(ctx context.Context, e *scanner.Engine, c *scanner.Collector, o ScanOptions, names *refs) (Receipt, error) {
	receipt := Receipt{Revision: o.Revisions}
	selected, err := r.selectRevisions(o.Revisions, names)
	if err != nil {
		return receipt, err
	}
	var problems problemList
	walk, err := r.walkCommits(ctx, selected, problems.object)
	if err != nil {
		return receipt, err
	}
	readers := make([]*reader, o.workers())
	for i := range readers {
		readers[i] = newReader(e, c, r.HashSize, &problems)
	}
	blobs, err := r.introducedBlobs(ctx, walk, readers)
	if err != nil {
		return receipt, err
	}
	err = r.scanBlobs(ctx, blobs, nil, readers, &receipt, o.Progress)
	r.history = &history{graph: r.rangeGraph(walk, names), names: names}
	receipt.Commits = len(walk.found)
	receipt.Objects[odb.Commit] = int64(len(walk.found))
	receipt.Empty = len(walk.found) == 0
	problems.into(&receipt)
	return receipt, err
}

// introducedBlobs scans the text of the walk's commits and gives the ids of the
// blobs that they introduce, sorted.
func (r *Repository) introducedBlobs(ctx context.Context, walk *commitWalk, readers []*reader) ([]odb.ID, error) {
	diffs := make([]*treeDiff, len(readers))
	blobs := make([]map[odb.ID]struct{}, len(readers))
	for i := range diffs {
		blobs[i] = make(map[odb.ID]struct{})
		diffs[i] = &treeDiff{
			store: r.store, hashSize: r.HashSize, problem: readers[i].problems.object,
			blob: func(id odb.ID) { blobs[i][id] = struct{}{} },
		}
	}
	err := inParallel(ctx, len(readers), len(walk.found), func(worker, i int) {
		n := walk.found[i]
		readers[worker].commitText(n.id, n.commit)
		n.commit.strip()
		var parents []odb.ID
		if !r.shallow[n.id] {
			for _, p := range n.commit.parents {
				if parent := walk.nodes[p]; parent != nil {
					parents = append(parents, parent.commit.tree)
				}
			}
		}
		diffs[worker].introduced(n.commit.tree, parents)
	})
	for _, more := range blobs[1:] {
		maps.Copy(blobs[0], more)
	}
	return slices.SortedFunc(maps.Keys(blobs[0]), compareIDs), err
}

// rangeGraph is the graph of the walk's commits, with their parents outside of
// it and HEAD as boundary.
func (r *Repository) rangeGraph(walk *commitWalk, names *refs) *graph {
	b := &graphBuilder{hashSize: r.HashSize}
	added := make(map[odb.ID]bool)
	for _, n := range walk.found {
		added[n.id] = true
		b.add(n.id, n.commit, false)
	}
	outside := func(id odb.ID, c *commitObject) {
		if !added[id] {
			added[id] = true
			b.add(id, c, true)
		}
	}
	for _, n := range walk.found {
		for _, p := range n.commit.parents {
			if parent := walk.nodes[p]; parent != nil {
				outside(p, parent.commit)
			}
		}
	}
	if head, kind, _, _, err := r.peel(names.head); err == nil && kind == odb.Commit {
		if c, err := r.readCommit(head); err == nil {
			outside(head, c)
		}
	}
	return buildGraph(r.HashSize, []*graphBuilder{b}, r.shallow, nil)
}
