package git

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

// all shows everything that is said of findings.
func (r result) all(t testing.TB) string {
	t.Helper()
	text := r.lines()
	for _, f := range r.findings {
		line, err := json.Marshal(struct {
			Rule, Secret        string
			Severity            scanner.Severity
			Confidence          scanner.Confidence
			Proven              bool
			Details             []scanner.Detail
			Occurrences         []scanner.Occurrence
			Introduced, Removed *scanner.Commit
		}{f.Rule.ID, f.Secret.Reveal(), f.Severity, f.Confidence, f.Proven, f.Details, f.Occurrences, f.Introduced, f.Removed})
		require.NoError(t, err)
		text += string(line) + "\n"
	}
	r.receipt.Notes = nil
	r.receipt.Bytes, r.receipt.Known, r.receipt.ScannedBytes, r.receipt.InheritedBytes = [5]int64{}, [5]int64{}, 0, 0
	return text + fmt.Sprintf("%+v", r.receipt)
}

// remembered scans with a cache and writes it.
func remembered(t testing.TB, path, folder string) result {
	t.Helper()
	r, err := Open(path, Options{})
	require.NoError(t, err)
	defer func() { require.NoError(t, r.Close()) }()
	got := scan(t, r, ScanOptions{Cache: folder, Workers: 2})
	require.NoError(t, r.Remember())
	return got
}

func forgotten(t testing.TB, path string) result {
	t.Helper()
	r, err := Open(path, Options{})
	require.NoError(t, err)
	defer func() { require.NoError(t, r.Close()) }()
	return scan(t, r, ScanOptions{Workers: 2})
}

// requireRemembered wants the same from a scan with a cache as from one without,
// twice, and gives the first.
func requireRemembered(t testing.TB, path, folder string) result {
	t.Helper()
	want := forgotten(t, path).all(t)
	first := remembered(t, path, folder)
	require.Equal(t, want, first.all(t))
	again := remembered(t, path, folder)
	require.Equal(t, want, again.all(t))
	require.Equal(t, [5]int64{}, again.receipt.Bytes, "nothing is read when nothing has changed")
	require.Empty(t, again.receipt.Notes)
	return first
}

// TestScansWithCache goes through what happens to a repository between two scans.
func TestScansWithCache(t *testing.T) {
	for _, format := range []string{"sha1", "sha256"} {
		t.Run(format, func(t *testing.T) {
			f := newFixture(t, "--object-format="+format)
			folder := filepath.Join(t.TempDir(), "cache")
			same := func(what string) result {
				t.Helper()
				t.Log(what)
				return requireRemembered(t, f.dir, folder)
			}
			f.write("README", "nothing\n")
			f.commit("start")
			require.Empty(t, same("no finding").findings)
			f.write("a/key", pair(1))
			f.commit("first")
			same("a first finding")
			f.write("b/key", pair(1)+"more\n")
			f.write("a/key", pair(1)+"shrike"+":allow key-id for a test\n"+keyID(2)+" # shrike"+":allow key-id a reason\n")
			f.commit("mention " + keyID(3))
			same("a finding in a message, one that is allowed")
			f.git("checkout", "-q", "-b", "side")
			f.write("c", pair(4))
			f.commit("side")
			f.git("checkout", "-q", "main")
			same("a branch")
			f.git("merge", "-q", "--no-ff", "-m", "merge", "side")
			f.git("tag", "-a", "v1", "-m", "has "+keyID(5), "HEAD~1")
			f.git("tag", "light")
			f.git("tag", "tree", "HEAD^{tree}")
			same("a merge, tags")
			f.git("repack", "-q", "-a", "-d")
			got := same("a repack")
			require.NotZero(t, got.receipt.Known)
			f.remove("b/key")
			f.commit("remove")
			f.write("d", pair(6))
			f.git("add", "d")
			same("a finding in the index alone")
			f.commit("with d")
			same("which is then committed")
			f.write("e", pair(7))
			f.git("add", "e")
			f.git("stash", "-q")
			same("a stash")
			f.git("stash", "drop", "-q")
			same("without its stash")
			f.git("worktree", "add", "-q", "-b", "other", filepath.Join(t.TempDir(), "linked"))
			same("a linked worktree")
			f.git("branch", "-D", "-q", "side")
			f.git("reset", "-q", "--hard", "HEAD~1")
			f.write("g", pair(8))
			f.commit("another history")
			same("a branch that was forced elsewhere")
			f.git("reflog", "expire", "--expire=all", "--all")
			same("without reflogs")
			f.git("gc", "-q", "--prune=now")
			same("garbage collected")
			f.git("-c", "core.logAllRefUpdates=false", "commit", "-q", "--allow-empty", "--amend", "-m", "amended "+keyID(9))
			same("amended")
			f.git("prune", "--expire=now")
			same("pruned")
		})
	}
}
