package git

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"github.com/shrike-scan/shrike/git/cache"
	"github.com/shrike-scan/shrike/git/odb"
	"github.com/shrike-scan/shrike/scanner"
)

// A scan of all objects with a cache goes as follows:
//
//	contents   packs and loose objects as they are now
//	memory     what the last scan left; what is gone since is taken out of it
//	recall     a few of the objects that hold credentials are scanned again, so
//	           that each credential is met once; the places of all are known
//	walk       only objects that the memory does not know
//	attribute  only the trees of new commits are read
//	remember   the memory is written anew, if anything changed
//
// Whatever does not fit makes it forget the memory and scan everything.

// cacheFile is the file for this repository in a folder of caches. Its name is a
// hash of the place of what its worktrees share.
func (r *Repository) cacheFile(folder string) string {
	dir := r.CommonDir
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	sum := sha256.Sum256([]byte(filepath.ToSlash(dir)))
	return filepath.Join(folder, hex.EncodeToString(sum[:16])+".history")
}

// cacheKey covers what a scan's result depends on besides objects and refs.
func (r *Repository) cacheKey(e *scanner.Engine, salt string) cache.Key {
	h := sha256.New()
	put := func(format string, args ...any) { _, _ = fmt.Fprintf(h, format+"\n", args...) }
	put("%q %d %s", salt, r.HashSize, e.Hash())
	for _, id := range slices.SortedFunc(maps.Keys(r.shallow), compareIDs) {
		put("shallow %s", id)
	}
	for _, id := range slices.SortedFunc(maps.Keys(r.grafts), compareIDs) {
		put("graft %s %v", id, r.grafts[id])
	}
	for _, id := range slices.SortedFunc(maps.Keys(r.replaced), compareIDs) {
		put("replace %s %s", id, r.replaced[id])
	}
	return cache.Key(h.Sum(nil))
}

// incremental is what a scan with a cache knows before it walks.
type incremental struct {
	file     string // of the cache; empty for none
	key      cache.Key
	contents odb.Contents
	memory   *memory                  // of what is still there; nil: nothing is known
	kinds    []scanner.Match          // of the memory's credentials, by kind
	scanned  map[odb.ID][]loggedMatch // objects that were scanned to get these
	fresh    map[odb.ID]struct{}      // objects to scan; nil: all
	intact   bool                     // no pack of the memory is gone
	same     bool                     // nothing came and nothing is gone
}

// remembered reads the cache, as far as that needs no engine. fault says why there
// is no memory.
func (r *Repository) remembered(folder string) (inc *incremental, fault, err error) {
	inc = &incremental{}
	if folder == "" || r.bundle != nil || len(r.settings.promisor) > 0 { // a partial clone's old trees may get new blobs
		return inc, nil, nil
	}
	inc.file = r.cacheFile(folder)
	if inc.contents, err = r.store.Contents(); err != nil {
		return nil, nil, err
	}
	if inc.contents.Faulty {
		return inc, errFaulty, nil
	}
	var m *memory
	if inc.key, m, fault = readMemory(inc.file, r.HashSize); fault == nil {
		fault = odb.Guarded(func() error { return inc.compare(m) })
	}
	return inc, fault, nil
}

// recall gives what the cache knows, if it was written with this engine. What it
// found wrong with a cache that is there is a note; then, as without a cache, all is
// fresh.
func (r *Repository) recall(ctx context.Context, e *scanner.Engine, c *scanner.Collector, o ScanOptions, inc *incremental, fault error) (notes []string, err error) {
	if inc.file == "" {
		return nil, nil
	}
	if key := r.cacheKey(e, o.CacheSalt); key != inc.key {
		inc.key = key
		fault = cmp.Or(fault, errStale)
	}
	if fault == nil {
		fault = inc.recognize(ctx, r, e, o.workers())
	}
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case fault != nil:
		inc.memory, inc.fresh, inc.same = nil, nil, false
		if !cache.Missing(fault) && !errors.Is(fault, errStale) && !errors.Is(fault, errFaulty) {
			notes = append(notes, fmt.Sprintf("the history cache %s is not used: %v", inc.file, fault))
		}
		return notes, nil
	}
	inc.collect(c)
	return nil, nil
}

