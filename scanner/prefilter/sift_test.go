package prefilter

import (
	"math/rand"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// equalSifts compares the sift of this machine with that in Go.
func equalSifts(t *testing.T, f *filter, data []byte) {
	t.Helper()
	var want, got positions
	w, g := want[:siftGo(f, data, &want)], got[:sift(f, data, &got)]
	if !slices.Equal(w, g) {
		require.Equal(t, w, g, "of %q", data)
	}
}

func TestSiftEqualsGoOnAllShortStrings(t *testing.T) {
	const length = 7
	var f filter
	for _, lit := range lits("abab", "bbba", "aaa", "abb", "ab_ab", "___") {
		for _, a := range anchors(lit) {
			f.mark(a)
		}
	}
	data := make([]byte, siftStep+lookahead)
	for number := range pow(3, length) {
		for i := range data {
			data[i] = ' '
		}
		at := number % (len(data) - length)
		for i, rest := at, number; i < at+length; i, rest = i+1, rest/3 {
			data[i] = "aB_"[rest%3]
		}
		equalSifts(t, &f, data)
	}
}

func TestSiftEqualsGoAtAllDensities(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	for _, full := range []int{0, 1, 50, 500, 950, 1000} { // words of the filter, in a thousand
		var f filter
		for i := range f {
			if rng.Intn(1000) < full {
				f[i] = rng.Uint32() | rng.Uint32()
			}
			if full == 1000 {
				f[i] = 1<<32 - 1
			}
		}
		for size := 0; size <= siftMost; size += siftStep {
			data := make([]byte, size+lookahead)
			rng.Read(data)
			equalSifts(t, &f, data)
		}
	}
}

func TestSiftTakesAnySize(t *testing.T) {
	f := fullFilter()
	var out positions
	require.Equal(t, siftStep/stride, sift(f, make([]byte, siftStep+lookahead), &out))
	require.Zero(t, sift(f, make([]byte, lookahead), &out))
	require.Zero(t, sift(f, nil, &out))
}

// A list that is full may not run over its end.
func TestSiftWritesNoFurther(t *testing.T) {
	var guarded struct {
		before [64]byte
		out    positions
		after  [64]byte
	}
	require.Equal(t, len(guarded.out), sift(fullFilter(), make([]byte, siftMost+lookahead), &guarded.out))
	require.Zero(t, guarded.before)
	require.Zero(t, guarded.after)
}

func fullFilter() *filter {
	var f filter
	for i := range f {
		f[i] = 1<<32 - 1
	}
	return &f
}

func FuzzSift(f *testing.F) {
	f.Add([]byte("abcdefg_hij"), []byte("..abcd..EFG_hi"))
	f.Fuzz(func(t *testing.T, grams, text []byte) {
		var f filter
		for ; len(grams) >= gram; grams = grams[1:] {
			f.set(keyOf(grams))
		}
		size := min((len(text)+siftStep)/siftStep*siftStep, siftMost)
		data := make([]byte, size+lookahead)
		copy(data, text)
		equalSifts(t, &f, data)
	})
}
