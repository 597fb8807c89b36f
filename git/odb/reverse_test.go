package odb

import (
	"encoding/binary"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// order is how a forest without a reverse index orders a pack.
func order(p *pack) (off []int64, rank []int32) {
	f := &forest{off: make([]int64, p.idx.n), rank: make([]int32, p.idx.n)}
	alone := *p
	alone.path = ""
	f.sortPack(&alone, 0, int32(p.idx.n))
	return f.off, f.rank
}

// orderBy is how the bytes of a reverse index order it.
func orderBy(p *pack, reverse []byte) (off []int64, rank []int32, err error) {
	positions, err := parseReverse(reverse, p.idx)
	if err != nil {
		return nil, nil, err
	}
	off, rank = make([]int64, p.idx.n), make([]int32, p.idx.n)
	return off, rank, p.follow(positions, off, rank)
}

// reversed is a repository of one pack with a reverse index.
func reversed(t *testing.T, format string) (r *repo, file string) {
	r = newRepo(t, format)
	r.commits(1, 20, false)
	r.git(nil, "repack", "-adfq", "--depth=50")
	r.git(nil, "index-pack", "--rev-index", r.packs()[0])
	file = strings.TrimSuffix(r.packs()[0], ".pack") + ".rev"
	require.NoError(t, os.Chmod(file, 0o644))
	return r, file
}

func TestReverseIndex(t *testing.T) {
	for _, format := range []string{"sha1", "sha256"} {
		r, file := reversed(t, format)
		o := Options{HashSize: hashSize(format), Verify: true}
		s := open(t, o, r.objects)
		p := s.packs.Load().list[0]
		off, rank := make([]int64, p.idx.n), make([]int32, p.idx.n)
		ok, err := p.orderByReverse(off, rank)
		require.NoError(t, err)
		require.True(t, ok)
		wantOff, wantRank := order(p)
		require.Equal(t, wantOff, off)
		require.Equal(t, wantRank, rank)
		requireSame(t, r.all(), s)

		// Of another pack: it is not used, which is noted, and nothing is missing.
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		text[len(text)-2*hashSize(format)] ^= 1
		require.NoError(t, os.WriteFile(file, text, 0o644))
		requireSame(t, r.all(), s)
		notes := walkAll(t, s, WalkOptions{}).stats.Notes
		require.Len(t, notes, 1)
		require.Contains(t, notes[0], p.path+": reverse index belongs to another pack")
	}
}

// TestEveryDamageToAReverseIndex: what is followed is right.
func TestEveryDamageToAReverseIndex(t *testing.T) {
	r, file := reversed(t, "sha1")
	good, err := os.ReadFile(file)
	require.NoError(t, err)
	p := open(t, Options{}, r.objects).packs.Load().list[0]
	wantOff, wantRank := order(p)
	trailer := len(good) - sha1Size
	everyDamage(good, func(bad []byte, what string, at int) {
		off, rank, err := orderBy(p, bad)
		if at < trailer || what == "truncated" {
			require.Error(t, err, "%s at %d", what, at)
			return
		}
		require.NoError(t, err) // its own checksum tells nothing more
		require.Equal(t, wantOff, off)
		require.Equal(t, wantRank, rank)
	})
}

// reverseFile writes the reverse index that lists objects in this order.
func reverseFile(idx *index, positions ...uint32) []byte {
	file := append([]byte("RIDX\x00\x00\x00\x01\x00\x00\x00"), byte(hashKind(idx.hash)))
	for _, at := range positions {
		file = binary.BigEndian.AppendUint32(file, at)
	}
	h := newHash(idx.hash)
	file = append(file, idx.packSum...)
	h.Write(file)
	return h.Sum(file)
}

func FuzzReverse(f *testing.F) {
	b := newBuilder(f)
	for _, text := range []string{"a", "b", "c", "d"} {
		b.blob([]byte(text))
	}
	p := b.store(Options{}, true).packs.Load().list[0]
	wantOff, wantRank := order(p)
	var right []uint32
	for _, at := range wantRank {
		right = append(right, uint32(at))
	}
	f.Add(reverseFile(p.idx, right...))
	f.Add(reverseFile(p.idx, 0, 1, 2, 3))
	f.Add(reverseFile(p.idx, 1<<31, 9, 2, 2))
	f.Fuzz(func(t *testing.T, data []byte) {
		if off, rank, err := orderBy(p, data); err == nil {
			require.Equal(t, wantOff, off)
			require.Equal(t, wantRank, rank)
		}
	})
}