func readMemory(file string, hashSize int) (cache.Key, *memory, error) {
	key, s, err := cache.Read(file)
	if err != nil {
		return key, nil, err
	}
	m, err := parseMemory(s, hashSize)
	return key, m, err
}

var (
	errGone    = errors.New("commits are gone that others need")
	errStale   = errors.New("it was written with other rules or settings")
	errFaulty  = errors.New("packs cannot be read") // everything is read, so that everything faulty is told
	errChanged = errors.New("objects that it names hold something else")
)

// compare finds what came since the memory was made, and takes out of it what is
// gone.
func (inc *incremental) compare(m *memory) error {
	size := m.graph.hashSize
	known := make(map[odb.PackID]bool)
	for _, p := range m.packs {
		known[p] = true
	}
	var old, added []odb.Pack
	for _, p := range inc.contents.Packs {
		if known[p.PackID] {
			delete(known, p.PackID)
			old = append(old, p)
		} else {
			added = append(added, p)
		}
	}
	inc.intact = len(known) == 0
	inc.fresh = make(map[odb.ID]struct{})
	for _, p := range added {
		for i := range p.Len() {
			// A pack repeats bases that its deltas need: trees among them are in old packs.
			if id := p.ID(i); !m.knows(id) && !packed(old, toID(id)) {
				inc.fresh[toID(id)] = struct{}{}
			}
		}
	}
	for _, id := range inc.contents.Loose {
		if !m.loose.has(id[:size]) && !m.knows(id[:size]) && !packed(inc.contents.Packs, id) {
			inc.fresh[id] = struct{}{}
		}
	}
	inc.same = inc.intact && len(added) == 0 && len(inc.fresh) == 0 && m.loose.len() == len(inc.contents.Loose)
	inc.memory = m
	if gone := inc.gone(m); gone != nil {
		left, ok := m.without(gone)
		if !ok {
			return errGone
		}
		inc.memory, inc.same = left, false
	}
	return nil
}

// packed reports whether one of some packs holds an object.
func packed(ps []odb.Pack, id odb.ID) bool {
	return slices.ContainsFunc(ps, func(p odb.Pack) bool { return p.Holds(id) })
}

// gone gives what tells whether a known object is gone, or nil when none is.
func (inc *incremental) gone(m *memory) func(id []byte) bool {
	size := m.graph.hashSize
	here := func(id []byte) bool {
		_, loose := slices.BinarySearchFunc(inc.contents.Loose, id, func(a odb.ID, b []byte) int { return bytes.Compare(a[:size], b) })
		return loose || packed(inc.contents.Packs, toID(id))
	}
	all := []idTable{m.loose}
	if !inc.intact {
		all = append(all, m.blobs, m.tags, idTable{size, m.graph.ids})
	}
	for _, t := range all {
		for i := range t.len() {
			if !here(t.at(i)) {
				return func(id []byte) bool { return !here(id) }
			}
		}
	}
	return nil
}

// recognize scans so many of the objects that hold credentials that each kind of
// credential is met, and all that hold an allowing comment, whose text is not
// remembered. It fails where a scan gives anything else than is remembered.
func (inc *incremental) recognize(ctx context.Context, r *Repository, e *scanner.Engine, workers int) error {
	m := inc.memory
	inc.kinds = make([]scanner.Match, m.kinds)
	met := make([]bool, m.kinds)
	var chosen []*spotted
	for i := range m.objects {
		o := &m.objects[i]
		if slices.ContainsFunc(o.spots, func(s spot) bool { return s.allowed || !met[s.kind] }) {
			chosen = append(chosen, o)
			for _, s := range o.spots {
				met[s.kind] = true
			}
		}
	}
	workers = max(1, min(workers, len(chosen)))
	readers := make([]*reader, workers)
	var problems problemList
	for i := range readers {
		readers[i] = r.newReader(e, nil, &problems)
		readers[i].log = new(matchLog)
	}
	err := inParallel(ctx, workers, len(chosen), func(worker, i int) {
		id := chosen[i].id
		kind, data, err := r.store.Read(id)
		if err != nil {
			problems.object(id, err)
			return
		}
		readers[worker].object(&odb.Object{ID: id, Kind: kind, Data: data})
	})
	if err != nil {
		return err
	}
	inc.scanned = make(map[odb.ID][]loggedMatch)
	for _, own := range readers {
		for _, l := range own.log.list {
			inc.scanned[l.id] = append(inc.scanned[l.id], l)
		}
	}
	clear(met)
	for _, o := range chosen {
		list := inc.scanned[o.id]
		if len(list) != len(o.spots) {
			return errChanged
		}
		for i, s := range o.spots {
			got := &list[i]
			if met[s.kind] && credentialOf(&got.match) != credentialOf(&inc.kinds[s.kind]) || got.spot(s.kind) != s {
				return errChanged
			}
			met[s.kind], inc.kinds[s.kind] = true, got.match
		}
	}
	return nil
}

