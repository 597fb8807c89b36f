package git

import (
	"bufio"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/shrike-scan/shrike/git/odb"
)

// reflogs is every id, old or new, that the logs of refs remember.
type reflogs struct {
	ids   map[odb.ID]bool
	stash map[odb.ID]bool // those in logs/refs/stash: the stashes below the top one
}

// readReflogs reads logs/** of the repository and of all its linked worktrees.
// An unreadable log only costs attribution its word "reflog".
func (r *Repository) readReflogs() reflogs {
	l := reflogs{make(map[odb.ID]bool), make(map[odb.ID]bool)}
	dirs := []string{filepath.Join(r.CommonDir, "logs")}
	linked, _ := filepath.Glob(filepath.Join(r.CommonDir, "worktrees", "*", "logs"))
	for _, dir := range append(dirs, linked...) {
		_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return nil
			}
			if strings.HasSuffix(filepath.ToSlash(path), "logs/refs/stash") {
				readReflog(path, l.stash)
			} else {
				readReflog(path, l.ids)
			}
			return nil
		})
	}
	if r.settings.reftable {
		stacks, _ := filepath.Glob(filepath.Join(r.CommonDir, "worktrees", "*"))
		for _, dir := range append(stacks, r.CommonDir) {
			readStackLogs(dir, r.HashSize, l)
		}
	}
	return l
}

// readReflog reads lines of `OLD NEW NAME <ADDRESS> TIME ZONE<TAB>MESSAGE`.
func readReflog(file string, ids map[odb.ID]bool) {
	f, err := os.Open(file)
	if err != nil {
		return
	}
	defer func() { _ = f.Close() }()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		before, rest, _ := strings.Cut(lines.Text(), " ")
		after, _, _ := strings.Cut(rest, " ")
		for _, word := range [...]string{before, after} {
			if id, err := odb.ParseID(word); err == nil && !id.IsZero() {
				ids[id] = true
			}
		}
	}
}
