package odb

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// small is a store of one small pack with some deltas.
func small(t *testing.T, args ...string) (r *repo, pack, index string) {
	r = newRepo(t, "sha1")
	r.commits(1, 2, false)
	r.git(nil, append(args, "repack", "-adfq", "--depth=50")...)
	pack = r.packs()[0]
	index = strings.TrimSuffix(pack, ".pack") + ".idx"
	require.NoError(t, os.Chmod(pack, 0o644))
	require.NoError(t, os.Chmod(index, 0o644))
	return r, pack, index
}

// inMemory is a store of one pack that no file backs; index may be nil.
func inMemory(t testing.TB, o Options, pack, index []byte) *Store {
	t.Helper()
	require.NoError(t, o.fill())
	s := newStore(o)
	now := &packs{}
	p, err := newPack("a.pack", pack, index, o.HashSize)
	switch {
	case err != nil:
		now.broken = []Problem{{Path: "a.pack", Err: err}}
	case p.idx == nil:
		p.idx = s.scanPack(p, now)
		fallthrough
	default:
		now.add(p)
	}
	s.packs.Store(now)
	return s
}

// requireHonest walks a damaged store: whatever it visits is right, and what it
// does not visit has a problem.
func requireHonest(t *testing.T, want map[ID]content, s *Store, what string, at int) {
	t.Helper()
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
	for id, c := range want {
		if k, data, err := s.Read(id); err == nil && s.o.Verify {
			require.Equal(t, c, content{k, string(data)}, "%s at %d: wrong content", what, at)
		}
	}
}

// damages calls f with every single-byte change and every truncation.
func damages(good []byte, f func(bad []byte, what string, at int)) {
	for i := range good {
		for _, flip := range []byte{0xff, 1 << (i % 8)} {
			bad := bytes.Clone(good)
			bad[i] ^= flip
			f(bad, "flipped byte", i)
		}
		f(good[:i:i], "truncated", i)
	}
}

// everyDamage calls f with every value that each byte could have instead, and
// every truncation.
func everyDamage(good []byte, f func(bad []byte, what string, at int)) {
	bad := bytes.Clone(good)
	for i, was := range good {
		for x := 1; x < 256; x++ {
			bad[i] = was ^ byte(x)
			f(bad, "changed byte", i)
		}
		bad[i] = was
		f(good[:i:i], "truncated", i)
	}
}

func TestEveryDamage(t *testing.T) {
	for _, version := range []string{"1", "2"} {
		r, packFile, indexFile := small(t, "-c", "pack.indexVersion="+version)
		want := r.all()
		pack, err := os.ReadFile(packFile)
		require.NoError(t, err)
		index, err := os.ReadFile(indexFile)
		require.NoError(t, err)
		for _, verify := range []bool{false, true} {
			o := Options{Verify: verify}
			t.Run(fmt.Sprintf("index %s verify %v", version, verify), func(t *testing.T) {
				t.Parallel()
				damages(index, func(bad []byte, what string, at int) {
					requireHonest(t, want, inMemory(t, o, pack, bad), "index "+what, at)
				})
				// Without a CRC in the index only the id tells one kind of
				// object from another.
				if version == "1" && !verify {
					return
				}
				damages(pack, func(bad []byte, what string, at int) {
					requireHonest(t, want, inMemory(t, o, bad, index), "pack "+what, at)
				})
			})
		}
	}
}

// TestEveryByte gives each byte of a pack of three objects, and of its index, every
// value that it could have instead.
func TestEveryByte(t *testing.T) {
	if testing.Short() {
		t.Skip("TestEveryDamage gives each byte two other values")
	}
	t.Parallel()
	b := newBuilder(t)
	text := []byte("hello, hello, hello")
	_, off := b.blob(text)
	want := map[ID]content{b.ids[0]: {Blob, string(text)}}
	for _, end := range []int{5, 12} {
		id := idOf(Blob, text[:end])
		want[id] = content{Blob, string(text[:end])}
		if end == 5 {
			b.ofs(id, off, delta(len(text), end, 0x90, byte(end)))
		} else {
			b.ref(id, b.ids[0], delta(len(text), end, 0x90, byte(end)))
		}
	}
	pack, index := b.files()
	for _, verify := range []bool{false, true} {
		o := Options{Verify: verify, MaxObject: 1 << 20}
		everyDamage(pack, func(bad []byte, what string, at int) {
			requireHonest(t, want, inMemory(t, o, bad, index), "pack "+what, at)
		})
	}
	everyDamage(index, func(bad []byte, what string, at int) {
		if _, err := parseIndex(bad, sha1Size); err == nil { // else it is as if there were none
			requireHonest(t, want, inMemory(t, Options{MaxObject: 1 << 20}, pack, bad), "index "+what, at)
		}
	})
}

func TestEveryDamageToAPackWithoutIndex(t *testing.T) {
	r, packFile, _ := small(t)
	want := r.all()
	pack, err := os.ReadFile(packFile)
	require.NoError(t, err)
	damages(pack, func(bad []byte, what string, at int) {
		s := inMemory(t, Options{}, bad, nil)
		got := walkAll(t, s, WalkOptions{Workers: 1})
		require.NotEmpty(t, got.problems, "%s at %d", what, at)
		if what == "truncated" {
			requireHonest(t, want, s, what, at)
		}
	})
}

func TestDamagedLooseObject(t *testing.T) {
	r := newRepo(t, "sha1")
	r.git([]byte("some content\n"), "hash-object", "-w", "--stdin")
	want := r.all()
	for id := range want {
		path := loosePath(r.objects, id)
		require.NoError(t, os.Chmod(path, 0o644))
		good, err := os.ReadFile(path)
		require.NoError(t, err)
		s := open(t, Options{Verify: true}, r.objects)
		damages(good, func(bad []byte, what string, at int) {
			require.NoError(t, os.WriteFile(path, bad, 0o644))
			requireHonest(t, want, s, what, at)
		})
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
