package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/shrike-scan/shrike/baseline"
	"github.com/shrike-scan/shrike/config"
	"github.com/shrike-scan/shrike/report"
	"github.com/shrike-scan/shrike/scanner"
	"github.com/shrike-scan/shrike/verify"
)

// scan is one run of a scanning command: what every source needs, and what
// becomes of the findings.
type scan struct {
	streams
	flags     *scanFlags
	engine    *scanner.Engine
	collector *scanner.Collector
	config    *config.Config
	baseline  *baseline.Baseline // nil until findings are to be judged
	root      string             // folder that paths in the configuration and the baseline are relative to
	started   time.Time
}

// outcome is what a source says of its scan.
type outcome struct {
	command, target              string
	objects, known, files, bytes int64
	problems, incomplete         []string
	notes                        []string
	coverage                     report.Coverage
	findings                     []*scanner.Finding // attributed; nil: the collector's

	hook   bool                                    // git waits for it
	read   reader                                  // the text that a place stands in; nil: it is gone
	expose func([]*scanner.Finding) error          // finds out how far they have got; nil: they know
	next   func([]*scanner.Finding) []scanner.Step // what to do about those that nothing hides; may be nil
	clean  func([]*scanner.Finding) []scanner.Step // takes findings out of where they stand; may be nil
}

// newScan prepares a scan. dir is where configuration is looked for, root the
// folder that the search ends at and that its paths are relative to.
func newScan(s streams, f *scanFlags, dir, root string) (*scan, error) {
	if err := f.validate(); err != nil {
		return nil, err
	}
	if err := f.writable(); err != nil {
		return nil, err
	}
	sc := &scan{streams: s, flags: f, collector: scanner.NewCollector(), root: root, started: time.Now()}
	var err error
	if sc.config, err = loadConfig(s, f, dir, root); err != nil {
		return nil, err
	}
	if f.verify.on { // before a scan of hours, not after it
		if _, err := sc.config.OwnChecks(verify.ValidateHTTP); err != nil {
			return nil, err
		}
	}
	sc.engine, err = newEngine(sc.config)
	return sc, err
}

// loadBaseline reads the baseline, once. A hook that found nothing does without:
// there is nothing to hide, and it must not be felt.
func (sc *scan) loadBaseline(idle bool) (err error) {
	if sc.baseline != nil {
		return nil
	}
	if idle && sc.flags.baseline == "" {
		sc.baseline = &baseline.Baseline{}
		return nil
	}
	if sc.baseline, err = loadBaseline(sc.flags, sc.root); err != nil {
		return err
	}
	return complyBaseline(sc.config, sc.baseline, baselinePath(sc.flags, sc.root), sc.started)
}

// identify gives fingerprints to the findings that have none yet, on so many
// goroutines; see scanner.Fingerprinter.Identify. The baseline must have been read.
func (sc *scan) identify(fs []*scanner.Finding, workers int) {
	fs = slices.DeleteFunc(slices.Clone(fs), func(f *scanner.Finding) bool { return f.Fingerprint != "" })
	sc.baseline.Fingerprinter().Identify(fs, workers)
}

// baselinePath is where the baseline stands.
func baselinePath(f *scanFlags, root string) string {
	if f.baseline != "" {
		return f.baseline
	}
	return filepath.Join(root, baseline.FileName)
}

func loadBaseline(f *scanFlags, root string) (*baseline.Baseline, error) {
	if f.noBaseline {
		return &baseline.Baseline{}, nil
	}
	if f.baseline != "" {
		if _, err := os.Stat(f.baseline); err != nil {
			return nil, fmt.Errorf("read baseline: %w", err)
		}
	}
	return baseline.Load(baselinePath(f, root))
}

// finish turns what was collected into reports and the exit status's error.
func (sc *scan) finish(ctx context.Context, o outcome) error {
	fs := o.findings
	if fs == nil {
		fs = sc.collector.Findings()
		for _, f := range fs {
			f.Alive = true // in the index, on disk or in the stream just read
			for i := range f.Occurrences {
				f.Occurrences[i].Alive = true
			}
		}
	}
	fs = scanner.Pair(fs)
	if err := sc.loadBaseline(len(fs) == 0 && o.hook); err != nil {
		return err
	}
	sc.identify(fs, 0)
	sc.hide(fs, &o)
	sc.collector = nil // the findings are all that is left to report
	spareMemory(len(fs))
	sc.config.NameAccounts(fs)
	kept, notes := sc.keep(fs)
	if sc.flags.verify.on {
		if err := sc.judge(ctx, kept, &o); err != nil {
			return err
		}
		kept, notes = sc.keep(fs) // verdicts have changed severities
	}
	o.notes = append(o.notes, notes...)
	if err := ctx.Err(); err != nil {
		return err
	}
	if path := sc.flags.filterRepo; path != "" {
		notes, err := writeReplacements(path, unhidden(fs))
		if err != nil {
			return err
		}
		o.notes = append(o.notes, notes...)
	}
	meta := sc.meta(o)
	if open := unhidden(kept); o.next != nil && len(open) > 0 {
		meta.Next = o.next(open)
	}
	doc := report.Build(fs, meta, report.Options{ShowSecrets: sc.flags.showSecrets, Keep: sc.wants, Respond: responder(o.clean)})
	var receipt *report.Receipt
	if sc.flags.receipt != "" {
		o.coverage.Rules = sc.engine.Hash()
		receipt = report.NewReceipt(fs, meta, o.coverage, doc)
	}
	o.findings = nil // the document has all of them; a report may take as much again
	spareMemory(len(doc.Findings))
	if err := sc.write(doc); err != nil {
		return err
	}
	if receipt != nil {
		out := output{"receipt", sc.flags.receipt}
		if err := out.writeTo(sc.out, receipt.Write); err != nil {
			return err
		}
	}
	return sc.settle(doc)
}

