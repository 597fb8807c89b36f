package scanner

import (
	"regexp"
	"slices"

	"github.com/shrike-scan/shrike/scanner/prefilter"
)

// candidate is an accepted match of one rule, before overlaps are resolved.
type candidate struct {
	rule       *compiled
	start, end int // of the secret
	value      []byte
	result     CheckResult
	example    bool
	encoding   string // that the secret stands in, beside that of the whole text
	encoded    span   // and the piece of text that is in it

	by      prefilter.Hit // what set it off
	trigger int32         // and which of its literal's triggers
}

// candidates prefilters the text block by block and tries each hit. It returns
// the extractors whose triggers were seen.
func (e *Engine) candidates(s *Scratch, text []byte, binary bool) (fired []*extractor) {
	for from := 0; from < len(text); from += block {
		hits := s.hitsOf(e.set, text, from)
		if from == 0 {
			if n := s.repeats(text, len(hits), min(len(text), block)); n > 0 {
				return e.tryRepeating(s, text, n, binary)
			}
		}
		if s.mapRuns(text, from, len(hits)); s.mapped {
			hits = e.dropLacking(s, hits)
		}
		for _, h := range hits {
			fired = e.tryHit(s, text, h, binary, fired)
		}
	}
	s.mapped = false
	return fired
}

// hitsIn gathers the hits of a text in scratch, in order.
func (e *Engine) hitsIn(s *Scratch, text []byte) {
	s.all = s.all[:0]
	s.blocks(e.set, text, func(h prefilter.Hit) { s.all = append(s.all, mark{Hit: h}) })
	slices.SortFunc(s.all, compareMarks)
}

// tryAll tries the gathered hits.
func (e *Engine) tryAll(s *Scratch, text []byte, binary bool) (fired []*extractor) {
	for i := range s.all {
		m := &s.all[i]
		fired = e.tryHit(s, text, m.Hit, binary, fired)
		m.keep(s.sight)
	}
	return fired
}

// blocks yields the hits of a text, block by block.
func (s *Scratch) blocks(set *prefilter.Set, text []byte, yield func(prefilter.Hit)) {
	for from := 0; from < len(text); from += block {
		for _, h := range s.hitsOf(set, text, from) {
			yield(h)
		}
	}
}

// hitsOf returns the hits that end in the block of text that starts at from. They are
// valid until the next call.
func (s *Scratch) hitsOf(set *prefilter.Set, text []byte, from int) []prefilter.Hit {
	base := max(0, from-set.MaxLen())
	s.hits = set.Scan(text[base:min(len(text), from+block)], from-base, s.hits[:0])
	for i := range s.hits {
		s.hits[i].End += int32(base)
	}
	return s.hits
}

// tryHit tries all that a hit sets off, and leaves in s.sight how far it looked.
func (e *Engine) tryHit(s *Scratch, text []byte, h prefilter.Hit, binary bool, fired []*extractor) []*extractor {
	s.sight = sight{1, 1} // the prefilter looks at both sides of each
	ts := e.setOff(h.Literal)
	n := len(s.found)
	for i := range ts {
		ts[i].try(s, text, h, binary)
		for ; n < len(s.found); n++ {
			s.found[n].by, s.found[n].trigger = h, int32(i)
		}
	}
	if e.fires[h.Literal] {
		return e.fire(s, text, h, fired)
	}
	return fired
}

// fire adds the extractors that a hit sets off to the list.
func (e *Engine) fire(s *Scratch, text []byte, h prefilter.Hit, list []*extractor) []*extractor {
	ts := e.setOff(h.Literal)
	for i := range ts {
		if ts[i].form == formExtract {
			list = e.fireOne(s, &ts[i], text, h, list)
		}
	}
	return list
}

// fireOne adds a trigger's extractor to the list if the hit is of its case.
func (e *Engine) fireOne(s *Scratch, t *trigger, text []byte, h prefilter.Hit, list []*extractor) []*extractor {
	x := e.extractors[t.number]
	start, end := t.around(h)
	known, inChunks := slices.Contains(list, x), x.parts != nil && len(text) > maxExtract
	if known && !inChunks || !t.stands(text, start) {
		return list
	}
	if inChunks {
		e.noteForm(s, text, x, start, end)
	}
	if known {
		return list
	}
	return append(list, x)
}

// try drops a hit that cannot be a match by cheap looks at its neighbours, and
// runs the rule on the window around any other. What it accepts depends on the text
// that s.sight is widened to, and on where the text ends therein; never on more than
// t.widest.
func (t *trigger) try(s *Scratch, text []byte, h prefilter.Hit, binary bool) {
	start, end := t.around(h)
	if s.mapped {
		if r := t.searched(s.runs.ascii); s.runs.lacks(t.kind, start-int(r.before), end+int(r.after)) {
			return
		}
	}
	if start > 0 && !t.near.has(text[start-1]) { // most of many triggers fall here
		return
	}
	if (t.beset || start == 0) && !t.fitsIn(s, text, start, end) {
		return
	}
	if t.named && isBesideLetter(text, start, end) {
		s.sight.to(around, t.tail()+nameAhead)
		if !isJoined(text, start, end) {
			return
		}
	}
	switch t.form {
	case formRegex:
		t.tryRegex(s, text, start, end)
	case formContext:
		t.tryContext(s, text, start, end)
	case formKeyword:
		if !binary {
			t.tryKeyword(s, text, start, end)
		}
	}
}

