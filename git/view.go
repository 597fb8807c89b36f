package git

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/shrike-scan/shrike/git/odb"
)

// Git can show a history that is not the one its objects tell: a shallow clone
// ends at commits whose parents it lacks, info/grafts gives commits other parents
// (gitrepository-layout(5)), and refs/replace/ID names an object to be shown in
// place of another (git-replace(1)). All objects are scanned in any case, the
// replaced and the replacing; what is said of findings follows git's view, so
// that `git log` and `git show` confirm it. As in git, shallow goes before grafts
// and grafts before replaced parents.

// maxReplaced bounds chains of replacements, as MAXREPLACEDEPTH does in git.
const maxReplaced = 5

// replacements gives for each replaced object the one to be shown in its place.
func (s *refs) replacements(hashSize int) map[odb.ID]odb.ID {
	direct := make(map[odb.ID]odb.ID)
	for _, ref := range s.list {
		if hex, ok := strings.CutPrefix(ref.Name, "refs/replace/"); ok && len(hex) == 2*hashSize {
			if id, err := odb.ParseID(hex); err == nil {
				direct[id] = ref.ID
			}
		}
	}
	final := make(map[odb.ID]odb.ID, len(direct))
	for id, next := range direct {
		for range maxReplaced {
			if further, ok := direct[next]; ok {
				next = further
			}
		}
		if _, chained := direct[next]; !chained && next != id { // else git refuses to read it
			final[id] = next
		}
	}
	return final
}

// seen changes what was parsed of a commit into what git shows of it. Its text
// stays its own.
func (r *Repository) seen(id odb.ID, c *commitObject) {
	if other, ok := r.replaced[id]; ok {
		if data, err := readKind(r.store, other, odb.Commit); err == nil {
			var shown commitObject
			if parseCommit(data, r.HashSize, &shown) == nil {
				c.tree, c.parents, c.committer.seconds = shown.tree, shown.parents, shown.committer.seconds
			}
		}
	}
	if parents, ok := r.grafts[id]; ok {
		c.parents = append([]odb.ID(nil), parents...)
	}
	if r.shallow[id] {
		c.parents = nil
	}
}

// readGrafts reads lines of `COMMIT PARENT...`. Lines that are none are git's
// errors too; it goes on without them.
func readGrafts(file string, hashSize int) (map[odb.ID][]odb.ID, error) {
	text, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return parseGrafts(text, hashSize), nil
}

func parseGrafts(text []byte, hashSize int) map[odb.ID][]odb.ID {
	grafts := make(map[odb.ID][]odb.ID)
next:
	for line := range bytes.Lines(text) {
		var ids []odb.ID
		for _, word := range bytes.Fields(line) {
			id, ok := parseHex(word, hashSize)
			if !ok {
				continue next
			}
			ids = append(ids, id)
		}
		if len(ids) > 0 {
			grafts[ids[0]] = ids[1:]
		}
	}
	return grafts
}

// readShallow reads the ids of the commits at which a shallow clone was cut.
func readShallow(file string) (map[odb.ID]bool, error) {
	text, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	cut := make(map[odb.ID]bool)
	for line := range strings.Lines(string(text)) {
		id, err := odb.ParseID(strings.TrimSpace(line))
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", file, err)
		}
		cut[id] = true
	}
	return cut, nil
}

// readView reads what hides or changes parents.
func (r *Repository) readView() (err error) {
	if r.shallow, err = readShallow(filepath.Join(r.CommonDir, "shallow")); err != nil {
		return err
	}
	r.grafts, err = readGrafts(filepath.Join(r.CommonDir, "info", "grafts"), r.HashSize)
	return err
}
