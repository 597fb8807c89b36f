package scanner

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/shrike-scan/shrike/scanner/prefilter"
)

// Explanations. Why was this found, and why was that not? Explain tries the rules
// again, one at a time and with their checks held back, and says how far each one
// got. It is slow and shares the pieces of the scan, whose own path knows nothing of
// it: a test holds both to the same verdict on every labelled line.

// Outcome is how far a rule got with a piece of text.
type Outcome uint8

// The outcomes, from the one that is reported to the one that says least.
const (
	Found     Outcome = iota + 1 // it is a finding, unless something hides it
	Beaten                       // a better rule, or an example, has the same bytes
	Refused                      // a check or the classifier says that it is no secret
	Unmatched                    // a literal of the rule stands there, and no match around it
)

var outcomeNames = [...]string{"", "found", "beaten", "refused", "no match"}

func (o Outcome) String() string { return outcomeNames[o] }

// Explanation says what one rule made of one piece of text. Its texts quote the
// literal and the name that a value is assigned to, and never the value.
type Explanation struct {
	Rule    *Rule
	Outcome Outcome
	Reason  string // one sentence, lower case
	Word    string // what set the rule off, as it stands in the text; empty where a file's structure did
	Secret  Secret // what the rule took for the secret; empty where Unmatched
	Match   *Match // where Found
}

// Explained is what all rules made of one text.
type Explained struct {
	steps []step
	lines map[int][]int // by line, from 1: indices of steps
}

// Explain tries all rules on data again. Safe for concurrent use.
func (e *Engine) Explain(data []byte) *Explained {
	x := explainer{engine: e, scratch: e.NewScratch(), traced: map[*compiled]*trace{}}
	var encoding string
	x.text, encoding = decode(data, x.scratch)
	x.binary = isBinary(x.text)
	x.try()
	x.judge(encoding)
	return x.explained()
}

// Line says what each rule made of a line of the decoded text, counted from 1 as in
// Match: found first, then by rule. A rule has its say where one of its literals
// stands on the line, or what it took for a secret; one that matched nothing has it
// once.
func (x *Explained) Line(line int) []Explanation {
	on := make([]step, 0, len(x.lines[line]))
	for _, i := range x.lines[line] {
		on = append(on, x.steps[i])
	}
	slices.SortStableFunc(on, func(a, b step) int {
		return cmp.Or(cmp.Compare(a.Outcome, b.Outcome), cmp.Compare(a.secret.min, b.secret.min), cmp.Compare(a.rule.index, b.rule.index))
	})
	type saying struct {
		rule   *compiled
		secret span
	}
	var out []Explanation
	said := map[saying]bool{}
	for _, st := range on {
		if said[saying{st.rule, st.secret}] || said[saying{rule: st.rule}] {
			continue
		}
		said[saying{st.rule, st.secret}] = true
		if st.Outcome == Unmatched {
			if said[saying{st.rule, anySecret}] {
				continue
			}
			if slices.ContainsFunc(on, func(o step) bool {
				return o.Outcome == Found && o.secret.min <= st.word.min && st.word.max <= o.secret.max
			}) {
				st.Word = "" // it would tell a part of the secret
			}
		}
		said[saying{st.rule, anySecret}] = true
		out = append(out, st.Explanation)
	}
	return out
}

// anySecret stands for what a rule said of whichever secret.
var anySecret = span{min: -1}

// explained sorts the steps by the lines that they touch.
func (x *explainer) explained() *Explained {
	out := &Explained{steps: x.steps, lines: map[int][]int{}}
	starts := []int{0}
	for i, c := range x.text {
		if c == '\n' {
			starts = append(starts, i+1)
		}
	}
	lineOf := func(at int) int {
		line, exact := slices.BinarySearch(starts, at)
		if exact {
			line++
		}
		return line
	}
	for i, st := range x.steps {
		for _, s := range []span{st.word, st.secret} {
			for line := lineOf(s.min); s.min < s.max && line <= lineOf(s.max-1); line++ {
				if list := out.lines[line]; len(list) == 0 || list[len(list)-1] != i {
					out.lines[line] = append(list, i)
				}
			}
		}
	}
	return out
}

