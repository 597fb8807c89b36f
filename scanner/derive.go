package scanner

import (
	"math"
	"slices"

	"github.com/shrike-scan/shrike/scanner/prefilter"
)

// Scanning what changed. A text that was made from another by copying pieces of
// it and inserting new bytes (as git's deltas do) is scanned only where it is
// new, and yet gives exactly the matches of a whole scan:
//
//	base     ......A......B..................C.........
//	         \_____________/        \________________/
//	text     ......A......B..nnnnnn..........C.........
//	                   [ looked at ]
//
//   - A literal's hit that a copy covers, with a byte to either side, was a hit in
//     the base, and what those bytes say of it is the same. The others stand at a
//     new byte or the joint of two pieces, so the prefilter runs there alone, as
//     wide as the longest literal.
//   - The rules' verdicts on a hit depend on what they looked at around it: a byte
//     or two mostly, a window of known size at most. If one piece covers that, the
//     base's verdicts are taken over, with the matches they gave, moved. Else the
//     rules are tried again on the new text.
//   - Overlaps are resolved, lines counted and extractors run as in a whole scan.
//
// So what is kept of a scanned text, its State, is the list of its hits, which
// is short, and of the matches of single rules, which is mostly empty.

// State is what a scan keeps of a text, so that a text made from it need not be
// scanned whole. It holds copies, and is of use to the same Engine only. It must
// not be changed while a scan reads it; any number may read it at once.
type State struct {
	hits   []mark  // ends ascending
	index  []int32 // by stride of the text: the first hit that ends after its start
	found  []kept  // ends of their hits ascending
	size   int     // of the text
	binary bool
	opaque bool // the text was decoded first: nothing can be taken over
}

// kept is a candidate as a State holds it: without the text's bytes.
type kept struct {
	by         prefilter.Hit
	trigger    int32
	start, end int32
	example    bool
	result     CheckResult
}

// Size is about how many bytes of memory the state takes.
func (s *State) Size() int64 {
	const hit, keptSize = 12, 96
	return int64(cap(s.hits))*hit + int64(cap(s.index))*4 + int64(cap(s.found))*keptSize
}

// Copy says that text[To:To+Len] is base[From:From+Len].
type Copy struct{ To, From, Len int }

// ScanKeep is Scan, and fills keep, unless that is nil, with what ScanDerived
// needs of this text.
func (e *Engine) ScanKeep(s *Scratch, data []byte, keep *State) []Match {
	text, encoding := decode(data, s)
	s.begin()
	s.keeping = false
	binary := isBinary(text)
	if keep == nil || encoding != "" || len(text) > math.MaxInt32 {
		if keep != nil {
			*keep = State{opaque: true}
		}
		return e.conclude(s, text, encoding, e.candidates(s, text, binary))
	}
	s.keeping = true
	e.hitsIn(s, text)
	var fired []*extractor
	if n := s.repeats(text, len(s.all), len(text)); n > 0 {
		fired = e.tryRepeating(s, text, n, binary)
	} else {
		fired = e.tryAll(s, text, binary)
	}
	keep.fill(s, text, binary)
	return e.conclude(s, text, encoding, fired)
}

// ScanDerived returns what Scan would of data, which consists of the given pieces
// of the text behind base, in order of To, and of other bytes between them. It
// fills keep, unless that is nil, as ScanKeep does. The result is valid until the
// next call with s.
func (e *Engine) ScanDerived(s *Scratch, data []byte, base *State, pieces []Copy, keep *State) []Match {
	binary := isBinary(data)
	if w, _ := sniffWide(data); w.order != nil || base.opaque || base.binary != binary || len(data) > math.MaxInt32 {
		return e.ScanKeep(s, data, keep)
	}
	s.begin()
	s.keeping = keep != nil
	d := derivation{engine: e, scratch: s, text: data, base: base, binary: binary}
	d.join(pieces)
	fired := d.scan(0, len(data), nil)
	if keep != nil {
		keep.fill(s, data, binary)
	}
	return e.conclude(s, data, "", fired)
}

func (s *State) fill(from *Scratch, text []byte, binary bool) {
	s.hits = append(s.hits[:0], from.all...)
	s.indexHits()
	s.size, s.binary, s.opaque = len(text), binary, false
	s.found = s.found[:0]
	for _, c := range from.found {
		s.found = append(s.found, kept{c.by, c.trigger, int32(c.start), int32(c.end), c.example, c.result})
	}
}