// collect hands over what the remembered objects hold.
func (inc *incremental) collect(c *scanner.Collector) {
	var one [1]scanner.Match
	for i := range inc.memory.objects {
		o := &inc.memory.objects[i]
		scanned := inc.scanned[o.id]
		name := o.id.String()
		for j, s := range o.spots {
			if scanned != nil {
				one[0] = scanned[j].match
			} else {
				one[0] = inc.kinds[s.kind]
				one[0].Line, one[0].Column, one[0].EndLine, one[0].EndColumn = s.line, s.column, s.endLine, s.endColumn
				one[0].Allow = nil
			}
			c.Add(scanner.Place{Where: places[s.where], Object: name}, one[:])
		}
	}
}

// extend adds the commits that were scanned to those that are known. from gives
// for each commit its number in the memory, or absent.
func (inc *incremental) extend(hashSize int, builders []*graphBuilder, missing func(parent odb.ID)) (g *graph, from []int32) {
	if inc.memory == nil {
		g = buildGraph(hashSize, builders, missing)
	} else {
		var moved []int32
		g, moved = inc.memory.graph.extend(builders, missing)
		defer func() {
			for old, c := range moved {
				from[c] = int32(old)
			}
		}()
	}
	return g, slices.Repeat([]int32{absent}, g.len())
}

// count adds what is known to what was read.
func (inc *incremental) count(r *Receipt) {
	if m := inc.memory; m != nil {
		r.Known[odb.Commit], r.Known[odb.Blob], r.Known[odb.Tag] = int64(m.graph.len()), int64(m.blobs.len()), int64(m.tags.len())
		for kind, n := range r.Known {
			r.Objects[kind] += n
		}
	}
}

// matchLog lists what one goroutine scanned and found, in that order. A nil one
// lists nothing.
type matchLog struct {
	list        []loggedMatch
	blobs, tags []odb.ID
	lost        bool // an object with matches cannot be scanned again as it was
}

type loggedMatch struct {
	id    odb.ID
	where scanner.Where
	match scanner.Match
}

// newLog gives a log where a cache is to be written.
func (inc *incremental) newLog() *matchLog {
	if inc.file == "" {
		return nil
	}
	return new(matchLog)
}

func (l *matchLog) saw(id odb.ID, kind odb.Kind) {
	switch {
	case l == nil:
	case kind == odb.Blob:
		l.blobs = append(l.blobs, id)
	case kind == odb.Tag:
		l.tags = append(l.tags, id)
	}
}

func (l *matchLog) found(where scanner.Where, id odb.ID, ms []scanner.Match) {
	for i := range ms {
		if l != nil {
			l.list = append(l.list, loggedMatch{id, where, ms[i]})
		}
	}
}

// lose notes matches in an object that is too large to be held, and so to be
// scanned again.
func (l *matchLog) lose() {
	if l != nil {
		l.lost = true
	}
}

// spot is what is remembered of a match.
func (l *loggedMatch) spot(kind uint32) spot {
	return spot{
		kind: kind, where: uint8(slices.Index(places[:], l.where)), allowed: l.match.Allow != nil,
		line: l.match.Line, column: l.match.Column, endLine: l.match.EndLine, endColumn: l.match.EndColumn,
	}
}

// credential is all of a match but its place. Matches that are equal in it are of
// one kind.
type credential struct {
	rule           *scanner.Rule
	text, encoding string
	proven         bool
	severity       scanner.Severity
	confidence     scanner.Confidence
	details        string
}

func credentialOf(m *scanner.Match) credential {
	return credential{
		m.Rule, m.Secret.Reveal(), m.Encoding, m.Proven, m.Severity, m.Confidence, fmt.Sprint(m.Details),
	}
}
