package config

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/shrike-scan/shrike/scanner"
)

// Allow hides what the [[allow]] entries, [scan] exclude and the rules disabled in
// some paths cover: occurrences are dropped, and a finding that is covered whole is suppressed by "config". It
// wants attributed findings with their fingerprints, and returns the entries that
// have ended, which hide nothing any more, in the file's order.
func (c *Config) Allow(now time.Time, fs []*scanner.Finding) (ended []*Allow) {
	var entries []*entry
	for i := range c.Allows {
		a := &c.Allows[i]
		e := &entry{a, scanner.Suppression{By: "config", Reason: a.Reason, Owner: a.Owner, Until: string(a.Until)}}
		if e.leaves.Ended(now) {
			ended = append(ended, a)
			continue
		}
		entries = append(entries, e)
	}
	excluded := &scanner.Suppression{By: "config", Reason: "excluded from scans"}
	for _, f := range fs {
		var covering []*entry
		for _, e := range entries {
			if e.covers(f) {
				covering = append(covering, e)
			}
		}
		f.Hide(func(o *scanner.Occurrence) *scanner.Suppression {
			if c.Excludes(o.Path) {
				return excluded
			}
			for _, e := range covering {
				if e.paths == nil || within(e.paths, o.Path) {
					return &e.leaves
				}
			}
			return c.overridden(f, o.Path)
		})
	}
	return ended
}

// Unused returns the [[allow]] entries that cover no place of fs, in order. It wants
// findings as Allow does, and before it.
func (c *Config) Unused(fs []*scanner.Finding) (unused []Unused) {
	for i := range c.Allows {
		e := &entry{Allow: &c.Allows[i]}
		used := slices.ContainsFunc(fs, func(f *scanner.Finding) bool {
			return e.covers(f) && (e.paths == nil || slices.ContainsFunc(f.Occurrences, func(o scanner.Occurrence) bool { return within(e.paths, o.Path) }))
		})
		if !used {
			unused = append(unused, Unused{c.places.at(joinIndex("allow", i)), e.Allow})
		}
	}
	return unused
}

// Unused is an entry that hides nothing, and where it stands.
type Unused struct {
	Place
	*Allow
}

// Excludes reports whether [scan] exclude keeps the file at path, slash separated
// and relative to the root, out of scans.
func (c *Config) Excludes(path string) bool {
	return within(c.Scan.exclude, path)
}

// within reports whether any of the patterns covers path. What has no path is in none.
func within(patterns []*regexp.Regexp, path string) bool {
	return path != "" && slices.ContainsFunc(patterns, func(re *regexp.Regexp) bool { return re.MatchString(path) })
}

// entry is an Allow in force, with what it leaves on a finding.
type entry struct {
	*Allow
	leaves scanner.Suppression
}

// covers reports whether all conditions but the paths hold.
func (a *Allow) covers(f *scanner.Finding) bool {
	if len(a.Rules) > 0 && !slices.Contains(a.Rules, f.Rule.ID) ||
		len(a.Fingerprints) > 0 && !slices.Contains(a.Fingerprints, f.Fingerprint) {
		return false
	}
	if len(a.regexes) > 0 {
		secret := f.Secret.Reveal()
		if !slices.ContainsFunc(a.regexes, func(re *regexp.Regexp) bool { return re.MatchString(secret) }) {
			return false
		}
	}
	if len(a.stopwords) > 0 {
		secret := strings.ToLower(f.Secret.Reveal())
		return slices.ContainsFunc(a.stopwords, func(word string) bool { return strings.Contains(secret, word) })
	}
	return true
}

// NameAccounts adds the account's name and owner after each "aws account" detail
// whose id the configuration knows, and where its CloudTrail logs are.
func (c *Config) NameAccounts(fs []*scanner.Finding) {
	if len(c.Accounts) == 0 {
		return
	}
	for _, f := range fs {
		f.Details = c.named(f.Details, "aws account")
	}
}

// NameVerdicts does the same after the "account" that a provider told, for findings
// that NameAccounts has not named.
func (c *Config) NameVerdicts(fs []*scanner.Finding) {
	named := func(d scanner.Detail) bool { return d.Name == "aws account" && c.Accounts[d.Value] != Account{} }
	for _, f := range fs {
		if f.Verdict != nil && len(c.Accounts) > 0 && !slices.ContainsFunc(f.Details, named) {
			f.Verdict.Details = c.named(f.Verdict.Details, "account")
		}
	}
}

// named returns details with what is known of the account in the one of that name.
func (c *Config) named(details []scanner.Detail, name string) []scanner.Detail {
	var out []scanner.Detail
	for _, d := range details {
		out = append(out, d)
		if d.Name != name {
			continue
		}
		account := c.Accounts[d.Value]
		for _, more := range []scanner.Detail{
			{Name: "account name", Value: account.Name}, {Name: "account owner", Value: account.Owner}, {Name: "cloudtrail table", Value: account.CloudTrail},
		} {
			if more.Value != "" {
				out = append(out, more)
			}
		}
	}
	return out
}
