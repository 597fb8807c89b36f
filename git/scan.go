package git

import (
	"context"
	"errors"
	"io"
	"runtime"
	"time"

	"github.com/shrike-scan/shrike/git/odb"
	"github.com/shrike-scan/shrike/scanner"
)

// ScanOptions narrows and tunes Scan.
type ScanOptions struct {
	Workers  int                     // goroutines; 0 means GOMAXPROCS
	Progress func(done, total int64) // may be nil; called serially

	// Revisions narrow the scan to what commits introduce, in the words of
	// gitrevisions(7): "A..B", "A...B", "A", "^A". Commits reachable from any of
	// the positive ones and from none of the negative ones are scanned. Where
	// A of "A..B" is all zeros (a new branch), what the remote-tracking refs
	// hold (without any: what other refs hold) is taken as known. Empty: every
	// object of the store.
	Revisions []string

	// Refs add what each of these names reaches, all of its history, and the
	// annotated tags on the way there. They are positive Revisions otherwise.
	Refs []string

	// Since and Until, where not zero, leave commits and tags out whose committer's
	// or tagger's date is earlier or later, whatever surrounds them. Without
	// Revisions and Refs all commits of the store count, reachable or not.
	Since, Until time.Time

	// Paths, where not nil, reports which paths count: only blobs are scanned that
	// commits introduce at one of them, and no messages. Slash separated, relative
	// to the root. Called concurrently.
	Paths func(path string) bool

	AllowShallow bool // a shallow or partial clone is a note, not an incomplete scan

	// Cache is the folder of the files that keep what scans of all objects learned,
	// one a repository, see Remember; empty for none. CacheSalt is what results
	// depend on besides the engine's hash: the program's version.
	Cache, CacheSalt string

	// Whole scans every blob whole, where by default one that is stored as a delta
	// is scanned only where it is new. Findings are the same: this is the oracle.
	Whole bool
}

func (o ScanOptions) workers() int {
	if o.Workers > 0 {
		return o.Workers
	}
	return runtime.GOMAXPROCS(0)
}

// Narrowed reports whether less than every object of the store is asked for.
func (o *ScanOptions) Narrowed() bool {
	return len(o.Revisions)+len(o.Refs) > 0 || !o.Since.IsZero() || !o.Until.IsZero() || o.Paths != nil
}

// dated reports whether a date, in seconds since 1970, is asked for.
func (o *ScanOptions) dated(seconds int64) bool {
	return (o.Since.IsZero() || seconds >= o.Since.Unix()) && (o.Until.IsZero() || seconds <= o.Until.Unix())
}

// Scan scans every object of the store, or what commits introduce that o asks
// for: blobs,
// messages of commits and tags, identities. Occurrences in blobs have no path
// until Attribute. What cannot be read is in the receipt and stops nothing. An
// error means that the scan itself did not happen: *UnknownRevisionError, or
// the context's.
func (r *Repository) Scan(ctx context.Context, e *scanner.Engine, c *scanner.Collector, o ScanOptions) (Receipt, error) {
	first := r.opening(o)
	if first.err != nil {
		return Receipt{}, first.err
	}
	var receipt Receipt
	var err error
	names := first.names
	r.replaced = names.replacements(r.HashSize)
	if o.Narrowed() {
		receipt, err = r.scanRange(ctx, e, c, o, names)
	} else {
		receipt, err = r.scanAll(ctx, e, c, o, first)
	}
	if err != nil {
		return receipt, err
	}
	receipt.Refs, receipt.Head = names.list, names.head
	if len(r.settings.promisor) > 0 {
		if receipt.Missing, err = r.countMissing(ctx, o.workers()); err != nil {
			return receipt, err
		}
	}
	incomplete, notes := r.hidden(o.AllowShallow, receipt.Missing)
	receipt.Incomplete = append(receipt.Incomplete, incomplete...)
	receipt.Notes = append(receipt.Notes, notes...)
	return receipt, nil
}

// errTooLarge is the problem of a commit or tag that was streamed: its text was
// scanned, but its headers were not understood.
var errTooLarge = errors.New("commit or tag is too large to be parsed: its text was scanned, its parents are unknown")

