package prefilter

import (
	"bytes"
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// slow is the oracle: it looks for each literal at each place.
func slow(literals [][]byte, data []byte, from int) []Hit {
	var hits []Hit
	for end := from + 1; end <= len(data); end++ {
		for n := end; n > 0; n-- { // longest first
			for i, lit := range literals {
				if len(lit) == n && strings.EqualFold(string(lit), string(data[end-n:end])) {
					hits = append(hits, Hit{int32(i), int32(end)})
				}
			}
		}
	}
	return hits
}

func lits(words ...string) [][]byte {
	out := make([][]byte, len(words))
	for i, w := range words {
		out[i] = []byte(w)
	}
	return out
}

func TestScanEqualsOracleOnAllShortStrings(t *testing.T) {
	sets := [][][]byte{
		lits("a"), lits("ab", "b"), lits("aab", "ab", "abb", "bab"), lits("aa", "aaa", "A"), lits("ba", "AB", "ba"),
	}
	for _, set := range sets {
		s, err := Compile(set)
		require.NoError(t, err)
		for n := range 8 {
			for bits := range 1 << (2 * n) {
				data := make([]byte, n)
				for i := range data {
					data[i] = "abA_"[bits>>(2*i)&3]
				}
				for from := 0; from <= n; from++ {
					require.Equal(t, slow(set, data, from), s.Scan(data, from, nil), "%q in %q from %d", set, data, from)
				}
			}
		}
	}
}

func TestScanRandom(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	for range 300 {
		set := make([][]byte, 1+rng.Intn(20))
		for i := range set {
			set[i] = make([]byte, 1+rng.Intn(5))
			for j := range set[i] {
				set[i][j] = "abcXY-\x00\xff"[rng.Intn(8)]
			}
		}
		data := make([]byte, rng.Intn(200))
		for i := range data {
			data[i] = "abcxy-\x00\xffAB"[rng.Intn(10)]
		}
		s, err := Compile(set)
		require.NoError(t, err)
		from := rng.Intn(len(data) + 1)
		require.Equal(t, slow(set, data, from), s.Scan(data, from, nil), "%q in %q from %d", set, data, from)
	}
}

func TestCompileRejectsEmptyLiteral(t *testing.T) {
	_, err := Compile(lits("a", ""))
	require.ErrorIs(t, err, ErrEmpty)
}

func TestEmptySet(t *testing.T) {
	s, err := Compile(nil)
	require.NoError(t, err)
	require.Empty(t, s.Scan([]byte("anything"), 0, nil))
}

func FuzzScan(f *testing.F) {
	f.Add([]byte("ab,b,aab"), []byte("aAabBab"), 2)
	f.Fuzz(func(t *testing.T, words, data []byte, from int) {
		if len(words) > 200 || len(data) > 500 || from < 0 || from > len(data) {
			return
		}
		var set [][]byte
		for _, w := range bytes.Split(words, []byte(",")) {
			if len(w) > 0 && isASCII(w) {
				set = append(set, w)
			}
		}
		s, err := Compile(set)
		require.NoError(t, err)
		require.Equal(t, slow(set, data, from), s.Scan(data, from, nil))
	})
}

// isASCII keeps the oracle honest: EqualFold folds all of Unicode.
func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

func BenchmarkScan(b *testing.B) {
	var set [][]byte
	for i := range 300 {
		set = append(set, fmt.Appendf(nil, "%c%c%dtoken", 'a'+i%26, 'a'+i/26, i))
	}
	set = append(set, lits("secret", "token", "passw", "api_key", "AKIA", "ghp_")...)
	s, err := Compile(set)
	require.NoError(b, err)
	data := bytes.Repeat([]byte("func (s *Set) Scan(data []byte, from int) { return the key of a map to me }\n"), 1000)
	b.SetBytes(int64(len(data)))
	var hits []Hit
	for b.Loop() {
		hits = s.Scan(data, 0, hits[:0])
	}
}
