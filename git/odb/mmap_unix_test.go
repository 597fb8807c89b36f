//go:build unix

package odb

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// TestPackCutShort truncates a pack that is mapped: its pages then fault.
func TestPackCutShort(t *testing.T) {
	r := newRepo(t, "sha1")
	r.commits(1, 400, false)
	s := open(t, Options{}, r.objects)
	all := r.all()
	pack := r.packs()[0]
	require.NoError(t, os.Chmod(pack, 0o644))
	info, err := os.Stat(pack)
	require.NoError(t, err)
	require.Greater(t, info.Size(), int64(5*os.Getpagesize()))
	require.NoError(t, os.Truncate(pack, 100))
	got := walkAll(t, s, WalkOptions{Workers: 2})
	require.NotEmpty(t, got.problems)
	for id, c := range got.objects {
		require.Equal(t, all[id], c)
	}
	failed := 0
	for id := range all {
		if _, _, err := s.Read(id); err != nil {
			failed++
		}
	}
	require.NotZero(t, failed)
}

// TestNamedPipes puts a named pipe, which blocks whoever opens it, in the place of
// each file and folder of a store.
func TestNamedPipes(t *testing.T) {
	r, _ := multi(t, "sha1")
	r.git(nil, "index-pack", "--rev-index", r.packs()[0])
	r.git(nil, "commit-graph", "write", "--reachable")
	r.commits(30, 1, true)
	want := r.all()
	require.NoError(t, os.WriteFile(filepath.Join(r.objects, "info", "alternates"), nil, 0o644))
	chain := filepath.Join(r.objects, "pack", "multi-pack-index.d", "multi-pack-index-chain")
	require.NoError(t, os.Mkdir(filepath.Dir(chain), 0o755))
	require.NoError(t, os.WriteFile(chain, nil, 0o644))
	var places []string
	require.NoError(t, filepath.WalkDir(r.objects, func(path string, _ os.DirEntry, err error) error {
		places = append(places, path)
		return err
	}))
	for _, place := range places[1:] {
		require.NoError(t, os.Rename(place, place+".away"))
		require.NoError(t, unix.Mkfifo(place, 0o644))
		s, err := Open([]string{r.objects}, Options{})
		if err == nil {
			got := walkAll(t, s, WalkOptions{Workers: 1})
			for id, c := range got.objects {
				require.Equal(t, want[id], c)
			}
			helper := strings.HasSuffix(place, ".rev") || strings.HasSuffix(place, ".idx") || strings.Contains(place, "info")
			if len(got.objects) < len(want) {
				require.False(t, helper, place)
			}
			_, _ = s.CommitGraph()
			for id := range want {
				_, _, _ = s.Read(id)
			}
			require.NoError(t, s.Close())
		}
		require.NoError(t, os.Remove(place))
		require.NoError(t, os.Rename(place+".away", place))
	}
}
