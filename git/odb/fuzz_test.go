package odb

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzIndex: whatever a parsed index says, no look-up goes out of bounds.
func FuzzIndex(f *testing.F) {
	b := newBuilder(f)
	for _, text := range []string{"a", "b", "c"} {
		b.blob([]byte(text))
	}
	_, index := b.files()
	f.Add(index, []byte("0123456789abcdef0123"))
	f.Add(append(make([]byte, fanSize), make([]byte, 2*sha1Size)...), []byte{})
	f.Fuzz(func(t *testing.T, data, key []byte) {
		for _, hash := range []int{sha1Size, sha256Size} {
			x, err := parseIndex(data, hash)
			if err != nil {
				continue
			}
			_ = x.checksum()
			id := make([]byte, hash)
			copy(id, key)
			_, _ = x.find(id)
			require.LessOrEqual(t, x.search(id), x.n)
			for i := range x.n {
				_, _ = x.offset(i)
				_, _ = x.crc(i)
				_, _ = x.find(x.id(i))
			}
		}
	})
}

// FuzzPack walks and indexes any bytes as a pack, its entries at any offsets.
func FuzzPack(f *testing.F) {
	b := newBuilder(f)
	id, off := b.blob([]byte("hello"))
	b.ofs(ID{1}, off, delta(5, 4, 0x90, 4))
	b.ref(ID{2}, id, delta(5, 4, 0x90, 4))
	pack, index := b.files()
	f.Add(pack, index)
	f.Add(pack[:40], index)
	f.Add(pack, []byte{})
	f.Fuzz(func(t *testing.T, data, index []byte) {
		s := inMemory(t, Options{MaxObject: 1 << 20, WalkBytes: 1 << 10}, data, index)
		_, err := s.Walk(context.Background(), WalkOptions{Workers: 1}, Visitor{})
		require.NoError(t, err)
		for _, p := range s.packs.Load().list {
			for i := range p.idx.n {
				_, _, _ = s.Read(p.id(i))
			}
		}
	})
}

// slowDelta is applyDelta, told from the format's description byte by byte.
func slowDelta(base, ops []byte) (target []byte, ok bool) {
	for len(ops) > 0 {
		op := ops[0]
		ops = ops[1:]
		if op == 0 {
			return nil, false
		}
		if op < 0x80 {
			if int(op) > len(ops) {
				return nil, false
			}
			target = append(target, ops[:op]...)
			ops = ops[op:]
			continue
		}
		var v [7]int
		for i := range v {
			if op>>i&1 != 0 {
				if len(ops) == 0 {
					return nil, false
				}
				v[i] = int(ops[0])
				ops = ops[1:]
			}
		}
		off, n := v[0]|v[1]<<8|v[2]<<16|v[3]<<24, v[4]|v[5]<<8|v[6]<<16
		if n == 0 {
			n = 65536
		}
		if off+n > len(base) {
			return nil, false
		}
		target = append(target, base[off:off+n]...)
	}
	return target, true
}

func FuzzDelta(f *testing.F) {
	f.Add([]byte("hello"), delta(5, 4, 0x90, 4))
	f.Add([]byte("hello"), delta(5, 7, 0x91, 1, 4, 3, 'x', 'y', 'z'))
	f.Add(make([]byte, 1<<16), delta(1<<16, 1<<16, 0x80))
	f.Fuzz(func(t *testing.T, base, d []byte) {
		const limit = 1 << 20
		size, ops, err := checkDelta(d, len(base), limit)
		if err != nil {
			return
		}
		require.LessOrEqual(t, size, limit)
		got := make([]byte, size)
		applyDelta(got, base, ops)
		want, ok := slowDelta(base, ops)
		require.True(t, ok)
		require.True(t, bytes.Equal(want, got))
	})
}

func FuzzLooseHeader(f *testing.F) {
	for _, head := range []string{"blob 5\x00hello", "commit 9223372036854775807\x00", "tree 0\x00", "tag 01\x00"} {
		f.Add([]byte(head))
	}
	f.Fuzz(func(t *testing.T, head []byte) {
		k, size, body, err := parseLoose(head)
		if err != nil {
			return
		}
		require.True(t, k >= Commit && k <= Tag)
		require.GreaterOrEqual(t, size, int64(0))
		require.Equal(t, byte(0), head[body-1])
	})
}

func FuzzParseID(f *testing.F) {
	f.Add("0123456789012345678901234567890123456789")
	f.Fuzz(func(t *testing.T, s string) {
		id, err := ParseID(s)
		if err != nil {
			return
		}
		again, err := ParseID(id.String())
		require.NoError(t, err)
		require.Equal(t, id, again)
	})
}
