package git

import (
	"context"
	"slices"
	"strings"

	"github.com/shrike-scan/shrike/git/odb"
)

// Head is the hex id of the commit that HEAD stands for, empty while there is none.
func (r *Repository) Head() (string, error) {
	names, err := r.readRefs()
	if err != nil || names.head.IsZero() {
		return "", err
	}
	return names.head.String(), nil
}

// Has reports whether an object is in the store. id is its full hex id.
func (r *Repository) Has(id string) bool {
	parsed, err := odb.ParseID(id)
	return err == nil && len(id) == 2*r.HashSize && r.store.Has(parsed)
}

// IsRoot reports whether a commit has no parent, or none that is here.
func (r *Repository) IsRoot(id string) bool {
	parsed, err := odb.ParseID(id)
	if err != nil {
		return false
	}
	c, err := r.readCommit(parsed)
	return err == nil && !slices.ContainsFunc(c.parents, r.store.Has)
}

// Tips gives the hex ids of the commits that the refs below a prefix such as
// "refs/remotes/origin/" stand at, each once. What is no commit is left out.
func (r *Repository) Tips(prefix string) ([]string, error) {
	ids, err := r.tipsBelow(prefix)
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = id.String()
	}
	return list, err
}

// RefNames gives the full names of all refs, in the order in which they are read.
func (r *Repository) RefNames() ([]string, error) {
	names, err := r.readRefs()
	if err != nil {
		return nil, err
	}
	list := make([]string, len(names.list))
	for i, ref := range names.list {
		list[i] = ref.Name
	}
	return list, nil
}

func (r *Repository) tipsBelow(prefix string) ([]odb.ID, error) {
	names, err := r.readRefs()
	if err != nil {
		return nil, err
	}
	var ids []odb.ID
	for _, ref := range names.list {
		if !strings.HasPrefix(ref.Name, prefix) {
			continue
		}
		if id, kind, _, _, err := r.peel(ref.ID); err == nil && kind == odb.Commit {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, compareIDs)
	return slices.Compact(ids), nil
}

// Unpublished returns those of some commits, by hex id, that no remote-tracking ref
// reaches. It reads the commits between the two alone.
func (r *Repository) Unpublished(ctx context.Context, commits []string) (map[string]bool, error) {
	remote, err := r.tipsBelow("refs/remotes/")
	if err != nil {
		return nil, err
	}
	s := selection{hide: remote}
	for _, text := range commits {
		if id, err := odb.ParseID(text); err == nil && r.store.Has(id) {
			s.want = append(s.want, id)
		}
	}
	walk, err := r.walkCommits(ctx, s, func(odb.ID, error) {})
	if err != nil {
		return nil, err
	}
	out := make(map[string]bool)
	for _, n := range walk.found {
		out[n.id.String()] = true
	}
	return out, nil
}
