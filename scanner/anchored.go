package scanner

import (
	"regexp"
	"slices"
	"sync"
)

// Anchored tries. Where a literal stands at a known distance from the start of the
// match, the regex is tried at that place alone. A hit that is no match then fails
// where the text ceases to fit, mostly after a few bytes, and costs no search of the
// window: a text made of nothing but literals is read in linear time with a small
// factor.
//
// The byte before the place is part of the text that the regex sees, since \b and
// ^ look at it: the expression is `\A(?s:.)(...)`, or `\A(...)` at the text's start.

// maxStarts is how many places of a match's start are tried one by one. Four come
// from a class that stands for one code point, one from its absence.
const maxStarts = 5

// anchored is an expression that matches at the start of a text, in group 1. It is
// compiled at first use. Safe for concurrent use.
type anchored struct {
	once   sync.Once
	regex  *regexp.Regexp
	secret int // group that holds the secret
}

func (a *anchored) compile(start, expr string) {
	a.once.Do(func() {
		a.regex = regexp.MustCompile(start + `(` + expr + `)`)
		if a.secret = slices.Index(a.regex.SubexpNames(), "secret"); a.secret < 0 {
			a.secret = min(2, a.regex.NumSubexp())
		}
	})
}

// isAnchored reports whether a match that holds the literal starts at one of a few
// places.
func (l *literal) isAnchored() bool { return l.before.max-l.before.min < maxStarts }

// tryAnchored tries the regex at each place where a match that holds the hit
// text[start:end] can start, and accepts the first that ends by hi.
func (c *compiled) tryAnchored(s *Scratch, text []byte, l literal, start, end, hi int) {
	for from := max(0, start-l.before.max); from <= start-l.before.min; from++ {
		a, lo := c.anchoredAt(from)
		m := a.regex.FindSubmatchIndex(text[lo:hi])
		if m == nil || lo+m[2] != from || lo+m[3] < end {
			continue
		}
		if g := 2 * a.secret; m[g] < m[g+1] {
			c.accept(s, text, lo+m[g], lo+m[g+1], text[from:lo+m[3]])
			c.more(s, text, from, lo+m[g], lo+m[g+1], hi)
			return
		}
	}
}
