package scanner

import (
	"math"
	"regexp"

	"github.com/shrike-scan/shrike/scanner/prefilter"
)

const (
	block         = 64 << 10 // bytes prefiltered before their candidates are tried, while they are in the cache
	maxReachValue = 512      // bytes beyond a context window that a value's end may reach
	keywordBefore = 256      // bytes of the window around a keyword
	keywordAfter  = 1024
	binarySniff   = 8000    // git's own rule: a NUL byte in the first 8000 bytes
	maxExtract    = 4 << 20 // bytes of the largest text that extractors read
)

// Scratch is what one goroutine needs to scan. Not safe for concurrent use.
type Scratch struct {
	hits  []prefilter.Hit
	found []candidate
	out   []Match
	text  []byte // decoded
}

// NewScratch returns the working memory for one goroutine.
func (e *Engine) NewScratch() *Scratch { return &Scratch{} }

// candidate is an accepted match of one rule, before overlaps are resolved.
type candidate struct {
	rule       *compiled
	start, end int // of the secret
	value      []byte
	result     CheckResult
	example    bool
}

// Scan returns the credentials in a blob, in order of place. The slice is valid
// until the next call with s; the matches in it hold nothing of data. The text
// is decoded first where it is UTF-16.
func (e *Engine) Scan(s *Scratch, data []byte) []Match {
	text, encoding := decode(data, s)
	s.found = s.found[:0]
	fired := e.candidates(s, text, isBinary(text))
	e.extract(s, text, fired)
	s.out = s.out[:0]
	at := cursor{text: text, line: 1, column: 1}
	for _, c := range resolve(s.found) {
		s.out = append(s.out, e.match(c, &at, encoding))
	}
	return s.out
}

func isBinary(text []byte) bool {
	for _, c := range text[:min(len(text), binarySniff)] {
		if c == 0 {
			return true
		}
	}
	return false
}

// candidates prefilters the text block by block and tries each hit. It returns
// the extractors whose triggers were seen.
func (e *Engine) candidates(s *Scratch, text []byte, binary bool) (fired []*extractor) {
	overlap := e.set.MaxLen()
	for from := 0; from < len(text); from += block {
		base := max(0, from-overlap)
		piece := text[base:min(len(text), from+block)]
		s.hits = e.set.Scan(piece, from-base, s.hits[:0])
		for _, h := range s.hits {
			end := base + int(h.End)
			for i := range e.triggers[h.Literal] {
				t := &e.triggers[h.Literal][i]
				start := end - len(t.lit.text)
				switch {
				case t.extractor != nil:
					fired = addExtractor(fired, t.extractor)
				case !t.lit.holds(text, start) || binary && t.rule.form == formKeyword:
				case !t.after.ahead(text, end) || !t.before.behind(text, start):
				case len(t.fences) > 0 && !jump(t.fences, text, end, t.limit(start, end, len(text))):
				default:
					t.rule.try(s, text, t.lit, start, end)
				}
			}
		}
	}
	return fired
}

func addExtractor(list []*extractor, x *extractor) []*extractor {
	for _, have := range list {
		if have == x {
			return list
		}
	}
	return append(list, x)
}

// limit is where a match that holds the hit must have ended.
func (t *trigger) limit(start, end, size int) int {
	_, hi := t.rule.window(t.lit, start, end)
	return min(hi, size)
}

// try runs the rule on the window around a hit.
func (c *compiled) try(s *Scratch, text []byte, l literal, start, end int) {
	switch c.form {
	case formRegex:
		c.tryRegex(s, text, l, start, end)
	case formContext:
		c.tryContext(s, text, start, end)
	case formKeyword:
		c.tryKeyword(s, text, start, end)
	}
}

func (c *compiled) tryRegex(s *Scratch, text []byte, l literal, start, end int) {
	lo, hi := c.window(l, start, end)
	lo, hi = max(lo, 0), min(hi, len(text))
	re := c.regex()
	g := 2 * group(re)
	for _, m := range re.FindAllSubmatchIndex(text[lo:hi], -1) {
		if lo+m[0] <= start && end <= lo+m[1] && m[g] < m[g+1] {
			c.accept(s, text, lo+m[g], lo+m[g+1], text[lo+m[0]:lo+m[1]])
		}
	}
}

