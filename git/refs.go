package git

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"

	"github.com/shrike-scan/shrike/git/odb"
)

// Ref is a name and the object it stands for. The object may be a tag.
type Ref struct {
	Name string // full: "refs/heads/main", "HEAD", "worktrees/NAME/HEAD"
	ID   odb.ID
}

// refs is a snapshot of a repository's names. go-git's own reader is not used
// for it: its ids are 20 bytes long, and it stops at the first name it cannot
// read.
type refs struct {
	list     []Ref         // sorted by name; all under refs/
	heads    []Ref         // HEADs of worktrees that are on no branch
	pseudo   []Ref         // ORIG_HEAD and the like
	head     odb.ID        // what HEAD stands for; zero while unborn
	problems []odb.Problem // names and files that were ignored
}

// maxSymbolic is git's own bound on chains of symbolic refs.
const maxSymbolic = 5

// pseudoRefs are the further files beside HEAD that keep a commit's id.
var pseudoRefs = []string{"ORIG_HEAD", "FETCH_HEAD", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "REBASE_HEAD", "AUTO_MERGE"}

// readRefs reads packed and loose refs (a loose one wins), see
// gitrepository-layout(5).
func (r *Repository) readRefs() (*refs, error) {
	s := &refs{}
	raw := make(map[string]string) // name -> hex id or "ref: NAME"
	if err := s.readNames(r, raw); err != nil {
		return nil, err
	}
	for name := range raw {
		if !strings.HasPrefix(name, "refs/") {
			continue // HEAD and the like, in a reftable
		}
		if plumbing.ReferenceName(name).Validate() != nil {
			s.ignore(name, errors.New("ignored ref with an invalid name"))
		} else if id, err := resolve(raw, raw[name]); err != nil {
			s.ignore(name, err)
		} else if !id.IsZero() {
			s.list = append(s.list, Ref{name, id})
		}
	}
	slices.SortFunc(s.list, func(a, b Ref) int { return strings.Compare(a.Name, b.Name) })
	s.readHeads(r, raw)
	slices.SortFunc(s.problems, func(a, b odb.Problem) int { return strings.Compare(a.Path, b.Path) })
	return s, nil
}

// readNames reads the refs that all worktrees share, and over them those that are
// this worktree's own, such as refs/bisect.
func (s *refs) readNames(r *Repository, raw map[string]string) error {
	dirs := []string{r.CommonDir}
	if r.GitDir != r.CommonDir {
		dirs = append(dirs, r.GitDir)
	}
	if r.settings.reftable {
		for _, dir := range dirs {
			if err := readStack(dir, r.HashSize, raw); err != nil {
				return err
			}
		}
		return nil
	}
	if err := s.readPacked(filepath.Join(r.CommonDir, "packed-refs"), raw); err != nil {
		return err
	}
	for _, dir := range dirs {
		s.readLoose(dir, raw)
	}
	return nil
}

func (s *refs) ignore(name string, err error) {
	s.problems = append(s.problems, odb.Problem{Path: name, Err: err})
}

// readPacked reads lines of `ID NAME`. Lines of `^ID` hold the peeled value of
// the tag above and are not needed.
func (s *refs) readPacked(file string, raw map[string]string) error {
	f, err := os.Open(file)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		line := lines.Text()
		if line == "" || line[0] == '#' || line[0] == '^' {
			continue
		}
		id, name, _ := strings.Cut(line, " ")
		raw[name] = id
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read %s: %w", file, err)
	}
	return nil
}

func (s *refs) readLoose(dir string, raw map[string]string) {
	_ = filepath.WalkDir(filepath.Join(dir, "refs"), func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			if !os.IsNotExist(err) {
				s.ignore(path, err)
			}
			return nil
		}
		if d.IsDir() || strings.HasSuffix(path, ".lock") {
			return nil
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return nil
		}
		text, err := readSmall(path)
		if os.IsNotExist(err) {
			return nil // deleted while we read
		}
		if err != nil {
			s.ignore(path, err)
			return nil
		}
		raw[filepath.ToSlash(name)] = strings.TrimSpace(text)
		return nil
	})
}

// resolve follows symbolic refs. A chain that ends at an unborn branch gives
// the zero id.
func resolve(raw map[string]string, value string) (odb.ID, error) {
	for range maxSymbolic {
		target, symbolic := strings.CutPrefix(value, "ref:")
		if !symbolic {
			return odb.ParseID(value)
		}
		var found bool
		if value, found = raw[strings.TrimSpace(target)]; !found {
			return odb.ID{}, nil
		}
	}
	return odb.ID{}, errors.New("ignored a chain of symbolic refs that is too long")
}

// readHeads reads HEAD of this worktree, of the main one and of all linked ones,
// and the pseudo refs beside each.
func (s *refs) readHeads(r *Repository, raw map[string]string) {
	type place struct{ dir, prefix string }
	places := []place{{r.GitDir, ""}}
	if r.GitDir != r.CommonDir {
		places = append(places, place{r.CommonDir, "main-worktree/"})
	}
	linked, _ := os.ReadDir(filepath.Join(r.CommonDir, "worktrees"))
	for _, d := range linked {
		if dir := filepath.Join(r.CommonDir, "worktrees", d.Name()); !sameFile(dir, r.GitDir) {
			places = append(places, place{dir, "worktrees/" + d.Name() + "/"})
		}
	}
	for i, p := range places {
		own := make(map[string]string)
		if r.settings.reftable {
			if err := readStack(p.dir, r.HashSize, own); err != nil {
				s.ignore(p.prefix+"HEAD", err)
			}
			for _, name := range pseudoRefs {
				if id, err := odb.ParseID(own[name]); err == nil {
					s.pseudo = append(s.pseudo, Ref{p.prefix + name, id})
				}
			}
		}
		if text, ok := headText(p.dir, own); ok {
			id, err := resolve(raw, strings.TrimSpace(text))
			if err != nil {
				s.ignore(p.prefix+"HEAD", err)
			} else if !strings.HasPrefix(text, "ref:") {
				s.heads = append(s.heads, Ref{p.prefix + "HEAD", id})
			}
			if i == 0 {
				s.head = id
			}
		}
		for _, name := range pseudoRefs {
			s.readPseudo(filepath.Join(p.dir, name), p.prefix+name)
		}
	}
}

// headText is what a worktree's HEAD holds. In a repository with reftables the file
// only says that this is one.
func headText(dir string, own map[string]string) (string, bool) {
	if text, ok := own["HEAD"]; ok {
		return text, true
	}
	text, err := readSmall(filepath.Join(dir, "HEAD"))
	return text, err == nil
}

// readPseudo takes the id at the start of each line: FETCH_HEAD and MERGE_HEAD
// hold one a branch.
func (s *refs) readPseudo(file, name string) {
	text, err := os.ReadFile(file)
	if err != nil {
		return
	}
	for line := range strings.Lines(string(text)) {
		word, _, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if id, err := odb.ParseID(word); err == nil && !id.IsZero() {
			s.pseudo = append(s.pseudo, Ref{name, id})
		}
	}
}
