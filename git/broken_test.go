package git

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/git/odb"
	"github.com/shrike-scan/shrike/scanner"
)

// loose gives the file of a loose object, writable.
func (f *fixture) loose(id string) string {
	file := filepath.Join(f.dir, ".git", "objects", id[:2], id[2:])
	require.NoError(f.t, os.Chmod(file, 0o644))
	return file
}

// Whatever cannot be read is named, and the rest is scanned all the same.
func TestBroken(t *testing.T) {
	tests := []struct {
		name   string
		damage func(f *fixture) (object string) // that a problem must name; empty: any
	}{
		{"missing parent", func(f *fixture) string {
			id := f.git("rev-parse", "HEAD^")
			require.NoError(f.t, os.Remove(f.loose(id)))
			return id
		}},
		{"truncated blob", func(f *fixture) string {
			id := f.git("rev-parse", "HEAD:broken")
			require.NoError(f.t, os.Truncate(f.loose(id), 5))
			return id
		}},
		{"garbage instead of a tree", func(f *fixture) string {
			id := f.git("rev-parse", "HEAD~1^{tree}")
			require.NoError(f.t, os.WriteFile(f.loose(id), []byte("garbage"), 0o644))
			return id
		}},
		{"missing tree", func(f *fixture) string {
			id := f.git("rev-parse", "HEAD^{tree}")
			require.NoError(f.t, os.Remove(f.loose(id)))
			return id
		}},
		{"ref to a missing object", func(f *fixture) string {
			id := strings.Repeat("12", 20)
			f.write(".git/refs/heads/lost", id+"\n")
			return id
		}},
		{"ref that is no id", func(f *fixture) string {
			f.write(".git/refs/heads/odd", "no id\n")
			return ""
		}},
		{"commit without a tree", func(f *fixture) string {
			return f.gitIn("parent x\n\nmessage\n", "hash-object", "-t", "commit", "--literally", "-w", "--stdin")
		}},
		{"truncated pack", func(f *fixture) string {
			f.git("repack", "-q", "-a", "-d")
			packs, err := filepath.Glob(filepath.Join(f.dir, ".git/objects/pack/*.pack"))
			require.NoError(f.t, err)
			info, err := os.Stat(packs[0])
			require.NoError(f.t, err)
			require.NoError(f.t, os.Chmod(packs[0], 0o644))
			require.NoError(f.t, os.Truncate(packs[0], info.Size()-60))
			f.gitIn(pair(1), "hash-object", "-w", "--stdin")
			return ""
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			f.write("key", pair(1))
			f.commit("add")
			f.write("broken", "broken\n")
			f.commit("second")
			f.write("third", "third\n")
			f.commit("third")
			object := tt.damage(f)

			r := open(t, f.dir)
			var problems problemList
			c := scanner.NewCollector()
			receipt, err := r.Scan(context.Background(), testEngine(t), c, ScanOptions{})
			require.NoError(t, err)
			fs := c.Findings()
			require.Len(t, fs, 2)
			require.NoError(t, r.Attribute(context.Background(), fs, AttributeOptions{Problem: problems.add}))

			all := append(receipt.Problems, problems.list...)
			require.NotEmpty(t, receipt.Problems, "the scan must not read as complete")
			if object != "" {
				var named []string
				for _, p := range all {
					named = append(named, p.Object)
				}
				require.Contains(t, named, object)
			}
		})
	}
}

func TestEmptyRepository(t *testing.T) {
	f := newFixture(t)
	got := scan(t, open(t, f.dir), ScanOptions{})
	require.True(t, got.receipt.Empty)
	require.True(t, got.receipt.Complete())
	receipt, _ := staged(t, f.dir, Options{})
	require.True(t, receipt.Empty)
}

func TestShallowClone(t *testing.T) {
	f := newFixture(t)
	f.write("old", pair(1))
	f.commit("old")
	f.write("new", pair(2))
	tip := f.commit("new")
	f.git("clone", "-q", "--depth=1", "file://"+f.dir, "../shallow")
	r := open(t, filepath.Join(filepath.Dir(f.dir), "shallow"))
	got := scan(t, r, ScanOptions{})
	require.Len(t, got.receipt.Incomplete, 1)
	require.Contains(t, got.receipt.Incomplete[0], "git fetch --unshallow")
	require.Zero(t, got.receipt.ProblemCount, "a parent that was cut off is no damage")
	require.Equal(t, tip, got.find(t, keyID(1)).Introduced.ID, "the oldest commit that is here")

	got = scan(t, r, ScanOptions{AllowShallow: true})
	require.True(t, got.receipt.Complete())
	require.Len(t, got.receipt.Notes, 1)
}

func TestPartialClone(t *testing.T) {
	f := newFixture(t)
	f.write("old", pair(1))
	f.commit("old")
	f.git("config", "uploadpack.allowFilter", "true")
	f.git("clone", "-q", "--bare", "--filter=blob:none", "file://"+f.dir, "../partial")
	got := scan(t, open(t, filepath.Join(filepath.Dir(f.dir), "partial")), ScanOptions{})
	require.Len(t, got.receipt.Incomplete, 1)
	require.Contains(t, got.receipt.Incomplete[0], "origin (blob:none)")
}

