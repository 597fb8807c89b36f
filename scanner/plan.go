package scanner

import (
	"errors"
	"fmt"
	"regexp/syntax"
)

// A plan is what is derived from a rule's own text before any scan: what to look
// for, and what must stand around it. Deriving it takes a hundred times as long as
// reading it back, so that of the shipped rules is made when they change (see
// Pack) and that of a user's rules when they are compiled. Immutable.
type plan struct {
	form    form
	size    span    // of a match, in bytes
	value   profile // of a context rule: what its value starts with
	run     run     // what each match holds; of a context rule, each value
	anchors []anchor
	shapes  int // sides that the anchors of all rules of the pack have
}

// anchor is a literal one of which every match of a rule holds, and what stands
// around it then.
type anchor struct {
	lit           literal
	before, after profile // of a regex rule: what can stand beside the literal
	fences        []fence // and what must follow it
	sides         *sides  // of a regex rule
}

// planOf returns the rule's plan: the one it was read with, or a new one.
func planOf(r *Rule) (*plan, error) {
	if r.plan != nil {
		return r.plan, nil
	}
	return newPlan(r)
}

func newPlan(r *Rule) (*plan, error) {
	p := &plan{}
	var lits []literal
	var err error
	switch {
	case r.Regex != "" && r.Value == "" && len(r.Context) == 0 && len(r.Keywords) == 0:
		p.form = formRegex
		lits, err = p.ofRegex(r)
	case r.Value != "" && len(r.Context) > 0 && r.Regex == "" && len(r.Keywords) == 0:
		p.form = formContext
		lits, err = p.ofContext(r)
	case len(r.Keywords) > 0 && r.Regex == "" && r.Value == "" && len(r.Context) == 0:
		p.form = formKeyword
		lits = words(r.Keywords)
	default:
		err = errors.New("needs either regex, or context and value, or keywords")
	}
	if err != nil {
		return nil, err
	}
	p.anchors = make([]anchor, len(lits))
	for i, l := range lits {
		if len(l.text) < minLiteral {
			return nil, fmt.Errorf("%q is too short to look for: at least %d bytes", l.text, minLiteral)
		}
		a := &p.anchors[i]
		a.before = newProfile(l.left, true, l.text[0])
		a.after = newProfile(l.right, false, l.text[len(l.text)-1])
		a.fences = newFences(l.right)
		if p.form == formRegex {
			a.sides = &sides{shape: l.shape(r)}
		}
		l.left, l.right = nil, nil // the parsed regex is not needed any more
		a.lit = l
	}
	return p, nil
}

// parse parses a rule's expression and derives its literals.
func (p *plan) parse(expr string) (*syntax.Regexp, []literal, error) {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return nil, nil, err
	}
	lits, size := derive(re)
	if size.min == 0 {
		return nil, nil, errors.New("matches the empty string")
	}
	p.size = size
	return re, lits, nil
}

func (p *plan) ofRegex(r *Rule) ([]literal, error) {
	re, lits, err := p.parse(r.Regex)
	if err != nil {
		return nil, err
	}
	p.run = newRun(re, anywhere)
	if len(r.Literals) > 0 {
		lits = nil
		for _, text := range r.Literals {
			lits = append(lits, literal{text: text, before: span{0, unbounded, unbounded}, left: unknown, right: unknown})
		}
	}
	if len(lits) == 0 {
		return nil, fmt.Errorf("no literal of at least %d bytes can be derived from the regex; use context and value", minLiteral)
	}
	return lits, nil
}

func (p *plan) ofContext(r *Rule) ([]literal, error) {
	re, _, err := p.parse(r.Value)
	if err != nil {
		return nil, err
	}
	p.value = newProfile([]*syntax.Regexp{re}, false, 0)
	if p.run = newRun(re, tokenRims); p.run.most > 0 {
		p.run.most++ // the letter of an escape before it does not count
	}
	return words(r.Context), nil
}

func words(list []string) []literal {
	out := make([]literal, len(list))
	for i, w := range list {
		out[i] = literal{text: lowerASCII(w), fold: true}
	}
	return out
}
