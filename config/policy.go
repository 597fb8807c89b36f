package config

import (
	"path"
	"slices"
	"strings"
	"time"

	"github.com/shrike-scan/shrike/scanner"
)

// Policy is what an organisation demands of the repositories in it, in a file of
// its own. A repository may be stricter, and not laxer. The zero value demands
// nothing. Immutable once decoded; safe for concurrent use.
//
// The comments of the fields are the reference in docs/configuration.md.
type Policy struct {
	// What messages call it. Default: the file's name.
	Name string `toml:"name"`

	// The highest value that `min_severity` and `--min-severity` may have.
	MinSeverityAtMost scanner.Severity `toml:"min_severity_at_most"`
	// The highest value that `min_confidence` and `--min-confidence` may have.
	MinConfidenceAtMost scanner.Confidence `toml:"min_confidence_at_most"`
	// The highest value that `fail_on` and `--fail-on` may have.
	FailOnAtMost scanner.Severity `toml:"fail_on_at_most"`

	// Rules that may not be disabled, nor made milder, nor given a higher entropy threshold:
	// ids, in which `*` stands for anything.
	RequiredRules []string `toml:"required_rules"`
	// Ways of hiding that are not open at all: `allow` entries, `inline` comments,
	// `baseline` entries, `exclude`d paths, `override` tables.
	Forbid []string `toml:"forbid"`

	// What is demanded of allow entries.
	Allow Demand `toml:"allow"`
	// What is demanded of entries of the baseline.
	Baseline Demand `toml:"baseline"`
	// What is demanded of comments in the code.
	Inline Demand `toml:"inline"`

	places outline
}

// Demand is what a policy wants said where something is hidden.
type Demand struct {
	// What must be given: `reason`, `owner`, `until`.
	Require []string `toml:"require"`
	// How many days from now the end date may be away at most; it must be given then.
	MaxDays int `toml:"max_days"`
}

// The ways of hiding that a policy can forbid.
const (
	ByAllow    = "allow"
	ByInline   = "inline"
	ByBaseline = "baseline"
	ByExclude  = "exclude"
	ByOverride = "override"
)

var (
	waysToHide = []string{ByAllow, ByInline, ByBaseline, ByExclude, ByOverride}
	demandable = []string{"reason", "owner", "until"}
)

const maxDays = 36500

// DecodePolicy reads the text of a policy; name stands for the file in errors, which
// are those of Decode.
func DecodePolicy(name string, text []byte) (*Policy, error) {
	p := &Policy{}
	d, err := read(name, text, p)
	if err != nil {
		return nil, err
	}
	p.places = d.places
	if p.Name == "" {
		p.Name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	}
	words := func(at string, list, known []string) {
		for i, word := range list {
			if !slices.Contains(known, word) {
				d.problems.add(p.places.at(joinIndex(at, i)), "%q is none of %s%s", word, strings.Join(known, ", "), hint(word, known))
			}
		}
	}
	words("forbid", p.Forbid, waysToHide)
	for _, t := range []struct {
		table string
		*Demand
	}{{"allow", &p.Allow}, {"baseline", &p.Baseline}, {"inline", &p.Inline}} {
		words(joinKey(t.table, "require"), t.Require, demandable)
		if t.MaxDays < 0 || t.MaxDays > maxDays {
			d.problems.add(p.places.at(joinKey(t.table, "max_days")), "max_days is out of range: want 1 to %d", maxDays)
		}
	}
	for i, pattern := range p.RequiredRules {
		if _, err := path.Match(pattern, ""); err != nil {
			d.problems.add(p.places.at(joinIndex("required_rules", i)), "no pattern of rule ids")
		}
	}
	if err := d.problems.errors(); err != nil {
		return nil, err
	}
	return p, nil
}

// Forbids reports whether a way of hiding is closed.
func (p *Policy) Forbids(way string) bool { return slices.Contains(p.Forbid, way) }

// Missing says what hiding with this reason, owner and last day lacks of what is
// demanded, as the end of a sentence; "" when nothing does.
func (d *Demand) Missing(now time.Time, reason, owner, until string) string {
	needs := func(what string) bool { return slices.Contains(d.Require, what) }
	last := now.UTC().AddDate(0, 0, d.MaxDays).Format(time.DateOnly)
	switch {
	case needs("reason") && strings.TrimSpace(reason) == "":
		return "a reason"
	case needs("owner") && strings.TrimSpace(owner) == "":
		return "an owner"
	case until == "" && (needs("until") || d.MaxDays > 0):
		return "an end date (until)"
	case d.MaxDays > 0 && until > last:
		return "an end date (until) of " + last + " at the latest"
	}
	return ""
}

// String names the policy in messages.
func (p *Policy) String() string { return "the policy " + p.Name + " (" + p.places[""].File + ")" }

// requires reports whether a rule is required.
func (p *Policy) requires(rule string) bool {
	return slices.ContainsFunc(p.RequiredRules, func(pattern string) bool { return matchesID(pattern, rule) })
}

// matchesID reports whether a valid pattern matches a rule's id.
func matchesID(pattern, rule string) bool {
	ok, _ := path.Match(pattern, rule)
	return ok
}