// tryContext looks for whole tokens that match the rule's value near the word.
func (c *compiled) tryContext(s *Scratch, text []byte, start, end int) {
	lo, hi := max(0, start-c.Before), min(len(text), end+c.after())
	// The value may end beyond the window in which it must start.
	limit := min(len(text), hi+min(c.size.max, maxReachValue))
	re := c.regex()
	for _, side := range [2]span{{lo, start}, {end, hi}} {
		if side.min < side.max {
			c.tokens(s, text, re, side.min, side.max, limit)
		}
	}
}

// tokens accepts the whole tokens that start in text[lo:hi] and end by limit.
func (c *compiled) tokens(s *Scratch, text []byte, re *regexp.Regexp, lo, hi, limit int) {
	g := 2 * group(re)
	for lo < hi {
		if isTokenByte(text[lo]) && !startsToken(text, lo) || !c.value.ahead(text[:limit], lo) {
			lo++
			continue
		}
		m := re.FindSubmatchIndex(text[lo:limit])
		if m == nil {
			lo++
			continue
		}
		if from, to := lo+m[g], lo+m[g+1]; from < to && startsToken(text, from) && endsToken(text, to) {
			c.accept(s, text, from, to, text[lo+m[0]:lo+m[1]])
		}
		lo += m[1]
	}
}

// startsToken reports whether a token can start at text[i]. A letter that
// belongs to an escape such as \n does not count as part of the token.
func startsToken(text []byte, i int) bool {
	if i == 0 || !isTokenByte(text[i-1]) {
		return true
	}
	c := text[i-1]
	return (c == 'n' || c == 'r' || c == 't') && i > 1 && text[i-2] == '\\'
}

func endsToken(text []byte, i int) bool {
	return i == len(text) || !isTokenByte(text[i]) && text[i] != '='
}

func isTokenByte(c byte) bool { return isWordByte(c) || c == '-' || c == '+' || c == '/' }

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
	s.found = append(s.found, x)
}

// extract runs the extractors that were triggered on the whole text.
func (e *Engine) extract(s *Scratch, text []byte, fired []*extractor) {
	if len(text) > maxExtract {
		return
	}
	for _, x := range e.extractors { // in their own order, not that of the hits
		for _, f := range fired {
			if f != x {
				continue
			}
			for _, got := range x.Extract(text) {
				rule := x.rules[got.Rule]
				if rule == nil || got.Start < 0 || got.Start >= got.End || got.End > len(text) {
					continue
				}
				s.found = append(s.found, candidate{
					rule: rule, start: got.Start, end: got.End, value: got.Value,
					result: CheckResult{Details: got.Details},
				})
			}
		}
	}
}

// match turns a surviving candidate into what callers see.
func (e *Engine) match(c candidate, at *cursor, encoding string) Match {
	m := Match{
		Rule: c.rule.Rule, Secret: NewSecret(c.value), Start: c.start, End: c.end,
		Proven: c.result.Proof == Proven, Severity: c.rule.Severity, Confidence: c.rule.Confidence,
		Details: c.result.Details, Encoding: encoding,
	}
	if c.result.Severity != SeverityUnset {
		m.Severity = c.result.Severity
	}
	if c.result.Confidence != ConfidenceUnset {
		m.Confidence = c.result.Confidence
	}
	if m.Proven {
		m.Confidence = ConfidenceHigh
	}
	at.to(c.start)
	m.Line, m.Column = at.line, at.column
	end := *at // a later match may start before this one's end
	end.to(c.end)
	m.EndLine, m.EndColumn = end.line, end.column
	m.Allow = inlineAllow(at.text, c.start, c.rule.ID)
	return m
}

// Entropy is the Shannon entropy of the bytes' frequencies, in bits a byte
// (Shannon, "A Mathematical Theory of Communication", 1948).
func Entropy(b []byte) float64 {
	var count [256]int
	for _, c := range b {
		count[c]++
	}
	var h float64
	for _, n := range count {
		if n > 0 {
			p := float64(n) / float64(len(b))
			h -= p * math.Log2(p)
		}
	}
	return h
}
