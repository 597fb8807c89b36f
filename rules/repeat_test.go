package rules

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/bench/hostile"
	"github.com/shrike-scan/shrike/scanner"
)

// TestRepeatsGiveTheSame scans dense texts that repeat themselves, and the same behind
// a stretch of blank lines, which hides from the scan that they are dense, and as what
// is kept of a text needs, for which no map of runs is made.
func TestRepeatsGiveTheSame(t *testing.T) {
	t.Parallel()
	const blank = 1 << 16
	all, err := Load()
	require.NoError(t, err)
	e := engine(t, all)
	s := e.NewScratch()
	texts := hostile.Texts(e, 100<<10)
	for seed := range uint64(3) {
		texts = append(texts, hostile.Text{Name: fmt.Sprint("samples ", seed), Text: repeatedSamples(t, all, rand.New(rand.NewPCG(seed, 1)))})
	}
	for _, long := range texts {
		name, text := long.Name, strings.Repeat("\n", 400)+long.Text
		got := found(e.Scan(s, []byte(text)), 0)
		want := found(e.Scan(s, []byte(strings.Repeat("\n", blank)+text)), blank)
		for i := range min(len(got), len(want)) {
			require.Equal(t, want[i], got[i], "%s: %d of %d", name, i, len(want))
		}
		require.Len(t, got, len(want), name)
		require.Equal(t, got, found(e.ScanKeep(s, []byte(text), &scanner.State{}), 0), name)
	}
}

// repeatedSamples repeats a choice of the rules' samples, from places here and there.
func repeatedSamples(t *testing.T, all []scanner.Rule, rng *rand.Rand) string {
	var head strings.Builder
	for head.Len() < 15<<10 {
		samples, misses, err := Samples(all[rng.IntN(len(all))])
		require.NoError(t, err)
		for _, text := range append(samples[:1:1], misses...) {
			head.WriteString(text + "\n")
		}
	}
	text := head.String()
	for from := 0; len(text) < 100<<10; from = rng.IntN(head.Len()) {
		text += head.String()[from:]
	}
	return text
}

func found(ms []scanner.Match, behind int) (out []string) {
	for _, m := range ms {
		out = append(out, fmt.Sprint(m.Rule.ID, m.Start-behind, m.End-behind, m.Confidence, m.Severity, m.Proven, m.Details))
	}
	return out
}
