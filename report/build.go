package report

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/shrike-scan/shrike/scanner"
)

// Meta says what was scanned and how that went. Its strings may quote scanned
// content (a path in a problem): Build scrubs them.
type Meta struct {
	Version string // of the program
	Command string // "git", "staged", "dir" ...
	Target  string // what the command was pointed at

	Objects int64 // git objects scanned
	Known   int64 // of these, not read again, for an earlier scan had
	Files   int64 // files on disk scanned
	Bytes   int64 // expanded bytes scanned

	Inherited int64 // of these, known from the objects that deltas copy them from

	Started  time.Time // zero to leave it out
	Duration time.Duration

	Problems   []string // what could not be read: one message each
	Incomplete []string // why the scan could not see all it was asked to see
	Notes      []string // worth a word, though nothing is missing

	Next []scanner.Step // what to do about the findings
}

// Options says how much a report shows.
type Options struct {
	ShowSecrets bool // write secrets in full, everywhere they stand

	// Keep says which findings to show; nil shows all. The bytes of the others are
	// redacted all the same, wherever they turn up.
	Keep func(*scanner.Finding) bool

	// Respond says what to do about a finding that nothing hides; nil leaves it out.
	// It passes whatever comes from scanned content through scrub.
	Respond Responder
}

// Responder says what to do about a finding.
type Responder func(f *scanner.Finding, scrub func(string) string) *scanner.Plan

// Build turns findings into a Document. It is the only place where a
// scanner.Secret becomes text: redacted, unless o.ShowSecrets. Every string that
// comes from scanned content passes a scrubber, which replaces the bytes of each
// secret of the report and their usual encodings by the redacted form, so that a
// path or a commit message cannot give away what the secret's own field hides.
//
// Findings come worst first: suppressed ones last, then by severity and
// confidence, then those still alive, then in the order given. The findings are
// not changed, and not kept.
func Build(findings []*scanner.Finding, meta Meta, o Options) *Document {
	b := builder{
		show: o.ShowSecrets, respond: o.Respond,
		commits: make(map[*scanner.Commit]*Commit), cleaned: make(map[string]string),
	}
	if !o.ShowSecrets {
		b.scrub = newScrubber(findings)
	}
	d := &Document{
		Schema:   Schema,
		Tool:     Tool{Name: "shrike", Version: meta.Version},
		Findings: make([]Finding, 0, len(findings)),
	}
	for _, f := range worstFirst(findings) {
		if o.Keep != nil && !o.Keep(f) {
			continue
		}
		d.Findings = append(d.Findings, b.finding(f))
	}
	d.Summary = b.summary(meta, d.Findings)
	d.rules = rulesOf(d.Findings)
	return d
}

func worstFirst(findings []*scanner.Finding) []*scanner.Finding {
	sorted := slices.Clone(findings)
	slices.SortStableFunc(sorted, func(a, b *scanner.Finding) int {
		return cmp.Or(
			compareBool(a.Suppressed != nil, b.Suppressed != nil),
			cmp.Compare(b.Severity, a.Severity),
			cmp.Compare(b.Confidence, a.Confidence),
			compareBool(b.Alive, a.Alive),
		)
	})
	return sorted
}

// compareBool orders false before true.
func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// builder holds what the findings of one Document share.
type builder struct {
	show    bool
	respond Responder
	scrub   *scrubber // nil scrubs nothing
	commits map[*scanner.Commit]*Commit
	cleaned map[string]string // paths and refs, which thousands of places share
}

func (b *builder) summary(m Meta, findings []Finding) Summary {
	s := Summary{
		Command:      m.Command,
		Target:       b.text(m.Target),
		Objects:      m.Objects,
		Known:        m.Known,
		Files:        m.Files,
		Bytes:        m.Bytes,
		Inherited:    m.Inherited,
		Started:      formatTime(m.Started),
		Seconds:      float64(m.Duration.Milliseconds()) / 1000,
		Complete:     len(m.Problems) == 0 && len(m.Incomplete) == 0,
		Problems:     b.texts(m.Problems),
		Incomplete:   b.texts(m.Incomplete),
		Notes:        b.texts(m.Notes),
		Next:         b.next(m.Next),
		SecretsShown: b.show,
	}
	s.tally(findings)
	return s
}

