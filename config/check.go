package config

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/shrike-scan/shrike/scanner"
)

// Bounds of what a configuration may ask of a scan.
const (
	maxBefore  = 1000 // bytes, of a rule's before and after
	maxReach   = 4096 // bytes
	maxEntropy = 8    // bits a character: all bytes equally often

	// Budgets of all patterns and words together, see weight. Each unit of a rule
	// may cost a state of the literal matcher, about a kilobyte.
	maxRuleWeight  = 20_000
	maxAllowWeight = 100_000
)

// budgets is what the patterns of a configuration, with all that it extends, may
// still weigh.
type budgets struct{ ofRules, ofAllows patterns }

func newBudgets() *budgets { return &budgets{patterns{maxRuleWeight}, patterns{maxAllowWeight}} }

// check judges the values that decoding let through, and compiles patterns.
func (c *Config) check(problems *problems, left *budgets) {
	k := &checker{places: c.places, problems: problems, budgets: left}
	for _, id := range slices.Sorted(maps.Keys(c.Entropy)) {
		k.within(joinKey("entropy", id), c.Entropy[id], maxEntropy)
	}
	for _, id := range slices.Sorted(maps.Keys(c.Accounts)) {
		if len(id) != 12 || strings.Trim(id, "0123456789") != "" {
			k.add(joinKey("accounts", id), "%q is no AWS account id: want 12 digits", id)
		}
	}
	if exclude := k.globs("scan.exclude", c.Scan.Exclude); exclude != nil {
		c.Scan.exclude = append(c.Scan.exclude, exclude)
	}
	ids := map[string]bool{}
	for i := range c.Own {
		path := joinIndex("rules", i)
		rule := &c.Own[i]
		k.rule(path, rule)
		if ids[rule.ID] {
			k.add(joinKey(path, "id"), "rule %q is defined twice", rule.ID)
		}
		ids[rule.ID] = true
	}
	for i := range c.Allows {
		k.allow(joinIndex("allow", i), &c.Allows[i])
	}
	for i := range c.Overrides {
		k.override(joinIndex("override", i), &c.Overrides[i])
	}
}

type checker struct {
	places   outline
	problems *problems
	*budgets
}

func (k *checker) add(path, format string, args ...any) {
	k.problems.add(k.places.at(path), format, args...)
}

func (k *checker) within(path string, value, most float64) {
	if !(value >= 0 && value <= most) { // so that NaN fails
		k.add(path, "%q is out of range: want 0 to %v", path, most)
	}
}

func (k *checker) rule(path string, r *scanner.Rule) {
	if !isRuleID(r.ID) {
		k.add(joinKey(path, "id"), "a rule needs an id of lower-case letters, digits and dashes")
	}
	forms := 0
	for _, set := range []bool{r.Regex != "", len(r.Context) > 0, len(r.Keywords) > 0} {
		if set {
			forms++
		}
	}
	if forms != 1 {
		k.add(path, "a rule needs exactly one of regex, context with value, keywords")
	}
	if (len(r.Context) > 0) != (r.Value != "") {
		k.add(path, "context and value need each other")
	}
	k.words(joinKey(path, "context"), r.Context)
	k.words(joinKey(path, "keywords"), r.Keywords)
	k.words(joinKey(path, "literals"), r.Literals)
	k.regex(&k.ofRules, joinKey(path, "regex"), r.Regex)
	k.regex(&k.ofRules, joinKey(path, "value"), r.Value)
	k.within(joinKey(path, "before"), float64(r.Before), maxBefore)
	k.within(joinKey(path, "after"), float64(r.After), maxBefore)
	k.within(joinKey(path, "reach"), float64(r.Reach), maxReach)
	k.within(joinKey(path, "entropy"), r.Entropy, maxEntropy)
	if r.Severity == scanner.SeverityUnset {
		r.Severity = scanner.SeverityHigh
	}
	if r.Confidence == scanner.ConfidenceUnset {
		r.Confidence = scanner.ConfidenceMedium
	}
	if r.Kind == "" {
		r.Kind = r.ID
	}
}

