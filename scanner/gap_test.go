package scanner

import (
	"math/rand"
	"regexp"
	"regexp/syntax"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestGapsChangeNothing compares automata that drop what a gap says anyway with those that
// do not, and with the regex.
func TestGapsChangeNothing(t *testing.T) {
	rng := rand.New(rand.NewSource(4))
	dropped, same, other := 0, 0, 0
	for range 1500 {
		expr := randomRegex(rng, 2) + "(?s:.)*" + randomRegex(rng, 2)
		re, err := syntax.Parse(expr, syntax.Perl)
		require.NoError(t, err)
		whole := regexp.MustCompile(expr)
		parts := []*syntax.Regexp{anything, re}
		short, plain := newAutomaton(parts, false, edge), newAutomaton(parts, false, edge)
		if short == nil {
			continue
		}
		plain.gaps = nil
		a, b := newSubsets(short), newSubsets(plain)
		for range 30 {
			text := make([]byte, rng.Intn(24))
			for i := range text {
				text[i] = "abcABC -\n"[rng.Intn(9)]
			}
			fits := a.ahead(text)
			require.True(t, fits || !whole.Match(text), "%s in %q", expr, text)
			require.True(t, b.ahead(text) || !fits, "%s in %q", expr, text)
			same++
			if b.ahead(text) != fits {
				other++ // by assertions behind one another
			}
		}
		dropped += len(b.members) - len(a.members)
	}
	require.Positive(t, dropped)
	require.Less(t, other, same/200)
}
