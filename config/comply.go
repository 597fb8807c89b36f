package config

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/shrike-scan/shrike/scanner"
)

// Policies returns what the configuration must obey.
func (c *Config) Policies() []*Policy { return c.policies }

// Comply checks the configuration against its policies on the day now. rules are all
// that are built in, as they are without a configuration. Every violation is an
// *Error at the line that violates.
func (c *Config) Comply(now time.Time, rules []scanner.Rule) error {
	var problems problems
	for _, p := range c.policies {
		k := holder{Config: c, policy: p, problems: &problems}
		k.known(rules)
		k.thresholds("", c.MinSeverity, c.MinConfidence)
		k.adjusted("", c.Disable, c.Entropy, c.Severity, rules)
		if p.FailOnAtMost != 0 && c.FailOn > p.FailOnAtMost {
			k.add("fail_on", "allows at most %q", p.FailOnAtMost)
		}
		if p.Forbids(ByExclude) && len(c.Scan.Exclude) > 0 {
			k.add("scan.exclude[0]", "forbids to exclude paths")
		}
		for i := range c.Overrides {
			o, path := &c.Overrides[i], joinIndex("override", i)
			if p.Forbids(ByOverride) {
				k.add(path, "forbids overrides")
			}
			k.thresholds(path, o.MinSeverity, o.MinConfidence)
			k.adjusted(path, o.Disable, o.Entropy, o.Severity, rules)
		}
		for i := range c.Allows {
			a, path := &c.Allows[i], joinIndex("allow", i)
			if p.Forbids(ByAllow) {
				k.add(path, "forbids allow entries")
			} else if missing := p.Allow.Missing(now, a.Reason, a.Owner, string(a.Until)); missing != "" {
				k.add(path, "demands of an allow entry %s", missing)
			}
		}
	}
	return problems.errors()
}

// holder holds a configuration to one policy.
type holder struct {
	*Config
	policy   *Policy
	problems *problems
}

func (k *holder) add(path, format string, args ...any) {
	k.problems.add(k.places.at(path), "%v %s", k.policy, fmt.Sprintf(format, args...))
}

// known wants each required rule to be one.
func (k *holder) known(rules []scanner.Rule) {
	for i, pattern := range k.policy.RequiredRules {
		if !slices.ContainsFunc(rules, func(r scanner.Rule) bool { return matchesID(pattern, r.ID) }) {
			k.problems.add(k.policy.places.at(joinIndex("required_rules", i)), "no built-in rule is called %q; a newer shrike may know it", pattern)
		}
	}
}

func (k *holder) thresholds(table string, severity scanner.Severity, confidence scanner.Confidence) {
	p := k.policy
	if p.MinSeverityAtMost != 0 && severity > p.MinSeverityAtMost {
		k.add(joinKey(table, "min_severity"), "allows at most %q", p.MinSeverityAtMost)
	}
	if p.MinConfidenceAtMost != 0 && confidence > p.MinConfidenceAtMost {
		k.add(joinKey(table, "min_confidence"), "allows at most %q", p.MinConfidenceAtMost)
	}
}

// adjusted checks what a table does to required rules.
func (k *holder) adjusted(table string, disable []string, entropy map[string]float64, severity map[string]scanner.Severity, rules []scanner.Rule) {
	if len(k.policy.RequiredRules) == 0 {
		return
	}
	for i, id := range disable {
		if k.policy.requires(id) {
			k.add(joinIndex(joinKey(table, "disable"), i), "requires the rule %q", id)
		}
	}
	own := make(map[string]*scanner.Rule, len(rules))
	for i := range rules {
		own[rules[i].ID] = &rules[i]
	}
	for _, id := range slices.Sorted(maps.Keys(severity)) {
		if k.policy.requires(id) && own[id] != nil && severity[id] < own[id].Severity {
			k.add(joinKey(joinKey(table, "severity"), id), "requires the rule %q, whose severity is %v", id, own[id].Severity)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(entropy)) {
		for i := range rules {
			r := &rules[i]
			if k.policy.requires(r.ID) && (id == r.ID || id == EveryRule) && entropy[id] > r.Entropy {
				k.add(joinKey(joinKey(table, "entropy"), id), "requires the rule %q, whose threshold is %.1f", r.ID, r.Entropy)
				break
			}
		}
	}
}

// ComplyThresholds checks what the flags of a command ask for.
func (c *Config) ComplyThresholds(severity scanner.Severity, confidence scanner.Confidence, failOn scanner.Severity) error {
	for _, p := range c.policies {
		switch {
		case p.MinSeverityAtMost != 0 && severity > p.MinSeverityAtMost:
			return fmt.Errorf("--min-severity %v: %v allows at most %q", severity, p, p.MinSeverityAtMost)
		case p.MinConfidenceAtMost != 0 && confidence > p.MinConfidenceAtMost:
			return fmt.Errorf("--min-confidence %v: %v allows at most %q", confidence, p, p.MinConfidenceAtMost)
		case p.FailOnAtMost != 0 && failOn > p.FailOnAtMost:
			return fmt.Errorf("--fail-on: %v allows at most %q", p, p.FailOnAtMost)
		}
	}
	return nil
}
