package scanner

import (
	"cmp"
	"slices"
	"strings"
	"sync"
)

// Place is where a blob stands.
type Place struct {
	Where  Where
	Path   string // slash separated; empty where there is none, or none is known yet
	Object string // hex id of a git object
	Commit *Commit
}

// Collector gathers matches from many blobs into one finding a secret. Safe for
// concurrent use; what it yields does not depend on the order of arrival.
type Collector struct {
	mu       sync.Mutex
	bySecret map[string]*gathered // by the normal form that fingerprints are made of
	listed   map[Place]int        // occurrences by blob
	unlisted map[Place]int        // and those that are not kept
	noted    []noted              // by their text
}

// mostListed is how many occurrences of one blob are kept: of more, the first of each
// secret. A file can hold millions, made to use up memory.
const mostListed = 10_000

type gathered struct {
	best  Match
	where []Occurrence
	spots map[spot]bool // of where, once that is asked for
}

// spot is a blob, and whether a comment allows what stands there.
type spot struct {
	Place
	allowed bool
}

// NewCollector returns an empty collector.
func NewCollector() *Collector {
	return &Collector{bySecret: map[string]*gathered{}, listed: map[Place]int{}, unlisted: map[Place]int{}}
}

// Add records matches of one blob, in order of place where there are several calls. It
// keeps no reference to ms.
func (c *Collector) Add(p Place, ms []Match) {
	if len(ms) == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	var g *gathered
	n := c.listed[p]
	for i := range ms {
		m := &ms[i]
		if i == 0 || m.Secret != ms[i-1].Secret {
			g = c.of(m)
		}
		if surer(m, &g.best) {
			g.best = *m
		}
		if here := (spot{p, m.Allow != nil}); n >= mostListed && g.stands(here) {
			c.unlisted[p]++
			continue
		} else if g.spots != nil {
			g.spots[here] = true
		}
		n++
		g.where = append(g.where, Occurrence{
			Where: p.Where, Path: p.Path, Object: p.Object, Commit: p.Commit,
			Line: m.Line, Column: m.Column, EndLine: m.EndLine, EndColumn: m.EndColumn,
			Encoding: m.Encoding, Allow: m.Allow,
		})
	}
	c.listed[p] = n
}

// stands reports whether it is kept already that the secret stands at a spot.
func (g *gathered) stands(at spot) bool {
	if g.spots == nil {
		g.spots = map[spot]bool{}
		for _, o := range g.where {
			g.spots[spot{Place{o.Where, o.Path, o.Object, o.Commit}, o.Allow != nil}] = true
		}
	}
	return g.spots[at]
}

// of returns what was gathered of a match's secret.
func (c *Collector) of(m *Match) *gathered {
	key := normalLines([]byte(m.Secret.Reveal()))
	g := c.bySecret[key]
	if g == nil {
		g = &gathered{best: *m}
		c.bySecret[key] = g
	}
	return g
}

// surer reports whether a says more of a secret than b. The order is total over
// all that a finding takes from a match, so that the choice does not depend on arrival.
func surer(a, b *Match) bool {
	return cmp.Or(
		compareBool(a.Proven, b.Proven),
		compareBool(!a.Rule.Generic(), !b.Rule.Generic()),
		cmp.Compare(a.Confidence, b.Confidence),
		cmp.Compare(a.Severity, b.Severity),
		strings.Compare(b.Rule.ID, a.Rule.ID),
		strings.Compare(b.Secret.Reveal(), a.Secret.Reveal()), // layouts of one secret
		cmp.Compare(len(a.Details), len(b.Details)),
		slices.CompareFunc(b.Details, a.Details, compareDetails),
	) > 0
}

func compareDetails(a, b Detail) int {
	return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Value, b.Value))
}

// Len is the number of secrets so far.
func (c *Collector) Len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.bySecret)
}

// Findings returns what was gathered, each finding's occurrences and the
// findings themselves in a stable order.
func (c *Collector) Findings() []*Finding {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make([]*Finding, 0, len(c.bySecret))
	for _, g := range c.bySecret {
		f := &Finding{
			Rule: g.best.Rule, Secret: g.best.Secret, Severity: g.best.Severity, Confidence: g.best.Confidence,
			Proven: g.best.Proven, Details: g.best.Details, Occurrences: slices.Clone(g.where),
		}
		SortOccurrences(f.Occurrences)
		out = append(out, f)
	}
	SortFindings(out)
	return out
}

// SortOccurrences puts occurrences into their stable order: by the date of the
// commit that introduced them where there is one, then by place.
func SortOccurrences(list []Occurrence) {
	slices.SortStableFunc(list, compareOccurrences)
}

func compareOccurrences(a, b Occurrence) int {
	return cmp.Or(
		compareCommits(a.Commit, b.Commit),
		strings.Compare(a.Path, b.Path),
		strings.Compare(string(a.Where), string(b.Where)),
		cmp.Compare(a.Line, b.Line),
		cmp.Compare(a.Column, b.Column),
		strings.Compare(a.Object, b.Object),
		strings.Compare(a.Part, b.Part),
	)
}

func compareCommits(a, b *Commit) int {
	switch {
	case a == b:
		return 0
	case a == nil:
		return 1 // what no commit introduced comes last
	case b == nil:
		return -1
	}
	return cmp.Or(a.Date.Compare(b.Date), strings.Compare(a.ID, b.ID))
}

// SortFindings puts findings into their stable order: worst first, then by the
// first occurrence, then by the secret.
func SortFindings(fs []*Finding) {
	slices.SortStableFunc(fs, func(a, b *Finding) int {
		return cmp.Or(
			cmp.Compare(b.Severity, a.Severity),
			cmp.Compare(b.Confidence, a.Confidence),
			strings.Compare(a.Rule.ID, b.Rule.ID),
			compareFirst(a, b),
			strings.Compare(a.Secret.Reveal(), b.Secret.Reveal()),
		)
	})
}

func compareFirst(a, b *Finding) int {
	if len(a.Occurrences) == 0 || len(b.Occurrences) == 0 {
		return cmp.Compare(len(b.Occurrences), len(a.Occurrences))
	}
	return compareOccurrences(a.Occurrences[0], b.Occurrences[0])
}
