package odb

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// multiFile writes a multi-pack index: objects by id, and the pack of each.
func multiFile(hash int, names []string, ids []ID, holders []uint32) []byte {
	fan := make([]byte, 0, fanSize)
	var list, where []byte
	for first := range 256 {
		n := 0
		for _, id := range ids {
			if int(id[0]) <= first {
				n++
			}
		}
		fan = binary.BigEndian.AppendUint32(fan, uint32(n))
	}
	for i, id := range ids {
		list = append(list, id[:hash]...)
		where = binary.BigEndian.AppendUint32(where, holders[i])
		where = binary.BigEndian.AppendUint32(where, packHeader)
	}
	parts := []struct {
		id   string
		data []byte
	}{{"PNAM", []byte(strings.Join(names, "\x00") + "\x00")}, {"OIDF", fan}, {"OIDL", list}, {"OOFF", where}, {"\x00\x00\x00\x00", nil}}
	file := append([]byte("MIDX\x01"), byte(hash/sha256Size+1), byte(len(parts)-1), 0)
	file = binary.BigEndian.AppendUint32(file, uint32(len(names)))
	at := uint64(len(file) + 12*len(parts))
	for _, part := range parts {
		file = append(file, part.id...)
		file = binary.BigEndian.AppendUint64(file, at)
		at += uint64(len(part.data))
	}
	for _, part := range parts {
		file = append(file, part.data...)
	}
	h := newHash(hash)
	h.Write(file)
	return h.Sum(file)
}

// multi makes a repository of several packs, some objects of which stand in two,
// with a multi-pack index.
func multi(t testing.TB, format string, args ...string) (r *repo, file string) {
	r = newRepo(t, format)
	for seed := range uint64(3) {
		r.commits(seed, 2, false)
	}
	text, err := os.ReadFile(r.packs()[0])
	require.NoError(t, err)
	r.commits(9, 2, true)
	r.git(text, "unpack-objects", "-q")
	r.git(nil, "repack", "-q") // the loose objects, and none of the packed ones
	r.git(nil, append([]string{"multi-pack-index", "write"}, args...)...)
	return r, filepath.Join(r.objects, "pack", "multi-pack-index")
}

func TestMultiPackIndex(t *testing.T) {
	states := []struct {
		name         string
		change       func(r *repo, file, format string)
		multi, alone int
	}{
		{"fresh", func(*repo, string, string) {}, 1, 0},
		{"with a pack that it does not cover", func(r *repo, _, _ string) { r.commits(20, 2, false) }, 1, 1},
		{"of packs that are gone", func(r *repo, file, format string) {
			old, err := os.ReadFile(file)
			require.NoError(r.t, err)
			r.git(nil, "repack", "-adq")
			r.commits(20, 2, false)
			require.NoError(r.t, os.WriteFile(file, old, 0o644))
		}, 1, 2},
		{"with a bitmap", func(r *repo, _, _ string) { r.git(nil, "multi-pack-index", "write", "--bitmap") }, 1, 0},
		{"of another version", func(r *repo, file, format string) {
			text, err := os.ReadFile(file)
			require.NoError(r.t, err)
			text[4] = 3
			require.NoError(r.t, os.Chmod(file, 0o644))
			require.NoError(r.t, os.WriteFile(file, text, 0o644))
		}, 0, 4},
		{"in a chain", func(r *repo, file, format string) {
			dir := file + ".d"
			require.NoError(r.t, os.Mkdir(dir, 0o755))
			var chain []byte
			packs := r.packs()
			for _, some := range [][]string{packs[:2], packs[2:]} {
				var names strings.Builder
				for _, p := range some {
					fmt.Fprintln(&names, strings.TrimSuffix(filepath.Base(p), ".pack")+".idx")
				}
				require.NoError(r.t, os.Remove(file))
				r.git([]byte(names.String()), "multi-pack-index", "write", "--stdin-packs")
				text, err := os.ReadFile(file)
				require.NoError(r.t, err)
				sum := hex.EncodeToString(text[len(text)-hashSize(format):])
				require.NoError(r.t, os.WriteFile(filepath.Join(dir, "multi-pack-index-"+sum+".midx"), text, 0o644))
				chain = append(chain, sum+"\n"...)
			}
			require.NoError(r.t, os.Remove(file))
			require.NoError(r.t, os.WriteFile(filepath.Join(dir, "multi-pack-index-chain"), chain, 0o644))
		}, 2, 0},
	}
	for _, format := range []string{"sha1", "sha256"} {
		for _, state := range states {
			t.Run(format+" "+state.name, func(t *testing.T) {
				t.Parallel()
				r, file := multi(t, format)
				want := r.all()
				state.change(r, file, format)
				for id, c := range r.all() {
					want[id] = c
				}
				s := open(t, Options{HashSize: hashSize(format), Verify: true}, r.objects)
				requireSame(t, want, s)
				require.Len(t, s.packs.Load().multi, state.multi)
				require.Len(t, s.packs.Load().alone, state.alone)
			})
		}
	}
}

