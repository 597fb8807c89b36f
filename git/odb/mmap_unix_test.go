//go:build unix

package odb

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
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
