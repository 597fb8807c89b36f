package git

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/git/odb"
	"github.com/shrike-scan/shrike/scanner"
)

// narrowFixture has two branches, a merge, a tag with a secret, a commit dated long
// before its parent, and one that nothing reaches.
func narrowFixture(t *testing.T) *fixture {
	f := newFixture(t)
	for i := range 6 {
		f.write(fmt.Sprintf("dir%d/sub/a.ini", i%2), pair(i))
		f.commit(fmt.Sprint("commit ", i))
	}
	f.git("checkout", "-q", "-b", "topic", "HEAD~3")
	f.write("topic.ini", pair(10))
	f.commit("topic " + keyID(20))
	f.git("tag", "-a", "-m", "holds "+keyID(21), "v1")
	f.git("checkout", "-q", "main")
	f.git("merge", "-q", "--no-ff", "-m", "merge", "topic")
	clock := f.clock
	f.clock = 1
	f.write("late.ini", pair(11))
	f.git("add", "-A")
	f.git("commit", "-q", "-m", "dated early") // one day after the first
	f.clock = clock + 1
	f.write("last.txt", "nothing")
	f.commit("last")
	f.git("checkout", "-q", "--detach")
	f.write("lost.ini", pair(12))
	f.commit("lost")
	f.git("checkout", "-q", "main")
	f.git("reflog", "expire", "--expire=now", "--all")
	return f
}

