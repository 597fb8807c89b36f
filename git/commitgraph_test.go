package git

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestCommitGraphChangesNothing scans by date with a commit-graph in many states,
// and without.
func TestCommitGraphChangesNothing(t *testing.T) {
	states := []struct {
		name   string
		change func(f *fixture, file string)
		used   bool
		notes  int
	}{
		{"fresh", func(*fixture, string) {}, true, 0},
		{"older than some commits", func(f *fixture, _ string) {
			f.write("key", pair(7))
			f.commit("later")
			f.git("repack", "-adq")
			f.commit("loose")
		}, true, 0},
		{"with commits that are gone", func(f *fixture, file string) {
			old, err := os.ReadFile(file)
			require.NoError(f.t, err)
			f.git("reset", "-q", "--hard", "HEAD~2")
			f.git("reflog", "expire", "--expire=all", "--all")
			f.git("-c", "gc.writeCommitGraph=false", "gc", "-q", "--prune=now")
			require.NoError(f.t, os.Chmod(file, 0o644))
			require.NoError(f.t, os.WriteFile(file, old, 0o644))
		}, true, 0},
		{"in layers", func(f *fixture, file string) {
			require.NoError(f.t, os.Remove(file))
			f.git("commit-graph", "write", "--reachable", "--split")
			f.commit("later")
			f.git("repack", "-adq")
			f.git("commit-graph", "write", "--reachable", "--split=no-merge")
		}, true, 0},
		{"with a commit that has no date", func(f *fixture, _ string) {
			text := f.git("cat-file", "commit", "HEAD")
			at := strings.Index(text, "committer")
			end := at + strings.IndexByte(text[at:], '\n')
			id := f.gitIn(text[:at]+"committer A <a@example.com> yesterday"+text[end:]+"\n", "hash-object", "-t", "commit", "--literally", "-w", "--stdin")
			f.git("update-ref", "refs/heads/odd", id)
			f.git("repack", "-adq")
			f.git("commit-graph", "write", "--reachable")
		}, true, 0},
		{"beside a replaced commit", func(f *fixture, _ string) { f.git("replace", "HEAD~3", "HEAD~1") }, false, 0},
		{"beside a graft", func(f *fixture, _ string) {
			f.write(".git/info/grafts", f.git("rev-parse", "HEAD~2")+" "+f.git("rev-parse", "HEAD~5")+"\n")
		}, false, 0},
		{"beside a cut", func(f *fixture, _ string) { f.write(".git/shallow", f.git("rev-parse", "HEAD~6")+"\n") }, false, 0},
		{"damaged", func(f *fixture, file string) {
			text, err := os.ReadFile(file)
			require.NoError(f.t, err)
			text[len(text)/2] ^= 1
			require.NoError(f.t, os.Chmod(file, 0o644))
			require.NoError(f.t, os.WriteFile(file, text, 0o644))
		}, false, 1},
	}
	for _, state := range states {
		t.Run(state.name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			for n := range 6 {
				f.write("key", pair(n%4))
				f.commit("change")
				f.git("checkout", "-q", "-b", fmt.Sprint("side", n))
				f.write(fmt.Sprintf("side%d/key", n), pair(n))
				f.commit("side")
				f.git("checkout", "-q", "main")
				f.clock++
				f.git("merge", "-q", "--no-ff", "-m", "merge "+keyID(20+n), fmt.Sprint("side", n))
			}
			f.git("repack", "-adq")
			f.git("commit-graph", "write", "--reachable")
			info := filepath.Join(f.dir, ".git", "objects", "info")
			state.change(f, filepath.Join(info, "commit-graph"))

			day := func(n int) time.Time { return time.Unix(int64(1_500_000_000+86_400*n), 0) }
			for _, o := range []ScanOptions{
				{Since: day(12)}, {Until: day(9)}, {Since: day(5), Until: day(11)}, {Since: day(100)}, {Until: day(0)},
				{Since: day(8), Paths: func(path string) bool { return path == "key" }},
			} {
				r := open(t, f.dir)
				with := scan(t, r, o)
				require.Len(t, with.receipt.Notes, state.notes)
				outside, _ := r.outside(&o)
				require.Equal(t, state.used, len(outside) > 0)

				require.NoError(t, os.Rename(info, info+".away"))
				without := scan(t, open(t, f.dir), o)
				require.NoError(t, os.Rename(info+".away", info))
				require.Equal(t, without.lines(), with.lines())
				with.receipt.Notes = nil
				require.Equal(t, without.receipt, with.receipt)
			}
		})
	}
}
