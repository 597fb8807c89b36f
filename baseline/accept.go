package baseline

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shrike-scan/shrike/scanner"
)

// Accept adds an entry for what is left of a finding: a value that people chose is
// accepted in the paths of its occurrences, for they choose the same one twice;
// any other everywhere. An earlier entry gives way where the new one covers the same.
// Until may be empty, else it is a day not before now.
func (b *Baseline) Accept(f *scanner.Finding, reason, owner, until string, now time.Time) error {
	e := Entry{Fingerprint: f.Fingerprint, Rule: f.Rule.ID, Reason: strings.TrimSpace(reason), Owner: strings.TrimSpace(owner), Until: until}
	if isChosen(f.Rule) {
		for i := range f.Occurrences {
			e.Paths = append(e.Paths, place(&f.Occurrences[i]))
		}
		slices.Sort(e.Paths)
		e.Paths = slices.Compact(e.Paths)
	}
	s := e.suppression()
	switch {
	case b.Salt == nil:
		return errors.New("accept a finding: there is no baseline: create one first")
	case !isFingerprint(e.Fingerprint):
		return errors.New("accept a finding: it has no fingerprint")
	case isChosen(f.Rule) && len(e.Paths) == 0:
		return errors.New("accept a finding: it stands nowhere")
	case e.Reason == "":
		return errors.New("accept a finding: a reason is needed")
	case until != "" && !scanner.ValidDate(until):
		return fmt.Errorf("accept a finding: end date %q: want YYYY-MM-DD", until)
	case s.Ended(now):
		return fmt.Errorf("accept a finding: end date %s has passed", until)
	case e.repeats(f.Secret):
		return errors.New("accept a finding: reason, owner or path repeats the secret, which must not get into the baseline")
	}
	b.add(e)
	return nil
}

// repeats reports whether the entry's text holds the secret. Short secrets are
// everyday words, and may stand in a path or a reason by chance.
func (e *Entry) repeats(secret scanner.Secret) bool {
	const wordBytes = 8
	text := strings.Join(append([]string{e.Reason, e.Owner}, e.Paths...), "\n")
	return secret.Len() >= wordBytes && strings.Contains(text, secret.Reveal())
}

// Remove takes entries out.
func (b *Baseline) Remove(entries []Entry) {
	b.Entries = slices.DeleteFunc(b.Entries, func(e Entry) bool {
		return slices.ContainsFunc(entries, func(gone Entry) bool {
			return e.line() == gone.line()
		})
	})
}

// add puts e in its place, and takes what e covers from the other entries of the
// same secret.
func (b *Baseline) add(e Entry) {
	from, to := b.span(e.Fingerprint)
	var rest []Entry
	for _, old := range b.Entries[from:to] {
		if len(e.Paths) == 0 || len(old.Paths) == 0 {
			continue
		}
		old.Paths = slices.DeleteFunc(slices.Clone(old.Paths), func(path string) bool {
			_, found := slices.BinarySearch(e.Paths, path)
			return found
		})
		switch {
		case len(old.Paths) == 0:
		case old.Rule == e.Rule && old.suppression() == e.suppression():
			e.Paths = append(e.Paths, old.Paths...)
			slices.Sort(e.Paths)
		default:
			rest = append(rest, old)
		}
	}
	b.Entries = slices.Replace(b.Entries, from, to, append(rest, e)...)
}
