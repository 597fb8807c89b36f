package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// title names the credential: "GitHub personal access token", "Private key".
func title(service, kind string) string {
	if service != "" && !strings.HasPrefix(strings.ToLower(kind), strings.ToLower(service)) {
		return service + " " + kind
	}
	first, size := utf8.DecodeRuneInString(kind)
	if service != "" || first == utf8.RuneError {
		return kind // the service writes its own name as it likes
	}
	return string(unicode.ToUpper(first)) + kind[size:]
}

// identifiers lists what says whose credential it is: public halves and facts
// decoded offline.
func identifiers(f *Finding) []string {
	var list []string
	for _, p := range f.Parts {
		if p.Public {
			list = append(list, p.Value)
		}
	}
	for _, d := range f.Details {
		list = append(list, strings.TrimSpace(d.Name+" "+d.Value))
	}
	return list
}

// life says whether the secret is still there, or what became of it; empty where
// the source has no history and nothing to add.
func life(f *Finding) string {
	switch {
	case f.Introduced == nil && !f.Alive && f.Reach == "":
		return ""
	case f.Alive && f.Introduced != nil:
		return "still at HEAD"
	case f.Alive:
		return ""
	case f.Removed != nil:
		return "removed in commit " + shortID(f.Removed.ID) + on(f.Removed)
	}
	switch f.Reach {
	case "", "ref":
		return "no longer at HEAD"
	case "unreachable":
		return "only in unreachable objects"
	}
	return "only in the " + f.Reach
}

// exposed says in two words how far a secret has got.
func exposed(e *Exposure) string {
	switch e.State {
	case "worktree":
		return "on disk only"
	case "local":
		return "not pushed"
	}
	return e.State // staged, pushed
}

// asked says who gave a verdict, and when: "live, says sts:GetCallerIdentity at
// 2026-01-02T03:04:05Z".
func asked(v *Verdict) string {
	text := v.State
	if v.Call != "" {
		text += ", says " + v.Call
	}
	if v.At != "" {
		text += " at " + v.At
	}
	if v.Reason != "" {
		text += ": " + v.Reason
	}
	return Neutral(text)
}

// on is " of 2014-02-03", or empty.
func on(c *Commit) string {
	if d := day(c.Date); d != "" {
		return " of " + d
	}
	return ""
}

// utcTime is a time of formats that know no zones.
const utcTime = "2006-01-02T15:04:05"

// day cuts an RFC 3339 time to its date.
func day(date string) string {
	d, _, _ := strings.Cut(date, "T")
	return Neutral(d)
}

// shortID abbreviates an object id as git does by default. It is safe to print.
func shortID(id string) string { return Neutral(id[:min(len(id), 7)]) }

// currentFirst orders places for a reader who looks at the first few: those in
// files first, of these those that stand there now, then the newest.
func currentFirst(places []Occurrence) []Occurrence {
	sorted := slices.Clone(places)
	slices.SortStableFunc(sorted, func(a, b Occurrence) int {
		return cmp.Or(
			compareBool(a.Path == "", b.Path == ""),
			compareBool(b.Alive, a.Alive),
			newestFirst(a.Commit, b.Commit),
		)
	})
	return sorted
}

// newestFirst orders by date; a place without a commit stands in the work tree or
// the index, and is newer than any commit.
func newestFirst(a, b *Commit) int {
	if a == b {
		return 0
	}
	if a == nil || b == nil {
		return compareBool(a != nil, b != nil)
	}
	if a.Date == b.Date {
		return 0
	}
	at, errA := time.Parse(time.RFC3339, a.Date)
	bt, errB := time.Parse(time.RFC3339, b.Date)
	if errA != nil || errB != nil {
		return compareBool(errA != nil, errB != nil)
	}
	return bt.Compare(at)
}

// count writes a number with its noun: "1 place", "12,000 places".
func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return grouped(int64(n)) + " " + noun
}

// grouped writes 1234567 as 1,234,567.
func grouped(n int64) string {
	digits := fmt.Sprint(n)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// byteSize writes a size with SI prefixes: "5.5 GB".
func byteSize(n int64) string {
	if n < 1000 {
		return fmt.Sprintf("%d B", n)
	}
	size, unit := float64(n)/1000, 0
	for size >= 999.5 && unit < 4 {
		size, unit = size/1000, unit+1
	}
	return fmt.Sprintf("%.3g %cB", size, "kMGTP"[unit])
}

// pathless names a place that no path names.
func pathless(o *Occurrence) string {
	commit := ""
	if o.Commit != nil {
		commit = o.Commit.ID
	}
	switch o.Where {
	case "stdin":
		return "standard input"
	case "commit-message":
		return "message" + of("commit", cmp.Or(commit, o.Object))
	case "identity":
		return "name or address" + of("object", cmp.Or(commit, o.Object))
	case "tag-message":
		return "message" + of("tag", o.Object)
	}
	if o.Object != "" {
		return "blob " + shortID(o.Object) + ", no path known"
	}
	return "unknown place"
}

func of(noun, id string) string {
	if id == "" {
		return " of a " + noun
	}
	return " of " + noun + " " + shortID(id)
}
