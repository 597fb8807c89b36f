package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/shrike-scan/shrike/git"
	"github.com/shrike-scan/shrike/report"
	"github.com/shrike-scan/shrike/scanner"
)

// submodules scans the repositories of r's submodules, each with its own history,
// and adds what they give to the outcome of r itself. One that cannot be opened is
// a problem, not the end.
func (sc *scan) submodules(ctx context.Context, r *git.Repository, o git.ScanOptions, out *outcome) error {
	for _, sub := range r.Submodules() {
		own := *sc
		own.collector = scanner.NewCollector()
		got, err := own.submodule(ctx, sub, o)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		label := "submodule " + sub.Path + ": "
		if err != nil {
			out.problems = append(out.problems, label+err.Error())
			continue
		}
		out.objects += got.objects
		out.known += got.known
		out.bytes += got.bytes
		for _, pair := range []struct{ to, from *[]string }{
			{&out.problems, &got.problems}, {&out.incomplete, &got.incomplete}, {&out.notes, &got.notes},
		} {
			for _, text := range *pair.from {
				*pair.to = append(*pair.to, label+text)
			}
		}
		addCoverage(&out.coverage, sub.Path, got.coverage)
		out.findings = mergeFindings(out.findings, got.findings)
	}
	return nil
}

func (sc *scan) submodule(ctx context.Context, sub git.Submodule, o git.ScanOptions) (outcome, error) {
	r, err := git.Open(sub.GitDir, git.Options{GitDir: sub.GitDir})
	if err != nil {
		return outcome{}, err
	}
	defer r.Close()
	if within := o.Paths; within != nil {
		o.Paths = func(path string) bool { return within(sub.Path + "/" + path) }
	}
	out, err := sc.history(ctx, r, o)
	if err != nil {
		return out, err
	}
	if err := r.Remember(); err != nil {
		out.notes = append(out.notes, err.Error())
	}
	for _, f := range out.findings {
		for i := range f.Occurrences {
			if place := &f.Occurrences[i]; place.Path != "" {
				place.Path = sub.Path + "/" + place.Path
			}
		}
		for i, ref := range f.Refs {
			f.Refs[i] = sub.Path + ":" + ref
		}
	}
	return out, nil
}

// mergeFindings adds to list what was found in another store. A secret in both
// stays one finding, which keeps what is said of its first store.
func mergeFindings(list, more []*scanner.Finding) []*scanner.Finding {
	type key struct{ rule, secret string }
	of := func(f *scanner.Finding) key { return key{f.Rule.ID, f.Secret.Reveal()} }
	known := make(map[key]*scanner.Finding, len(list))
	for _, f := range list {
		known[of(f)] = f
	}
	for _, f := range more {
		first := known[of(f)]
		if first == nil {
			list = append(list, f)
			continue
		}
		first.Occurrences = slices.Concat(first.Occurrences, f.Occurrences)
		scanner.SortOccurrences(first.Occurrences)
		first.Refs = slices.Concat(first.Refs, f.Refs)
		if first.Alive = first.Alive || f.Alive; first.Alive {
			first.Removed = nil
		}
	}
	return list
}

// addCoverage adds what a submodule's scan covered.
func addCoverage(to *report.Coverage, path string, from report.Coverage) {
	to.Scanned += from.Scanned
	to.Inherited += from.Inherited
	for _, k := range from.Kinds {
		i := slices.IndexFunc(to.Kinds, func(have report.KindCount) bool { return have.Kind == k.Kind })
		if i < 0 {
			to.Kinds = append(to.Kinds, k)
			continue
		}
		to.Kinds[i].Count += k.Count
		to.Kinds[i].Known += k.Known
		to.Kinds[i].Bytes += k.Bytes
	}
	for _, s := range from.Skipped {
		s.Reason = fmt.Sprintf("submodule %s: %s", path, s.Reason)
		to.Skipped = append(to.Skipped, s)
	}
	for _, ref := range from.Refs {
		to.Refs = append(to.Refs, report.Ref{Name: path + ":" + ref.Name, ID: ref.ID})
	}
}
