package report

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/shrike-scan/shrike/scanner"
)

// ReceiptSchema names the shape of a receipt, as Schema does that of a report.
const ReceiptSchema = "shrike/receipt/1"

// Coverage says what a scan looked at and what it did not, in more detail than a
// report needs. Its strings may quote scanned content: NewReceipt scrubs them.
type Coverage struct {
	Rules    string   // Engine.Hash of the rules in force
	Narrowed []string // options that left something out, as given: "--range A..B"

	Kinds     []KindCount // objects read, by kind; only kinds there are
	Scanned   int64       // bytes looked at
	Inherited int64       // bytes that deltas copy from where they had been looked at
	Skipped   []Skipped   // what was there and was left out

	Head string // hex id of the commit that HEAD stood for; empty while unborn
	Refs []Ref  // by name
}

// KindCount counts git objects of one kind.
type KindCount struct {
	Kind  string `json:"kind"` // "commit", "tree", "blob", "tag"
	Count int64  `json:"count"`
	Known int64  `json:"known,omitempty"` // of these, not read, for an earlier scan with the same rules had
	Bytes int64  `json:"bytes"`           // of those that were read, expanded
}

// Skipped counts what was left out for one reason.
type Skipped struct {
	Reason string   `json:"reason"`
	Count  int64    `json:"count"`
	Paths  []string `json:"paths,omitempty"` // the first of them
}

// Ref is a name and the object that it stood for.
type Ref struct {
	Name string `json:"name"`
	ID   string `json:"id"`
}

// Receipt is evidence of what a scan covered; docs/receipt.md tells its members.
// Immutable.
type Receipt struct {
	Schema    string      `json:"schema"`
	Tool      receiptTool `json:"tool"`
	Command   string      `json:"command"`
	Target    string      `json:"target,omitempty"`
	Narrowed  []string    `json:"narrowed,omitempty"`
	Started   string      `json:"started,omitempty"`
	Seconds   float64     `json:"seconds"`
	Complete  bool        `json:"complete"`
	Objects   []KindCount `json:"objects,omitempty"`
	Files     int64       `json:"files"`
	Bytes     int64       `json:"bytes"`
	Scanned   int64       `json:"scanned_bytes"`
	Inherited int64       `json:"inherited_bytes"`

	Skipped    []Skipped `json:"skipped,omitempty"`
	Problems   []string  `json:"problems,omitempty"`
	Incomplete []string  `json:"incomplete,omitempty"`
	Notes      []string  `json:"notes,omitempty"`

	Findings   int    `json:"findings"`
	Severities Counts `json:"severities"`
	Suppressed int    `json:"suppressed"`

	Head string `json:"head,omitempty"`
	Refs []Ref  `json:"refs,omitempty"`
}

type receiptTool struct {
	Tool
	Rules string `json:"rules"`
}

// NewReceipt makes the receipt of a scan from what Build was given and what it
// made of it. No secret is ever shown in a receipt, whatever the report shows: it
// is made to be kept and passed on.
func NewReceipt(findings []*scanner.Finding, m Meta, c Coverage, d *Document) *Receipt {
	b := builder{scrub: newScrubber(findings)}
	r := &Receipt{
		Schema:     ReceiptSchema,
		Tool:       receiptTool{d.Tool, c.Rules},
		Command:    m.Command,
		Target:     b.text(m.Target),
		Narrowed:   b.texts(c.Narrowed),
		Started:    d.Summary.Started,
		Seconds:    d.Summary.Seconds,
		Complete:   d.Summary.Complete,
		Objects:    c.Kinds,
		Files:      m.Files,
		Bytes:      m.Bytes,
		Scanned:    c.Scanned,
		Inherited:  c.Inherited,
		Problems:   b.texts(m.Problems),
		Incomplete: b.texts(m.Incomplete),
		Notes:      b.texts(m.Notes),
		Findings:   d.Summary.Findings,
		Severities: d.Summary.Severities,
		Suppressed: d.Summary.Suppressed,
		Head:       c.Head,
	}
	for _, s := range c.Skipped {
		r.Skipped = append(r.Skipped, Skipped{s.Reason, s.Count, b.texts(s.Paths)})
	}
	for _, ref := range c.Refs {
		r.Refs = append(r.Refs, Ref{b.text(ref.Name), ref.ID})
	}
	return r
}

// Write writes the receipt as one JSON object.
func (r *Receipt) Write(w io.Writer) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err == nil {
		_, err = w.Write(append(escapeInvisible(text), '\n'))
	}
	if err != nil {
		return fmt.Errorf("write receipt: %w", err)
	}
	return nil
}
