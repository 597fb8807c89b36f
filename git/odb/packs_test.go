package odb

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestMissLooksOnce: a directory of packs is not listed again for each object
// that is missing, but it is when something came into it.
func TestMissLooksOnce(t *testing.T) {
	r, other := newRepo(t, "sha1"), newRepo(t, "sha1")
	r.commits(1, 2, false)
	other.commits(2, 2, false)
	age := func(dir string) {
		before := time.Now().Add(-time.Hour)
		require.NoError(t, os.Chtimes(dir, before, before))
	}
	age(packDir(r.objects))
	s := open(t, Options{}, r.objects)
	before := s.packs.Load()
	for i := range byte(10) {
		require.False(t, s.Has(ID{i}))
		_, _, err := s.Read(ID{i})
		require.Error(t, err)
	}
	require.Same(t, before, s.packs.Load())

	later := other.all()
	for id, c := range later {
		require.False(t, s.Has(id))
		for _, p := range other.packs() {
			for _, file := range []string{p, p[:len(p)-len(".pack")] + ".idx"} {
				require.NoError(t, os.Link(file, filepath.Join(packDir(r.objects), filepath.Base(file))))
			}
		}
		require.True(t, s.Has(id))
		k, data, err := s.Read(id)
		require.NoError(t, err)
		require.Equal(t, c, content{k, string(data)})
		break
	}

	// A directory just written to may be written to again at the same time.
	now := s.packs.Load()
	require.False(t, s.Has(ID{1}))
	require.NotSame(t, now, s.packs.Load())

	// The directory may come later.
	empty := t.TempDir()
	s = open(t, Options{}, empty)
	require.False(t, s.Has(ID{1}))
	require.NoError(t, os.Rename(packDir(other.objects), packDir(empty)))
	for id := range later {
		require.True(t, s.Has(id))
	}
	require.Len(t, s.packs.Load().list, 1)
}

// TestMissesFindWhatOthersFound: where several goroutines miss objects of a new
// pack at once, one opens it and all find them.
func TestMissesFindWhatOthersFound(t *testing.T) {
	r := newRepo(t, "sha1")
	r.commits(1, 2, false)
	for seed := range uint64(10) {
		s := open(t, Options{}, r.objects)
		r.commits(2+seed, 2, false)
		var ids []ID
		for id := range r.all() {
			ids = append(ids, id)
		}
		var group sync.WaitGroup
		for range 4 {
			group.Go(func() {
				for _, id := range ids {
					if !s.Has(id) {
						t.Errorf("%s is not found", id)
					}
				}
			})
		}
		group.Wait()
	}
}
