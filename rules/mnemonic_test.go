package rules

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

func TestCheckMnemonic(t *testing.T) {
	require.Len(t, phraseWords(), 1<<bitsOfWord)
	require.IsIncreasing(t, phraseWords())

	tests := []struct {
		phrase string
		want   scanner.Proof
	}{
		// Trezor's test vectors, of 128 and 256 bits.
		{"legal winner thank year wave sausage " + "worth useful legal winner thank yellow", scanner.Proven},
		{"hamster diagram private dutch cause delay private meat slide " + "toddler razor book happy fancy gospel tennis maple dilemma loan word shrug inflict delay length", scanner.Proven},
		{"legal winner thank year wave sausage " + "worth useful legal winner thank year", scanner.Refuted},
		{"abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about", scanner.Example},
		{developmentPhrase + " gun advice oxygen swallow scheme", scanner.Example},
		{"legal winner thank year wave sausage " + "worth useful legal winner thank yellowish", scanner.Refuted},
		{"no wallet would take such words for a phrase of its own", scanner.Unproven},
		{"wild father tree among " + "universe such mobile favorite target dynamic credit identify", scanner.Proven}, // Electrum's, of SegWit
	}
	for _, tt := range tests {
		require.Equal(t, tt.want, checkMnemonic([]byte(tt.phrase), nil).Proof, tt.phrase)
	}

	// Of phrases with one wrong word few pass: one in 16 by BIP-39's four bits, and one
	// in 256 and thrice one in 4,096 by Electrum's hash.
	random := rand.New(rand.NewPCG(1, 2))
	passed := 0
	for range 1000 {
		phrase, err := sampleMnemonic(random, "12")
		require.NoError(t, err)
		require.Equal(t, scanner.Proven, checkMnemonic([]byte(phrase), nil).Proof, phrase)
		words := strings.Fields(phrase)
		words[5] = phraseWords()[random.IntN(1<<bitsOfWord)]
		if checkMnemonic([]byte(strings.Join(words, " ")), nil).Proof == scanner.Proven {
			passed++
		}
	}
	require.Less(t, passed, 120)
}