// What a push brings is in a quarantine until the hook agrees.
func TestQuarantine(t *testing.T) {
	f := newFixture(t)
	f.write("old", "old")
	f.commit("old")
	f.git("clone", "-q", "--bare", ".", "../server.git")
	server := filepath.Join(filepath.Dir(f.dir), "server.git")
	hook := "#!/bin/sh\nenv | grep '^GIT_' > env\ncat > lines\ncp -r \"$GIT_QUARANTINE_PATH\" kept\nexit 1\n"
	require.NoError(t, os.WriteFile(filepath.Join(server, "hooks/pre-receive"), []byte(hook), 0o755))
	f.write("new", pair(1))
	f.commit("new")
	_, err := f.try("", "push", server, "main")
	require.Error(t, err)

	env := map[string]string{}
	text, err := os.ReadFile(filepath.Join(server, "env"))
	require.NoError(t, err)
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		env[name] = value
	}
	require.NotEmpty(t, env["GIT_QUARANTINE_PATH"])
	kept := filepath.Join(server, "kept")
	env["GIT_QUARANTINE_PATH"], env["GIT_OBJECT_DIRECTORY"] = kept, kept
	r, err := Open(server, Environment(func(name string) string { return env[name] }))
	require.NoError(t, err)
	defer func() { require.NoError(t, r.Close()) }()
	lines, err := os.ReadFile(filepath.Join(server, "lines"))
	require.NoError(t, err)
	update := strings.Fields(string(lines))
	got := scan(t, r, ScanOptions{Revisions: []string{update[0] + ".." + update[1]}})
	require.Equal(t, 1, got.receipt.Commits)
	require.Equal(t, update[1], got.find(t, keyID(1)).Introduced.ID)
	require.Empty(t, got.find(t, keyID(1)).Reach)
}

// A tree that names itself, as only a forged object can, ends nothing.
func TestForgedCycles(t *testing.T) {
	blobs := &blobSet{ids: map[odb.ID]uint32{}}
	blob := odb.ID{9}
	blobs.add(blob)
	trees := newTreeSet(20, blobs, 1)
	entry := func(mode, name string, id odb.ID) string { return mode + " " + name + "\x00" + string(id[:20]) }
	a, b := odb.ID{1}, odb.ID{2}
	trees.workers[0].add(a, []byte(entry("40000", "b", b)))
	trees.workers[0].add(b, []byte(entry("40000", "a", a)+entry("100644", "x", blob)))
	trees.join()
	require.NotZero(t, newShapeSet(trees).of(b[:20]))

	builder := &graphBuilder{hashSize: 20}
	builder.add(a, &commitObject{tree: b, parents: []odb.ID{b}}, false)
	builder.add(b, &commitObject{tree: b, parents: []odb.ID{a}}, false)
	require.Len(t, buildGraph(20, []*graphBuilder{builder}, nil).order, 2)
}

// A few kilobytes of trees that expand to 10^12 paths neither hang nor fill the
// memory.
func TestTreeBomb(t *testing.T) {
	f := newFixture(t)
	id := f.gitIn(pair(1), "hash-object", "-w", "--stdin")
	kind := "100644 blob"
	for range 12 {
		var s strings.Builder
		for n := range 10 {
			s.WriteString(kind + " " + id + "\t" + string(rune('a'+n)) + "\n")
		}
		id = f.gitIn(s.String(), "mktree")
		kind = "040000 tree"
	}
	f.git("update-ref", "refs/heads/main", f.git("commit-tree", "-m", "bomb", id))
	r := open(t, f.dir)
	c := scanner.NewCollector()
	_, err := r.Scan(context.Background(), testEngine(t), c, ScanOptions{Revisions: []string{"main"}})
	require.NoError(t, err)
	require.Equal(t, 2, c.Len())
	var problems problemList
	fs := c.Findings()
	require.NoError(t, r.Attribute(context.Background(), fs, AttributeOptions{Problem: problems.add}))
	require.NotEmpty(t, problems.list)
	require.Len(t, fs[0].Occurrences, maxNewPlaces)
}

// What is told of many problems, and in which order, does not depend on which
// goroutine meets them first.
func TestProblemsInOrder(t *testing.T) {
	f := newFixture(t)
	f.write("key", pair(1))
	const files = 3 * maxProblems
	for i := range files {
		f.write(fmt.Sprintf("f%d/file", i), fmt.Sprintf("file %d\n", i))
	}
	f.commit("add")
	for _, line := range strings.Split(f.git("ls-tree", "-r", "-t", "HEAD"), "\n") {
		if what := strings.Fields(line); what[3] != "key" {
			require.NoError(t, os.Truncate(f.loose(what[2]), 5))
		}
	}
	told := func(workers int) (Receipt, []string) {
		r := open(t, f.dir)
		c := scanner.NewCollector()
		receipt, err := r.Scan(context.Background(), testEngine(t), c, ScanOptions{Workers: workers})
		require.NoError(t, err)
		var trees []string
		require.NoError(t, r.Attribute(context.Background(), c.Findings(), AttributeOptions{
			Workers: workers, Problem: func(p odb.Problem) { trees = append(trees, p.Error()) },
		}))
		return receipt, trees
	}
	one, treesOfOne := told(1)
	require.Len(t, one.Problems, maxProblems)
	require.GreaterOrEqual(t, one.ProblemCount, int64(files))
	require.Len(t, treesOfOne, maxProblems+1) // a broken loose object may be a tree
	require.Equal(t, fmt.Sprintf("and %d more problems", 2*files-maxProblems), treesOfOne[maxProblems])
	for range 3 {
		many, treesOfMany := told(4)
		require.Equal(t, one.ProblemCount, many.ProblemCount)
		for i, p := range one.Problems {
			require.Equal(t, p.Error(), many.Problems[i].Error())
		}
		require.Equal(t, treesOfOne, treesOfMany)
	}
}
