package scanner

import (
	"bytes"
	"fmt"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"
)

// sides are what is derived of the text beside a literal: automata, nil where nothing is
// known. Literals of many rules have the same beside them, and share these. Where a
// literal stands in the regex is not known of those that a rule lists itself: there the
// whole regex, with whatever stands before it, is the automaton. Safe for concurrent use.
type sides struct {
	shape  string // the same where the automata are; unless they were packed
	number int32  // among those of an engine's rules
	once   sync.Once

	left, right, whole *automaton
	inner              []byte // what the text behind the literal, or the whole match, must hold; nil for anything
	after              span   // bytes of a match behind the literal
}

// shape says what stands beside the literal of a rule.
func (l *literal) shape(r *Rule) string {
	if len(r.Literals) > 0 {
		return "whole\x00" + r.Regex
	}
	var b strings.Builder
	side := func(parts []*syntax.Regexp, inner byte) {
		fmt.Fprintf(&b, "%t %t", isWordByte(inner), inner == '\n')
		for _, re := range parts {
			if re == nil {
				b.WriteString("\x00?") // no regex is written so
				break
			}
			b.WriteString("\x00" + re.String())
		}
	}
	if l.isOpen() {
		side(l.left, l.text[0])
	}
	b.WriteString("\x00\x00")
	side(l.right, l.text[len(l.text)-1])
	return b.String()
}

// isOpen reports whether more can stand before the literal than its profile tells.
func (l *literal) isOpen() bool { return l.before.narrow > 1 }

// derive makes the automata of one of a rule's anchors at first use: a short scan needs
// few of them.
func (d *sides) derive(c *compiled, place int) {
	d.once.Do(func() {
		c.derived.Do(func() {
			var p plan
			if re, lits, err := p.parse(c.Regex); err == nil {
				c.parsed, c.literals = re, lits
			}
		})
		switch {
		case c.parsed == nil:
		case len(c.Literals) > 0:
			d.whole = newAutomaton([]*syntax.Regexp{anything, c.parsed}, false, edge)
			d.inner = innerOf([]*syntax.Regexp{c.parsed})
		default:
			l := &c.literals[place]
			if l.isOpen() {
				d.left = newAutomaton(l.left, true, int(l.text[0]))
			}
			d.right = newAutomaton(l.right, false, int(l.text[len(l.text)-1]))
			d.inner = innerOf(l.right)
			d.after = afterOf(l.right)
		}
	})
}

// afterOf is how many bytes the parts behind a literal match; it has no bound where not
// all of them are known.
func afterOf(parts []*syntax.Regexp) span {
	if slices.Contains(parts, nil) {
		return span{max: unbounded, narrow: unbounded}
	}
	return sizeOf(&syntax.Regexp{Op: syntax.OpConcat, Sub: parts})
}

// anything is what may stand before a match.
var anything = &syntax.Regexp{Op: syntax.OpStar, Sub: []*syntax.Regexp{{Op: syntax.OpAnyChar}}}

// walker is what a goroutine keeps of automata.
type walker struct {
	of                 *sides
	left, right, whole *subsets
}

// fits reports whether a match of the trigger's regex within text[lo:hi], which may be
// known to be ASCII, can hold its literal at text[start:end].
func (t *trigger) fits(s *Scratch, text []byte, lo, start, end, hi int, ascii bool) bool {
	w := s.walker(int(t.sides.number))
	if d := t.sides; w.of != d {
		d.derive(t.rule, int(t.place))
		*w = walker{d, newSubsets(d.left), newSubsets(d.right), newSubsets(d.whole)}
	}
	after := w.of.after.max
	if ascii {
		after = w.of.after.narrow
	}
	inside := text[end:min(hi, end+after+1)]
	if len(t.rule.Literals) > 0 {
		inside = text[lo:hi]
	}
	if !bytes.Contains(inside, w.of.inner) {
		return false
	}
	return w.whole.ahead(text[lo:hi]) && w.right.ahead(inside) && w.left.behind(text[lo:start])
}

// walker returns the place for what is kept of automata.
func (s *Scratch) walker(number int) *walker {
	if number >= len(s.walkers) {
		s.walkers = append(s.walkers, make([]walker, number+1-len(s.walkers))...)
	}
	return &s.walkers[number]
}
