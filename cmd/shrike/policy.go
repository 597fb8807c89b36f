package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/shrike-scan/shrike/baseline"
	"github.com/shrike-scan/shrike/config"
	"github.com/shrike-scan/shrike/scanner"
)

// comply checks the flags against the policies.
func (f *thresholdFlags) comply(c *config.Config) error {
	severity, err := parsed[scanner.Severity]("--min-severity", f.minSeverity)
	if err != nil {
		return err
	}
	confidence, err := parsed[scanner.Confidence]("--min-confidence", f.minConfidence)
	if err != nil {
		return err
	}
	failOn := scanner.SeverityCritical + 1 // live: stricter than any severity
	if f.failOn != onlyLive {
		if failOn, err = parsed[scanner.Severity]("--fail-on", f.failOn); err != nil {
			return err
		}
	}
	return c.ComplyThresholds(severity, confidence, failOn)
}

// complyBaseline checks each entry in force against the policies, and names the lines
// of those that violate one. path is the baseline's.
func complyBaseline(c *config.Config, b *baseline.Baseline, path string, now time.Time) error {
	if len(c.Policies()) == 0 || len(b.Entries) == 0 {
		return nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read baseline: %w", err)
	}
	lines := linesOf(string(text), b.Entries)
	var errs []error
	for i := range b.Entries {
		if err := complyEntry(c, &b.Entries[i], now); err != nil {
			errs = append(errs, fmt.Errorf("%s:%d: %w", path, lines[i], err))
		}
	}
	return errors.Join(errs...)
}

// complyEntry checks one entry. One that has ended hides nothing, and harms nobody.
func complyEntry(c *config.Config, e *baseline.Entry, now time.Time) error {
	if ended := (&scanner.Suppression{Until: e.Until}); ended.Ended(now) {
		return nil
	}
	for _, p := range c.Policies() {
		if p.Forbids(config.ByBaseline) {
			return fmt.Errorf("%v forbids baseline entries", p)
		}
		if missing := p.Baseline.Missing(now, e.Reason, e.Owner, e.Until); missing != "" {
			return fmt.Errorf("%v demands of a baseline entry %s", p, missing)
		}
	}
	return nil
}

// linesOf finds the lines of sorted entries in their file: those with one fingerprint
// stand in the order of the text.
func linesOf(text string, entries []baseline.Entry) []int {
	lines := make([]int, len(entries))
	at := 0
	for i := range entries {
		if i == 0 || entries[i].Fingerprint != entries[i-1].Fingerprint {
			at = 0
		}
		if found := strings.Index(text[at:], entries[i].Fingerprint); found >= 0 {
			at += found
			lines[i] = 1 + strings.Count(text[:at], "\n")
			at += len(entries[i].Fingerprint)
		}
	}
	return lines
}

// complyInline takes from findings the comments that a policy does not let hide, and
// says so: what stands in old commits cannot be mended, and must not pass either.
func complyInline(c *config.Config, fs []*scanner.Finding, now time.Time) (notes []string) {
	for _, f := range fs {
		for i := range f.Occurrences {
			o := &f.Occurrences[i]
			for _, p := range c.Policies() {
				if o.Allow == nil || o.Allow.Ended(now) {
					break
				}
				demand := ""
				if p.Forbids(config.ByInline) {
					demand = "forbids comments that hide"
				} else if missing := p.Inline.Missing(now, o.Allow.Reason, o.Allow.Owner, o.Allow.Until); missing != "" {
					demand = "demands of such a comment " + missing
				}
				if demand == "" {
					continue
				}
				o.Allow = nil
				note := fmt.Sprintf("%s:%d: the comment hides nothing: %v %s", o.Path, o.Line, p, demand)
				if len(notes) < maxInlineNotes && !slices.Contains(notes, note) {
					notes = append(notes, note)
				}
			}
		}
	}
	return notes
}

const maxInlineNotes = 20 // a history can hold any number
