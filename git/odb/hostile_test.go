package odb

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestDeepChain walks chains of 100,000 deltas, each with a second delta beside
// it, down from one base.
func TestDeepChain(t *testing.T) {
	const depth = 100_000
	for _, byRef := range []bool{false, true} {
		b := newBuilder(t)
		text := []byte("0000000 base")
		id, off := b.blob(text)
		want := map[ID]bool{id: true}
		for i := range depth {
			for _, end := range []string{" side", " base"} {
				next := fmt.Appendf(nil, "%07d%s", i+1, end)
				d := delta(len(text), len(next), append([]byte{byte(len(next))}, next...)...)
				nextID := idOf(Blob, next)
				want[nextID] = true
				var at int64
				if byRef {
					at = b.ref(nextID, id, d)
				} else {
					at = b.ofs(nextID, off, d)
				}
				if end == " base" {
					id, off, text = nextID, at, next
				}
			}
		}
		pack, index := b.files()
		for _, s := range []*Store{
			inMemory(t, Options{}, pack, index),
			inMemory(t, Options{WalkBytes: 1 << 10, Verify: true}, pack, index),
			inMemory(t, Options{}, pack, nil),
		} {
			var n atomic.Int64
			_, err := s.Walk(context.Background(), WalkOptions{Workers: 2}, Visitor{
				Object:  func(int, *Object) error { n.Add(1); return nil },
				Problem: func(p Problem) { t.Error(p) },
			})
			require.NoError(t, err)
			require.Equal(t, int64(len(want)), n.Load())
			_, data, err := s.Read(id)
			require.NoError(t, err)
			require.Equal(t, "0100000 base", string(data))
		}
	}
}

func TestCycles(t *testing.T) {
	x, y, z := ID{1}, ID{2}, ID{3}
	d := delta(5, 5, 0x91, 0, 5)
	cases := map[string]func(b *builder){
		"of one":            func(b *builder) { b.ref(x, x, d) },
		"of two":            func(b *builder) { b.ref(x, y, d); b.ref(y, x, d) },
		"of three":          func(b *builder) { b.ref(x, y, d); b.ref(y, z, d); b.ref(z, x, d) },
		"with a tail":       func(b *builder) { b.ref(x, y, d); at := b.ref(y, x, d); b.ofs(z, at, d) },
		"through an offset": func(b *builder) { at := b.ref(x, y, d); b.ofs(y, at, d) },
	}
	for name, build := range cases {
		for _, indexed := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, indexed %v", name, indexed), func(t *testing.T) {
				b := newBuilder(t)
				build(b)
				good, _ := b.blob([]byte("good"))
				s := b.store(Options{}, indexed)
				got := walkAll(t, s, WalkOptions{})
				require.Equal(t, map[ID]content{good: {Blob, "good"}}, got.objects)
				require.Len(t, got.problems, len(b.ids)-1)
				for _, p := range got.problems {
					require.Regexp(t, "cycle|its delta base", p.Err.Error())
				}
				for _, id := range b.ids[:len(b.ids)-1] {
					_, _, err := s.Read(id)
					require.Error(t, err)
				}
			})
		}
	}
}

// TestCycleOverTwoPacks: each pack's delta has its base in the other.
func TestCycleOverTwoPacks(t *testing.T) {
	x, y := ID{1}, ID{2}
	d := delta(5, 5, 0x91, 0, 5)
	one, two := newBuilder(t), newBuilder(t)
	one.ref(x, y, d)
	two.ref(y, x, d)
	s := one.store(Options{}, true)
	s.packs.Load().add(two.store(Options{}, true).packs.Load().list[0])
	got := walkAll(t, s, WalkOptions{})
	require.Empty(t, got.objects)
	require.Len(t, got.problems, 2)
	_, _, err := s.Read(x)
	require.ErrorIs(t, err, errCycle)
}

