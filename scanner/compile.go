package scanner

import (
	"encoding/binary"
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

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
	lengths    []int32     // of the set's literals
	triggers   [][]trigger // by literal
	fires      []bool      // by literal: an extractor is among its triggers
	tries      int         // triggers of rules
	rules      []*compiled
	extractors []*extractor
	small      []*extractor // that read small texts, whatever they hold
	margin     int          // bytes to either side of a match that its verdict can depend on

	hashing sync.Once
	hash    string // see Hash
}

// trigger is what a hit of a literal sets off: a rule, or an extractor.
type trigger struct {
	*anchor
	rule      *compiled
	near      *byteSet // what can stand before it; nil for anything
	place     int      // of the anchor in its rule
	number    int      // among the engine's triggers of rules
	tail      string   // of a long literal: what the prefilter does not look for, in lower case
	behind    int      // bytes before the hit that the rule's verdict can depend on
	beyond    int      // bytes after the hit, likewise
	extractor *extractor
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
	sides    []sides   // likewise
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

// window is the range of text in which a match that holds the hit text[start:end]
// of the literal lies, with what assertions may look at. Where that range would be
// of ASCII alone, it is narrower.
func (t *trigger) window(text []byte, start, end int) (lo, hi int) {
	before, size := &t.lit.before, &t.rule.size
	lo, hi = t.rule.span(start, end, before.narrow, before.min, size.narrow)
	if before.narrow == before.max && size.narrow == size.max || isASCII(text[max(0, lo):min(hi, len(text))]) {
		return lo, hi
	}
	return t.rule.span(start, end, before.max, before.min, size.max)
}

// span is the range in which a match lies that has at most before and at least
// least bytes before text[start:end], and at most size in all.
func (c *compiled) span(start, end, before, least, size int) (lo, hi int) {
	if before >= unbounded {
		before = c.reach()
	}
	if size >= unbounded {
		hi = end + c.reach()
	} else {
		hi = max(end, start-least+size)
	}
	return start - before - around, hi + around
}

// isASCII reports whether all bytes of the text are ASCII.
func isASCII(text []byte) bool {
	for ; len(text) >= 8; text = text[8:] {
		if binary.LittleEndian.Uint64(text)&0x8080808080808080 != 0 {
			return false
		}
	}
	for _, c := range text {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// behind is how many bytes before a hit a verdict can depend on.
func (c *compiled) behind(l *literal) int {
	switch c.form {
	case formContext:
		return max(c.Before+2, around) // startsToken looks at two
	case formKeyword:
		return keywordBefore
	}
	lo, _ := c.span(0, len(l.text), l.before.max, l.before.min, c.size.max)
	return -lo
}

// beyond is how many bytes after a hit a verdict can depend on.
func (c *compiled) beyond(l *literal) int {
	switch c.form {
	case formContext:
		return c.after() + min(c.size.max, maxReachValue) + tokenAhead
	case formKeyword:
		return keywordAfter
	}
	_, hi := c.span(0, len(l.text), l.before.max, l.before.min, c.size.max)
	return hi - len(l.text) + listReach
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
