package git

import (
	"context"
	"maps"
	"slices"

	"github.com/shrike-scan/shrike/git/odb"
	"github.com/shrike-scan/shrike/scanner"
)

// scanRange scans what the commits that o asks for introduce: their messages, and
// each blob that a commit's tree has at a path where no parent's tree has it, once.
//
// Commits are read from the objects themselves, for every message of the range is
// scanned; a commit-graph only tells which commits have other dates.
func (r *Repository) scanRange(ctx context.Context, e *scanner.Engine, c *scanner.Collector, o ScanOptions, names *refs) (Receipt, error) {
	var receipt Receipt
	var problems problemList
	readers := make([]*reader, o.workers())
	for i := range readers {
		readers[i] = r.newReader(e, c, &problems)
		readers[i].whole = o.Whole
	}
	var g *graph
	var err error
	if len(o.Revisions)+len(o.Refs) > 0 {
		g, err = r.reachedCommits(ctx, &o, names, readers, &receipt)
	} else {
		g, err = r.storedCommits(ctx, &o, readers, &receipt)
	}
	if err != nil {
		return receipt, err
	}
	blobs, err := r.introducedBlobs(ctx, g, &o, &problems)
	if err != nil {
		return receipt, err
	}
	if len(blobs) > max(fewBlobs, r.store.Packed()/manyBlobs) {
		err = r.walkBlobs(ctx, blobs, readers, &receipt, o.Progress)
	} else {
		err = r.scanBlobs(ctx, slices.SortedFunc(maps.Keys(blobs), compareIDs), nil, readers, &receipt, o.Progress)
	}
	receipt.countInherited(readers)
	r.history = &history{graph: g, names: names, paths: o.Paths}
	receipt.Empty = receipt.Commits == 0
	problems.into(&receipt)
	return receipt, err
}

// A walk through the store's delta trees costs less than reading blobs one by one,
// which expands the bases of each anew, where more than one in manyBlobs objects
// of the packs is wanted: to plan a walk takes time for every one of them.
const (
	manyBlobs = 100
	fewBlobs  = 256
)

// reachedCommits finds the commits of o.Revisions and o.Refs, scans their texts
// and those of tags on the way, and gives their graph.
func (r *Repository) reachedCommits(ctx context.Context, o *ScanOptions, names *refs, readers []*reader, receipt *Receipt) (*graph, error) {
	selected, err := r.selectRevisions(slices.Concat(o.Revisions, o.Refs), names)
	if err != nil {
		return nil, err
	}
	walk, err := r.walkCommits(ctx, selected, readers[0].problems.object)
	if err != nil {
		return nil, err
	}
	walk.found, walk.beside = o.split(walk.found)
	if o.Paths == nil {
		err = inParallel(ctx, len(readers), len(walk.found), func(worker, i int) {
			n := walk.found[i]
			readers[worker].commitText(n.id, n.commit)
			n.commit.strip()
		})
		if err != nil {
			return nil, err
		}
		if err := r.namedTags(o, names, readers[0], receipt); err != nil {
			return nil, err
		}
	}
	receipt.Commits = len(walk.found)
	receipt.Objects[odb.Commit] = int64(len(walk.found))
	return r.rangeGraph(walk, names), nil
}

// split parts commits by whether their date is asked for.
func (o *ScanOptions) split(nodes []*walkNode) (inside, outside []*walkNode) {
	for _, n := range nodes {
		if o.dated(n.commit.committer.seconds) {
			inside = append(inside, n)
		} else {
			outside = append(outside, n)
		}
	}
	return inside, outside
}

// namedTags scans the annotated tags that o.Refs name.
func (r *Repository) namedTags(o *ScanOptions, names *refs, own *reader, receipt *Receipt) error {
	resolver := r.newResolver(names)
	for _, name := range o.Refs {
		id, err := resolver.object(name, name)
		if err != nil {
			continue // an expression such as main~3: no tag stands on its way
		}
		_, _, _, tags, err := r.peel(id)
		if err != nil {
			return err
		}
		for _, id := range tags {
			data, err := readKind(r.store, id, odb.Tag)
			if err != nil {
				return err
			}
			own.inRange(&odb.Object{ID: id, Kind: odb.Tag, Data: data}, o)
			receipt.Objects[odb.Tag]++
		}
	}
	return nil
}