// fitsIn reports whether what stands right before and behind the literal can be a part
// of a match, and whether all of it is there in its case.
func (t *trigger) fitsIn(s *Scratch, text []byte, start, end int) bool {
	// What stands before tells a run of one character apart at its second byte.
	n := t.before.behind(text, start)
	s.sight.to(n+1, t.tail())
	if n < len(t.before) || !t.stands(text, start) {
		return false
	}
	n = t.after.ahead(text, end)
	s.sight.to(0, t.tail()+n+1)
	return n == len(t.after)
}

func (t *trigger) tryRegex(s *Scratch, text []byte, start, end int) {
	if t.fenced {
		limit := min(end+int(t.searched(s.mapped && s.runs.ascii).after), len(text))
		if seen, ok := jump(t.fences, text, end, limit); !ok {
			s.sight.to(0, seen+1-end+t.tail())
			return
		}
	}
	from, to, ascii := t.within(s, text, start, end)
	lo, hi := max(from, 0), min(to, len(text))
	s.sight.to(start-from, to-end+t.tail())
	if !t.run.in(text[lo:hi]) || !t.fits(s, text, lo, start, end, hi, ascii) {
		return
	}
	c := t.rule
	if t.lit.isAnchored() {
		c.tryAnchored(s, text, t.lit, start, end, hi)
		return
	}
	re := c.regex()
	g := 2 * group(re)
	for n := 1; ; n *= 4 { // the first match is mostly the one looked for
		found := re.FindAllSubmatchIndex(text[lo:hi], n)
		if len(found) == n && lo+found[n-1][0] <= start && lo+found[n-1][1] < end {
			continue
		}
		for _, m := range found {
			if lo+m[0] <= start && end <= lo+m[1] && m[g] < m[g+1] {
				c.accept(s, text, lo+m[g], lo+m[g+1], text[lo+m[0]:lo+m[1]])
				c.more(s, text, lo+m[0], lo+m[g], lo+m[g+1], hi)
			}
		}
		return
	}
}

// tryContext looks for whole tokens that match the rule's value near the word.
func (t *trigger) tryContext(s *Scratch, text []byte, start, end int) {
	lo, hi := max(0, start-int(t.window.before)), min(len(text), end+int(t.window.after))
	// The value may end beyond the window in which it must start.
	limit := min(len(text), end+int(t.widest.after)-tokenAhead)
	s.sight.to(int(t.widest.before), int(t.widest.after)+t.tail())
	if !t.run.in(text[lo:limit]) {
		return
	}
	c := t.rule
	re := c.regex()
	word := span{min: start, max: end}
	if lo < start {
		c.tokens(s, text, re, span{min: lo, max: start}, limit, word)
	}
	if end < hi {
		c.tokens(s, text, re, span{min: end, max: hi}, limit, word)
	}
}

// tokens accepts the whole tokens that start in the range on one side of the word
// and end by limit. Checks see the text from the word to the token.
func (c *compiled) tokens(s *Scratch, text []byte, re *regexp.Regexp, side span, limit int, word span) {
	g := 2 * group(re)
	for lo, hi := side.min, side.max; lo < hi; {
		if c.value.ahead(text[:limit], lo) < len(c.value) || isTokenByte(text[lo]) && !startsToken(text, lo) {
			lo++
			continue
		}
		m := re.FindSubmatchIndex(text[lo:limit])
		if m == nil {
			lo++
			continue
		}
		if from, to := lo+m[g], lo+m[g+1]; from < to && startsToken(text, from) && endsToken(text, from, to) {
			c.accept(s, text, from, to, text[min(word.min, from):max(word.max, to)])
		}
		lo += m[1]
	}
}

// accept runs the rule's offline checks on text[start:end].
func (c *compiled) accept(s *Scratch, text []byte, start, end int, match []byte) {
	secret := text[start:end]
	if c.Entropy > 0 && Entropy(secret) < c.Entropy {
		return
	}
	x := candidate{rule: c, start: start, end: end, value: secret}
	if c.check != nil {
		x.result = c.check(secret, match)
		switch x.result.Proof {
		case Refuted:
			return
		case Example:
			x.example = true
		}
	}
	if c.form == formRegex && !c.Chosen && x.result.Proof == Unproven && goesOn(text, start, end) {
		return
	}
	s.found = append(s.found, x)
}