// scanAll visits every object once and builds the graph of all commits.
func (r *Repository) scanAll(ctx context.Context, e *scanner.Engine, c *scanner.Collector, o ScanOptions, first *opening) (Receipt, error) {
	names, inc := first.names, first.inc
	var problems problemList
	for _, p := range names.problems {
		problems.add(p)
	}
	notes, err := r.recall(ctx, e, c, o, inc, first.fault)
	if err != nil {
		return Receipt{}, err
	}
	readers := make([]*reader, o.workers())
	builders := make([]*graphBuilder, len(readers))
	for i := range readers {
		readers[i] = r.newReader(e, c, &problems)
		readers[i].whole = o.Whole
		readers[i].log = inc.newLog()
		builders[i] = &readers[i].graph
	}
	stats, err := r.store.Walk(ctx, odb.WalkOptions{
		Kinds:   []odb.Kind{odb.Commit, odb.Blob, odb.Tag},
		Only:    inc.fresh,
		Workers: len(readers), Progress: o.Progress,
	}, odb.Visitor{
		Object: func(worker int, o *odb.Object) error {
			readers[worker].object(o)
			return nil
		},
		Large: func(worker int, id odb.ID, k odb.Kind, _ int64, body io.Reader) error {
			readers[worker].stream(id, k, body)
			return nil
		},
		Problem: problems.add,
	})
	receipt := Receipt{Objects: stats.Objects, Bytes: stats.Bytes}
	if err != nil {
		return receipt, err
	}
	receipt.countInherited(readers)
	g, from := inc.extend(r.HashSize, builders, func(parent odb.ID) { r.missing(parent, "", &problems) })
	for c := range int32(g.len()) {
		if from[c] == absent || !inc.intact {
			r.missing(toID(g.tree(c)), "", &problems)
		}
	}
	for _, ref := range names.list {
		r.missing(ref.ID, ref.Name, &problems)
	}
	r.history = &history{graph: g, names: names, whole: true, logs: &first.logs}
	r.history.learned = inc.learn(g, from, readers, int(problems.count) == len(names.problems))
	receipt.Notes = append(notes, stats.Notes...)
	inc.count(&receipt)
	receipt.Commits = g.len()
	receipt.Blobs = receipt.Objects[odb.Blob]
	receipt.Empty = receipt.Objects == [5]int64{} && stats.Problems == 0
	problems.into(&receipt)
	return receipt, nil
}

// missing reports an object that is named but not stored. In a partial clone that
// is no damage: the receipt says that much is missing.
func (r *Repository) missing(id odb.ID, name string, problems *problemList) {
	if r.bundle != nil && (r.bundle.needs[id] || r.bundle.filter != "") {
		return
	}
	if len(r.settings.promisor) == 0 && !r.store.Has(id) {
		problems.add(odb.Problem{Object: id.String(), Path: name, Err: &odb.MissingError{ID: id}})
	}
}

// reader scans objects on one goroutine.
type reader struct {
	engine    *scanner.Engine
	scratch   *scanner.Scratch
	collector *scanner.Collector // nil: matches go to the log alone
	log       *matchLog          // nil: matches go to the collector alone
	problems  *problemList
	repo      *Repository
	hashSize  int
	graph     graphBuilder
	commit    commitObject
	clean     map[string]struct{} // identities in which nothing was found

	whole  bool // scan every blob whole
	pieces []odb.Copy
	copies []scanner.Copy

	inherited int64 // bytes that were copied from bases already scanned
}

func (r *Repository) newReader(e *scanner.Engine, c *scanner.Collector, problems *problemList) *reader {
	return &reader{
		engine: e, scratch: e.NewScratch(), collector: c, problems: problems,
		repo: r, hashSize: r.HashSize, graph: graphBuilder{hashSize: r.HashSize}, clean: make(map[string]struct{}),
	}
}

