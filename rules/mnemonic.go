package rules

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	_ "embed" // for the words
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/shrike-scan/shrike/scanner"
)

// Seed phrases. BIP-39 ("Mnemonic code for generating deterministic keys") writes 128
// to 256 random bits, and a bit of their SHA-256 for each 32 of them, as words of a
// list of 2,048. Electrum takes its words from the same list, and accepts a phrase by
// the first digits of a hash of its own.

// bip39 is BIP-39's English list, in order.
//
//go:embed bip39.txt
var bip39 string

var phraseWords = sync.OnceValue(func() []string { return strings.Fields(bip39) })

const bitsOfWord = 11

// developmentPhrase starts the phrase that Ganache derives its accounts from. Those
// of Hardhat and of the test vectors repeat one word.
const developmentPhrase = "myth like bonus scare over problem"

// checkMnemonic proves phrases by their check-sum, and tells those that are published.
func checkMnemonic(secret, _ []byte) scanner.CheckResult {
	words := strings.Fields(string(secret))
	if strings.HasPrefix(string(secret), developmentPhrase) || 2*different(words) < len(words) {
		return example
	}
	numbers := numbersOf(words)
	switch {
	case 2*len(numbers) < len(words): // of another list
		return scanner.CheckResult{Confidence: scanner.ConfidenceLow}
	case len(numbers) < len(words):
		return refuted
	case holdsCheckSum(numbers):
		return scanner.CheckResult{Proof: scanner.Proven, Details: []scanner.Detail{{Name: "words", Value: strconv.Itoa(len(words))}}}
	case isElectrum(strings.Join(words, " ")):
		return scanner.CheckResult{Proof: scanner.Proven, Details: []scanner.Detail{{Name: "wallet", Value: "Electrum"}}}
	}
	return refuted
}

func different(words []string) int {
	return len(slices.Compact(slices.Sorted(slices.Values(words))))
}

// numbersOf returns the places in the list of the words that are in it.
func numbersOf(words []string) []int {
	var numbers []int
	for _, word := range words {
		if at, found := slices.BinarySearch(phraseWords(), word); found {
			numbers = append(numbers, at)
		}
	}
	return numbers
}

// holdsCheckSum reports whether the last bits of a phrase are the first of the hash of
// those before them. The phrase has 12, 15, 18, 21 or 24 words.
func holdsCheckSum(numbers []int) bool {
	bits := len(numbers) * bitsOfWord
	entropy := bits / 33 * 32
	all := make([]byte, (bits+7)/8)
	for i, n := range numbers {
		for b := range bitsOfWord {
			if n>>(bitsOfWord-1-b)&1 != 0 {
				setBit(all, i*bitsOfWord+b)
			}
		}
	}
	sum := sha256.Sum256(all[:entropy/8])
	for b := range bits - entropy {
		if bit(all, entropy+b) != bit(sum[:], b) {
			return false
		}
	}
	return bits%33 == 0
}

func bit(b []byte, i int) byte { return b[i/8] >> (7 - i%8) & 1 }
func setBit(b []byte, i int)   { b[i/8] |= 1 << (7 - i%8) }

// isElectrum recognises the seeds that Electrum makes: standard, of SegWit, and of two
// factors (docs.electrum.org, "Electrum Seed Version System").
func isElectrum(phrase string) bool {
	mac := hmac.New(sha512.New, []byte("Seed version"))
	mac.Write([]byte(phrase))
	version := hex.EncodeToString(mac.Sum(nil)[:2])
	return strings.HasPrefix(version, "01") || slices.Contains([]string{"100", "101", "102"}, version[:3])
}

// sampleMnemonic writes a phrase of as many words as the argument says.
func sampleMnemonic(r *rand.Rand, argument string) (string, error) {
	count, err := strconv.Atoi(argument)
	if err != nil || count < 12 || count > 24 || count%3 != 0 {
		return "", fmt.Errorf("mnemonic %q: want 12, 15, 18, 21 or 24 words", argument)
	}
	numbers := make([]int, count)
	for i := range numbers {
		numbers[i] = r.IntN(1 << bitsOfWord)
	}
	for !holdsCheckSum(numbers) { // a few to 256 tries
		numbers[count-1] = r.IntN(1 << bitsOfWord)
	}
	var words []string
	for _, n := range numbers {
		words = append(words, phraseWords()[n])
	}
	return strings.Join(words, " "), nil
}
