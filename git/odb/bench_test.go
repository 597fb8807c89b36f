package odb

import (
	"context"
	"encoding/binary"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// BenchmarkWalk walks the blobs of the store named by SHRIKE_ODB, or else of a
// generated one.
func BenchmarkWalk(b *testing.B) {
	s := benchStore(b)
	var stats Stats
	for b.Loop() {
		var err error
		stats, err = s.Walk(context.Background(), WalkOptions{Kinds: []Kind{Blob}, Workers: 2}, Visitor{})
		require.NoError(b, err)
	}
	b.SetBytes(stats.Bytes[Blob])
}

// BenchmarkForest links the delta trees alone.
func BenchmarkForest(b *testing.B) {
	s := benchStore(b)
	var f *forest
	for b.Loop() {
		var err error
		f, err = newForest(s.packs.Load().list, selection{}, inParallel(2))
		require.NoError(b, err)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(max(len(f.off), 1)), "ns/object")
}

// BenchmarkRead reads commits and trees at random, as attribution does.
func BenchmarkRead(b *testing.B) {
	s := benchStore(b)
	p := s.packs.Load().list[0]
	i := 0
	for b.Loop() {
		i = (i*1_103_515_245 + 12_345) % p.idx.n
		_, _, err := s.Read(p.id(i))
		require.NoError(b, err)
	}
}

func benchStore(b *testing.B) *Store {
	dir := os.Getenv("SHRIKE_ODB")
	if dir == "" {
		r := newRepo(b, "sha1")
		r.commits(1, 300, false)
		r.git(nil, "repack", "-adfq", "--depth=50")
		dir = r.objects
	}
	return open(b, Options{}, dir)
}

// TestRealStore checks every id of the store named by SHRIKE_ODB.
func TestRealStore(t *testing.T) {
	dir := os.Getenv("SHRIKE_ODB")
	if dir == "" {
		t.Skip("SHRIKE_ODB names no objects directory")
	}
	for _, verify := range []bool{false, true} {
		s := open(t, Options{Verify: verify}, dir)
		begin := time.Now()
		stats, err := s.Walk(context.Background(), WalkOptions{Workers: 2}, Visitor{
			Problem: func(p Problem) { t.Errorf("%+v", p) },
		})
		require.NoError(t, err)
		t.Logf("verify %v: %+v in %v", verify, stats, time.Since(begin))
	}
}

// BenchmarkHas looks objects up in all packs of the store, and BenchmarkMiss one
// that is in none.
func BenchmarkHas(b *testing.B) {
	s := benchStore(b)
	list := s.packs.Load().list
	b.ReportMetric(float64(len(list)), "packs")
	n := 0
	for b.Loop() {
		n++
		p := list[n%len(list)]
		require.True(b, s.Has(p.id(n*1_103_515_245%p.idx.n)))
	}
}

func BenchmarkMiss(b *testing.B) {
	s := benchStore(b)
	n := uint64(0)
	for b.Loop() {
		n++
		var id ID
		binary.BigEndian.PutUint64(id[:], n*0x9e3779b97f4a7c15)
		require.False(b, s.Has(id))
	}
}
