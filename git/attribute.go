package git

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/shrike-scan/shrike/git/odb"
	"github.com/shrike-scan/shrike/scanner"
)

// history is what a scan walked, for Attribute to build on.
type history struct {
	graph *graph
	names *refs
	whole bool                   // all objects of the store, not a range
	paths func(path string) bool // which paths count; nil: all
	logs  *reflogs               // read before the objects were; nil: not yet

	learned     *learned     // for Remember; nil without a cache
	tips        []tip        // of the graph; nil: not gathered yet
	attribution *attribution // the last one of findings
}

// AttributeOptions tunes Attribute.
type AttributeOptions struct {
	Workers int               // goroutines; 0 means GOMAXPROCS
	Problem func(odb.Problem) // called at the end, in order, with trees that could not be read; may be nil
}

// Attribute says of all findings of the last Scan at once where they stood, since
// when, until when, and what still reaches them. It reads every tree of the store
// once (of a range, the trees of its commits), and then costs in proportion
// to what commits changed.
//
// An occurrence in a blob becomes one for each (commit, path) that introduced the
// blob: the commit's tree has it there and no parent's has. A blob that no
// commit's tree holds keeps its one occurrence without a path. Introduced is the
// earliest of these commits, parents before children and else by date. The
// occurrence is alive if HEAD's tree has the blob at that path. Removed
// is the last commit on HEAD's history, or else anywhere, after which no blob of
// the finding was left in the tree. Alive says that HEAD's tree holds one.
//
// Where only a range was scanned, commits outside it are unknown: Refs names the
// refs that stand in the range, and Reach is empty where there is none.
func (r *Repository) Attribute(ctx context.Context, fs []*scanner.Finding, o AttributeOptions) error {
	if len(fs) == 0 {
		return nil
	}
	if r.history == nil {
		return errors.New("attribute findings: nothing was scanned yet")
	}
	var problems problemList
	if o.Problem != nil {
		defer problems.tell(o.Problem)
	}
	a := &attribution{
		repo: r, graph: r.history.graph, findings: fs, problem: problems.add,
		commits: make(map[odb.ID]*scanner.Commit),
	}
	a.gatherBlobs()
	tips := a.tips()
	r.history.tips = tips
	if err := a.place(ctx, tips, ScanOptions{Workers: o.Workers}.workers()); err != nil {
		return err
	}
	r.history.attribution = a
	for _, f := range fs {
		a.expand(f)
	}
	chunks := slices.Collect(slices.Chunk(fs, 64))
	return inParallel(ctx, ScanOptions{Workers: o.Workers}.workers(), len(chunks), func(_, i int) { a.follow(chunks[i], tips) })
}

type attribution struct {
	repo     *Repository
	graph    *graph
	findings []*scanner.Finding
	problem  func(odb.Problem)

	reread  bool // every tree was read
	partial bool // and some could not be

	blobs  blobSet
	shapes *shapeSet
	roots  []uint32  // commit -> shape of its tree
	head   uint32    // shape of HEAD's tree
	places [][]place // blob -> where it was introduced, earliest first
	left   int       // occurrences that may still be listed

	mu      sync.Mutex                 // guards what follows
	commits map[odb.ID]*scanner.Commit // commits and tags that findings name
}

// place is where a commit introduced a blob.
type place struct {
	commit int32
	path   string
}

// gatherBlobs numbers the blobs that hold a finding.
func (a *attribution) gatherBlobs() {
	a.blobs.ids = make(map[odb.ID]uint32)
	for _, f := range a.findings {
		for i := range f.Occurrences {
			if id, ok := blobOf(&f.Occurrences[i]); ok {
				a.blobs.add(id)
			}
		}
	}
}

// blobOf gives the blob that an occurrence stands in.
func blobOf(o *scanner.Occurrence) (odb.ID, bool) {
	if o.Where != scanner.InFile || o.Object == "" {
		return odb.ID{}, false
	}
	id, err := odb.ParseID(o.Object)
	return id, err == nil
}

// fewCommits is how many commits of a range are attributed by reading the trees
// below each, rather than all trees of the store.
const fewCommits = 1000

// readShapes reads trees and finds the shape of each commit's.
func (a *attribution) readShapes(ctx context.Context, workers int) error {
	a.roots = make([]uint32, a.graph.len())
	trees := newTreeSet(a.graph.hashSize, &a.blobs, workers)
	trees.replace(a.repo.replaced)
	if len(a.blobs.ids) == 0 {
		trees.join()
	} else if roots := a.rootTrees(); a.repo.history.whole || len(roots) > fewCommits {
		a.reread = true
		if err := trees.readAll(ctx, a.repo.store, nil, a.unread); err != nil {
			return err
		}
	} else if err := trees.readFrom(ctx, a.repo.store, roots, haveNone, a.unread); err != nil {
		return err
	}
	a.shapes = newShapeSet(trees)
	for c := range a.roots {
		a.roots[c] = a.shapes.of(a.graph.tree(int32(c)))
	}
	return nil
}

// headCommit is the number of HEAD's commit, or absent.
func (a *attribution) headCommit() int32 {
	return a.graph.find(a.repo.history.names.head[:a.graph.hashSize])
}