func (r *reader) object(o *odb.Object) {
	r.log.saw(o.ID, o.Kind)
	switch o.Kind {
	case odb.Blob:
		r.blob(o)
	case odb.Commit:
		if err := parseCommit(o.Data, r.hashSize, &r.commit); err != nil {
			r.problems.object(o.ID, err)
			r.text(scanner.InCommitMessage, o.ID, o.Data)
			return
		}
		r.commitText(o.ID, &r.commit)
		r.repo.seen(o.ID, &r.commit)
		r.graph.add(o.ID, &r.commit, false)
	case odb.Tag:
		t, err := parseTag(o.Data, r.hashSize)
		if err != nil {
			r.problems.object(o.ID, err)
			r.text(scanner.InTagMessage, o.ID, o.Data)
			return
		}
		r.text(scanner.InTagMessage, o.ID, t.message)
		r.identity(o.ID, t.tagger.text)
	}
}

// blob scans a blob, where it can only where it differs from its delta base, and
// leaves what the scans of its own deltas need.
func (r *reader) blob(o *odb.Object) {
	var keep *scanner.State
	if o.IsBase && !r.whole {
		keep = &scanner.State{}
		o.Note = keep
	}
	var ms []scanner.Match
	if o.Delta != nil {
		r.pieces = o.Delta.Copies(r.pieces[:0])
		r.copies = r.copies[:0]
		for _, p := range r.pieces {
			r.copies = append(r.copies, scanner.Copy(p))
			r.inherited += int64(p.Len)
		}
		ms = r.engine.ScanDerived(r.scratch, o.Data, o.Delta.Note.(*scanner.State), r.copies, keep)
	} else {
		ms = r.engine.ScanKeep(r.scratch, o.Data, keep)
	}
	if len(ms) > 0 {
		r.found(scanner.InFile, o.ID, ms)
	}
	if notes := r.scratch.Notes(); len(notes) > 0 && r.collector != nil {
		r.collector.Note(scanner.Place{Where: scanner.InFile, Object: o.ID.String()}, notes)
	}
}

// commitText scans what people wrote into a commit: its message, its identities,
// and the tags that it merged.
func (r *reader) commitText(id odb.ID, c *commitObject) {
	r.text(scanner.InCommitMessage, id, c.message)
	r.identity(id, c.author.text)
	r.identity(id, c.committer.text)
	for _, folded := range c.mergetags {
		if t, err := parseTag(unfold(folded), r.hashSize); err == nil {
			r.text(scanner.InCommitMessage, id, t.message)
			r.identity(id, t.tagger.text)
		}
	}
}

func (r *reader) text(where scanner.Where, id odb.ID, text []byte) {
	if ms := r.engine.Scan(r.scratch, text); len(ms) > 0 {
		r.found(where, id, ms)
	}
}

// found hands over the matches of an object.
func (r *reader) found(where scanner.Where, id odb.ID, ms []scanner.Match) {
	r.log.found(where, id, ms)
	if r.collector != nil {
		r.collector.Add(scanner.Place{Where: where, Object: id.String()}, ms)
	}
}

// maxClean bounds how many harmless identities are remembered. A history of a
// million commits has some tens of thousands.
const maxClean = 1 << 16

// identity scans "NAME <ADDRESS>". Most commits share theirs with many others,
// so those without a finding are scanned once.
func (r *reader) identity(id odb.ID, text []byte) {
	if _, ok := r.clean[string(text)]; ok || len(text) == 0 {
		return
	}
	if ms := r.engine.Scan(r.scratch, text); len(ms) > 0 {
		r.found(scanner.InIdentity, id, ms)
	} else if len(r.clean) < maxClean {
		r.clean[string(text)] = struct{}{}
	}
}

// stream scans an object that is too large to be held.
func (r *reader) stream(id odb.ID, k odb.Kind, body io.Reader) {
	place := scanner.Place{Where: scanner.InFile, Object: id.String()}
	switch k {
	case odb.Commit:
		place.Where = scanner.InCommitMessage
		r.problems.object(id, errTooLarge)
	case odb.Tag:
		place.Where = scanner.InTagMessage
		r.problems.object(id, errTooLarge)
	}
	r.log.saw(id, k)
	_, err := r.engine.ScanReader(r.scratch, body, func(ms []scanner.Match) {
		r.log.lose()
		r.collector.Add(place, ms)
	})
	if err != nil {
		r.problems.object(id, err)
	}
}
