package config

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/shrike-scan/shrike/scanner"
)

// Validate checks every rule id that the configuration names against known, the
// ids of all built-in rules, and its own rules. Call it once all rules are known,
// before Rules and Allow. Errors are as those of Decode.
func (c *Config) Validate(known []string) error {
	if len(c.Disable) == 0 && len(c.Entropy) == 0 && len(c.Severity) == 0 && len(c.Allows) == 0 && len(c.Overrides) == 0 {
		return nil // names none: most runs
	}
	known = slices.Clone(known)
	for i := range c.Own {
		known = append(known, c.Own[i].ID)
	}
	slices.Sort(known)
	var problems problems
	check := func(path, id string) {
		if _, found := slices.BinarySearch(known, id); !found && !problems.full() {
			problems.add(c.places.at(path), "unknown rule %q%s", id, hint(id, known))
		}
	}
	adjusts := func(table string, disable []string, entropy map[string]float64, severity map[string]scanner.Severity) {
		for i, id := range disable {
			check(joinIndex(joinKey(table, "disable"), i), id)
		}
		for _, id := range slices.Sorted(maps.Keys(entropy)) {
			if id != EveryRule {
				check(joinKey(joinKey(table, "entropy"), id), id)
			}
		}
		for _, id := range slices.Sorted(maps.Keys(severity)) {
			check(joinKey(joinKey(table, "severity"), id), id)
		}
	}
	adjusts("", c.Disable, c.Entropy, c.Severity)
	for i := range c.Overrides {
		o := &c.Overrides[i]
		adjusts(joinIndex("override", i), o.Disable, o.Entropy, o.Severity)
	}
	for i := range c.Allows {
		for j, id := range c.Allows[i].Rules {
			check(joinIndex(joinKey(joinIndex("allow", i), "rules"), j), id)
		}
	}
	return problems.errors()
}

// Rules returns the built-in rules as adjusted, then the configuration's own. An
// own rule with a built-in id is an error, whether that one is disabled or not:
// reports of two repositories must mean the same by one id.
func (c *Config) Rules(builtin []scanner.Rule) ([]scanner.Rule, error) {
	if err := c.checkOverrides(builtin); err != nil {
		return nil, err
	}
	if len(c.Own) == 0 {
		return c.Adjust(builtin), nil
	}
	taken := make(map[string]bool, len(builtin))
	for i := range builtin {
		taken[builtin[i].ID] = true
	}
	var clashes []error
	for i := range c.Own {
		if id := c.Own[i].ID; taken[id] {
			at := c.places.at(joinKey(joinIndex("rules", i), "id"))
			clashes = append(clashes, &Error{at, fmt.Sprintf("rule %q is built in: choose another id", id)})
		}
	}
	if err := errors.Join(clashes...); err != nil {
		return nil, err
	}
	return slices.Concat(c.Adjust(builtin), c.Adjust(c.Own)), nil
}

// Locate says of errors of scanner.Compile where the rule stands, if it is one of the
// configuration's own.
func (c *Config) Locate(err error) error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return err
	}
	var problems problems
	for _, one := range joined.Unwrap() {
		var bad *scanner.RuleError
		i := -1
		if errors.As(one, &bad) {
			i = slices.IndexFunc(c.Own, func(r scanner.Rule) bool { return r.ID == bad.ID })
		}
		if i < 0 {
			return err
		}
		key := "regex"
		if c.Own[i].Regex == "" {
			key = "value"
		}
		problems.add(c.places.at(joinKey(joinIndex("rules", i), key)), "%v", bad)
	}
	return problems.errors()
}

// Adjust returns rules without the disabled ones, with the entropy thresholds and
// severities that the configuration sets. What it changes is a copy.
func (c *Config) Adjust(rules []scanner.Rule) []scanner.Rule {
	if len(c.Disable) == 0 && len(c.Entropy) == 0 && len(c.Severity) == 0 {
		return rules
	}
	out := make([]scanner.Rule, 0, len(rules))
	for _, r := range rules {
		if slices.Contains(c.Disable, r.ID) {
			continue
		}
		if bits, set := c.Entropy[EveryRule]; set {
			r.Entropy = bits
		}
		if bits, set := c.Entropy[r.ID]; set {
			r.Entropy = bits
		}
		if severity, set := c.Severity[r.ID]; set {
			r.Severity = severity
		}
		out = append(out, r)
	}
	return out
}
