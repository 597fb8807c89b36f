package odb

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// small is a store of one small pack with some deltas.
func small(t *testing.T, args ...string) (r *repo, pack, index string) {
	r = newRepo(t, "sha1")
	r.commits(1, 4, false)
	r.git(nil, append(args, "repack", "-adfq", "--depth=50")...)
	pack = r.packs()[0]
	index = strings.TrimSuffix(pack, ".pack") + ".idx"
	require.NoError(t, os.Chmod(pack, 0o644))
	require.NoError(t, os.Chmod(index, 0o644))
	return r, pack, index
}

// requireHonest walks a damaged store: whatever it visits is right, and what it
// does not visit has a problem.
func requireHonest(t *testing.T, want map[ID]content, dir string, o Options, what string, at int) {
	t.Helper()
	s, err := Open([]string{dir}, o)
	require.NoError(t, err)
	defer s.Close()
	got := walkAll(t, s, WalkOptions{Workers: 1})
	for id, c := range got.objects {
		require.Equal(t, want[id], c, "%s at %d: wrong content", what, at)
	}
	if len(got.problems) == 0 {
		require.Equal(t, len(want), len(got.objects), "%s at %d: silent loss", what, at)
	}
	for _, p := range got.problems {
		require.Error(t, p.Err)
		require.NotEmpty(t, p.Path)
	}
	if !o.Verify {
		return
	}
	for id, c := range want {
		if k, data, err := s.Read(id); err == nil {
			require.Equal(t, c, content{k, string(data)}, "%s at %d: wrong content", what, at)
		}
	}
}

func TestEveryDamage(t *testing.T) {
	for _, version := range []string{"1", "2"} {
		r, pack, index := small(t, "-c", "pack.indexVersion="+version)
		want := r.all()
		for _, file := range []string{pack, index} {
			good, err := os.ReadFile(file)
			require.NoError(t, err)
			t.Run("index "+version+" "+filepath.Ext(file), func(t *testing.T) {
				for _, verify := range []bool{false, true} {
					// Without a CRC in the index only ids tell one kind of
					// object from another.
					if version == "1" && file == pack && !verify {
						continue
					}
					o := Options{Verify: verify}
					for i := range good {
						for _, flip := range []byte{0xff, 1 << (i % 8)} {
							bad := bytes.Clone(good)
							bad[i] ^= flip
							require.NoError(t, os.WriteFile(file, bad, 0o644))
							requireHonest(t, want, r.objects, o, "flipped byte", i)
						}
						require.NoError(t, os.WriteFile(file, good[:i], 0o644))
						requireHonest(t, want, r.objects, o, "truncated", i)
					}
				}
			})
			require.NoError(t, os.WriteFile(file, good, 0o644))
		}
	}
}

func TestDamagedPackWithoutIndex(t *testing.T) {
	r, pack, index := small(t)
	want := r.all()
	good, err := os.ReadFile(pack)
	require.NoError(t, err)
	require.NoError(t, os.Remove(index))
	for i := range good {
		bad := bytes.Clone(good)
		bad[i] ^= 1 << (i % 8)
		require.NoError(t, os.WriteFile(pack, bad, 0o644))
		s, err := Open([]string{r.objects}, Options{})
		require.NoError(t, err)
		got := walkAll(t, s, WalkOptions{Workers: 1})
		require.NotEmpty(t, got.problems, "flipped byte at %d", i)
		require.NoError(t, s.Close())
		require.NoError(t, os.WriteFile(pack, good[:i], 0o644))
		requireHonest(t, want, r.objects, Options{}, "truncated", i)
	}
}

func TestDamagedLooseObject(t *testing.T) {
	r := newRepo(t, "sha1")
	r.commits(1, 2, true)
	want := r.all()
	for id := range want {
		path := loosePath(r.objects, id)
		require.NoError(t, os.Chmod(path, 0o644))
		good, err := os.ReadFile(path)
		require.NoError(t, err)
		for i := range good {
			bad := bytes.Clone(good)
			bad[i] ^= 1 << (i % 8)
			require.NoError(t, os.WriteFile(path, bad, 0o644))
			requireHonest(t, want, r.objects, Options{Verify: true}, "flipped byte", i)
			require.NoError(t, os.WriteFile(path, good[:i], 0o644))
			requireHonest(t, want, r.objects, Options{}, "truncated", i)
		}
		require.NoError(t, os.WriteFile(path, good, 0o644))
		break
	}
}

// TestSecondCopyHelps damages a pack whose objects are loose too.
func TestSecondCopyHelps(t *testing.T) {
	r, pack, _ := small(t)
	want := r.all()
	good, err := os.ReadFile(pack)
	require.NoError(t, err)
	other := newRepo(t, "sha1")
	other.git(good, "unpack-objects", "-q")
	bad := bytes.Clone(good)
	for i := packHeader; i < len(bad)-sha1Size; i += 50 {
		bad[i] ^= 0x55
	}
	require.NoError(t, os.WriteFile(pack, bad, 0o644))
	requireSame(t, want, open(t, Options{Verify: true}, r.objects, other.objects))
}

func TestLostPack(t *testing.T) {
	r, pack, _ := small(t)
	require.NoError(t, os.Remove(pack))
	got := walkAll(t, open(t, Options{}, r.objects), WalkOptions{})
	require.Empty(t, got.objects)
	require.Len(t, got.problems, 1)
	require.Equal(t, pack, got.problems[0].Path)
}