func (k *checker) allow(path string, a *Allow) {
	if len(a.Rules)+len(a.Paths)+len(a.PathRegexes)+len(a.Regexes)+len(a.Stopwords)+len(a.Fingerprints) == 0 {
		k.add(path, "an allow entry needs one of rules, paths, path_regexes, regexes, stopwords, fingerprints")
	}
	if strings.TrimSpace(a.Reason) == "" {
		k.add(path, "an allow entry needs a reason")
	}
	if globs := k.globs(joinKey(path, "paths"), a.Paths); globs != nil {
		a.paths = append(a.paths, globs)
	}
	a.paths = append(a.paths, k.hiding(joinKey(path, "path_regexes"), a.PathRegexes)...)
	a.regexes = k.hiding(joinKey(path, "regexes"), a.Regexes)
	for i, word := range a.Stopwords {
		if strings.TrimSpace(word) == "" {
			k.add(joinIndex(joinKey(path, "stopwords"), i), "an empty stop word hides every secret")
		}
		a.stopwords = append(a.stopwords, strings.ToLower(word))
	}
	for i, fingerprint := range a.Fingerprints {
		if len(fingerprint) != 32 || strings.Trim(fingerprint, "0123456789abcdef") != "" {
			k.add(joinIndex(joinKey(path, "fingerprints"), i), "not a fingerprint: want 32 lower-case hex digits")
		}
	}
}

// hiding compiles the regexes of an allow entry.
func (k *checker) hiding(path string, list []string) (out []*regexp.Regexp) {
	for i, pattern := range list {
		if pattern == "" {
			k.add(joinIndex(path, i), "an empty pattern hides everything")
		}
		if re := k.regex(&k.ofAllows, joinIndex(path, i), pattern); re != nil {
			out = append(out, re)
		}
	}
	return out
}

func (k *checker) override(path string, o *Override) {
	if len(o.Paths) == 0 {
		k.add(path, "an override needs paths; what holds everywhere stands at the top of the file")
	}
	if len(o.Disable)+len(o.Entropy)+len(o.Severity) == 0 && o.MinSeverity == 0 && o.MinConfidence == 0 {
		k.add(path, "an override needs one of disable, entropy, severity, min_severity, min_confidence")
	}
	o.paths = k.globs(joinKey(path, "paths"), o.Paths)
	for _, id := range slices.Sorted(maps.Keys(o.Entropy)) {
		k.within(joinKey(joinKey(path, "entropy"), id), o.Entropy[id], maxEntropy)
	}
}

// words judges the words of a rule that the literal matcher looks for.
func (k *checker) words(path string, words []string) {
	for i, word := range words {
		if strings.TrimSpace(word) == "" {
			k.add(joinIndex(path, i), "an empty word stands everywhere")
		}
		if !k.ofRules.charge(len(word)) {
			k.add(joinIndex(path, i), "%q: %v", joinIndex(path, i), errTooLarge)
		}
	}
}

// regex compiles a pattern; nil after a fault, or without a pattern.
func (k *checker) regex(of *patterns, path, pattern string) *regexp.Regexp {
	if pattern == "" {
		return nil
	}
	re, err := of.compile(pattern)
	switch {
	case err != nil:
		k.add(path, "%q: %v", path, err)
	case re.MatchString(""):
		k.add(path, "%q matches the empty text, and so everything", path)
	}
	return re
}

// globs compiles path globs into one pattern; nil without any, or after a fault.
func (k *checker) globs(path string, globs []string) *regexp.Regexp {
	var list []string
	for i, glob := range globs {
		pattern, err := globPattern(glob)
		if err != nil {
			k.add(joinIndex(path, i), "%q: %v", joinIndex(path, i), err)
			continue
		}
		list = append(list, pattern)
	}
	if len(list) == 0 {
		return nil
	}
	re, err := k.ofAllows.compile(anyGlob(list))
	if err != nil {
		k.add(path, "%q: %v", path, err)
	}
	return re
}

func isRuleID(id string) bool {
	return strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789-") == "" && strings.Trim(id, "-") == id && id != ""
}
