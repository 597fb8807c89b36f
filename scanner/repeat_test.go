package scanner

import (
	"fmt"
	"math/rand"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner/prefilter"
)

// repeating makes a text that repeats its beginning, with changes.
func repeating(rng *rand.Rand) []byte {
	var head []byte
	for size := 1 + rng.Intn(20000); len(head) < size; {
		head = append(head, randomText(rng, size-len(head))...)
	}
	text := slices.Clone(head)
	for size := 70000 + rng.Intn(40000); len(text) < size; {
		from := rng.Intn(len(head))
		text = append(text, head[from:min(len(head), from+rng.Intn(5000))]...)
		if rng.Intn(4) == 0 {
			text = append(text, randomText(rng, rng.Intn(60))...)
		}
	}
	return text
}

// TestTryRepeatingEqualsTryAll holds what a scan of repeats gives and keeps against a
// scan of the whole text.
func TestTryRepeatingEqualsTryAll(t *testing.T) {
	e := mustCompile(t, testRules(), Options{})
	s, oracle := e.NewScratch(), e.NewScratch()
	oracle.keeping = true
	repeated := 0
	for seed := range int64(60) {
		text := repeating(rand.New(rand.NewSource(seed)))
		n := s.repeats(text, len(text), 1)
		if n == 0 {
			continue
		}
		repeated++
		s.keeping, s.found, oracle.found = true, s.found[:0], oracle.found[:0]
		fired := e.tryRepeating(s, text, n, false)
		var got, want State
		got.fill(s, text, false)
		e.hitsIn(oracle, text)
		require.Equal(t, e.tryAll(oracle, text, false), fired, "seed %d", seed)
		want.fill(oracle, text, false)
		requireSame(t, inBlocks(want.hits), inBlocks(got.hits), seed)
		requireSame(t, want.found, got.found, seed)
	}
	require.Greater(t, repeated, 20)
}

// TestScanAllInParts holds a scan of repeats part by part against one of the whole.
func TestScanAllInParts(t *testing.T) {
	e := mustCompile(t, testRules(), Options{})
	s, oracle := e.NewScratch(), e.NewScratch()
	for seed := range int64(30) {
		rng := rand.New(rand.NewSource(seed))
		text := repeating(rng)
		n := s.repeats(text, len(text), 1)
		if n == 0 {
			continue
		}
		oracle.pieces = slices.Clone(s.pieces)
		whole := e.fromBeginning(oracle, text, n, false)
		wantFired := whole.scanAll(len(text))
		parts := e.fromBeginning(s, text, n, false)
		var hits []mark
		var fired []*extractor
		for from := 0; from < len(text); {
			to := min(len(text), from+1+rng.Intn(3000))
			fired = parts.scan(from, to, fired)
			hits = append(hits, s.all...)
			from = to
		}
		require.ElementsMatch(t, wantFired, fired)
		var got, want State
		got.fill(s, text, false)
		want.fill(oracle, text, false)
		slices.SortFunc(hits, compareMarks)
		plain := func(list []mark) (out []prefilter.Hit) {
			for _, m := range inBlocks(list) {
				out = append(out, m.Hit)
			}
			return out
		}
		requireSame(t, plain(want.hits), plain(hits), seed)
		requireSame(t, want.found, got.found, seed)
	}
}

// inBlocks leaves out hits at the end of a block, where what follows is not looked at:
// the tries drop them.
func inBlocks(hits []mark) []mark {
	return slices.DeleteFunc(slices.Clone(hits), func(m mark) bool { return m.End%block == 0 })
}

// requireSame tells the first difference of two long lists.
func requireSame[T any](t *testing.T, want, got []T, seed int64) {
	t.Helper()
	for i := range min(len(want), len(got)) {
		require.Equal(t, fmt.Sprint(want[i]), fmt.Sprint(got[i]), "seed %d: %d of %d", seed, i, len(want))
	}
	require.Equal(t, len(want), len(got), "seed %d", seed)
}

// TestRepeats takes copies for what they are.
func TestRepeats(t *testing.T) {
	s := (&Engine{}).NewScratch()
	for seed := range int64(40) {
		text := repeating(rand.New(rand.NewSource(seed)))
		n, at := s.repeats(text, len(text), 1), 0
		if n == 0 {
			continue
		}
		for _, p := range s.pieces {
			require.GreaterOrEqual(t, p.To, at)
			require.LessOrEqual(t, p.From+p.Len, n)
			require.Equal(t, text[p.From:p.From+p.Len], text[p.To:p.To+p.Len])
			at = p.To + p.Len
		}
		require.LessOrEqual(t, at, len(text))
	}
}
