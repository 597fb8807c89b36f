package scanner

import (
	"github.com/shrike-scan/shrike/scanner/assign"
	"github.com/shrike-scan/shrike/scanner/classify"
)

// tryKeyword reads the assignment to the name that holds the keyword and lets
// the classifier judge the value.
func (t *trigger) tryKeyword(s *Scratch, text []byte, start, end int) {
	lo, hi := max(0, start-keywordBefore), min(len(text), end+keywordAfter)
	window := text[lo:hi]
	var a assign.Assignment
	if !s.readAssignment(&a, window, lo, start-lo, end-lo) {
		if s.keeping {
			from, to := assign.Seen(window, start-lo, end-lo)
			s.sight.to(start-lo-from, lo+to-end+t.tail())
		}
		return
	}
	t.judge(s, window, &a, lo)
	last := a.ValueEnd
	for n := 1; n < maxItems && a.Next(window); n++ {
		t.judge(s, window, &a, lo)
		last = a.ValueEnd
	}
	if s.keeping {
		from, to := assign.Around(window, start-lo, max(end-lo, last), classify.Lines)
		s.sight.to(start-lo-from, lo+to-end+t.tail())
	}
}

// readAssignment reads the assignment to the name that holds a word of a window which
// stands at offset lo. Only where words stand close to one another it pays to remember
// what was read for the last.
func (s *Scratch) readAssignment(a *assign.Assignment, window []byte, lo, start, end int) bool {
	if s.mapped {
		return s.names.Read(a, window, lo, start, end)
	}
	return a.Read(window, start, end)
}

// judge lets the classifier judge the value of an assignment in the window that
// starts at lo.
func (t *trigger) judge(s *Scratch, window []byte, a *assign.Assignment, lo int) {
	c := t.rule
	verdict := classify.Secretive(window, a)
	if verdict.Class != classify.Secret || a.Inside(window) {
		return
	}
	value := window[a.ValueStart:a.ValueEnd]
	if c.Entropy > 0 && Entropy(value) < c.Entropy {
		return
	}
	s.found = append(s.found, candidate{
		rule: c, start: lo + a.ValueStart, end: lo + a.ValueEnd, value: value,
		result: CheckResult{Confidence: confidence(verdict.Score)},
	})
}

// confidence maps a classifier's score to ours: below one half stands what
// people chose badly, such as `changeme`.
func confidence(score float64) Confidence {
	switch {
	case score < 0.5:
		return ConfidenceLow
	case score < 0.9:
		return ConfidenceMedium
	}
	return ConfidenceHigh
}
