package main

import (
	"context"
	"strings"

	"github.com/shrike-scan/shrike/git"
	"github.com/shrike-scan/shrike/scanner"
)

// exposeHistory says of findings in commits whether a remote has them. After a scan
// of everything their refs tell; after one of a range the commits between them and
// the remote-tracking refs are read.
func exposeHistory(ctx context.Context, r *git.Repository, fs []*scanner.Finding, ranged bool) error {
	var unpublished map[string]bool
	if ranged && r.WorkTree != "" {
		var commits []string
		for _, f := range fs {
			commits = append(commits, commitsOf(f)...)
		}
		var err error
		if unpublished, err = r.Unpublished(ctx, commits); err != nil {
			return err
		}
	}
	for _, f := range fs {
		f.Exposure = exposureInRefs(f, r.WorkTree == "")
		if f.Exposure.State == scanner.ExposedPushed || !ranged {
			continue
		}
		for _, id := range commitsOf(f) {
			if !unpublished[id] && r.WorkTree != "" {
				f.Exposure.State = scanner.ExposedPushed
			}
		}
	}
	return nil
}

// exposureInRefs judges by the refs that hold a finding. All refs of a bare
// repository are published: it is what others push to and fetch from.
func exposureInRefs(f *scanner.Finding, bare bool) *scanner.Exposure {
	e := &scanner.Exposure{State: scanner.ExposedLocal}
	var held []string
	for _, ref := range f.Refs {
		remote := strings.HasPrefix(ref, "refs/remotes/") || bare
		if remote {
			e.State = scanner.ExposedPushed
		}
		if remote || strings.HasPrefix(ref, "refs/tags/") {
			held = append(held, ref)
		}
	}
	if e.State == scanner.ExposedPushed {
		e.Refs = held
	}
	return e
}

// commitsOf lists the commits that introduced a finding's places.
func commitsOf(f *scanner.Finding) []string {
	var ids []string
	for i := range f.Occurrences {
		if c := f.Occurrences[i].Commit; c != nil && (len(ids) == 0 || ids[len(ids)-1] != c.ID) {
			ids = append(ids, c.ID)
		}
	}
	return ids
}
