package main

import (
	"bytes"
	"context"
	"slices"
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
	return exposeStaged(r, fs)
}

// exposeStaged names the files of findings that no commit holds and the index does:
// to a scan of all objects they are blobs that nothing refers to.
func exposeStaged(r *git.Repository, fs []*scanner.Finding) error {
	blobs := map[string]bool{}
	for _, f := range fs {
		for i := range f.Occurrences {
			if o := &f.Occurrences[i]; f.Reach == "unreachable" && o.Where == scanner.InFile && o.Path == "" {
				blobs[o.Object] = true
			}
		}
	}
	if len(blobs) == 0 || r.WorkTree == "" {
		return nil
	}
	contents, err := r.Contents()
	if err != nil {
		return err
	}
	paths := contents.Paths(blobs)
	for _, f := range fs {
		if f.Reach != "unreachable" {
			continue
		}
		for _, o := range slices.Clone(f.Occurrences) {
			for _, path := range paths[o.Object] {
				o.Path, o.Alive = path, true
				f.Occurrences = append(f.Occurrences, o)
				f.Exposure = &scanner.Exposure{State: scanner.ExposedStaged}
			}
		}
		if f.Exposure.State == scanner.ExposedStaged {
			f.Alive, f.Reach = true, ""
			f.Occurrences = slices.DeleteFunc(f.Occurrences, func(o scanner.Occurrence) bool {
				return o.Path == "" && len(paths[o.Object]) > 0
			})
		}
	}
	return nil
}

// exposureInRefs judges by the refs that hold a finding. All refs of a bare
// repository are published: it is what others push to and fetch from.
func exposureInRefs(f *scanner.Finding, bare bool) *scanner.Exposure {
	e := &scanner.Exposure{State: scanner.ExposedLocal}
	held := make([]string, 0, len(f.Refs))
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

// maxExposed bounds how many findings on disk are looked up in git.
const maxExposed = 1000

// exposeFiles says of findings on disk whether git has them too: at the same path in
// the index, at HEAD, or where a remote-tracking ref stands. History between these
// is not read. Paths are relative to the work tree. What cannot be told stays open.
func exposeFiles(r *git.Repository, fs []*scanner.Finding) error {
	contents, err := r.Contents()
	if err != nil {
		return err
	}
	head, err := r.Head()
	if err != nil {
		return err
	}
	remotes, err := r.Tips("refs/remotes/")
	if err != nil {
		return err
	}
	byPath := map[string][]*scanner.Finding{}
	for _, f := range fs[:min(len(fs), maxExposed)] {
		f.Exposure = &scanner.Exposure{State: scanner.ExposedWorktree}
		for i := range f.Occurrences {
			o := &f.Occurrences[i]
			if o.Path == "" || o.Encoding != "" {
				f.Exposure = nil
				break
			}
			if list := byPath[o.Path]; len(list) == 0 || list[len(list)-1] != f {
				byPath[o.Path] = append(list, f)
			}
		}
	}
	// Each state calls for more than those before it.
	expose := func(state string, read func(path string) ([]byte, error)) {
		for path, list := range byPath {
			text, err := read(path)
			for _, f := range list {
				if err == nil && f.Exposure != nil && bytes.Contains(text, []byte(f.Secret.Reveal())) {
					f.Exposure.State = state
				}
			}
		}
	}
	at := func(commit string) func(string) ([]byte, error) {
		return func(path string) ([]byte, error) { return contents.At(commit, path) }
	}
	expose(scanner.ExposedStaged, contents.Staged)
	if head != "" {
		expose(scanner.ExposedLocal, at(head))
	}
	for _, tip := range remotes {
		expose(scanner.ExposedPushed, at(tip))
	}
	return nil
}

// onDisk exposes findings of a scan of files, where these are in a work tree.
func (sc *scan) onDisk(fs []*scanner.Finding) error {
	r, err := git.Open(sc.root, git.Options{})
	if err != nil {
		return nil // no repository: nothing to say
	}
	defer r.Close()
	if r.WorkTree == "" || !sameFile(r.WorkTree, sc.root) {
		return nil
	}
	return exposeFiles(r, fs)
}
