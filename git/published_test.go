package git

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What a remote-tracking ref reaches is published; a branch and a tag of our own are not.
func TestUnpublished(t *testing.T) {
	f := newFixture(t)
	r := open(t, f.dir)
	head, err := r.Head()
	require.NoError(t, err)
	require.Empty(t, head)
	f.write("a", "one")
	first := f.commit("first")
	f.write("a", "two")
	second := f.commit("second")
	f.git("update-ref", "refs/remotes/origin/main", second)
	f.git("update-ref", "refs/remotes/other/main", first)
	f.git("tag", "-a", "-m", "tag", "v1")
	f.git("tag", "blob", f.git("rev-parse", "HEAD:a"))
	f.git("checkout", "-q", "-b", "side", first)
	f.write("b", "three")
	third := f.commit("third")

	r = open(t, f.dir)
	got, err := r.Unpublished(context.Background(), []string{first, second, third, strings.Repeat("1", 40), "nonsense"})
	require.NoError(t, err)
	require.Equal(t, map[string]bool{third: true}, got)
	head, err = r.Head()
	require.NoError(t, err)
	require.Equal(t, third, head)
	require.True(t, r.IsRoot(first))
	require.False(t, r.IsRoot(second))
	require.True(t, r.Has(third))
	require.False(t, r.Has(third[:39]))
	require.False(t, r.Has(strings.Repeat("1", 40)))

	tips, err := r.Tips("refs/remotes/")
	require.NoError(t, err)
	require.ElementsMatch(t, []string{first, second}, tips)
	tips, err = r.Tips("refs/tags/")
	require.NoError(t, err)
	require.Equal(t, []string{second}, tips, "the tag's commit, and no blob")
}

func TestContents(t *testing.T) {
	f := newFixture(t)
	f.write("dir/a", "one")
	f.write("b", "two")
	commit := f.commit("first")
	f.write("dir/a", "staged")
	f.git("add", "dir/a")
	f.write("dir/a", "on disk")
	f.git("rm", "-q", "b")

	c, err := open(t, f.dir).Contents()
	require.NoError(t, err)
	at := func(text []byte, err error) string {
		require.NoError(t, err)
		return string(text)
	}
	require.Equal(t, "staged", at(c.Staged("dir/a")))
	require.Empty(t, at(c.Staged("b")))
	require.Equal(t, "one", at(c.At(commit, "dir/a")))
	require.Equal(t, "two", at(c.At(commit, "b")))
	for _, path := range []string{"", "dir", "dir/b", "b/a", "c"} {
		require.Empty(t, at(c.At(commit, path)), path)
	}
	_, err = c.At(strings.Repeat("1", 40), "b")
	require.Error(t, err)
}
