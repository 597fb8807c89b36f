package scanner

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"

	"github.com/shrike-scan/shrike/scanner/prefilter"
)

const (
	defaultReach = 512 // bytes a match of unbounded regex may extend from its literal
	defaultAfter = 80  // bytes searched for a value after a context word
	maxReach     = 64 << 10

	// around is how much of the text beside a window the assertions of a regex
	// (\b, ^, $) may look at: one code point.
	around = 4
)

// Options are Compile's choices beside the rules.
type Options struct {
	Checks     map[string]Check // offline checks by the name that rules use
	Extractors []Extractor
}

// Engine is a compiled set of rules. Immutable; safe for concurrent use.
type Engine struct {
	set        *prefilter.Set
	literals   [][]byte    // of the set
	triggers   [][]trigger // by literal
	rules      []*compiled
	extractors []*extractor
	margin     int // bytes to either side of a match that its verdict can depend on
}

// trigger is what a hit of a literal sets off: a rule, or an extractor.
type trigger struct {
	rule          *compiled
	lit           literal
	before, after profile // of a regex rule: what can stand beside the literal
	fences        []fence // and what must follow it
	behind        int     // bytes before the hit that the rule's verdict depends on
	beyond        int     // bytes after the hit, likewise
	extractor     *extractor
}

type extractor struct {
	Extractor
	rules map[string]*compiled
}

// form is which of the three kinds of rule it is; higher ones win on the same bytes.
type form uint8

const (
	formKeyword form = iota
	formContext
	formRegex
	formExtract
)

type compiled struct {
	*Rule
	index int
	form  form
	size  span // of a match, in bytes
	check Check

	// regex is compiled at first use: a short scan never needs most of them. That
	// of a context rule is anchored at the value's start.
	regex func() *regexp.Regexp
	value profile // of a context rule: what its value starts with
}

// RuleError is a rule that cannot be used, and why.
type RuleError struct {
	ID  string
	Err error
}

func (e *RuleError) Error() string { return fmt.Sprintf("rule %s: %v", e.ID, e.Err) }
func (e *RuleError) Unwrap() error { return e.Err }

// Compile checks the rules and builds the engine. Errors are *RuleError; all
// unusable rules are named, joined.
func Compile(rules []Rule, o Options) (*Engine, error) {
	b := builder{engine: &Engine{}, ids: map[string]int{}}
	var errs []error
	for i := range rules {
		if err := b.add(&rules[i], o.Checks); err != nil {
			errs = append(errs, &RuleError{rules[i].ID, err})
		}
	}
	for _, x := range o.Extractors {
		b.addExtractor(x)
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	set, err := prefilter.Compile(b.literals)
	if err != nil {
		return nil, err
	}
	b.engine.set, b.engine.literals = set, b.literals
	b.engine.margin = 2*b.reach + allowReach
	return b.engine, nil
}

// Rules returns the engine's rules in their order, extractors' rules last. The
// caller must not change them.
func (e *Engine) Rules() []*Rule {
	out := make([]*Rule, len(e.rules))
	for i, r := range e.rules {
		out[i] = r.Rule
	}
	return out
}

// Margin is how far to either side of a match, in bytes, the text can matter to
// whether and how it is reported.
func (e *Engine) Margin() int { return e.margin }

type builder struct {
	engine   *Engine
	literals [][]byte
	ids      map[string]int // literal without case -> index
	reach    int            // farthest that any rule looks from a hit
}

func (b *builder) add(r *Rule, checks map[string]Check) error {
	c := &compiled{Rule: r, index: len(b.engine.rules)}
	if r.Check != "" {
		if c.check = checks[r.Check]; c.check == nil {
			return fmt.Errorf("no check is called %q", r.Check)
		}
	}
	if r.Reach < 0 || r.Reach > maxReach || r.Before < 0 || r.Before > maxReach || r.After < 0 || r.After > maxReach {
		return fmt.Errorf("reach, before and after must be between 0 and %d bytes", maxReach)
	}
	var lits []literal
	var err error
	switch {
	case r.Regex != "" && r.Value == "" && len(r.Context) == 0 && len(r.Keywords) == 0:
		c.form = formRegex
		lits, err = c.compileRegex(r.Regex)
	case r.Value != "" && len(r.Context) > 0 && r.Regex == "" && len(r.Keywords) == 0:
		c.form = formContext
		_, err = c.compileRegex(r.Value)
		lits = words(r.Context)
	case len(r.Keywords) > 0 && r.Regex == "" && r.Value == "" && len(r.Context) == 0:
		c.form = formKeyword
		lits = words(r.Keywords)
	default:
		return errors.New("needs either regex, or context and value, or keywords")
	}
	if err != nil {
		return err
	}
	for _, l := range lits {
		if len(l.text) < minLiteral {
			return fmt.Errorf("%q is too short to look for: at least %d bytes", l.text, minLiteral)
		}
		t := trigger{
			rule: c, lit: l,
			before: newProfile(l.left, true, l.text[0]), after: newProfile(l.right, false, l.text[len(l.text)-1]), fences: newFences(l.right),
			behind: c.behind(l), beyond: c.beyond(l),
		}
		b.reach = max(b.reach, t.behind, t.beyond+len(l.text))
		b.trigger(l.text, t)
	}
	b.engine.rules = append(b.engine.rules, c)
	return nil
}

func (b *builder) addExtractor(x Extractor) {
	e := &extractor{Extractor: x, rules: map[string]*compiled{}}
	rules := x.Rules()
	for i := range rules {
		c := &compiled{Rule: &rules[i], index: len(b.engine.rules), form: formExtract}
		e.rules[c.ID] = c
		b.engine.rules = append(b.engine.rules, c)
	}
	for _, t := range x.Triggers() {
		b.trigger(lowerASCII(t), trigger{extractor: e, lit: literal{text: lowerASCII(t), fold: true}})
	}
	b.engine.extractors = append(b.engine.extractors, e)
}

func (b *builder) trigger(text string, t trigger) {
	key := lowerASCII(text)
	i, ok := b.ids[key]
	if !ok {
		i = len(b.literals)
		b.ids[key] = i
		b.literals = append(b.literals, []byte(key))
		b.engine.triggers = append(b.engine.triggers, nil)
	}
	b.engine.triggers[i] = append(b.engine.triggers[i], t)
}

func words(list []string) []literal {
	out := make([]literal, len(list))
	for i, w := range list {
		out[i] = literal{text: lowerASCII(w), fold: true}
	}
	return out
}

// compileRegex parses the expression, derives its literals and defers the
// expensive compilation.
func (c *compiled) compileRegex(expr string) ([]literal, error) {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return nil, err
	}
	lits, size := derive(re)
	if size.min == 0 {
		return nil, errors.New("matches the empty string")
	}
	c.size = size
	if c.form == formContext {
		c.value = newProfile([]*syntax.Regexp{re}, false, 0)
		expr = `\A(?:` + expr + `)`
	}
	c.regex = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
	if c.form == formRegex && len(c.Literals) > 0 {
		lits = nil
		for _, text := range c.Literals {
			lits = append(lits, literal{text: text, before: span{0, unbounded}, left: unknown, right: unknown})
		}
	}
	if c.form == formRegex && len(lits) == 0 {
		return nil, fmt.Errorf("no literal of at least %d bytes can be derived from the regex; use context and value", minLiteral)
	}
	return lits, nil
}