// TestBasesInAnotherPack reads deltas whose base stands in the other pack.
func TestBasesInAnotherPack(t *testing.T) {
	one, two := newBuilder(t), newBuilder(t)
	a, _ := one.blob([]byte("hello"))
	b := idOf(Blob, []byte("hell"))
	c := idOf(Blob, []byte("hel"))
	two.ref(b, a, delta(5, 4, 0x90, 4))
	one.ref(c, b, delta(4, 3, 0x90, 3))
	two.blob([]byte("hello")) // a copy, visited once
	s := one.store(Options{Verify: true}, true)
	s.packs.Load().add(two.store(Options{}, true).packs.Load().list[0])
	requireSame(t, map[ID]content{a: {Blob, "hello"}, b: {Blob, "hell"}, c: {Blob, "hel"}}, s)
}

func TestMalformedEntries(t *testing.T) {
	text := []byte("hello")
	cases := []struct {
		name, want string
		build      func(b *builder, base int64)
	}{
		{"unknown type", "unknown type 5", func(b *builder, _ int64) { b.raw(ID{1}, 5, 5, nil, text) }},
		{"size too small", "longer than the size stated", func(b *builder, _ int64) { b.raw(ID{1}, 3, 4, nil, text) }},
		{"size too large", "size stated is 6 bytes", func(b *builder, _ int64) { b.raw(ID{1}, 3, 6, nil, text) }},
		{"size far too large", "compressed bytes can hold", func(b *builder, _ int64) { b.raw(ID{1}, 3, 1<<29, nil, text) }},
		{"size above the limit", "larger than the limit", func(b *builder, _ int64) { b.raw(ID{1}, 3, 1<<40, nil, text) }},
		{"size that overflows", "size of the object overflows", func(b *builder, _ int64) { b.raw(ID{1}, 3, 1<<63, nil, text) }},
		{"base before the pack", "outside the pack", func(b *builder, base int64) { b.ofs(ID{1}, base-5, delta(5, 1, 1, 'x')) }},
		{"base between objects", "no object stands", func(b *builder, base int64) { b.ofs(ID{1}, base+1, delta(5, 1, 1, 'x')) }},
		{"missing base", "is missing", func(b *builder, _ int64) { b.ref(ID{1}, ID{9}, delta(5, 1, 1, 'x')) }},
		{"base of another size", "another size", func(b *builder, base int64) { b.ofs(ID{1}, base, delta(6, 1, 1, 'x')) }},
		{"copy beyond the base", "outside its base", func(b *builder, base int64) { b.ofs(ID{1}, base, delta(5, 5, 0x91, 1, 5)) }},
		{"too little", "size it states", func(b *builder, base int64) { b.ofs(ID{1}, base, delta(5, 2, 1, 'x')) }},
		{"too much", "size it states", func(b *builder, base int64) { b.ofs(ID{1}, base, delta(5, 2, 3, 'x', 'y', 'z')) }},
		{"reserved op", "malformed", func(b *builder, base int64) { b.ofs(ID{1}, base, delta(5, 1, 0)) }},
		{"insert cut off", "malformed", func(b *builder, base int64) { b.ofs(ID{1}, base, delta(5, 2, 2, 'x')) }},
		{"copy cut off", "malformed", func(b *builder, base int64) { b.ofs(ID{1}, base, delta(5, 2, 0x91, 0)) }},
		{"empty delta", "malformed", func(b *builder, base int64) { b.ofs(ID{1}, base, nil) }},
		{"target above the limit", "larger than the limit", func(b *builder, base int64) {
			b.ofs(ID{1}, base, append([]byte{5, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20}, 1, 'x'))
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b := newBuilder(t)
			good, base := b.blob(text)
			c.build(b, base)
			bad := b.offs[1]
			b.ofs(ID{2}, bad, delta(5, 1, 1, 'x')) // what hangs on it is lost too
			s := b.store(Options{}, true)
			got := walkAll(t, s, WalkOptions{})
			require.Equal(t, map[ID]content{good: {Blob, "hello"}}, got.objects)
			require.Len(t, got.problems, 2)
			require.ErrorContains(t, got.problems[0].Err, c.want)
			require.Equal(t, Problem{ID{1}.String(), "a.pack", bad, got.problems[0].Err}, got.problems[0])
			require.ErrorContains(t, got.problems[1].Err, fmt.Sprintf("its delta base, at offset %d of a.pack,", bad))
			_, _, err := s.Read(ID{1})
			require.Error(t, err)
			var corrupt *CorruptError
			require.ErrorAs(t, err, &corrupt)
		})
	}
}

