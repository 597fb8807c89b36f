// Package baseline keeps the findings that people of a repository accepted, in
// .shrike-baseline.toml at its root:
//
//	version = 1
//	salt = "00112233445566778899aabbccddeeff"
//	accept = [
//	  { fingerprint = "…", rule = "…", paths = ["…"], reason = "…", owner = "…", until = "2027-01-31" },
//	]
//
// The file is made to be merged: one sorted line an entry, and nothing that
// changes from scan to scan. It holds no secret.
package baseline

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shrike-scan/shrike/scanner"
)

// FileName is the baseline's name at the repository's root.
const FileName = ".shrike-baseline.toml"

const saltBytes = 16

// Baseline is the content of one file. Not for concurrent use while it changes.
type Baseline struct {
	Salt    []byte  // the key of all fingerprints; nil when there is no file
	Entries []Entry // sorted by fingerprint
}

// Entry accepts one secret. With Paths it holds in these alone, without it holds
// everywhere, except for values that people chose, which need paths.
type Entry struct {
	Fingerprint string   // 32 lower-case hex digits
	Rule        string   // id of the rule that found it when it was accepted, for readers
	Paths       []string // sorted; see place
	Reason      string   // never empty
	Owner       string
	Until       string // the last day on which it holds, YYYY-MM-DD; empty for no end
}

// Create returns an empty baseline with a salt of its own.
func Create() *Baseline {
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // never fails
	return &Baseline{Salt: salt}
}

// Fingerprinter computes the fingerprints that the entries are compared with.
func (b *Baseline) Fingerprinter() *scanner.Fingerprinter { return scanner.NewFingerprinter(b.Salt) }

// Match hides what the entries in force at now cover: occurrences are dropped,
// and a finding that is covered whole is suppressed by "baseline". It wants
// attributed findings with this baseline's fingerprints.
func (b *Baseline) Match(now time.Time, fs []*scanner.Finding) {
	for _, f := range fs {
		entries := b.of(f.Fingerprint)
		if len(entries) == 0 {
			continue
		}
		f.Hide(func(o *scanner.Occurrence) *scanner.Suppression {
			for i := range entries {
				e := &entries[i]
				if s := e.suppression(); e.covers(f, o) && !s.Ended(now) {
					return &s
				}
			}
			return nil
		})
	}
}

// Stale returns the entries that cover nothing of fs, which must be all findings
// of a complete scan as they were before Match.
func (b *Baseline) Stale(fs []*scanner.Finding) []Entry { return b.which(fs, false) }

// Covering returns the entries that cover something of fs, as it was before Match.
func (b *Baseline) Covering(fs []*scanner.Finding) []Entry { return b.which(fs, true) }

// which returns the entries that cover something of fs, or those that do not.
func (b *Baseline) which(fs []*scanner.Finding, covering bool) []Entry {
	used := make([]bool, len(b.Entries))
	for _, f := range fs {
		from, to := b.span(f.Fingerprint)
		for i := from; i < to; i++ {
			for j := range f.Occurrences {
				used[i] = used[i] || b.Entries[i].covers(f, &f.Occurrences[j])
			}
		}
	}
	var list []Entry
	for i, e := range b.Entries {
		if used[i] == covering {
			list = append(list, e)
		}
	}
	return list
}

// Ended returns the entries that hold no longer at now.
func (b *Baseline) Ended(now time.Time) []Entry {
	var ended []Entry
	for _, e := range b.Entries {
		if s := e.suppression(); s.Ended(now) {
			ended = append(ended, e)
		}
	}
	return ended
}

// of returns the entries for one secret.
func (b *Baseline) of(fingerprint string) []Entry {
	from, to := b.span(fingerprint)
	return b.Entries[from:to]
}

func (b *Baseline) span(fingerprint string) (from, to int) {
	from, _ = slices.BinarySearchFunc(b.Entries, fingerprint, func(e Entry, want string) int {
		return strings.Compare(e.Fingerprint, want)
	})
	for to = from; to < len(b.Entries) && b.Entries[to].Fingerprint == fingerprint; to++ {
	}
	return from, to
}

func (e *Entry) suppression() scanner.Suppression {
	return scanner.Suppression{By: "baseline", Reason: e.Reason, Owner: e.Owner, Until: e.Until}
}

func (e *Entry) covers(f *scanner.Finding, o *scanner.Occurrence) bool {
	if len(e.Paths) == 0 {
		return !isChosen(f.Rule)
	}
	_, found := slices.BinarySearch(e.Paths, place(o))
	return found
}

// isChosen reports whether a rule finds values that people chose, such as
// passwords: it says so, or it knows them by a name beside them alone.
func isChosen(r *scanner.Rule) bool { return r.Chosen || r.Regex == "" && r.Value == "" }

// place names where an occurrence stands as Paths does: by its path, or by the
// kind of text in angle brackets where that has none. Bytes that TOML cannot hold
// are written as %XX.
func place(o *scanner.Occurrence) string {
	if o.Path == "" {
		return "<" + string(o.Where) + ">"
	}
	if utf8.ValidString(o.Path) {
		return o.Path
	}
	var b strings.Builder
	for i, r := range o.Path {
		if _, n := utf8.DecodeRuneInString(o.Path[i:]); r == utf8.RuneError && n == 1 {
			fmt.Fprintf(&b, "%%%02X", o.Path[i])
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}
