package config

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shrike-scan/shrike/scanner"
)

// Override gives findings that stand in the paths of [[override]] tables alone the
// severities these name, the worst where there are several. A severity that a check
// refined stays. Call it before scanner.Weigh.
func (c *Config) Override(fs []*scanner.Finding) {
	if len(c.Overrides) == 0 {
		return
	}
	for _, f := range fs {
		if f.Severity != f.Rule.Severity {
			continue
		}
		worst := scanner.SeverityUnset
		for _, o := range f.Occurrences {
			worst = max(worst, c.severityAt(f, o.Path))
		}
		if worst != scanner.SeverityUnset {
			f.Severity = worst
		}
	}
}

// severityAt is the severity of a finding where it stands at path. The last table
// that says something counts.
func (c *Config) severityAt(f *scanner.Finding, path string) scanner.Severity {
	for _, o := range slices.Backward(c.Overrides) {
		if severity, set := o.Severity[f.Rule.ID]; set && o.covers(path) {
			return severity
		}
	}
	return f.Severity
}

func (o *Override) covers(path string) bool { return path != "" && o.paths.MatchString(path) }

// overridden says whether an [[override]] hides a finding at path: its rule is
// disabled there, or its secret has too little entropy.
func (c *Config) overridden(f *scanner.Finding, path string) *scanner.Suppression {
	for i := range c.Overrides {
		o := &c.Overrides[i]
		if !o.covers(path) {
			continue
		}
		where := " in " + strings.Join(o.Paths, ", ")
		if slices.Contains(o.Disable, f.Rule.ID) {
			return &scanner.Suppression{By: "config", Reason: "rule " + f.Rule.ID + " is disabled" + where}
		}
		least, set := o.Entropy[f.Rule.ID]
		if !set {
			least = o.Entropy[EveryRule]
		}
		if least > 0 && scanner.Entropy([]byte(f.Secret.Reveal())) < least {
			return &scanner.Suppression{By: "config", Reason: fmt.Sprintf("less than %.1f bits a character%s", least, where)}
		}
	}
	return nil
}

// checkOverrides wants thresholds of entropy that can have an effect: what a rule
// drops everywhere cannot be had back in some paths.
func (c *Config) checkOverrides(builtin []scanner.Rule) error {
	if len(c.Overrides) == 0 {
		return nil
	}
	var problems problems
	for _, r := range slices.Concat(c.Adjust(builtin), c.Adjust(c.Own)) {
		for i := range c.Overrides {
			if least, set := c.Overrides[i].Entropy[r.ID]; set && least < r.Entropy {
				path := joinKey(joinKey(joinIndex("override", i), "entropy"), r.ID)
				problems.add(c.places.at(path), "an override can only raise the threshold, which is %.1f for the rule %q", r.Entropy, r.ID)
			}
		}
	}
	return problems.errors()
}

// Wants reports whether a finding is severe and sure enough to be reported in at
// least one of its places. What is not unset of severity and confidence wins over
// the configuration.
func (c *Config) Wants(f *scanner.Finding, severity scanner.Severity, confidence scanner.Confidence) bool {
	enough := func(path string) bool {
		s, k := c.leastAt(path)
		if severity != scanner.SeverityUnset {
			s = severity
		}
		if confidence != scanner.ConfidenceUnset {
			k = confidence
		}
		return f.Severity >= s && f.Confidence >= k
	}
	if len(c.Overrides) == 0 || len(f.Occurrences) == 0 {
		return enough("")
	}
	return slices.ContainsFunc(f.Occurrences, func(o scanner.Occurrence) bool { return enough(o.Path) })
}

// leastAt returns the thresholds at path: those of the last table that covers it and
// says something, else those of the file.
func (c *Config) leastAt(path string) (scanner.Severity, scanner.Confidence) {
	severity, confidence := c.MinSeverity, c.MinConfidence
	for i := range c.Overrides {
		if o := &c.Overrides[i]; o.covers(path) {
			if o.MinSeverity != scanner.SeverityUnset {
				severity = o.MinSeverity
			}
			if o.MinConfidence != scanner.ConfidenceUnset {
				confidence = o.MinConfidence
			}
		}
	}
	return severity, confidence
}