func (b *builder) finding(f *scanner.Finding) Finding {
	rule := ruleOf(f)
	out := Finding{
		Fingerprint: f.Fingerprint,
		Rule:        rule.ID,
		Service:     rule.Service,
		Kind:        rule.Kind,
		Severity:    cmp.Or(f.Severity, rule.Severity, scanner.SeverityLow).String(),
		Confidence:  cmp.Or(f.Confidence, rule.Confidence, scanner.ConfidenceLow).String(),
		Proven:      f.Proven,
		Secret:      b.secret(f.Secret, rule.Kind, rule.Public),
		Details:     b.details(f.Details),
		Occurrences: make([]Occurrence, len(f.Occurrences)),
		Introduced:  b.commit(f.Introduced),
		Removed:     b.commit(f.Removed),
		Alive:       f.Alive,
		Refs:        b.names(f.Refs),
		Reach:       f.Reach,
		Exposure:    b.exposure(f.Exposure),
		Gives:       rule.Gives,
		Revoke:      rule.Revoke,
	}
	for _, p := range f.Parts {
		out.Parts = append(out.Parts, Part{
			Name:   p.Name,
			Value:  b.secret(p.Value, strings.ReplaceAll(p.Name, "-", " "), p.Public),
			Public: p.Public,
		})
	}
	for i := range f.Occurrences {
		out.Occurrences[i] = b.occurrence(&f.Occurrences[i])
	}
	out.Verdict = b.verdict(f.Verdict)
	if f.Suppressed == nil && b.respond != nil {
		out.plan = b.respond(f, b.text)
	}
	out.Suppressed, out.Reopened = b.suppression(f.Suppressed), b.suppression(f.Reopened)
	return out
}

func (b *builder) suppression(s *scanner.Suppression) *Suppression {
	if s == nil {
		return nil
	}
	return &Suppression{By: s.By, Reason: b.text(s.Reason), Owner: b.text(s.Owner), Until: s.Until}
}

func (b *builder) occurrence(o *scanner.Occurrence) Occurrence {
	return Occurrence{
		Where:       string(o.Where),
		Path:        b.name(o.Path),
		StartLine:   o.Line,
		StartColumn: o.Column,
		EndLine:     o.EndLine,
		EndColumn:   o.EndColumn,
		Object:      o.Object,
		Commit:      b.commit(o.Commit),
		Part:        o.Part,
		Encoding:    o.Encoding,
		Alive:       o.Alive,
	}
}

func (b *builder) exposure(e *scanner.Exposure) *Exposure {
	if e == nil {
		return nil
	}
	return &Exposure{State: e.State, Refs: b.names(e.Refs)}
}

// next scrubs whole steps: those on all findings name files and remotes.
func (b *builder) next(list []scanner.Step) []Step {
	out := steps(list)
	for i := range out {
		out[i].Do, out[i].Run = b.text(out[i].Do), b.texts(out[i].Run)
	}
	return out
}

func steps(list []scanner.Step) []Step {
	var out []Step
	for _, s := range list {
		out = append(out, Step{string(s.Phase), s.Do, s.Run, s.Query, s.See})
	}
	return out
}

// commit converts each commit once: thousands of places may share it.
func (b *builder) commit(c *scanner.Commit) *Commit {
	if c == nil {
		return nil
	}
	if known, ok := b.commits[c]; ok {
		return known
	}
	out := &Commit{
		ID:      c.ID,
		Author:  b.text(c.Author),
		Email:   b.text(c.Email),
		Date:    formatTime(c.Date),
		Subject: b.text(c.Subject),
	}
	b.commits[c] = out
	return out
}

func (b *builder) details(ds []scanner.Detail) []Detail {
	if len(ds) == 0 {
		return nil
	}
	out := make([]Detail, len(ds))
	for i, d := range ds {
		out[i] = Detail{Name: b.text(d.Name), Value: b.text(d.Value)}
	}
	return out
}

// text passes on a string that comes from scanned content.
func (b *builder) text(s string) string { return b.scrub.clean(s) }

func (b *builder) texts(list []string) []string { return mapped(list, b.text) }

// name is text for what comes again and again.
func (b *builder) name(s string) string {
	if b.scrub == nil {
		return s
	}
	clean, ok := b.cleaned[s]
	if !ok {
		clean = b.text(s)
		b.cleaned[s] = clean
	}
	return clean
}

func (b *builder) names(list []string) []string { return mapped(list, b.name) }

func mapped(list []string, f func(string) string) []string {
	if len(list) == 0 {
		return nil
	}
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = f(s)
	}
	return out
}

// formatTime writes RFC 3339. A commit may claim any year and any time zone: what
// the format cannot hold is left out.
func formatTime(t time.Time) string {
	if _, offset := t.Zone(); offset <= -24*60*60 || offset >= 24*60*60 {
		t = t.UTC()
	}
	if t.IsZero() || t.Year() < 0 || t.Year() > 9999 {
		return ""
	}
	return t.Format(time.RFC3339)
}

// noRule stands in where a caller built a finding without a rule.
var noRule = scanner.Rule{ID: "unknown", Kind: "secret"}

func ruleOf(f *scanner.Finding) *scanner.Rule {
	if f.Rule == nil {
		return &noRule
	}
	return f.Rule
}
