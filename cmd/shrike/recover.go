package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/shrike-scan/shrike/files"
	"github.com/shrike-scan/shrike/git"
	"github.com/shrike-scan/shrike/report"
	"github.com/shrike-scan/shrike/scanner"
	"github.com/shrike-scan/shrike/verify"
)

// maxReread bounds the places of one finding that are read again, of each half.
const maxReread = 8

// verifyReport asks about the credentials of a report. in is where its places are,
// empty: where the report says.
func (sc *scan) verifyReport(ctx context.Context, file, in string) error {
	doc, err := readReport(sc.streams, file)
	if err != nil {
		return fmt.Errorf("read report %s: %w", file, err)
	}
	v, err := sc.newVerifier()
	if err != nil {
		return err
	}
	defer v.close()
	r := &recovery{scan: sc, doc: doc, in: in, asks: v.Asks}
	defer r.close()
	fs, err := r.findings(ctx)
	if err != nil {
		return err
	}
	placeKeys(fs, r.read)
	placeParts(fs, r.read, v.http)
	if err := sc.ask(ctx, v, fs); err != nil {
		return err
	}
	doc.AddVerdicts(fs, responder(nil))
	return sc.concludeVerify(doc, fs)
}

// recovery finds the secrets of a report, which are redacted in it, again.
type recovery struct {
	*scan
	doc  *report.Document
	in   string
	asks func(*scanner.Rule) bool
	repo *git.Repository // opened at first use
}

func (r *recovery) close() {
	if r.repo != nil {
		r.repo.Close()
	}
}

// findings returns those findings of the report that a provider can be asked about.
// One whose secret is not there any more has the verdict unknown.
func (r *recovery) findings(ctx context.Context) ([]*scanner.Finding, error) {
	var wanted []*scanner.Finding
	var indexes []int
	for i := range r.doc.Findings {
		f := &r.doc.Findings[i]
		rule := ruleByID(r.engine, f.Rule)
		if rule == nil || f.Suppressed != nil && f.Suppressed.By != "baseline" || !r.asks(rule) {
			continue
		}
		w := &scanner.Finding{Rule: rule, Fingerprint: f.Fingerprint, Details: details(f)}
		_ = w.Severity.UnmarshalText([]byte(f.Severity)) // Read has checked it
		wanted, indexes = append(wanted, w), append(indexes, i)
	}
	if r.doc.Summary.SecretsShown {
		for i, w := range wanted {
			r.reveal(w, &r.doc.Findings[indexes[i]])
		}
		return wanted, nil
	}
	if err := r.reread(ctx, indexes); err != nil {
		return nil, err
	}
	found := scanner.Pair(r.collector.Findings())
	if err := r.loadBaseline(false); err != nil {
		return nil, err
	}
	r.baseline.Fingerprinter().Identify(found, 0)
	byPrint := map[string]*scanner.Finding{}
	for _, f := range found {
		byPrint[f.Fingerprint] = f
	}
	for _, w := range wanted {
		if f := byPrint[w.Fingerprint]; f != nil {
			w.Secret, w.Parts, w.Others, w.Occurrences = f.Secret, f.Parts, f.Others, f.Occurrences
		} else {
			w.Verdict = &scanner.Verdict{State: verify.Unknown, At: time.Now().UTC(), Reason: "the secret is not at the places that the report names, or the baseline's salt has changed since"}
		}
	}
	return wanted, nil
}

func details(f *report.Finding) (list []scanner.Detail) {
	for _, d := range f.Details {
		list = append(list, scanner.Detail{Name: d.Name, Value: d.Value})
	}
	return list
}

// reveal takes the secret from a report that shows it.
func (r *recovery) reveal(w *scanner.Finding, f *report.Finding) {
	w.Secret = scanner.NewSecret([]byte(f.Secret))
	for _, p := range f.Parts {
		w.Parts = append(w.Parts, scanner.Part{Name: p.Name, Value: scanner.NewSecret([]byte(p.Value)), Public: p.Public})
	}
}

// reread scans the places of the findings at those indexes, each once.
func (r *recovery) reread(ctx context.Context, indexes []int) error {
	scratch := r.engine.NewScratch()
	matches := map[string][]scanner.Match{} // by object
	type key struct{ object, path, commit string }
	done := map[key]bool{}
	for _, i := range indexes {
		left := map[string]int{}
		for j := range r.doc.Findings[i].Occurrences {
			o := &r.doc.Findings[i].Occurrences[j]
			place := scanner.Place{Where: scanner.Where(o.Where), Path: o.Path, Object: o.Object}
			at := key{object: o.Object, path: o.Path}
			if o.Commit != nil {
				place.Commit = &scanner.Commit{ID: o.Commit.ID}
				at.commit = o.Commit.ID
			}
			if left[o.Part]++; left[o.Part] > maxReread || done[at] {
				continue
			}
			done[at] = true
			if err := ctx.Err(); err != nil {
				return err
			}
			if o.Object == "" {
				r.rereadFile(ctx, o.Path)
				continue
			}
			if err := r.open(); err != nil {
				return err
			}
			ms, known := matches[o.Object]
			if !known {
				if data, err := r.repo.Object(o.Object); err == nil { // else it is gone, and its finding unknown
					ms = r.engine.Scan(scratch, data)
				}
				matches[o.Object] = ms
			}
			r.collector.Add(place, ms)
		}
	}
	return nil
}

// open opens what the report was made of.
func (r *recovery) open() (err error) {
	if r.repo != nil {
		return nil
	}
	path := r.in
	if path == "" && r.doc.Summary.Command == "git" {
		path = r.doc.Summary.Target
	}
	path = cmp.Or(path, ".")
	if r.repo, err = git.Open(path, gitOptions(r.streams, path)); err != nil {
		return fmt.Errorf("%w: say with --in where the report's repository is", err)
	}
	return nil
}

// read returns the text that an occurrence of what was found again stands in.
func (r *recovery) read(o *scanner.Occurrence) ([]byte, error) {
	if o.Object != "" {
		return r.repo.Object(o.Object)
	}
	return readFile(o)
}

// rereadFile scans a file on disk. What cannot be read leaves its findings unknown.
func (r *recovery) rereadFile(ctx context.Context, path string) {
	if path == "" {
		return // standard input
	}
	if r.in != "" && !filepath.IsAbs(path) {
		path = filepath.Join(r.in, filepath.FromSlash(path))
	}
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return
	}
	_, _ = files.Scan(ctx, []string{path}, r.engine, r.collector, files.Options{All: true, Workers: 1})
}
