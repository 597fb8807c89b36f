package scanner

import (
	"bytes"
	"slices"
	"time"
)

// allows finds the allow comments for the matches of a text, which come in the order
// of their places. It reads the text around them once, however many there are.
type allows struct{ read, marked int } // text before read was searched; end of the last marker

// near reports whether an allow comment may cover a match at text[at].
func (a *allows) near(text []byte, at int) bool {
	lo, hi := max(0, at-allowReach), min(len(text), at+allowReach)
	from := max(lo, a.read)
	for from < hi {
		i := bytes.Index(text[from:hi], []byte(allowMarker))
		if i < 0 {
			break
		}
		from += i + len(allowMarker)
		a.marked = from
	}
	a.read = max(from, hi-len(allowMarker)+1)
	return a.marked > lo
}

// of returns the allow comment that covers a match of the rule at text[at]: one on its
// line, or one on the line before that speaks of the next.
func (a *allows) of(text []byte, at int, rule string) *Suppression {
	if !a.near(text, at) {
		return nil
	}
	if s, rules, next, ok := parseAllow(lineAround(text, at)); ok && !next && slices.Contains(rules, rule) {
		return &s
	}
	if s, rules, next, ok := parseAllow(lineBefore(text, at)); ok && next && slices.Contains(rules, rule) {
		return &s
	}
	return nil
}

// HideAllowed hides what inline comments allow on the day now. A comment also
// hides what the same secret leaves in older versions of its file, which the
// comment came too late for: who allows a value in a place allows its past there.
func HideAllowed(fs []*Finding, now time.Time) {
	for _, f := range fs {
		allowed := map[string]*Suppression{}
		for i := range f.Occurrences {
			o := &f.Occurrences[i]
			if o.Allow != nil && !o.Allow.Ended(now) && o.Path != "" {
				allowed[o.Path] = o.Allow
			}
		}
		f.Hide(func(o *Occurrence) *Suppression {
			if o.Allow != nil && !o.Allow.Ended(now) {
				return o.Allow
			}
			return allowed[o.Path]
		})
	}
}