// places lists "commit path" of each occurrence in a file.
func (r result) places() (list []string) {
	for _, f := range r.findings {
		for _, o := range f.Occurrences {
			if o.Where == scanner.InFile {
				list = append(list, o.Commit.ID+" "+o.Path)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// TestNarrow compares with what git says of the same selection.
func TestNarrow(t *testing.T) {
	f := narrowFixture(t)
	f.git("gc", "-q", "--prune=never")
	day := func(n int) time.Time { return time.Unix(int64(1_500_000_000+86_400*n), 0) }
	iso := func(n int) string { return day(n).UTC().Format(time.RFC3339) }
	lost := f.git("fsck", "--lost-found", "--no-reflogs")
	lost = strings.Fields(lost)[2]
	stored := []string{"--all", lost} // with the commit that nothing reaches
	glob := func(path string) bool { return strings.HasPrefix(path, "dir1/") }
	tests := []struct {
		name string
		o    ScanOptions
		git  []string // arguments of rev-list
		path string
	}{
		{"range", ScanOptions{Revisions: []string{"main~3..main"}}, []string{"main~3..main"}, "."},
		{"ref", ScanOptions{Refs: []string{"topic"}}, []string{"topic"}, "."},
		{"refs", ScanOptions{Refs: []string{"topic", "main~4"}}, []string{"topic", "main~4"}, "."},
		{"tag", ScanOptions{Refs: []string{"v1"}}, []string{"v1"}, "."},
		{"range and ref", ScanOptions{Revisions: []string{"main~3..main"}, Refs: []string{"topic"}}, []string{"main~3..main", "topic"}, "."},
		{"since", ScanOptions{Since: day(4)}, append(stored, "--since-as-filter="+iso(4)), "."},
		{"until", ScanOptions{Until: day(3)}, append(stored, "--until="+iso(3)), "."},
		{"between", ScanOptions{Since: day(2), Until: day(5)}, append(stored, "--since-as-filter="+iso(2), "--until="+iso(5)), "."},
		{"ref since", ScanOptions{Refs: []string{"main"}, Since: day(5)}, []string{"main", "--since-as-filter=" + iso(5)}, "."},
		{"path", ScanOptions{Paths: glob}, stored, "dir1"},
		{"path of a range", ScanOptions{Revisions: []string{"main~6..main"}, Paths: glob}, []string{"main~6..main"}, "dir1"},
		{"path since", ScanOptions{Since: day(3), Paths: glob}, append(stored, "--since-as-filter="+iso(3)), "dir1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			commits := strings.Fields(f.git(append([]string{"rev-list"}, tt.git...)...))
			var want []string
			for _, c := range commits {
				// -m -c: only what differs from all parents.
				args := []string{"diff-tree", "-r", "--root", "--no-commit-id", "--name-only", "-c", c, "--", tt.path}
				for _, path := range strings.Fields(f.git(args...)) {
					if strings.HasSuffix(path, ".ini") {
						want = append(want, c+" "+path)
					}
				}
			}
			slices.Sort(want)
			got := scan(t, open(t, f.dir), tt.o)
			require.Zero(t, got.receipt.ProblemCount, "%v", got.receipt.Problems)
			require.Equal(t, len(commits), got.receipt.Commits)
			require.Equal(t, want, got.places())
			if tt.o.Paths == nil {
				return
			}
			for _, finding := range got.findings {
				for _, o := range finding.Occurrences {
					require.Equal(t, scanner.InFile, o.Where, "no messages where paths narrow")
				}
			}
		})
	}
	got := scan(t, open(t, f.dir), ScanOptions{Refs: []string{"v1"}})
	require.Equal(t, scanner.InTagMessage, got.find(t, keyID(21)).Occurrences[0].Where)
	require.EqualValues(t, 1, got.receipt.Objects[odb.Tag])
}

// A walk over wanted blobs finds what reading them one by one finds.
func TestWalkedBlobsEqualReadOnes(t *testing.T) {
	f := narrowFixture(t)
	for _, pack := range []bool{false, true} {
		if pack {
			f.git("repack", "-q", "-a", "-d", "-f", "--depth=50")
		}
		r := open(t, f.dir)
		ids := map[odb.ID]struct{}{{1}: {}}
		var list []odb.ID
		for _, spec := range []string{"main:dir0/sub/a.ini", "main~7:dir1/sub/a.ini", "main:late.ini", "main:dir0"} {
			id, err := odb.ParseID(f.git("rev-parse", spec))
			require.NoError(t, err)
			ids[id] = struct{}{}
		}
		for id := range ids {
			list = append(list, id)
		}
		run := func(scan func(readers []*reader, receipt *Receipt) error) (string, Receipt) {
			c := scanner.NewCollector()
			var problems problemList
			var receipt Receipt
			readers := []*reader{r.newReader(testEngine(t), c, &problems), r.newReader(testEngine(t), c, &problems)}
			require.NoError(t, scan(readers, &receipt))
			problems.into(&receipt)
			return result{findings: c.Findings()}.lines(), receipt
		}
		read, readReceipt := run(func(rs []*reader, receipt *Receipt) error {
			return r.scanBlobs(context.Background(), list, nil, rs, receipt, nil)
		})
		walked, walkReceipt := run(func(rs []*reader, receipt *Receipt) error {
			return r.walkBlobs(context.Background(), ids, rs, receipt, nil)
		})
		require.Equal(t, read, walked)
		require.EqualValues(t, 3, walkReceipt.Blobs)
		require.Equal(t, readReceipt.Bytes, walkReceipt.Bytes)
		require.EqualValues(t, 2, readReceipt.ProblemCount, "a tree that is named as a blob, and an object that is not there")
		require.EqualValues(t, 2, walkReceipt.ProblemCount)
	}
}

// What git log shows is what findings are told to be part of.
func TestGraftsAndReplacements(t *testing.T) {
	f := newFixture(t)
	f.write("a.ini", pair(1))
	first := f.commit("first")
	f.write("b.txt", "b")
	second := f.commit("second")
	f.write("c.txt", "c")
	third := f.commit("third")
	in := func(secret string) *scanner.Finding { return scan(t, open(t, f.dir), ScanOptions{}).find(t, secret) }
	require.Equal(t, first, in(keySecret(1)).Introduced.ID)

	t.Run("graft", func(t *testing.T) {
		grafts := filepath.Join(f.dir, ".git", "info", "grafts")
		require.NoError(t, os.MkdirAll(filepath.Dir(grafts), 0o755))
		require.NoError(t, os.WriteFile(grafts, []byte("# history starts here\nnonsense line\n"+second+"\n"), 0o644))
		defer os.Remove(grafts)
		count := strings.Fields(f.git("-c", "advice.graftFileDeprecated=false", "rev-list", "--count", "HEAD"))
		require.Equal(t, "2", count[len(count)-1])
		got := in(keySecret(1))
		require.ElementsMatch(t, []string{first + " a.ini", second + " a.ini"}, result{findings: []*scanner.Finding{got}}.places(), "both are roots now")
		require.Equal(t, 2, scan(t, open(t, f.dir), ScanOptions{Refs: []string{"main"}}).receipt.Commits)
	})
	t.Run("commit", func(t *testing.T) {
		f.git("replace", "--graft", third, first)
		defer f.git("replace", "-d", third)
		require.Equal(t, "2", f.git("rev-list", "--count", "HEAD"))
		require.Equal(t, 2, scan(t, open(t, f.dir), ScanOptions{Refs: []string{"main"}}).receipt.Commits)
	})
	t.Run("blob", func(t *testing.T) {
		f.write("new.ini", pair(2))
		other := f.git("hash-object", "-w", "new.ini")
		f.remove("new.ini")
		old := f.git("rev-parse", "HEAD:a.ini")
		f.git("replace", old, other)
		defer f.git("replace", "-d", old)
		got := in(keySecret(2))
		require.Equal(t, "a.ini", got.Occurrences[0].Path)
		require.Equal(t, first, got.Introduced.ID)
		require.True(t, got.Alive)
		hidden := in(keySecret(1))
		require.False(t, hidden.Alive, "scanned all the same, but git does not show it")
		require.Empty(t, hidden.Occurrences[0].Path)
	})
	t.Run("tree", func(t *testing.T) {
		f.write("d/e.ini", pair(3))
		f.git("add", "-A")
		tree := f.git("write-tree")
		f.git("reset", "-q", "--hard")
		f.git("replace", f.git("rev-parse", "HEAD^{tree}"), tree)
		got := in(keySecret(3))
		require.Contains(t, result{findings: []*scanner.Finding{got}}.places(), third+" d/e.ini")
		ranged := scan(t, open(t, f.dir), ScanOptions{Revisions: []string{"HEAD~1..HEAD"}})
		require.NotNil(t, ranged.find(t, keySecret(3)))
	})
}

// An occurrence is alive where HEAD's tree has its blob at its path.
func TestAlivePlaces(t *testing.T) {
	f := newFixture(t)
	f.write("kept.ini", pair(1))
	f.write("a/moved.ini", pair(1))
	f.commit("add")
	f.remove("a/moved.ini")
	f.write("a/b/moved.ini", pair(1))
	f.commit("move")
	got := scan(t, open(t, f.dir), ScanOptions{}).find(t, keySecret(1))
	alive := map[string]bool{}
	for _, o := range got.Occurrences {
		alive[o.Path] = o.Alive
	}
	require.Equal(t, map[string]bool{"kept.ini": true, "a/moved.ini": false, "a/b/moved.ini": true}, alive)
}

// A partial clone says how much it lacks.
func TestMissingOfPartialClone(t *testing.T) {
	f := newFixture(t)
	for i := range 3 {
		f.write("a.ini", pair(i))
		f.write(fmt.Sprintf("dir/%d.txt", i), "text")
		f.commit("commit")
	}
	f.git("config", "uploadpack.allowFilter", "true")
	part := filepath.Join(t.TempDir(), "part.git")
	f.git("clone", "-q", "--bare", "--filter=blob:none", "file://"+f.dir, part)
	got := scan(t, open(t, part), ScanOptions{})
	require.Equal(t, Missing{Blobs: 4}, got.receipt.Missing)
	require.Len(t, got.receipt.Incomplete, 1)
	require.Contains(t, got.receipt.Incomplete[0], "4 blobs and 0 trees")
	treeless := filepath.Join(t.TempDir(), "treeless.git")
	f.git("clone", "-q", "--bare", "--filter=tree:0", "file://"+f.dir, treeless)
	require.EqualValues(t, 3, scan(t, open(t, treeless), ScanOptions{}).receipt.Missing.Trees)
	ranged := scan(t, open(t, part), ScanOptions{Refs: []string{"main"}})
	require.Zero(t, ranged.receipt.ProblemCount, "what was never sent is counted, not a fault")
}

// A tree that shares one folder ten times on each of ten levels stands for ten
// billion paths; globs over them end.
func TestPathsOfTreeBomb(t *testing.T) {
	f := newFixture(t)
	f.write("a.ini", pair(1))
	blob := f.git("hash-object", "-w", "a.ini")
	entries := fmt.Sprintf("100644 blob %s\ta.ini\n", blob)
	tree := f.gitIn(entries, "mktree")
	for range 10 {
		entries = ""
		for i := range 10 {
			entries += fmt.Sprintf("040000 tree %s\td%d\n", tree, i)
		}
		tree = f.gitIn(entries, "mktree")
	}
	f.git("update-ref", "refs/heads/main", f.git("commit-tree", "-m", "bomb", tree))
	r := open(t, f.dir)
	g := &treeDiff{store: r.store, hashSize: 20, problem: func(odb.ID, error) {}, blob: func(odb.ID) {}, paths: func(string) bool { return false }}
	id, err := odb.ParseID(tree)
	require.NoError(t, err)
	g.budget = 10_000
	require.ErrorIs(t, g.introduced(id, nil), errTooManyPaths)
}