// derivation is one text under way. It works on the scratch: hits go to all,
// candidates to found.
type derivation struct {
	engine  *Engine
	scratch *Scratch
	text    []byte
	base    *State
	binary  bool

	from, to int // the hits are those that end behind from, and at to or before
	piece    int // the first that may tell of one
	behind   int // the first that may cover the byte behind a new one
	next     int // candidate of base that may be the next hit's
}

// scan tries the hits that end in text[from:to], and adds the extractors that they set
// off to the list.
func (d *derivation) scan(from, to int, fired []*extractor) []*extractor {
	pieces := d.scratch.pieces
	d.from, d.to = from, to
	for d.piece < len(pieces) && pieces[d.piece].To+pieces[d.piece].Len+d.engine.set.MaxLen() <= from {
		d.piece++
	}
	d.behind = d.piece
	d.inherit()
	d.look()
	return d.try(fired)
}

// join puts the pieces into scratch, those that continue one another as one.
func (d *derivation) join(pieces []Copy) {
	out := d.scratch.pieces[:0]
	for _, p := range pieces {
		if n := len(out); n > 0 && out[n-1].To+out[n-1].Len == p.To && out[n-1].From+out[n-1].Len == p.From {
			out[n-1].Len += p.Len
		} else if p.Len > 0 {
			out = append(out, p)
		}
	}
	d.scratch.pieces = out
}

// inherit moves the hits that a piece covers with the bytes beside them.
func (d *derivation) inherit() {
	all := d.scratch.all[:0]
	hits := d.base.hits
	for _, p := range d.scratch.pieces[d.piece:] {
		shift := p.To - p.From
		if p.To >= d.to {
			break
		}
		last := min(p.From+p.Len-1, d.to-shift)
		for i := d.base.firstAfter(max(p.From, d.from-shift)); i < len(hits) && int(hits[i].End) <= last; i++ {
			h := hits[i]
			if int(h.End)-d.engine.length(h.Hit) > p.From {
				h.End += int32(shift)
				all = append(all, h)
			}
		}
	}
	d.scratch.all = all
}

// stride is how many bytes of text lie between the entries of a State's index.
const stride = 512

// indexHits notes where the hits of each stride of text start: pieces come from all
// over a base, and a search through all its hits misses the cache at each step.
func (s *State) indexHits() {
	s.index = s.index[:0]
	for i := range s.hits {
		for int(s.hits[i].End) > len(s.index)*stride {
			s.index = append(s.index, int32(i))
		}
	}
}

// firstAfter returns the first hit that ends after at.
func (s *State) firstAfter(at int) int {
	if at/stride >= len(s.index) {
		return len(s.hits)
	}
	i := int(s.index[at/stride])
	for i < len(s.hits) && int(s.hits[i].End) <= at {
		i++
	}
	return i
}

func (e *Engine) length(h prefilter.Hit) int { return int(e.lengths[h.Literal]) }

// look runs the prefilter over what no piece covers and over the joints, and adds
// the hits that are not inherited. Most such places are a few bytes, and a scan has
// its fixed cost: so they are gathered, with their surroundings, and scanned at once.
func (d *derivation) look() {
	s, text := d.scratch, d.text
	most := d.engine.set.MaxLen()
	s.fresh, s.gathered, s.windows = s.fresh[:0], s.gathered[:0], s.windows[:0]
	done := d.from // ends up to here are seen
	covered := 0   // end of the last piece
	if d.piece > 0 {
		covered = s.pieces[d.piece-1].To + s.pieces[d.piece-1].Len
	}
	gap := func(lo, hi int) {
		// A hit that stands at text[lo:hi], or at the joint where that is empty,
		// ends at lo or later and at hi+most or before.
		from, to := max(lo-1, done), min(hi+most, d.to)
		for from < to {
			end := min(from+block, to)
			base := max(0, from-most)
			// At the text's start nothing stands before a hit: such a window is the first.
			if base == 0 || len(s.gathered)+end-base > 2*block {
				d.scanGathered()
			}
			s.windows = append(s.windows, window{at: len(s.gathered), base: base, from: from, to: end})
			s.gathered = append(s.gathered, text[base:min(end+1, len(text))]...)
			from, done = end, end
		}
	}
	for _, p := range s.pieces[d.piece:] {
		if covered >= d.to {
			break
		}
		gap(covered, p.To)
		covered = p.To + p.Len
	}
	gap(covered, len(text))
	d.scanGathered()
	d.merge()
}

// window says that gathered[at:], up to the next window, is text[base:to] and the byte
// behind it, and that hits there that end up to from are seen already.
type window struct{ at, base, from, to int }

