package prefilter

import (
	"bytes"
	"cmp"
	"fmt"
	"math/rand"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// slow is the oracle: it looks for each literal at each place.
func slow(literals [][]byte, data []byte, from int) []Hit {
	var hits []Hit
	for i, lit := range literals {
		for end := max(from+1, len(lit)); end <= len(data); end++ {
			if foldedEqual(lit, data[end-len(lit):end]) {
				hits = append(hits, Hit{int32(i), int32(end)})
			}
		}
	}
	return sorted(hits)
}

func foldedEqual(a, b []byte) bool {
	for i := range a {
		if lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}

// sorted orders hits by place: Scan's own order is that of the grams.
func sorted(hits []Hit) []Hit {
	slices.SortFunc(hits, func(a, b Hit) int { return cmp.Or(cmp.Compare(a.End, b.End), cmp.Compare(a.Literal, b.Literal)) })
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
		lits("aba"), lits("abab", "bab"), lits("aabb", "aba", "abbb", "babab"), lits("aaaa", "aaa", "AAAAA"), lits("baB", "ABa_", "bab"),
	}
	for _, set := range sets {
		s, err := Compile(set)
		require.NoError(t, err)
		for n := range 10 {
			for bits := range pow(3, n) {
				data := make([]byte, n)
				for i, rest := 0, bits; i < n; i, rest = i+1, rest/3 {
					data[i] = "abA"[rest%3]
				}
				from := bits % (n + 1)
				if want, got := slow(set, data, from), sorted(s.Scan(data, from, nil)); !slices.Equal(want, got) {
					require.Equal(t, want, got, "%q in %q from %d", set, data, from)
				}
			}
		}
	}
}

func pow(base, n int) int {
	p := 1
	for range n {
		p *= base
	}
	return p
}

func TestScanRandom(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	const alphabet = "abcXY-_@`{[\x00\xff\x7f"
	for range 1000 {
		set := make([][]byte, 1+rng.Intn(20))
		for i := range set {
			set[i] = make([]byte, 3+rng.Intn(6))
			for j := range set[i] {
				set[i][j] = alphabet[rng.Intn(len(alphabet))]
			}
		}
		data := make([]byte, rng.Intn(200))
		for i := range data {
			data[i] = alphabet[rng.Intn(len(alphabet))]
		}
		for range 20 { // plant some, for random text holds few
			if lit := set[rng.Intn(len(set))]; len(lit) < len(data) {
				copy(data[rng.Intn(len(data)-len(lit)+1):], lit)
			}
		}
		s, err := Compile(set)
		require.NoError(t, err)
		from := rng.Intn(len(data) + 1)
		require.Equal(t, slow(set, data, from), sorted(s.Scan(data, from, nil)), "%q in %q from %d", set, data, from)
	}
}

func TestCompileRejectsShortLiteral(t *testing.T) {
	for _, short := range []string{"", "a", "ab"} {
		_, err := Compile(lits("abcd", short))
		require.ErrorContains(t, err, "at least 3 bytes")
	}
}

func TestEmptySet(t *testing.T) {
	s, err := Compile(nil)
	require.NoError(t, err)
	require.Empty(t, s.Scan([]byte("anything"), 0, nil))
}

func FuzzScan(f *testing.F) {
	f.Add([]byte("abc,bcda,aab"), []byte("aAabBabCda"), 2)
	f.Fuzz(func(t *testing.T, words, data []byte, from int) {
		if len(words) > 200 || len(data) > 500 || from < 0 || from > len(data) {
			return
		}
		var set [][]byte
		for _, w := range bytes.Split(words, []byte(",")) {
			if len(w) >= MinLiteral {
				set = append(set, w)
			}
		}
		s, err := Compile(set)
		require.NoError(t, err)
		require.Equal(t, slow(set, data, from), sorted(s.Scan(data, from, nil)))
	})
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