// reach is how far an unbounded match may extend from its literal.
func (c *compiled) reach() int {
	if c.Reach > 0 {
		return c.Reach
	}
	return defaultReach
}

func (c *compiled) after() int {
	if c.After > 0 || c.Before > 0 {
		return c.After
	}
	return defaultAfter
}

// window is the range of text in which a match that holds the hit
// text[start:end] of the literal lies, with what assertions may look at.
func (c *compiled) window(l literal, start, end int) (lo, hi int) {
	before := l.before.max
	if before >= unbounded {
		before = c.reach()
	}
	lo = start - before
	if c.size.max >= unbounded {
		hi = end + c.reach()
	} else {
		hi = max(end, start-l.before.min+c.size.max)
	}
	return lo - around, hi + around
}

// behind is how many bytes before a hit a verdict can depend on.
func (c *compiled) behind(l literal) int {
	switch c.form {
	case formContext:
		return c.Before + 2 // startsToken looks at two
	case formKeyword:
		return keywordBefore
	}
	lo, _ := c.window(l, 0, len(l.text))
	return -lo
}

// beyond is how many bytes after a hit a verdict can depend on.
func (c *compiled) beyond(l literal) int {
	switch c.form {
	case formContext:
		return c.after() + min(c.size.max, maxReachValue) + 1 // endsToken looks at one
	case formKeyword:
		return keywordAfter
	}
	_, hi := c.window(l, 0, len(l.text))
	return hi - len(l.text)
}

// group returns the capture group that holds the secret: the one named so,
// else the first, else the whole match.
func group(re *regexp.Regexp) int {
	if i := slices.Index(re.SubexpNames(), "secret"); i > 0 {
		return i
	}
	return min(1, re.NumSubexp())
}

// literalTexts lists the rule's literals for tests and explanations.
func (e *Engine) literalTexts(id string) []string {
	var out []string
	for _, ts := range e.triggers {
		for _, t := range ts {
			if t.rule != nil && t.rule.ID == id {
				out = append(out, t.lit.text)
			}
		}
	}
	return out
}

// Literals returns what the prefilter looks for on behalf of a rule, joined for
// display.
func (e *Engine) Literals(id string) string { return strings.Join(e.literalTexts(id), " ") }
