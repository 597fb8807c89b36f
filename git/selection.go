package git

import (
	"slices"
	"strings"

	"github.com/shrike-scan/shrike/git/odb"
)

// selection is what revisions ask for: commits reachable from want and not from
// hide. Of a pair "A...B" only what one side alone reaches counts.
type selection struct {
	want, hide  []odb.ID
	left, right []odb.ID // sides of A...B, also in want
}

// selectRevisions parses revisions, see ScanOptions.Revisions.
func (r *Repository) selectRevisions(revisions []string, names *refs) (selection, error) {
	var s selection
	res := r.newResolver(names)
	for _, text := range revisions {
		if err := s.add(text, res, names); err != nil {
			return s, err
		}
	}
	return s, nil
}

func (s *selection) add(text string, res *resolver, names *refs) error {
	if name, ok := strings.CutPrefix(text, "^"); ok {
		id, err := res.commit(name)
		s.hide = append(s.hide, id)
		return err
	}
	if a, b, ok := strings.Cut(text, "..."); ok {
		left, err := res.side(a)
		if err != nil {
			return err
		}
		right, err := res.side(b)
		s.left, s.right = append(s.left, left), append(s.right, right)
		s.want = append(s.want, left, right)
		return err
	}
	a, b, ok := strings.Cut(text, "..")
	if !ok {
		id, err := res.commit(text)
		s.want = append(s.want, id)
		return err
	}
	if isZeroID(b) {
		return &UnknownRevisionError{Revision: text, Reason: "it ends at the zero id: it deletes a ref and publishes nothing"}
	}
	to, err := res.side(b)
	if err != nil {
		return err
	}
	s.want = append(s.want, to)
	if isZeroID(a) {
		s.hide = append(s.hide, res.known(names, to)...)
		return nil
	}
	from, err := res.side(a)
	s.hide = append(s.hide, from)
	return err
}

// side resolves one side of a range; an empty one is HEAD.
func (s *resolver) side(name string) (odb.ID, error) {
	if name == "" {
		name = "HEAD"
	}
	return s.commit(name)
}

func isZeroID(text string) bool {
	return len(text) >= 40 && strings.Trim(text, "0") == ""
}

// known gives the commits that stand for "already published" where a range
// starts at the zero id: those of remote-tracking refs, or where there are none,
// as on a server, of all refs. Refs that stand at the range's end are left
// out: after a fetch or in CI they are the very ones to be scanned.
func (s *resolver) known(names *refs, end odb.ID) []odb.ID {
	isRemote := func(r Ref) bool { return strings.HasPrefix(r.Name, "refs/remotes/") }
	remote := slices.ContainsFunc(names.list, isRemote)
	var ids []odb.ID
	for _, ref := range names.list {
		if remote && !isRemote(ref) {
			continue
		}
		if id, err := s.toCommit(ref.Name, ref.ID); err == nil && id != end {
			ids = append(ids, id)
		}
	}
	return ids
}
