package git

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

// staged lists "path object" of each occurrence of keyID(1).
func staged(t *testing.T, path string, o Options) (Receipt, []string) {
	t.Helper()
	r, err := Open(path, o)
	require.NoError(t, err)
	defer func() { require.NoError(t, r.Close()) }()
	c := scanner.NewCollector()
	receipt, err := r.Staged(context.Background(), testEngine(t), c, StagedOptions{})
	require.NoError(t, err)
	var list []string
	for _, f := range c.Findings() {
		for _, o := range f.Occurrences {
			if f.Secret.Reveal() == keyID(1) {
				list = append(list, o.Path+" "+o.Object[:4])
			}
		}
	}
	return receipt, list
}

func TestStaged(t *testing.T) {
	tests := []struct {
		name  string
		init  []string
		stage func(f *fixture)
		paths []string
		blobs int64
		note  string
	}{
		{name: "first commit", stage: func(f *fixture) {
			f.write("d/x", pair(1))
			f.write("y", "y")
			f.git("add", "-A")
		}, paths: []string{"d/x"}, blobs: 2},
		{name: "SHA-256", init: []string{"--object-format=sha256"}, stage: func(f *fixture) {
			f.write("old", "y")
			f.commit("first")
			f.write("d/x", pair(1))
			f.git("add", "-A")
		}, paths: []string{"d/x"}, blobs: 1},
		{name: "the index, not the work tree", stage: func(f *fixture) {
			f.write("x", pair(1))
			f.git("add", "-A")
			f.write("x", "harmless")
			f.write("y", pair(1))
		}, paths: []string{"x"}, blobs: 1},
		{name: "unchanged files cost nothing", stage: func(f *fixture) {
			f.write("d/x", pair(1))
			f.write("e/x", pair(1))
			f.commit("add")
			f.write("d/y", "y")
			f.git("add", "-A")
		}, blobs: 1},
		{name: "a blob at a new path", stage: func(f *fixture) {
			f.write("x", pair(1))
			f.commit("add")
			f.git("mv", "x", "y")
		}, paths: []string{"y"}, blobs: 1},
		{name: "a file becomes a folder, a folder a file", stage: func(f *fixture) {
			f.write("x", "x")
			f.write("y/z", "z")
			f.commit("add")
			f.remove("x")
			f.remove("y/z")
			f.remove("y")
			f.write("x/x", pair(1))
			f.write("y", pair(1)+"\n")
			f.git("add", "-A")
		}, paths: []string{"x/x", "y"}, blobs: 2},
		{name: "one blob at two paths", stage: func(f *fixture) {
			f.write("x", pair(1))
			f.write("y", pair(1))
			f.git("add", "-A")
		}, paths: []string{"x", "y"}, blobs: 1},
		{name: "conflict", stage: func(f *fixture) {
			f.write("x", "base")
			f.commit("base")
			f.git("checkout", "-q", "-b", "side")
			f.write("x", pair(1))
			f.commit("side")
			f.git("checkout", "-q", "main")
			f.write("x", "main")
			f.commit("main")
			_, err := f.try("", "merge", "side")
			require.Error(f.t, err)
		}, paths: []string{"x"}, blobs: 2},
		{name: "intent to add", stage: func(f *fixture) {
			f.write("x", pair(1))
			f.git("add", "-N", "x")
		}, note: `"x" is marked to be added later`},
		{name: "split index", stage: func(f *fixture) {
			f.write("a", "a")
			f.write("b", "b")
			f.commit("first")
			f.git("update-index", "--split-index")
			f.write("b", pair(1))
			f.git("add", "-A")
		}, paths: []string{"b"}, blobs: 1},
		{name: "sparse index", stage: func(f *fixture) {
			f.write("in/a", "a")
			f.write("out/b", pair(1))
			f.commit("first")
			f.git("sparse-checkout", "set", "--cone", "--sparse-index", "in")
			f.write("in/c", pair(1))
			f.git("add", "in")
		}, paths: []string{"in/c"}, blobs: 1},
		{name: "submodule", stage: func(f *fixture) {
			id := strings.Repeat("1", 40)
			f.git("update-index", "--add", "--cacheinfo", "160000,"+id+",module")
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, tt.init...)
			tt.stage(f)
			receipt, list := staged(t, f.dir, Options{})
			require.True(t, receipt.Complete(), "%+v", receipt)
			require.Equal(t, tt.blobs, receipt.Blobs)
			var paths []string
			for _, line := range list {
				paths = append(paths, line[:strings.LastIndex(line, " ")])
			}
			require.Equal(t, tt.paths, paths)
			if tt.note != "" {
				require.Contains(t, strings.Join(receipt.Notes, "\n"), tt.note)
			}
		})
	}
}

// git commit PATH builds another index and names it in the environment.
func TestStagedIndexFile(t *testing.T) {
	f := newFixture(t)
	f.write("x", pair(1))
	f.git("add", "-A")
	require.NoError(t, os.Rename(filepath.Join(f.dir, ".git/index"), filepath.Join(f.dir, ".git/next-index")))
	_, list := staged(t, f.dir, Options{})
	require.Empty(t, list)
	_, list = staged(t, f.dir, Environment(func(name string) string {
		return map[string]string{"GIT_INDEX_FILE": ".git/next-index", "GIT_DIR": ".git"}[name]
	}))
	require.Len(t, list, 1)
}

// An entry whose blob is gone is a problem, not a clean result.
func TestStagedMissingBlob(t *testing.T) {
	f := newFixture(t)
	f.write("x", pair(1))
	f.git("add", "-A")
	id := f.git("rev-parse", ":x")
	f.remove(".git/objects/" + id[:2] + "/" + id[2:])
	receipt, _ := staged(t, f.dir, Options{})
	require.EqualValues(t, 1, receipt.ProblemCount)
	require.Equal(t, id, receipt.Problems[0].Object)
}

// A hundred thousand files that did not change are passed folder by folder.
func TestStagedManyFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("makes an index of 100,000 entries")
	}
	f := newFixture(t)
	blob := f.gitIn("x", "hash-object", "-w", "--stdin")
	var s strings.Builder
	for n := range 100_000 {
		fmt.Fprintf(&s, "100644 %s\td%d/e%d/file%d\n", blob, n/10_000, n/100, n)
	}
	f.gitIn(s.String(), "update-index", "--index-info")
	f.git("commit", "-q", "-m", "many")
	f.write("d3/e300/new", pair(1))
	f.git("add", "d3/e300/new")
	start := time.Now()
	receipt, list := staged(t, f.dir, Options{})
	t.Log(time.Since(start))
	require.Len(t, list, 1)
	require.EqualValues(t, 1, receipt.Blobs)
}
