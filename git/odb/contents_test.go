package odb

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestContents(t *testing.T) {
	r := newRepo(t, "sha1")
	r.commits(1, 30, false)
	r.commits(2, 5, true)
	want := r.all()
	s := open(t, Options{}, r.objects)
	c, err := s.Contents()
	require.NoError(t, err)
	require.False(t, c.Faulty)
	require.NotEmpty(t, c.Loose)
	got := map[ID]bool{}
	for _, id := range c.Loose {
		got[id] = true
	}
	for _, p := range c.Packs {
		require.NotZero(t, p.Sum)
		require.NotZero(t, p.Index)
		for i := range p.Len() {
			var id ID
			copy(id[:], p.ID(i))
			require.True(t, p.Holds(id))
			got[id] = true
		}
		require.False(t, p.Holds(ID{1, 2, 3}))
	}
	require.Len(t, got, len(want))
	for id := range want {
		require.True(t, got[id])
	}

	again, err := open(t, Options{}, r.objects).Contents()
	require.NoError(t, err)
	require.Equal(t, len(c.Packs), len(again.Packs))
	require.Equal(t, c.Packs[0].PackID, again.Packs[0].PackID)

	pack := r.packs()[0]
	require.NoError(t, os.Chmod(pack, 0o644))
	info, err := os.Stat(pack)
	require.NoError(t, err)
	require.NoError(t, os.Truncate(pack, info.Size()-1))
	cut, err := open(t, Options{}, r.objects).Contents()
	require.NoError(t, err)
	require.True(t, cut.Faulty)
}