// TestBomb: a pack of less than a kilobyte that expands to 320 MiB.
func TestBomb(t *testing.T) {
	const size = 1 << 24
	b := newBuilder(t)
	_, off := b.blob(make([]byte, 1<<16))
	for i := range 20 {
		d := delta(size, size, 0xf0, 0xff, 0xff, 0xff, 1, byte(i)) // all but the last byte of the base
		if i == 0 {
			d = delta(1<<16, size, bytes.Repeat([]byte{0x80}, size>>16)...) // the base 256 times
		}
		off = b.ofs(ID{1, byte(i)}, off, d)
	}
	require.Less(t, b.pack.Len(), 1024)
	got := walkAll(t, b.store(Options{MaxObject: size - 1}, true), WalkOptions{})
	require.Len(t, got.objects, 1)
	require.Len(t, got.problems, 20)
	require.ErrorIs(t, got.problems[0].Err, ErrTooLarge)
	_, _, err := b.store(Options{MaxObject: size - 1}, true).Read(ID{1})
	require.ErrorIs(t, err, ErrTooLarge)
	require.Len(t, walkAll(t, b.store(Options{}, true), WalkOptions{}).objects, 21)
}

// TestBombOfTerabytes: a pack of a kilobyte in which every delta's target is 256
// times its base, up to 256 TiB. What exceeds the limit is named, and never made.
func TestBombOfTerabytes(t *testing.T) {
	b := newBuilder(t)
	size := 1 << 16
	_, off := b.blob(make([]byte, size))
	for level := range 4 {
		ops := bytes.Repeat([]byte{0x80}, 256) // each copies 64 KiB from the base's start
		if level > 0 {
			ops = bytes.Repeat([]byte{0xf0, 0, 0, 0x80}, 512) // 8 MiB; beyond 4 GiB there would be more
		}
		off = b.ofs(ID{1, byte(level)}, off, delta(size, size<<8, ops...))
		size <<= 8
	}
	require.Equal(t, 256<<40, size)
	require.Less(t, b.pack.Len(), 1024)
	for _, indexed := range []bool{true, false} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		s := b.store(Options{}, indexed)
		got := walkAll(t, s, WalkOptions{Workers: 1})
		require.Len(t, got.objects, 2)
		require.Len(t, got.problems, 3)
		for _, p := range got.problems {
			require.Equal(t, indexed, p.Object != "")
			require.NotZero(t, p.Offset)
			require.Regexp(t, "larger than the limit|delta base", p.Err.Error())
		}
		for level := range byte(3) {
			_, _, err := s.Read(ID{1, 1 + level})
			require.Error(t, err)
		}
		runtime.ReadMemStats(&after)
		require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(256<<20))
	}
}

// TestMemoryIsBounded walks a binary tree of deltas of 1 MiB each with a budget
// of two.
func TestMemoryIsBounded(t *testing.T) {
	const size, levels = 1 << 20, 9
	b := newBuilder(t)
	text := make([]byte, size)
	_, root := b.blob(text)
	offs := []int64{root}
	for n := 1; n < 1<<levels; n++ {
		// Eight bytes of its own, then the rest of the base.
		d := delta(size, size, 8)
		d = binary.BigEndian.AppendUint64(d, uint64(n))
		d = append(d, 0x80|0x01|0x70, 8, 0xf8, 0xff, 0x0f)
		offs = append(offs, b.ofs(ID{1, byte(n >> 8), byte(n)}, offs[(n-1)/2], d))
	}
	s := b.store(Options{WalkBytes: 2 * size, CacheBytes: 1}, true)
	var before, peak runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	n := 0
	_, err := s.Walk(context.Background(), WalkOptions{Workers: 1}, Visitor{
		Object: func(_ int, o *Object) error {
			if want := binary.BigEndian.Uint64(o.Data); o.ID[0] == 1 {
				require.Equal(t, want, uint64(o.ID[1])<<8|uint64(o.ID[2]))
			}
			if n++; n%64 == 0 {
				runtime.GC()
				runtime.ReadMemStats(&peak)
				require.Less(t, int64(peak.HeapAlloc)-int64(before.HeapAlloc), int64(10*size))
			}
			return nil
		},
		Problem: func(p Problem) { t.Error(p) },
	})
	require.NoError(t, err)
	require.Equal(t, 1<<levels, n)
}

