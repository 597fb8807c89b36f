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
	lengths    []int32   // of the set's literals
	triggers   []trigger // in the order of their literals
	firsts     []int32   // by literal: the first of its triggers; at the end their number
	fires      []bool    // by literal: an extractor is among its triggers
	rules      []*compiled
	extractors []*extractor
	small      []*extractor // that read small texts, whatever they hold
	margin     int          // bytes to either side of a match that its verdict can depend on

	hashing sync.Once
	hash    string // see Hash
}

// extractor reads a whole text: one of the caller's, or an encoding.
type extractor struct {
	Extractor
	rules map[string]*compiled

	parts partsFunc // of an encoding
}

// form is which of the three kinds of rule it is; see rank for which of them wins on the same bytes.
type form uint8

const (
	formKeyword form = iota
	formContext
	formRegex
	formExtract
)

type compiled struct {
	*Rule
	*plan
	index int
	check Check

	once sync.Once // for expr
	expr *regexp.Regexp

	first, later anchored // at the start of the text, and after a byte of it

	derived  sync.Once // for what follows
	parsed   *syntax.Regexp
	literals []literal // by anchor, unless the rule lists them
}

// regex compiles the rule's expression at first use: a short scan never needs most
// of them. That of a context rule is anchored at the value's start.
func (c *compiled) regex() *regexp.Regexp {
	c.once.Do(func() {
		if c.form == formContext {
			c.expr = regexp.MustCompile(`\A(?:` + c.Value + `)`)
		} else {
			c.expr = regexp.MustCompile(c.Regex)
		}
	})
	return c.expr
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
	b := newBuilder(rules)
	var errs []error
	for i := range rules {
		if err := b.add(&rules[i], o.Checks); err != nil {
			errs = append(errs, &RuleError{rules[i].ID, err})
		}
	}
	b.addEncodings()
	for _, x := range o.Extractors {
		b.addExtractor(x)
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	set, err := prefilter.Compile(b.literals, b.beside)
	if err != nil {
		return nil, err
	}
	b.engine.set = set
	b.sort()
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
	for i := range e.triggers {
		if t := &e.triggers[i]; t.rule != nil && t.rule.ID == id {
			out = append(out, t.lit.text)
		}
	}
	return out
}

// Literals returns what the prefilter looks for on behalf of a rule, joined for
// display.
func (e *Engine) Literals(id string) string { return strings.Join(e.literalTexts(id), " ") }