// TestPackOfAMultiPackIndexWithoutIndex: git then finds its objects by the
// multi-pack index alone; so do we, but not those that it has from another pack.
func TestPackOfAMultiPackIndexWithoutIndex(t *testing.T) {
	r, _ := multi(t, "sha1")
	want := r.all()
	for _, p := range r.packs() {
		require.NoError(t, os.Remove(strings.TrimSuffix(p, ".pack")+".idx"))
		requireSame(t, want, open(t, Options{Verify: true}, r.objects))
	}
}

// TestEveryDamageToAMultiPackIndex: whatever stands in it, every object is found
// and read, and a walk tells of the damage.
func TestEveryDamageToAMultiPackIndex(t *testing.T) {
	for _, format := range []string{"sha1", "sha256"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			r, file := multi(t, format)
			want, hash := r.all(), hashSize(format)
			good, err := os.ReadFile(file)
			require.NoError(t, err)
			s := open(t, Options{HashSize: hash}, r.objects)
			s.frozen = true
			list := s.packs.Load().list
			change := everyDamage
			if format == "sha256" || testing.Short() {
				change = damages // the same code, in less time
			}
			change(good, func(bad []byte, what string, at int) {
				now := &packs{list: list, alone: list}
				now.coverBy(file, filepath.Dir(file), bad, hash)
				for id := range want {
					p, i, ok := now.find(id[:hash])
					if ok && p.id(i) != id || !ok && len(now.multi) == 0 {
						t.Fatalf("%s at %d: %s is not found", what, at, id)
					}
				}
			})
			damages(good, func(bad []byte, what string, at int) {
				now := &packs{list: list, alone: list}
				now.coverBy(file, filepath.Dir(file), bad, hash)
				s.packs.Store(now)
				for id := range want {
					require.True(t, s.Has(id), "%s at %d", what, at)
				}
				if at%8 != 0 && what == "flipped byte" && at > multiHeader+6*12 {
					return // the rest takes time
				}
				got := walkAll(t, s, WalkOptions{Workers: 1})
				require.Equal(t, want, got.objects)
				if unknownVersion := what == "flipped byte" && at == 4; !unknownVersion {
					require.Len(t, got.problems, 1, "%s at %d", what, at)
					require.ErrorContains(t, got.problems[0].Err, "multi-pack index")
				}
			})
		})
	}
}

// TestMultiPackIndexChanges: one that is written later, or anew, takes the place of
// the one before, which look-ups under way may still hold.
func TestMultiPackIndexChanges(t *testing.T) {
	r, _ := multi(t, "sha1")
	s := open(t, Options{}, r.objects)
	first := s.packs.Load()
	r.commits(20, 2, false)
	r.git(nil, "multi-pack-index", "write")
	requireSame(t, r.all(), s)
	require.Len(t, s.packs.Load().multi, 1)
	require.Empty(t, s.packs.Load().alone)
	for id := range r.all() {
		_, _, _ = first.find(id[:sha1Size])
	}
}