func TestLooseSizeThatLies(t *testing.T) {
	dir := t.TempDir()
	id := ID{0xab}
	path := loosePath(dir, id)
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	for _, head := range []string{
		"blob 2000000000\x00", "blob 9\x00", "blob 5\x00", "blob 99999999999999999999\x00", "blob -1\x00", "blob 007\x00", "blob \x00",
		"blob7\x00", "blub 7\x00", "blob 7", "", " 7\x00", "blob 0x7\x00",
	} {
		require.NoError(t, os.WriteFile(path, deflate(t, []byte(head+"content")), 0o644))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		s := open(t, Options{MaxObject: 1 << 40}, dir)
		got := walkAll(t, s, WalkOptions{})
		runtime.ReadMemStats(&after)
		require.Empty(t, got.objects, "%q", head)
		require.Len(t, got.problems, 1, "%q", head)
		require.Equal(t, path, got.problems[0].Path)
		require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(8<<20), "%q", head)
		_, _, err := s.Read(id)
		require.Error(t, err)
	}
}

func TestLargeObjectsAreStreamed(t *testing.T) {
	b := newBuilder(t)
	long := bytes.Repeat([]byte("long "), 1000)
	id, _ := b.blob(long)
	base, off := b.blob(bytes.Repeat([]byte("base "), 1000))
	small := idOf(Blob, []byte("base"))
	b.ofs(small, off, delta(5000, 4, 0x90, 4))
	s := b.store(Options{Large: 1000, Verify: true}, true)
	var streamed, held []ID
	visitor := Visitor{
		Object: func(_ int, o *Object) error { held = append(held, o.ID); return nil },
		Large: func(_ int, id ID, k Kind, size int64, r io.Reader) error {
			streamed = append(streamed, id)
			require.Equal(t, int64(len(long)), size)
			data, err := io.ReadAll(r)
			require.True(t, bytes.Equal(long, data))
			return err
		},
		Problem: func(p Problem) { t.Error(p) },
	}
	_, err := s.Walk(context.Background(), WalkOptions{Workers: 1}, visitor)
	require.NoError(t, err)
	require.Equal(t, []ID{id}, streamed)
	require.ElementsMatch(t, []ID{base, small}, held)

	// One that is cut short is a problem, and the walk goes on.
	b = newBuilder(t)
	b.raw(ID{1}, byte(Blob), 6000, nil, long)
	b.blob([]byte("good"))
	s = b.store(Options{Large: 1000}, true)
	got := walkAll(t, s, WalkOptions{})
	require.Len(t, got.objects, 1)
	require.Len(t, got.problems, 1)
	require.ErrorContains(t, got.problems[0].Err, "1000 bytes before the size stated")
}

func TestVisitorsErrorStops(t *testing.T) {
	r := newRepo(t, "sha1")
	r.commits(1, 50, false)
	s := open(t, Options{}, r.objects)
	stop := errors.New("stop")
	var n atomic.Int64
	_, err := s.Walk(context.Background(), WalkOptions{Workers: 3}, Visitor{Object: func(int, *Object) error {
		n.Add(1)
		return stop
	}})
	require.ErrorIs(t, err, stop)
	require.LessOrEqual(t, n.Load(), int64(3))

	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	_, err = s.Walk(ctx, WalkOptions{Workers: 2}, Visitor{Object: func(int, *Object) error {
		<-ctx.Done()
		return nil
	}})
	require.ErrorIs(t, err, context.DeadlineExceeded)
}
