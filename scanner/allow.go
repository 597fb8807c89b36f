package scanner

import (
	"slices"
	"time"
)

// inlineAllow returns the allow comment that covers a match of the rule at
// text[at]: one on its line, or one on the line before that speaks of the next.
func inlineAllow(text []byte, at int, rule string) *Suppression {
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
