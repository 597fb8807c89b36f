package git

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Refs are those that git lists, however they are stored.
func TestReadRefs(t *testing.T) {
	for _, init := range [][]string{nil, {"--object-format=sha256"}} {
		f := newFixture(t, init...)
		first := f.commit("first")
		f.git("branch", "packed/one")
		f.git("branch", "packed/two")
		f.git("tag", "-a", "v1", "-m", "v1")
		f.git("pack-refs", "--all")
		f.commit("second")
		f.git("branch", "-f", "packed/two")
		f.git("branch", "loose")
		f.git("update-ref", "refs/remotes/origin/main", first)
		f.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
		f.git("symbolic-ref", "refs/heads/unborn-link", "refs/heads/nowhere")
		f.git("notes", "add", "-m", "note")
		f.write("x", "x")
		f.git("stash", "push", "-q", "-u")

		r := open(t, f.dir)
		names, err := r.readRefs()
		require.NoError(t, err)
		var have []string
		for _, ref := range names.list {
			have = append(have, ref.Name+" "+ref.ID.String())
		}
		require.Equal(t, f.git("for-each-ref", "--format=%(refname) %(objectname)"), strings.Join(have, "\n"))
		require.Equal(t, f.git("rev-parse", "HEAD"), names.head.String())
		require.Empty(t, names.problems)
		require.Empty(t, names.heads)
	}
}

// What is no proper ref is named as a problem, and nothing else is lost.
func TestReadBrokenRefs(t *testing.T) {
	f := newFixture(t)
	id := f.commit("first")
	f.write(".git/refs/heads/bad..name", id+"\n")
	f.write(".git/refs/heads/escape\x1b[2J", id+"\n")
	f.write(".git/refs/heads/loop", "ref: refs/heads/loop\n")
	f.write(".git/refs/heads/text", "hello\n")
	f.write(".git/refs/heads/empty", "")
	f.write(".git/packed-refs", "# pack-refs with: peeled\n"+id+" refs/tags/fine\n^"+id+"\nzz refs/tags/odd\n")
	names, err := open(t, f.dir).readRefs()
	require.NoError(t, err)
	require.Len(t, names.list, 2)
	var bad []string
	for _, p := range names.problems {
		bad = append(bad, filepath.Base(p.Path))
	}
	require.ElementsMatch(t, []string{"bad..name", "escape\x1b[2J", "loop", "text", "empty", "odd"}, bad)
}

func TestReadSettings(t *testing.T) {
	file := filepath.Join(t.TempDir(), "config")
	read := func(text string) (settings, error) {
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
		return readSettings(file)
	}
	odd := "\ufeff[core]\r\n\tbare = false ; comment\r\n" +
		"[alias]\n\tx = \"!f() { echo \\\"a\\\"; }; f\"\n\ty = !git log \\\n  --oneline # comment\n" +
		"[branch \"a\\\"b\"]\n\trebase\n[includeIf \"gitdir:~/\"]\n\tpath = other\n" +
		"[remote \"origin\"]\n\turl = x\n\tpromisor = true\n\tpartialclonefilter = blob:none\n" +
		"[extensions]\n\tobjectFormat = sha256\n"
	s, err := read(odd)
	require.NoError(t, err)
	require.Equal(t, settings{hashSize: 32, promisor: []string{"origin (blob:none)"}}, s)

	_, err = read("[extensions]\nobjectformat = md5\n")
	require.ErrorContains(t, err, `"md5"`)
	_, err = read("[core\n")
	require.ErrorContains(t, err, file)

	s, err = readSettings(filepath.Join(t.TempDir(), "none"))
	require.NoError(t, err)
	require.Equal(t, 20, s.hashSize)
}
