package scanner

import (
	"bytes"
	"math"
	"slices"

	"github.com/shrike-scan/shrike/scanner/assign"
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
	hits      []prefilter.Hit // of one block
	all       []mark          // the hits of a text, where they are kept
	fresh     []mark          // those of a derived text that its base had not
	sight     sight           // of the hit that is being tried
	keeping   bool            // the sights are wanted
	gathered  []byte          // what of a derived text is looked at
	windows   []window
	phrases   *phrases // of dense text
	beginning State    // likewise
	ascii     ascii
	names     assign.Memory
	wanted    [2][]wanted // by literal; of dense text that is not ASCII, and that is
	found     []candidate
	out       []Match
	notes     []string // of extractors
	walkers   []walker // by number of trigger
	mapped    bool     // runs maps the block under way
	runs      *runMap
	text      []byte // decoded
	pieces    []Copy
	forms     [][]*extractor // by chunk of a large text: the encodings of which a form stands there
	inner     *Scratch       // for what is encoded in the text
	depth     int            // how many encodings the text was in
	left      int            // bytes that may still be decoded
}

// NewScratch returns the working memory for one goroutine.
func (e *Engine) NewScratch() *Scratch { return &Scratch{} }

// begin makes ready for another text.
func (s *Scratch) begin() {
	s.found, s.ascii, s.names, s.forms = s.found[:0], ascii{}, assign.Memory{}, nil
}

// Notes says what in the text of the last Scan could not be read as what it claims to
// be, and was scanned as text alone. It is valid until the next.
func (s *Scratch) Notes() []string { return s.notes }

// Scan returns the credentials in a blob, in order of place. The slice is valid
// until the next call with s; the matches in it hold nothing of data. The text
// is decoded first where it is UTF-16.
func (e *Engine) Scan(s *Scratch, data []byte) []Match { return e.ScanKeep(s, data, nil) }

// conclude turns the candidates of a text into matches.
func (e *Engine) conclude(s *Scratch, text []byte, encoding string, fired []*extractor) []Match {
	s.notes = s.notes[:0]
	e.extract(s, text, fired)
	found := resolve(s.found)
	s.out = slices.Grow(s.out[:0], len(found))
	at := cursor{text: text, line: 1, column: 1}
	for _, c := range found {
		s.out = append(s.out, e.match(c, &at, encoding))
	}
	return s.out
}

func isBinary(text []byte) bool {
	return bytes.IndexByte(text[:min(len(text), binarySniff)], 0) >= 0
}

// extract runs the encodings and extractors that were triggered on the whole text, on
// one that is too large the encodings alone, chunk by chunk.
func (e *Engine) extract(s *Scratch, text []byte, fired []*extractor) {
	if len(text) <= SmallText && s.depth == 0 {
		fired = append(fired, e.small...)
	}
	if len(text) > maxExtract {
		e.undoChunks(s, text)
		return
	}
	e.undo(s, text, fired, 0)
	for _, x := range e.extractors { // in their own order, not that of the hits
		if x.parts != nil || !slices.Contains(fired, x) {
			continue
		}
		for _, got := range x.Extract(text) {
			if got.Note != "" {
				s.notes = append(s.notes, got.Note)
				continue
			}
			rule := x.rules[got.Rule]
			if rule == nil || got.Start < 0 || got.Start >= got.End || got.End > len(text) {
				continue
			}
			s.found = append(s.found, candidate{
				rule: rule, start: got.Start, end: got.End, value: got.Value,
				result: CheckResult{Details: got.Details}, encoding: got.Encoding,
			})
		}
	}
}

// match turns a surviving candidate into what callers see.
func (e *Engine) match(c candidate, at *cursor, encoding string) Match {
	m := Match{
		Rule: c.rule.Rule, Secret: at.secret(c.value), Start: c.start, End: c.end,
		Proven: c.result.Proof == Proven, Severity: c.rule.Severity, Confidence: c.rule.Confidence,
		Details: c.result.Details, Encoding: chain(encoding, c.encoding),
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
	m.Allow = at.allows.of(at.text, c.start, c.rule.ID)
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
