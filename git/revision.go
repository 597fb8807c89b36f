package git

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/shrike-scan/shrike/git/odb"
)

// resolver turns what people call a commit into its id, as gitrevisions(7) says:
// full and short names of refs, ids and their first digits, HEAD and @, each with
// any number of ~N, ^N and ^{...} behind.
type resolver struct {
	repo  *Repository
	names map[string]odb.ID
}

func (r *Repository) newResolver(names *refs) *resolver {
	s := &resolver{r, make(map[string]odb.ID)}
	for _, list := range [][]Ref{names.pseudo, names.heads, names.list} {
		for _, ref := range list {
			s.names[ref.Name] = ref.ID
		}
	}
	if !names.head.IsZero() {
		s.names["HEAD"] = names.head
	}
	return s
}

// commit gives the commit that revision stands for. The error is an
// *UnknownRevisionError, or that of an object that cannot be read.
func (s *resolver) commit(revision string) (odb.ID, error) {
	end := strings.IndexAny(revision, "~^")
	if end < 0 {
		end = len(revision)
	}
	id, err := s.object(revision, revision[:end])
	if err != nil {
		return id, err
	}
	if id, err = s.toCommit(revision, id); err != nil {
		return id, err
	}
	for steps := revision[end:]; steps != ""; {
		if id, steps, err = s.step(revision, id, steps); err != nil {
			return id, err
		}
	}
	return id, nil
}

// lookup is the order in which git tries a short name.
var lookup = [...]string{"%s", "refs/%s", "refs/tags/%s", "refs/heads/%s", "refs/remotes/%s", "refs/remotes/%s/HEAD"}

func (s *resolver) object(revision, name string) (odb.ID, error) {
	if name == "@" {
		name = "HEAD"
	}
	if id, err := odb.ParseID(name); err == nil && len(name) == 2*s.repo.HashSize {
		if !s.repo.store.Has(id) {
			return id, &UnknownRevisionError{Revision: revision, Reason: "the object is not in this repository; fetch it first"}
		}
		return id, nil
	}
	for _, pattern := range lookup {
		if id, ok := s.names[fmt.Sprintf(pattern, name)]; ok {
			return id, nil
		}
	}
	if name == "HEAD" {
		return odb.ID{}, &UnknownRevisionError{Revision: revision, Reason: "HEAD has no commit yet"}
	}
	if strings.Contains(name, "@{") || strings.Contains(name, ":") {
		return odb.ID{}, &UnknownRevisionError{Revision: revision, Reason: "only names, ids, ~N and ^N are understood"}
	}
	var commits []odb.ID
	if len(name) >= 4 && strings.Trim(strings.ToLower(name), "0123456789abcdef") == "" {
		for _, id := range s.repo.store.Resolve(name) {
			if id, kind, _, _, err := s.repo.peel(id); err == nil && kind == odb.Commit && !slices.Contains(commits, id) {
				commits = append(commits, id)
			}
		}
	}
	switch len(commits) {
	case 0:
		return odb.ID{}, &UnknownRevisionError{Revision: revision, Close: s.close(name)}
	case 1:
		return commits[0], nil
	}
	return odb.ID{}, &UnknownRevisionError{Revision: revision, Reason: fmt.Sprintf("%d commits start with these digits; give more of them", len(commits))}
}

func (s *resolver) toCommit(revision string, id odb.ID) (odb.ID, error) {
	target, kind, _, _, err := s.repo.peel(id)
	if err != nil {
		return id, fmt.Errorf("resolve revision %q: %w", revision, err)
	}
	if kind != odb.Commit {
		return id, &UnknownRevisionError{Revision: revision, Reason: fmt.Sprintf("it names a %s, not a commit", kind)}
	}
	return target, nil
}

// step takes one ~N, ^N or ^{...} off the front of steps.
func (s *resolver) step(revision string, id odb.ID, steps string) (odb.ID, string, error) {
	if rest, ok := strings.CutPrefix(steps, "^{"); ok {
		kind, rest, ok := strings.Cut(rest, "}")
		if !ok || kind != "" && kind != "commit" {
			return id, "", &UnknownRevisionError{Revision: revision, Reason: "only ^{} and ^{commit} are understood"}
		}
		return id, rest, nil
	}
	op, rest := steps[0], steps[1:]
	digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
	n := 1
	if digits > 0 {
		var err error
		if n, err = strconv.Atoi(rest[:digits]); err != nil {
			return id, "", &UnknownRevisionError{Revision: revision, Reason: "the number is too large"}
		}
	}
	rest = rest[digits:]
	if op != '~' && op != '^' {
		return id, "", &UnknownRevisionError{Revision: revision, Reason: fmt.Sprintf("%q cannot be understood", steps)}
	}
	nth := 1
	if op == '^' {
		if n == 0 {
			return id, rest, nil
		}
		nth, n = n, 1
	}
	for range n {
		c, err := s.repo.readCommit(id)
		if err != nil {
			return id, "", fmt.Errorf("resolve revision %q: %w", revision, err)
		}
		if len(c.parents) < nth {
			reason := fmt.Sprintf("commit %s has no parent %d", id, nth)
			if s.repo.shallow[id] {
				reason += " in this shallow clone; `git fetch --unshallow` brings it"
			}
			return id, "", &UnknownRevisionError{Revision: revision, Reason: reason}
		}
		id = c.parents[nth-1]
	}
	return id, rest, nil
}

// close names up to three refs that look like name.
func (s *resolver) close(name string) []string {
	type candidate struct {
		name     string
		distance int
	}
	var list []candidate
	for full := range s.names {
		short := full
		for _, prefix := range []string{"refs/heads/", "refs/tags/", "refs/remotes/"} {
			short = strings.TrimPrefix(short, prefix)
		}
		d := distance(name, short)
		if _, last, ok := strings.Cut(short, "/"); ok {
			d = min(d, 1+distance(name, last))
		}
		if strings.HasPrefix(short, name) && name != "" {
			d = min(d, 1)
		}
		if d <= 1+len(name)/3 {
			list = append(list, candidate{short, d})
		}
	}
	slices.SortFunc(list, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), strings.Compare(a.name, b.name))
	})
	var out []string
	for _, c := range list {
		if len(out) < 3 && !slices.Contains(out, c.name) {
			out = append(out, c.name)
		}
	}
	return out
}

// distance is Levenshtein's, over bytes. Long names do not look like anything.
func distance(a, b string) int {
	const long = 100
	if len(a) > long || len(b) > long {
		return long
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
