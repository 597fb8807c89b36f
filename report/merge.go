package report

import (
	"cmp"
	"slices"
	"strings"
)

// Merge makes one report of several: of the repositories of a team, or of the jobs
// of a pipeline. Findings with one fingerprint become one with the places of all;
// it is suppressed only if it is so in every report, for what one of them shows
// must not disappear. The result is complete only if every report is.
//
// The documents must not be used afterwards: the result shares their memory.
func Merge(documents ...*Document) *Document {
	if len(documents) == 1 {
		return documents[0]
	}
	d := &Document{Schema: Schema, Tool: Tool{Name: "shrike"}, Findings: []Finding{}}
	known := map[string]int{}
	for i, from := range documents {
		if i == 0 {
			d.Tool = from.Tool
		}
		d.Summary.add(&from.Summary)
		for _, f := range from.Findings {
			if at, ok := known[f.Fingerprint]; ok {
				d.Findings[at].add(&f)
				continue
			}
			known[f.Fingerprint] = len(d.Findings)
			d.Findings = append(d.Findings, f)
		}
	}
	d.Summary.Complete = len(d.Summary.Incomplete)+len(d.Summary.Problems) == 0
	d.settle()
	return d
}

// settle puts the findings into their order and sets what follows from them.
func (d *Document) settle() {
	if d.Findings == nil {
		d.Findings = []Finding{}
	}
	rank := func(f *Finding) int {
		return slices.Index(severities, f.Severity)<<4 | slices.Index(confidences, f.Confidence)
	}
	slices.SortStableFunc(d.Findings, func(a, b Finding) int {
		return cmp.Or(
			compareBool(a.Suppressed != nil, b.Suppressed != nil),
			cmp.Compare(rank(&b), rank(&a)),
			compareBool(b.Alive, a.Alive),
		)
	})
	d.Summary.tally(d.Findings)
	d.rules = rulesOf(d.Findings)
}

func (s *Summary) add(from *Summary) {
	s.Command = joinDistinct(s.Command, from.Command)
	s.Target = joinDistinct(s.Target, from.Target)
	s.Objects += from.Objects
	s.Files += from.Files
	s.Bytes += from.Bytes
	s.Seconds += from.Seconds
	if s.Started == "" || from.Started != "" && from.Started < s.Started {
		s.Started = from.Started
	}
	if !from.Complete && len(from.Incomplete)+len(from.Problems) == 0 {
		s.Incomplete = append(s.Incomplete, "a merged report says that its scan was incomplete")
	}
	s.Problems = append(s.Problems, from.Problems...)
	s.Incomplete = append(s.Incomplete, from.Incomplete...)
	s.Notes = append(s.Notes, from.Notes...)
	s.Next = append(s.Next, from.Next...)
	s.SecretsShown = s.SecretsShown || from.SecretsShown
}

func joinDistinct(list, more string) string {
	switch {
	case list == "" || more == "":
		return list + more
	case slices.Contains(strings.Split(list, ", "), more):
		return list
	}
	return list + ", " + more
}

// add takes over what another report knows of the same secret.
func (f *Finding) add(from *Finding) {
	f.Severity = upper(severities, f.Severity, from.Severity)
	f.Confidence = upper(confidences, f.Confidence, from.Confidence)
	f.Proven = f.Proven || from.Proven
	f.Occurrences = unite(f.Occurrences, from.Occurrences, occurrenceKey)
	f.Parts = unite(f.Parts, from.Parts, func(p Part) Part { return p })
	f.Details = unite(f.Details, from.Details, func(d Detail) Detail { return d })
	f.Refs = unite(f.Refs, from.Refs, func(r string) string { return r })
	if f.Introduced == nil || from.Introduced != nil && newestFirst(f.Introduced, from.Introduced) < 0 {
		f.Introduced = from.Introduced
	}
	f.Alive = f.Alive || from.Alive
	switch {
	case f.Alive:
		f.Removed = nil
	case f.Removed == nil || from.Removed != nil && newestFirst(f.Removed, from.Removed) > 0:
		f.Removed = from.Removed
	}
	f.Reach = cmp.Or(f.Reach, from.Reach)
	f.Exposure = cmp.Or(f.Exposure, from.Exposure)
	if f.Verdict == nil || from.Verdict != nil && verdictRank(from.Verdict) > verdictRank(f.Verdict) {
		f.Verdict = from.Verdict
	}
	if f.plan == nil && len(f.Respond) == 0 {
		f.plan, f.Respond = from.plan, from.Respond
	}
	if f.Reopened == nil {
		f.Reopened = from.Reopened
	}
	if from.Suppressed == nil {
		f.Suppressed = nil
	}
}

// verdictRank puts what asks for action first.
func verdictRank(v *Verdict) int {
	return slices.Index([]string{"unknown", "dead", "canary", "live"}, v.State)
}

// occurrenceKey is a place without what two scans may know differently of it.
func occurrenceKey(o Occurrence) Occurrence {
	o.Alive = false
	if o.Commit != nil {
		o.Object += " " + o.Commit.ID
		o.Commit = nil
	}
	return o
}

// unite appends to list what it lacks of more.
func unite[E any, K comparable](list, more []E, key func(E) K) []E {
	if len(more) == 0 {
		return list
	}
	seen := map[K]bool{}
	for _, e := range list {
		seen[key(e)] = true
	}
	for _, e := range more {
		if k := key(e); !seen[k] {
			seen[k] = true
			list = append(list, e)
		}
	}
	return list
}