func TestMalformedMultiPackIndex(t *testing.T) {
	names, ids := []string{"pack-a.idx", "pack-b.idx"}, []ID{{1}, {2}, {200}}
	good := multiFile(sha1Size, names, ids, []uint32{0, 1, 7})
	m, err := parseMultiIndex(good, sha1Size)
	require.NoError(t, err)
	require.Equal(t, []string{"pack-a", "pack-b"}, m.names)
	require.NoError(t, m.checksum())
	m.packs = []*pack{{}, nil}
	for i, want := range []*pack{m.packs[0], nil, nil} {
		require.Same(t, want, m.holder(ids[i][:sha1Size]))
	}
	require.Nil(t, m.holder(make([]byte, sha1Size)))

	bad := func(at int, text string) []byte {
		b := bytes.Clone(good)
		copy(b[at:], text)
		return b
	}
	const table, row = multiHeader, 12
	cases := []struct {
		want string
		data []byte
	}{
		{"is truncated", nil},
		{"is truncated", good[:multiHeader+sha1Size-1]},
		{"is truncated", good[:len(good)-1]},
		{"no signature", bad(0, "MIDI")},
		{"unknown version 3", bad(4, "\x03")},
		{"another kind of hash", bad(5, "\x02")},
		{"chunks out of place", bad(6, "\x03")},
		{"does not end where it should", bad(table+row, "\x00\x00\x00\x00")},
		{"chunks out of place", bad(6, "\x05")},
		{"is truncated", bad(6, "\xff")},
		{"chunks out of place", bad(table+row+4, "\x7f")},
		{"chunks out of place", bad(table+4, "\x00\x00\x00\x00\x00\x00\x00\x01")},
		{`two chunks "PNAM"`, bad(table+row, "PNAM")},
		{"no fan-out", bad(table+row, "XXXX")},
		{"0 bytes of ids", bad(table+2*row, "XXXX")},
		{"0 bytes of offsets", bad(table+3*row, "XXXX")},
		{"names 0 packs", bad(table, "XXXX")},
		{"names 2 packs of the 3", bad(8, "\x00\x00\x00\x03")},
		{"names 2 packs of the 4294967295", bad(8, "\xff\xff\xff\xff")},
		{"names more packs than the 1", bad(8, "\x00\x00\x00\x01")},
		{"fan-out that falls", bad(bytes.Index(good, []byte("pack-b.idx"))+11, "\x00\x00\x00\x09")},
	}
	for _, c := range cases {
		_, err := parseMultiIndex(c.data, sha1Size)
		require.ErrorContains(t, err, c.want)
	}
}

// TestMalformedChain: a chain that is no list of files is told, and does without.
func TestMalformedChain(t *testing.T) {
	r, file := multi(t, "sha1")
	want := r.all()
	require.NoError(t, os.Remove(file))
	require.NoError(t, os.Mkdir(file+".d", 0o755))
	sum := strings.Repeat("ab", sha1Size)
	for _, c := range []struct {
		text     string
		problems int
	}{
		{"", 0},
		{sum + "\n", 0}, // a layer that is gone
		{"../../../../etc/passwd\n", 1},
		{sum[2:] + "\n", 1},
		{strings.Repeat(sum+"\n", 256), 1},
	} {
		require.NoError(t, os.WriteFile(filepath.Join(file+".d", "multi-pack-index-chain"), []byte(c.text), 0o644))
		got := walkAll(t, open(t, Options{}, r.objects), WalkOptions{})
		require.Equal(t, want, got.objects)
		require.Len(t, got.problems, c.problems)
	}
}

// FuzzMultiIndex: whatever a parsed multi-pack index says, no look-up goes out of
// bounds.
func FuzzMultiIndex(f *testing.F) {
	f.Add(multiFile(sha1Size, []string{"pack-a.idx"}, []ID{{1}, {2}}, []uint32{0, 9}), []byte{1})
	f.Add(multiFile(sha256Size, []string{"pack-a.idx", "pack-b.idx"}, []ID{{0xff}}, []uint32{1}), []byte{0xff})
	f.Fuzz(func(t *testing.T, data, key []byte) {
		for _, hash := range []int{sha1Size, sha256Size} {
			m, err := parseMultiIndex(data, hash)
			if err != nil {
				continue
			}
			_ = m.checksum()
			m.packs = make([]*pack, len(m.names))
			id := make([]byte, hash)
			copy(id, key)
			require.Nil(t, m.holder(id))
			for i := range m.n {
				require.Nil(t, m.holder(m.id(i)))
			}
		}
	})
}