type explainer struct {
	engine  *Engine
	scratch *Scratch
	text    []byte
	binary  bool
	traced  map[*compiled]*trace
	steps   []step
	fired   []*extractor
}

// step is one candidate, or a hit that came to none.
type step struct {
	Explanation
	rule   *compiled
	word   span // of the literal
	secret span // empty where there is none
}

// trace is a rule whose checks accept everything and are asked afterwards.
type trace struct {
	*compiled
	asked []asked
}

type asked struct{ secret, match []byte }

func (x *explainer) trace(c *compiled) *trace {
	t := x.traced[c]
	if t == nil {
		rule := *c.Rule
		rule.Entropy = 0
		t = &trace{}
		t.compiled = &compiled{Rule: &rule, plan: c.plan, index: c.index, check: func(secret, match []byte) CheckResult {
			t.asked = append(t.asked, asked{secret, match})
			return CheckResult{}
		}}
		x.traced[c] = t
	}
	return t
}

// try runs every trigger of every hit.
func (x *explainer) try() {
	s := x.scratch
	var accepted []candidate
	s.blocks(x.engine.anywhere(), x.text, func(h prefilter.Hit) {
		ts := x.engine.setOff(h.Literal)
		for i := range ts {
			t := &ts[i]
			if t.form == formExtract {
				x.fired = x.engine.fireOne(s, t, x.text, h, x.fired)
				continue
			}
			accepted = append(accepted, x.hit(t, h)...)
		}
	})
	s.found = accepted
}

// anywhere is the engine's set of literals without what must stand beside them.
func (e *Engine) anywhere() *prefilter.Set {
	literals := make([][]byte, len(e.lengths))
	for i, n := range e.lengths {
		literals[i] = []byte(lowerASCII(e.setOff(int32(i))[0].lit.text[:n]))
	}
	set, err := prefilter.Compile(literals, nil)
	if err != nil {
		panic(err) // they were compiled before
	}
	return set
}

// hit tries one trigger, and returns what its rule accepts.
func (x *explainer) hit(t *trigger, h prefilter.Hit) (accepted []candidate) {
	s, traced := x.scratch, x.trace(t.rule)
	loose := *t
	loose.rule = traced.compiled
	s.found, traced.asked = s.found[:0], traced.asked[:0]
	loose.try(s, x.text, h, x.binary)
	start, end := t.around(h)
	word := span{min: start, max: min(end, len(x.text))}
	base := step{rule: t.rule, word: word}
	base.Rule, base.Word = t.rule.Rule, string(x.text[word.min:word.max])
	if len(s.found) == 0 {
		base.Outcome, base.Reason = t.missed(x.text, h, x.binary)
		if base.Outcome == Refused {
			base.secret = t.rule.assigned(x.text, word)
			base.Secret = NewSecret(x.text[base.secret.min:base.secret.max])
		}
		x.steps = append(x.steps, base)
		return nil
	}
	for i, c := range s.found {
		one := base
		one.secret = span{min: c.start, max: c.end}
		one.Secret = NewSecret(c.value)
		c.rule = t.rule
		if t.rule.form == formKeyword {
			one.Reason = t.rule.assignment(x.text, word)
		}
		var q *asked
		if i < len(traced.asked) && t.rule.form != formKeyword {
			q = &traced.asked[i]
		}
		if refusal := t.rule.decide(&c, q); refusal != "" {
			one.Outcome, one.Reason = Refused, refusal
		} else {
			one.Outcome = Found // until the others have been heard
			accepted = append(accepted, c)
		}
		x.steps = append(x.steps, one)
	}
	return accepted
}