// rootTrees gives the trees of the scanned commits, of their parents and of HEAD.
func (a *attribution) rootTrees() []odb.ID {
	g := a.graph
	needed := make([]bool, g.len())
	if head := a.headCommit(); head != absent {
		needed[head] = true
	}
	for c := range int32(g.len()) {
		if !g.isBoundary(c) {
			needed[c] = true
			for _, p := range g.parentsOf(c) {
				if p != absent {
					needed[p] = true
				}
			}
		}
	}
	var roots []odb.ID
	for c, yes := range needed {
		if yes {
			roots = append(roots, toID(g.tree(int32(c))))
		}
	}
	return roots
}

// Bounds against trees that expand to more paths than anybody could read. An
// honest import of a large tree brings some thousand findings.
const (
	maxSteps       = 1 << 27 // entries compared
	maxPlaces      = 1 << 20 // of all blobs together
	maxNewPlaces   = 1 << 16 // of one commit
	maxOccurrences = 1 << 20 // of all findings together
)

// introduce finds the commits that brought each blob to each of its paths.
func (a *attribution) introduce() {
	a.places, a.left = make([][]place, len(a.blobs.ids)), maxOccurrences
	var commit int32
	left, leftHere := maxPlaces, 0
	d := &differ{shapes: a.shapes, steps: maxSteps, emit: func(path []byte, blob uint32) bool {
		if counts := a.repo.history.paths; counts != nil && !counts(string(path)) {
			return true
		}
		a.places[blob] = append(a.places[blob], place{commit, string(path)})
		left--
		leftHere--
		return left > 0 && leftHere > 0
	}}
	var parents []uint32
	for _, commit = range a.graph.order {
		if a.roots[commit] == 0 || a.graph.isBoundary(commit) {
			continue
		}
		parents = parents[:0]
		for _, p := range a.graph.parentsOf(commit) {
			if p != absent {
				parents = append(parents, a.roots[p])
			}
		}
		leftHere = maxNewPlaces
		if !d.introduced(a.roots[commit], parents) {
			a.problem(odb.Problem{Object: a.graph.id(commit).String(), Err: errTooManyPlaces})
			if left <= 0 || d.steps < 0 {
				return
			}
		}
	}
}

var errTooManyPlaces = errors.New("findings stand in more places than can be listed: some are left out")

// expand turns a finding's occurrences in objects into occurrences in commits,
// and finds the earliest.
func (a *attribution) expand(f *scanner.Finding) {
	n := len(f.Occurrences)
	for i := range f.Occurrences {
		if id, ok := blobOf(&f.Occurrences[i]); ok {
			n += len(a.places[a.blobs.ids[id]])
		}
	}
	list := make([]scanner.Occurrence, 0, min(n, len(f.Occurrences)+a.left))
	first := absent
	from := func(c int32) *scanner.Commit {
		if first == absent || a.graph.rank[c] < a.graph.rank[first] {
			first = c
		}
		return a.commit(a.graph.id(c))
	}
	for _, o := range f.Occurrences {
		if id, ok := blobOf(&o); ok {
			places := a.places[a.blobs.ids[id]]
			if len(places) > max(1, a.left) {
				a.problem(odb.Problem{Object: o.Object, Err: errTooManyPlaces})
				places = places[:1]
			}
			a.left = max(0, a.left-len(places))
			for _, p := range places {
				o.Path, o.Commit = p.path, from(p.commit)
				now, ok := a.shapes.at(a.head, p.path)
				o.Alive = ok && now == a.blobs.ids[id]
				list = append(list, o)
			}
			if len(places) == 0 {
				list = append(list, o)
			}
			continue
		}
		if id, err := odb.ParseID(o.Object); err == nil {
			if c := a.graph.find(id[:a.graph.hashSize]); c != absent {
				o.Commit = from(c)
			} else {
				o.Commit = a.commit(id)
			}
			hide(o.Commit, f.Secret)
		}
		list = append(list, o)
	}
	f.Occurrences = list
	scanner.SortOccurrences(f.Occurrences)
	if first != absent {
		f.Introduced = a.commit(a.graph.id(first))
	} else if len(list) > 0 {
		f.Introduced = list[0].Commit
	}
}

// hide keeps a secret that stands in a message or a name out of the fields that
// reports show beside it.
func hide(c *scanner.Commit, s scanner.Secret) {
	for _, field := range []*string{&c.Subject, &c.Author, &c.Email} {
		*field = strings.ReplaceAll(*field, s.Reveal(), s.Redacted())
	}
}

// commit describes a commit, or a tag by its tagger. An object that cannot be
// read keeps its id alone.
func (a *attribution) commit(id odb.ID) *scanner.Commit {
	a.mu.Lock()
	defer a.mu.Unlock()
	if c := a.commits[id]; c != nil {
		return c
	}
	c := &scanner.Commit{ID: id.String()}
	if kind, data, err := a.repo.store.Read(id); err == nil {
		var parsed commitObject
		if kind == odb.Tag {
			if t, err := parseTag(data, a.graph.hashSize); err == nil {
				c = describe(id, t.tagger, t.message)
			}
		} else if kind == odb.Commit && parseCommit(data, a.graph.hashSize, &parsed) == nil {
			c = describe(id, parsed.author, parsed.message)
		}
	}
	a.commits[id] = c
	return c
}
