package odb

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// builder writes packs that git would not: the tests' hostile ones.
type builder struct {
	t    testing.TB
	pack bytes.Buffer
	ids  []ID
	offs []int64
	ends []int64
	z    *zlib.Writer
}

func newBuilder(t testing.TB) *builder {
	b := &builder{t: t, z: zlib.NewWriter(nil)}
	b.pack.WriteString("PACK\x00\x00\x00\x02\x00\x00\x00\x00")
	return b
}

// raw appends an entry: its type, the size it states, the bytes between head and
// stream, and the stream's content. It gives the offset.
func (b *builder) raw(id ID, typ byte, size uint64, between, text []byte) int64 {
	off := int64(b.pack.Len())
	c := typ<<4 | byte(size&15)
	for size >>= 4; size > 0; size >>= 7 {
		b.pack.WriteByte(c | 0x80)
		c = byte(size & 0x7f)
	}
	b.pack.WriteByte(c)
	b.pack.Write(between)
	b.z.Reset(&b.pack)
	_, err := b.z.Write(text)
	require.NoError(b.t, err)
	require.NoError(b.t, b.z.Close())
	b.ids, b.offs, b.ends = append(b.ids, id), append(b.offs, off), append(b.ends, int64(b.pack.Len()))
	return off
}

func idOf(k Kind, text []byte) ID { return newHasher(sha1Size).id(k, text) }

func (b *builder) blob(text []byte) (ID, int64) {
	id := idOf(Blob, text)
	return id, b.raw(id, byte(Blob), uint64(len(text)), nil, text)
}

func (b *builder) ofs(id ID, base int64, delta []byte) int64 {
	back := uint64(int64(b.pack.Len()) - base)
	enc := []byte{byte(back & 0x7f)}
	for back >>= 7; back > 0; back >>= 7 {
		back--
		enc = append(enc, 0x80|byte(back&0x7f))
	}
	slices.Reverse(enc)
	return b.raw(id, ofsDelta, uint64(len(delta)), enc, delta)
}

func (b *builder) ref(id, base ID, delta []byte) int64 {
	return b.raw(id, refDelta, uint64(len(delta)), base[:sha1Size], delta)
}

func deflate(t testing.TB, text []byte) []byte {
	var z bytes.Buffer
	w := zlib.NewWriter(&z)
	_, err := w.Write(text)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return z.Bytes()
}

// delta encodes sizes and ops.
func delta(base, target int, ops ...byte) []byte {
	d := binary.AppendUvarint(nil, uint64(base))
	return append(binary.AppendUvarint(d, uint64(target)), ops...)
}

// files gives the pack and its index of version 2.
func (b *builder) files() (pack, index []byte) {
	pack = b.pack.Bytes()
	binary.BigEndian.PutUint32(pack[8:], uint32(len(b.ids)))
	h := newHash(sha1Size)
	h.Write(pack)
	pack = h.Sum(pack)

	order := make([]int, len(b.ids))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(x, y int) int { return compareID(b.ids[x], b.ids[y]) })
	index = append(index, "\xfftOc\x00\x00\x00\x02"...)
	for first := range 256 {
		n, _ := slices.BinarySearchFunc(order, first+1, func(i, f int) int { return int(b.ids[i][0]) - f })
		index = binary.BigEndian.AppendUint32(index, uint32(n))
	}
	for _, i := range order {
		index = append(index, b.ids[i][:sha1Size]...)
	}
	for _, i := range order {
		index = binary.BigEndian.AppendUint32(index, crc32.ChecksumIEEE(pack[b.offs[i]:b.ends[i]]))
	}
	for _, i := range order {
		index = binary.BigEndian.AppendUint32(index, uint32(b.offs[i]))
	}
	index = append(index, pack[len(pack)-sha1Size:]...)
	h.Reset()
	h.Write(index)
	return pack, h.Sum(index)
}

// store opens what was built, with the index or without.
func (b *builder) store(o Options, indexed bool) *Store {
	pack, index := b.files()
	if !indexed {
		index = nil
	}
	return inMemory(b.t, o, pack, index)
}