// scanGathered finds the new hits in the gathered windows, in order, and empties them.
func (d *derivation) scanGathered() {
	s := d.scratch
	s.hits = d.engine.set.Scan(s.gathered, 0, s.hits[:0])
	slices.SortFunc(s.hits, compareHits)
	at := 0 // the window that holds a hit's last byte
	for _, h := range s.hits {
		end := int(h.End)
		for at+1 < len(s.windows) && s.windows[at+1].at < end {
			at++
		}
		w := &s.windows[at]
		if end-d.engine.length(h) < w.at { // it starts in the window before: its bytes are no neighbours
			continue
		}
		h.End = int32(w.base + end - w.at)
		if w.from < int(h.End) && int(h.End) <= w.to && !d.covered(h) {
			s.fresh = append(s.fresh, mark{h, far, far})
		}
	}
	s.gathered, s.windows = s.gathered[:0], s.windows[:0]
}

// merge puts the new hits, which are few, between the inherited ones: from the
// back, so that none is moved twice.
func (d *derivation) merge() {
	s := d.scratch
	old, n := len(s.all), len(s.fresh)
	s.all = append(s.all, s.fresh...)
	for to := len(s.all) - 1; n > 0 && old > 0; to-- {
		if compareMarks(s.all[old-1], s.fresh[n-1]) > 0 {
			old--
			s.all[to] = s.all[old]
		} else {
			n--
			s.all[to] = s.fresh[n]
		}
	}
	copy(s.all, s.fresh[:n])
}

// covered reports whether one piece covers a hit and the bytes beside it. Hits come in
// the order of their ends.
func (d *derivation) covered(h prefilter.Hit) bool {
	pieces, end := d.scratch.pieces, int(h.End)
	for d.behind < len(pieces) && pieces[d.behind].To+pieces[d.behind].Len <= end {
		d.behind++
	}
	return d.behind < len(pieces) && pieces[d.behind].To < end-d.engine.length(h)
}

// try takes over the base's verdicts where it can and tries the rules where not.
func (d *derivation) try(fired []*extractor) []*extractor {
	e, s := d.engine, d.scratch
	next := d.piece // that may cover the next hit
	for i := range s.all {
		m := &s.all[i]
		start := int(m.End) - e.length(m.Hit)
		for next < len(s.pieces) && s.pieces[next].To+s.pieces[next].Len <= start {
			next++
		}
		var lo, hi, shift int // what one piece covers around the hit
		if next < len(s.pieces) && s.pieces[next].To <= start {
			lo, hi, shift = d.reach(s.pieces[next])
		}
		if m.behind == far || m.ahead == far || start-int(m.behind) < lo || hi < int(m.End)+int(m.ahead) {
			fired = e.tryHit(s, d.text, m.Hit, d.binary, fired)
			m.keep(s.sight)
			continue
		}
		d.takeOver(m.Hit, shift)
		if e.fires[m.Literal] {
			fired = e.fire(s, d.text, m.Hit, fired)
		}
	}
	return fired
}

// reach is the range of text within which verdicts are those of the base. At an
// end that text and base share, it goes beyond: what a window lacks there, it
// lacked in the base.
func (d *derivation) reach(p Copy) (lo, hi, shift int) {
	lo, hi = p.To, p.To+p.Len
	if p.To == 0 && p.From == 0 {
		lo = math.MinInt / 2
	}
	if hi == len(d.text) && p.From+p.Len == d.base.size {
		hi = math.MaxInt / 2
	}
	return lo, hi, p.To - p.From
}

// takeOver adds the candidates that the same hit gave in the base.
func (d *derivation) takeOver(h prefilter.Hit, shift int) {
	if len(d.base.found) == 0 {
		return
	}
	at := h
	at.End -= int32(shift)
	i := d.firstOf(at)
	for ; i < len(d.base.found) && d.base.found[i].by == at; i++ {
		k := &d.base.found[i]
		start, end := int(k.start)+shift, int(k.end)+shift
		d.scratch.found = append(d.scratch.found, candidate{
			rule: d.engine.setOff(h.Literal)[k.trigger].rule, start: start, end: end, value: d.text[start:end],
			result: k.result, example: k.example, by: h, trigger: k.trigger,
		})
	}
	d.next = i
}

// firstOf returns the first candidate that a hit gave in the base, or where it would
// be: mostly close behind those of the hit before.
func (d *derivation) firstOf(h prefilter.Hit) int {
	const close = 4
	found, i := d.base.found, d.next
	for i < len(found) && i < d.next+close && compareHits(found[i].by, h) < 0 {
		i++
	}
	if i == d.next+close || i > 0 && compareHits(found[i-1].by, h) >= 0 {
		i, _ = slices.BinarySearchFunc(found, h, func(k kept, h prefilter.Hit) int { return compareHits(k.by, h) })
	}
	return i
}
