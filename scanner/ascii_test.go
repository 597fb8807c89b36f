package scanner

import (
	"bytes"
	"math/rand"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// TestASCIIIsRemembered asks about ranges of a text in any order.
func TestASCIIIsRemembered(t *testing.T) {
	t.Parallel()
	for seed := range int64(200) {
		rng := rand.New(rand.NewSource(seed))
		text := bytes.Repeat([]byte{'a'}, 1+rng.Intn(600))
		for range rng.Intn(4) {
			text[rng.Intn(len(text))] = 0xC3
		}
		var known ascii
		for at := 0; at < len(text); at += rng.Intn(24) - 8 {
			lo := max(0, min(at-rng.Intn(40), len(text)))
			hi := min(lo+rng.Intn(120), len(text))
			want := !bytes.ContainsFunc(text[lo:hi], func(r rune) bool { return r >= utf8.RuneSelf })
			require.Equal(t, want, known.covers(text, lo, hi), "seed %d: [%d:%d]", seed, lo, hi)
			require.Equal(t, known.to-known.from, leadingASCII(text[known.from:known.to]), "what is known is ASCII")
			at = max(at, 8)
		}
	}
}
