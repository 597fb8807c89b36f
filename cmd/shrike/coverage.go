package main

import (
	"github.com/shrike-scan/shrike/files"
	"github.com/shrike-scan/shrike/git"
	"github.com/shrike-scan/shrike/git/odb"
	"github.com/shrike-scan/shrike/report"
)

// gitCoverage says in a receipt's words what a scan of a repository covered.
func gitCoverage(r git.Receipt) report.Coverage {
	c := report.Coverage{Scanned: r.ScannedBytes, Inherited: r.InheritedBytes}
	for kind, n := range r.Objects {
		if n > 0 {
			c.Kinds = append(c.Kinds, report.KindCount{Kind: odb.Kind(kind).String(), Count: n, Known: r.Known[kind], Bytes: r.Bytes[kind]})
		}
	}
	for _, missing := range []struct {
		reason string
		count  int64
	}{
		{"blobs that the partial clone was never sent", r.Missing.Blobs},
		{"trees that the partial clone was never sent", r.Missing.Trees},
	} {
		if missing.count > 0 {
			c.Skipped = append(c.Skipped, report.Skipped{Reason: missing.reason, Count: missing.count})
		}
	}
	for _, ref := range r.Refs {
		c.Refs = append(c.Refs, report.Ref{Name: ref.Name, ID: ref.ID.String()})
	}
	if !r.Head.IsZero() {
		c.Head = r.Head.String()
	}
	return c
}

// filesCoverage says the same of files and streams.
func filesCoverage(r files.Receipt) report.Coverage {
	c := report.Coverage{Scanned: r.Bytes}
	for _, s := range r.Skipped {
		c.Skipped = append(c.Skipped, report.Skipped{Reason: string(s.Reason), Count: s.Count, Paths: s.Paths})
	}
	return c
}
