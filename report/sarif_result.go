package report

import (
	"crypto/sha256"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/owenrumney/go-sarif/v2/sarif"
)

// resultMaker turns findings into results.
type resultMaker struct {
	ruleIndex    map[string]int
	shown        bool // the document shows the secrets
	suppressions bool // some result of the run carries one, so all must have the member
	maxLocations int
}

func newResultMaker(d *Document, suppressed bool, maxLocations int) *resultMaker {
	m := &resultMaker{
		ruleIndex:    make(map[string]int, len(d.rules)),
		shown:        d.Summary.SecretsShown,
		suppressions: suppressed && d.Summary.Suppressed > 0,
		maxLocations: maxLocations,
	}
	for i, r := range d.rules {
		m.ruleIndex[r.id] = i
	}
	return m
}

// sarifResult overrides a member of go-sarif's Result, which leaves out an empty
// array: SARIF 3.27.23 wants suppressions on all results of a run or on none.
type sarifResult struct {
	*sarif.Result
	Suppressions *[]*sarif.Suppression `json:"suppressions,omitempty"`
}

// results yields one result, and further ones with the same fingerprint where a
// finding has more places than a result may carry: nothing is lost.
func (m *resultMaker) results(f *Finding) iter.Seq[*sarifResult] {
	return func(yield func(*sarifResult) bool) {
		places := currentFirst(f.Occurrences)
		n := 0
		for chunk := range slices.Chunk(places, m.maxLocations) {
			n++
			if !yield(m.result(f, chunk, n)) {
				return
			}
		}
		if n == 0 {
			yield(m.result(f, []Occurrence{{}}, 1))
		}
	}
}

// result makes the nth result of a finding.
func (m *resultMaker) result(f *Finding, places []Occurrence, n int) *sarifResult {
	r := sarif.NewRuleResult(f.Rule).
		WithRuleIndex(m.ruleIndex[f.Rule]).
		WithLevel(sarifLevel[f.Severity]).
		WithMessage(sarif.NewTextMessage(sarifText(sentence(f)))).
		WithPartialFingerPrints(map[string]any{
			"shrikeFingerprint/v1":    f.Fingerprint,
			"primaryLocationLineHash": lineHash(f, n),
		})
	r.Locations = make([]*sarif.Location, len(places))
	for i := range places {
		r.Locations[i] = sarifLocation(&places[i])
	}
	r.Properties = m.properties(f)
	out := &sarifResult{Result: r}
	if m.suppressions {
		list := []*sarif.Suppression{}
		if f.Suppressed != nil {
			list = append(list, sarifSuppression(f, r.Locations[0]))
		}
		out.Suppressions = &list
	}
	return out
}

// lineHash has the form of GitHub's own hash, 16 hex digits and a counter, but is
// made of the finding's identity: an alert stays the same when its line moves or
// its neighbours change.
func lineHash(f *Finding, n int) string {
	sum := sha256.Sum256([]byte("shrike/line/1\x00" + f.Fingerprint))
	return fmt.Sprintf("%x:%d", sum[:8], n)
}

// sentence says what leaked, how often, since when, and whether it is still there:
// "AWS secret access key (AKIA..., aws account 1234) in 3 places, first in commit
// abc1234 of 2014-02-03, still at HEAD".
func sentence(f *Finding) string {
	var b strings.Builder
	b.WriteString(title(f.Service, f.Kind))
	if ids := identifiers(f); len(ids) > 0 {
		fmt.Fprintf(&b, " (%s)", strings.Join(ids, ", "))
	}
	fmt.Fprintf(&b, " leaked in %s", count(len(f.Occurrences), "place"))
	if c := f.Introduced; c != nil {
		b.WriteString(", first in commit " + shortID(c.ID) + on(c))
	}
	if now := life(f); now != "" {
		b.WriteString(", " + now)
	}
	if v := f.Verdict; v != nil && v.State != "unknown" {
		b.WriteString(", verified: " + v.State)
	}
	return b.String()
}

// properties leaves out what is not known: GitHub refuses empty strings.
func (m *resultMaker) properties(f *Finding) sarif.Properties {
	p := sarif.Properties{
		"fingerprint": f.Fingerprint,
		"severity":    f.Severity,
		"confidence":  f.Confidence,
		"proven":      f.Proven,
		"occurrences": len(f.Occurrences),
		"alive":       f.Alive,
	}
	set := func(name, value string) {
		if value != "" {
			p[name] = value
		}
	}
	if m.shown {
		set("secret", f.Secret)
	} else {
		set("redacted", f.Secret)
	}
	set("reach", f.Reach)
	if e := f.Exposure; e != nil {
		set("exposure", e.State)
	}
	for name, c := range map[string]*Commit{"introduced": f.Introduced, "removed": f.Removed} {
		if c != nil {
			set(name+"Commit", c.ID)
			set(name+"Date", c.Date)
			set(name+"Author", c.Author)
			set(name+"Subject", c.Subject)
		}
	}
	if n := len(f.Refs); n > 0 {
		p["refs"] = f.Refs[:min(n, sarifMaxRefs)]
		p["refCount"] = n
	}
	if f.Reopened != nil {
		set("reopened", sarifText(hiddenBy(f.Reopened)))
	}
	if f.Verdict != nil {
		set("verdict", f.Verdict.State)
		set("verdictCall", f.Verdict.Call)
		set("verdictAt", f.Verdict.At)
		set("verdictReason", sarifText(f.Verdict.Reason))
	}
	return p
}

// sarifSuppression always carries a guid and a location: go-sarif writes null for
// absent ones, which the schema refuses. The guid is derived from the finding, so
// that the same report has the same bytes.
func sarifSuppression(f *Finding, at *sarif.Location) *sarif.Suppression {
	kind := "external"
	if f.Suppressed.By == "inline" {
		kind = "inSource"
	}
	return sarif.NewSuppression(kind).
		WithStatus("accepted").
		WithGuid(derivedGUID(f.Fingerprint + "\x00" + f.Suppressed.By)).
		WithLocation(at).
		WithJustifcation(sarifText(hiddenBy(f.Suppressed)))
}

// derivedGUID is a UUID of version 8 (RFC 9562): a hash of our own.
func derivedGUID(name string) string {
	u := sha256.Sum256([]byte("shrike/guid/1\x00" + name))
	u[6] = u[6]&0x0f | 0x80
	u[8] = u[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", u[0:4], u[4:6], u[6:8], u[8:10], u[10:16])
}