// decide asks the rule's own checks about a candidate, and says why they refuse it.
func (c *compiled) decide(found *candidate, q *asked) (refusal string) {
	if bits := Entropy(found.value); c.Entropy > 0 && bits < c.Entropy {
		return fmt.Sprintf("its characters have %.1f bits each, below %.1f", bits, c.Entropy)
	}
	if c.check == nil || q == nil {
		return ""
	}
	found.result = c.check(q.secret, q.match)
	switch found.result.Proof {
	case Refuted:
		return fmt.Sprintf("the check %q refutes it", c.Check)
	case Example:
		found.example = true
	}
	return ""
}

// judge lets candidates compete as a scan does, and settles every step.
func (x *explainer) judge(encoding string) {
	e, s := x.engine, x.scratch
	tried := len(s.found)
	e.extract(s, x.text, x.fired)
	for i := tried; i < len(s.found); i++ {
		c := &s.found[i]
		structural := step{rule: c.rule, secret: span{min: c.start, max: c.end}}
		structural.Rule, structural.Secret, structural.Outcome = c.rule.Rule, NewSecret(c.value), Found
		structural.Reason = "the structure of the file says what it is"
		if c.encoding != "" {
			structural.Reason = "it stands there in " + c.encoding
		}
		x.steps = append(x.steps, structural)
	}
	all := slices.Clone(s.found)
	at := cursor{text: x.text, line: 1, column: 1}
	winners := map[*compiled]map[span]*Match{}
	for _, c := range resolve(slices.Clone(all)) {
		m := e.match(c, &at, encoding)
		if winners[c.rule] == nil {
			winners[c.rule] = map[span]*Match{}
		}
		winners[c.rule][span{min: c.start, max: c.end}] = &m
	}
	for i := range x.steps {
		if step := &x.steps[i]; step.Outcome == Found {
			step.settle(winners[step.rule][step.secret], all)
		}
	}
}

// settle says why a candidate is found, or what beat it.
func (st *step) settle(m *Match, all []candidate) {
	if m != nil {
		st.Match = m
		st.Reason = strings.TrimPrefix(st.Reason+"; "+st.Rule.grounds(m), "; ")
		return
	}
	st.Outcome = Beaten
	st.Reason = "another rule has the same bytes"
	own := slices.IndexFunc(all, func(c candidate) bool {
		return c.rule == st.rule && c.start == st.secret.min && c.end == st.secret.max
	})
	if own < 0 {
		return
	}
	if all[own].example {
		st.Reason = "it is a published example"
		return
	}
	for i := range all {
		if c := &all[i]; c.start < st.secret.max && st.secret.min < c.end && rank(c, &all[own]) > 0 {
			st.Reason = fmt.Sprintf("the rule %s has the same bytes and %s", c.rule.ID, precedence(c, &all[own]))
			return
		}
	}
}

// precedence says why a beats b, in the order of rank.
func precedence(a, b *candidate) string {
	switch {
	case a.example != b.example:
		return "knows them as a published example"
	case (a.result.Proof == Proven) != (b.result.Proof == Proven):
		return "proves them"
	case (a.rule.form == formKeyword) != (b.rule.form == formKeyword):
		return "knows their format"
	case a.rule.Confidence != b.rule.Confidence:
		return "is surer"
	case a.end-a.start != b.end-b.start:
		return "takes more of them"
	}
	return "comes first"
}

// grounds says where a match's severity and confidence come from.
func (r *Rule) grounds(m *Match) string {
	severity, confidence := "the rule's", "the rule's"
	if m.Severity != r.Severity {
		severity = "by its check"
	}
	switch {
	case m.Proven:
		confidence = fmt.Sprintf("proven by the check %q", r.Check)
	case r.Generic():
		confidence = "by the classifier"
	case m.Confidence != r.Confidence:
		confidence = "by its check"
	}
	return fmt.Sprintf("severity %v (%s), confidence %v (%s)", m.Severity, severity, m.Confidence, confidence)
}
