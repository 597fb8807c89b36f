package scanner

import (
	"bytes"
	"fmt"
	"math/rand"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRunKind(t *testing.T) {
	set := func(text string) (s byteSet) {
		for i := range len(text) {
			s.add(text[i])
		}
		return s
	}
	for _, tt := range []struct {
		run  run
		want runKind
	}{
		{run{}, 0},
		{run{set: set("0af"), least: 11}, 0},
		{run{set: set("0af"), least: 12}, 1},
		{run{set: set("0afF"), least: 40, most: 40}, 13},
		{run{set: set("09agAZ"), least: 23}, 6},
		{run{set: set("09agAZ_"), least: 24}, 11},
		{run{set: set("09agAZ/"), least: 31}, 12},
		{run{set: set("09agAZ!"), least: 31}, 0},
	} {
		require.Equal(t, tt.want, tt.run.kind(), "%v", tt.run)
	}
}

func TestEitherKindOfRun(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ a, b, want runKind }{
		{0, 16, 0}, {7, 0, 0}, {5, 5, 5},
		{13, 6, 6}, // 32 of hex, 16 of letters and digits
		{13, 4, 4}, {9, 7, 7}, {16, 1, 4},
	} {
		require.Equal(t, tt.want, tt.a.or(tt.b))
		require.Equal(t, tt.want, tt.b.or(tt.a))
	}
}

// TestRunMapAgreesWithRuns maps random texts, and compares what the map says of random
// windows with a search.
func TestRunMapAgreesWithRuns(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	m := newRunMap()
	lacking, wrong := 0, 0
	for range 60 {
		text := make([]byte, rng.Intn(3*block))
		for i := range text {
			text[i] = "0af9"[rng.Intn(4)]
			if rng.Intn(30) == 0 {
				text[i] = "gZ-_+/ \n\xc3"[rng.Intn(9)]
			}
		}
		from := rng.Intn(len(text)/block+1) * block
		m.read(text, from)
		for range 2000 {
			r := run{set: runClasses[rng.Intn(len(runClasses))], least: 8 + rng.Intn(60)}
			lo := min(from-mapMargin+rng.Intn(block+2*mapMargin), len(text))
			hi := lo + rng.Intn(300)
			held := r.in(text[max(lo, 0):min(max(hi, 0), len(text))])
			lacks := m.lacks(r.kind(), lo, hi)
			require.False(t, lacks && held, "%d of %v in %d:%d of %d", r.least, r.set, lo, hi, len(text))
			switch {
			case lacks:
				lacking++
			case !held && r.kind() != 0:
				wrong++
			}
		}
	}
	require.Greater(t, lacking, 10000)
	require.Less(t, wrong, 4*lacking)
}

// TestMappedScanEqualsPlain scans dense text with a map of runs and, as what is kept of a
// text needs, without.
func TestMappedScanEqualsPlain(t *testing.T) {
	e := mustCompile(t, testRules(), Options{})
	s, plain := e.NewScratch(), e.NewScratch()
	for seed := range int64(40) {
		rng := rand.New(rand.NewSource(seed))
		text := randomText(rng, 20000+rng.Intn(200000))
		for range len(text) / 12 {
			copy(text[rng.Intn(len(text)):], bytes.Repeat([]byte("password "), 1+rng.Intn(3)))
		}
		mapped := fmt.Sprint(places(e.Scan(s, text)))
		require.NotNil(t, s.runs)
		require.Equal(t, fmt.Sprint(places(e.ScanKeep(plain, text, &State{}))), mapped)
		require.Nil(t, plain.runs)
	}
}