// unhidden leaves out the findings that something hides.
func unhidden(fs []*scanner.Finding) []*scanner.Finding {
	return slices.DeleteFunc(slices.Clone(fs), func(f *scanner.Finding) bool { return f.Suppressed != nil })
}

// hide weighs the findings and applies the inline comments, the configuration and
// the baseline, whose paths are relative to the root.
func (sc *scan) hide(fs []*scanner.Finding, o *outcome) {
	restore := sc.relativePaths(fs)
	defer restore()
	sc.config.Override(fs)
	scanner.Weigh(fs)
	if o.expose != nil && len(fs) > 0 {
		if err := o.expose(fs); err != nil {
			o.notes = append(o.notes, "how far the findings have got is not known: "+err.Error())
		}
	}
	o.notes = append(o.notes, sc.collector.Notes()...)
	o.notes = append(o.notes, complyInline(sc.config, fs, sc.started)...)
	scanner.HideAllowed(fs, sc.started)
	for _, ended := range sc.config.Allow(sc.started, fs) {
		o.notes = append(o.notes, fmt.Sprintf("the [[allow]] entry %q ended on %s and hides nothing any more", ended.Reason, ended.Until))
	}
	sc.baseline.Match(sc.started, fs)
	for _, e := range sc.baseline.Ended(sc.started) {
		o.notes = append(o.notes, fmt.Sprintf("the baseline entry %s (%s) ended on %s and hides nothing any more", e.Fingerprint, e.Reason, e.Until))
	}
}

// relativePaths makes the paths of occurrences relative to the root and returns
// a function that undoes it. Paths of git objects are so already.
func (sc *scan) relativePaths(fs []*scanner.Finding) (restore func()) {
	given := map[string]string{}
	for _, f := range fs {
		path, relative := "", "" // of the place before, which mostly stands in the same file
		for i := range f.Occurrences {
			o := &f.Occurrences[i]
			if o.Object != "" || o.Path == "" {
				continue
			}
			if o.Path != path {
				path, relative = o.Path, o.Path
				if rel, ok := below(sc.root, path); ok {
					relative = rel
				}
			}
			if relative != path {
				given[relative] = path
				o.Path = relative
			}
		}
	}
	return func() {
		for _, f := range fs {
			for i := range f.Occurrences {
				o := &f.Occurrences[i]
				if path, ok := given[o.Path]; ok && o.Object == "" {
					o.Path = path
				}
			}
		}
	}
}

// below returns path, slash separated, relative to root if it lies below it.
func below(root, path string) (string, bool) {
	absolute, err := filepath.Abs(filepath.FromSlash(path))
	if err != nil {
		return "", false
	}
	base, err := filepath.Abs(root)
	if err != nil {
		return "", false
	}
	rel, err := filepath.Rel(base, absolute)
	if err != nil || !filepath.IsLocal(rel) {
		return "", false
	}
	return filepath.ToSlash(rel), true
}

// meta says how the scan went.
func (sc *scan) meta(o outcome) report.Meta {
	return report.Meta{
		Version: programVersion(), Command: o.command, Target: o.target,
		Objects: o.objects, Known: o.known, Files: o.files, Bytes: o.bytes, Inherited: o.coverage.Inherited,
		Started: sc.started, Duration: time.Since(sc.started),
		Problems: o.problems, Incomplete: o.incomplete, Notes: o.notes,
	}
}

// write writes the document in every format asked for. A reader that leaves
// early, as `head` does, has seen what it wanted: the exit status is still that of
// the scan.
func (sc *scan) write(doc *report.Document) error {
	outputs, err := sc.flags.outputs()
	if err != nil {
		return err
	}
	for _, out := range outputs {
		if sc.flags.quiet && out.format == "text" && doc.Summary.Findings == 0 && doc.Summary.Complete {
			continue
		}
		r, err := report.New(out.format, report.FormatOptions{Color: sc.color(out), Verbose: sc.flags.verbose, Explain: sc.flags.explain, Suppressed: sc.flags.suppressed})
		if err != nil {
			return err
		}
		err = out.writeTo(sc.out, func(w io.Writer) error { return r.Report(w, doc) })
		if err != nil && !errors.Is(err, syscall.EPIPE) {
			return err
		}
	}
	return nil
}

// settle tells on standard error what the scan could not see, and decides how
// the command ends.
func (sc *scan) settle(doc *report.Document) error {
	tell := func(label string, lines []string) {
		for _, line := range lines {
			fmt.Fprintf(sc.err, "shrike: %s%s\n", label, report.Neutral(line))
		}
	}
	tell("", doc.Summary.Problems)
	tell("incomplete: ", doc.Summary.Incomplete)
	tell("note: ", doc.Summary.Notes)
	switch {
	case !doc.Summary.Complete:
		return errIncomplete
	case sc.flags.threshold.fails(sc.config, doc):
		return errFound
	}
	return nil
}