// storedCommits reads all commits and tags of the store, scans the texts of those
// whose dates are asked for, and gives the graph. To follow refs instead would
// cost about as much, miss what no ref reaches, and have to trust clocks to know
// when to stop.
func (r *Repository) storedCommits(ctx context.Context, o *ScanOptions, readers []*reader, receipt *Receipt) (*graph, error) {
	outside, err := r.outside(o)
	if err != nil {
		receipt.Notes = append(receipt.Notes, err.Error())
	}
	_, err = r.store.Walk(ctx, odb.WalkOptions{Kinds: []odb.Kind{odb.Commit, odb.Tag}, Known: outside, Workers: len(readers)}, odb.Visitor{
		Object: func(worker int, obj *odb.Object) error {
			readers[worker].inRange(obj, o)
			return nil
		},
		Known: func(c *odb.GraphCommit) {
			readers[0].graph.add(c.ID, &commitObject{tree: c.Tree, committer: signature{seconds: c.Date}}, true)
		},
		Problem: readers[0].problems.add,
	})
	if err != nil {
		return nil, err
	}
	builders := make([]*graphBuilder, len(readers))
	for i, own := range readers {
		builders[i] = &own.graph
	}
	g := buildGraph(r.HashSize, builders, func(parent odb.ID) { r.missing(parent, "", readers[0].problems) })
	for c := range int32(g.len()) {
		if !g.isBoundary(c) {
			receipt.Commits++
		}
	}
	receipt.Objects[odb.Commit] = int64(receipt.Commits)
	return g, nil
}

// outside gives the commits that need not be read, as a commit-graph dates them
// before or after what is asked for. As in git none is used where commits are shown
// with other parents or trees than their own. A date of zero is no date that git could
// read.
func (r *Repository) outside(o *ScanOptions) ([]odb.GraphCommit, error) {
	if o.Since.IsZero() && o.Until.IsZero() || len(r.replaced)+len(r.grafts)+len(r.shallow) > 0 {
		return nil, nil
	}
	commits, err := r.store.CommitGraph()
	return slices.DeleteFunc(commits, func(c odb.GraphCommit) bool { return c.Date == 0 || o.dated(c.Date) }), err
}

// inRange takes a commit or a tag into the graph, and scans its text if its date
// is asked for.
func (r *reader) inRange(obj *odb.Object, o *ScanOptions) {
	switch obj.Kind {
	case odb.Commit:
		if err := parseCommit(obj.Data, r.hashSize, &r.commit); err != nil {
			r.problems.object(obj.ID, err)
			return
		}
		inside := o.dated(r.commit.committer.seconds)
		if inside && o.Paths == nil {
			r.commitText(obj.ID, &r.commit)
		}
		r.repo.seen(obj.ID, &r.commit)
		r.graph.add(obj.ID, &r.commit, !inside)
	case odb.Tag:
		if t, err := parseTag(obj.Data, r.hashSize); err != nil {
			r.problems.object(obj.ID, err)
		} else if o.dated(t.tagger.seconds) && o.Paths == nil {
			r.text(scanner.InTagMessage, obj.ID, t.message)
			r.identity(obj.ID, t.tagger.text)
		}
	}
}

// commitsAtOnce is how many commits in a row one goroutine compares: each has
// most trees in common with the next.
const commitsAtOnce = 32

// introducedBlobs gives the ids of the blobs that the commits of a graph
// introduce.
func (r *Repository) introducedBlobs(ctx context.Context, g *graph, o *ScanOptions, problems *problemList) (map[odb.ID]struct{}, error) {
	var commits []int32
	for _, c := range g.order {
		if !g.isBoundary(c) {
			commits = append(commits, c)
		}
	}
	parts := slices.Collect(slices.Chunk(commits, commitsAtOnce))
	diffs := make([]*treeDiff, o.workers())
	blobs := make([]map[odb.ID]struct{}, len(diffs))
	for i := range diffs {
		blobs[i] = make(map[odb.ID]struct{})
		diffs[i] = &treeDiff{
			store: r.store, hashSize: r.HashSize, replaced: r.replaced, problem: r.tolerant(problems),
			paths: o.Paths, blob: func(id odb.ID) { blobs[i][id] = struct{}{} },
		}
	}
	err := inParallel(ctx, len(diffs), len(parts), func(worker, i int) {
		var parents []odb.ID
		for _, c := range parts[i] {
			parents = parents[:0]
			for _, p := range g.parentsOf(c) {
				if p != absent {
					parents = append(parents, toID(g.tree(p)))
				}
			}
			if err := diffs[worker].introduced(toID(g.tree(c)), parents); err != nil {
				problems.object(g.id(c), err)
			}
		}
	})
	for _, more := range blobs[1:] {
		maps.Copy(blobs[0], more)
	}
	return blobs[0], err
}

// rangeGraph is the graph of the walk's commits. Their parents outside of it,
// those left out for their date, and HEAD are its boundary.
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
	for _, n := range walk.beside {
		outside(n.id, n.commit)
	}
	if head, kind, _, _, err := r.peel(names.head); err == nil && kind == odb.Commit {
		if c, err := r.readCommit(head); err == nil {
			outside(head, c)
		}
	}
	return buildGraph(r.HashSize, []*graphBuilder{b}, nil)
}
