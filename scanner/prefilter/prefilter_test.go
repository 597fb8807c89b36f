package prefilter

import (
	"bytes"
	"cmp"
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
			if equalFolded(lit, data[end-len(lit):end]) {
				hits = append(hits, Hit{int32(i), int32(end)})
			}
		}
	}
	return sorted(hits)
}

func equalFolded(a, b []byte) bool {
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

// lower folds ASCII letters alone.
func lower(c byte) byte {
	if c-'A' < 26 {
		return c + 0x20
	}
	return c
}

func TestScanEqualsOracleOnAllShortStrings(t *testing.T) {
	sets := [][][]byte{
		lits("aba"), lits("abab", "bab"), lits("aabb", "aba", "abbb", "babab"), lits("aaaa", "aaa", "AAAAA"), lits("baB", "ABa_", "bab"),
	}
	for _, set := range sets {
		s, err := Compile(set, nil)
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
		s, err := Compile(set, nil)
		require.NoError(t, err)
		from := rng.Intn(len(data) + 1)
		require.ElementsMatch(t, slow(set, data, from), s.Scan(data, from, nil), "%q in %q from %d", set, data, from)
	}
}

// TestScanBeside gives random literals random neighbours.
func TestScanBeside(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	const alphabet = "abAB-"
	some := func() (set Bytes) {
		if rng.Intn(4) == 0 {
			return Bytes{1<<64 - 1, 1<<64 - 1, 1<<64 - 1, 1<<64 - 1}
		}
		for i := range len(alphabet) {
			if c := alphabet[i]; rng.Intn(2) == 0 {
				set[c>>6] |= 1 << (c & 63)
			}
		}
		return set
	}
	dropped := 0
	for range 2000 {
		set, beside := make([][]byte, 1+rng.Intn(8)), []Beside(nil)
		for i := range set {
			set[i] = randomText(rng, alphabet, 3+rng.Intn(9))
			beside = append(beside, Beside{some(), some()})
		}
		data := slices.Concat(randomText(rng, alphabet, rng.Intn(60)), set[0], randomText(rng, alphabet, rng.Intn(60)))
		s, err := Compile(set, beside)
		require.NoError(t, err)
		from := rng.Intn(len(data) + 1)
		want := slow(set, data, from)
		all := len(want)
		want = slices.DeleteFunc(want, func(h Hit) bool {
			start, end, b := int(h.End)-len(set[h.Literal]), int(h.End), &beside[h.Literal]
			return start > 0 && !b.Before.has(data[start-1]) || end < len(data) && !b.After.has(data[end])
		})
		dropped += all - len(want)
		require.ElementsMatch(t, want, s.Scan(data, from, nil), "%q in %q from %d", set, data, from)
	}
	require.Greater(t, dropped, 1000)
}

// Where sets tell too many bytes apart, hits between wrong bytes are let through, but
// none is lost.
func TestScanBesideVeryManySets(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	var set [][]byte
	var beside []Beside
	for range 200 {
		set = append(set, randomText(rng, "abc", 4+rng.Intn(4)))
		beside = append(beside, Beside{randomSet(rng), randomSet(rng)})
	}
	s, err := Compile(set, beside)
	require.NoError(t, err)
	data := randomText(rng, "abcABC-+0!", 5000)
	all := slow(set, data, 0)
	got := s.Scan(data, 0, nil)
	require.Subset(t, all, got)
	require.Less(t, len(got), len(all), "the first sets are kept")
	for _, h := range all {
		start, end, b := int(h.End)-len(set[h.Literal]), int(h.End), &beside[h.Literal]
		if (start == 0 || b.Before.has(data[start-1])) && (end == len(data) || b.After.has(data[end])) {
			require.Contains(t, got, h)
		}
	}
}

func randomSet(rng *rand.Rand) Bytes {
	return Bytes{rng.Uint64(), rng.Uint64(), rng.Uint64(), rng.Uint64()}
}

// Literals that share a key are told apart by what else they have.
func TestScanManyLiteralsOfOneKey(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	for _, n := range []int{2, 3, 15, 16, 17, 100} {
		set := make([][]byte, n)
		for i := range set {
			set[i] = slices.Concat(randomText(rng, "abc_", rng.Intn(9)), []byte("zqjx"), randomText(rng, "abc_", 1+rng.Intn(9)))
		}
		s, err := Compile(set, nil)
		require.NoError(t, err)
		var data []byte
		for range 200 {
			data = append(append(data, set[rng.Intn(n)]...), randomText(rng, "abc_", rng.Intn(2))...)
		}
		require.ElementsMatch(t, slow(set, data, 0), s.Scan(data, 0, nil), "%d literals", n)
	}
}

func TestScanMoreKeysThanGroups(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	set := make([][]byte, 20000)
	for i := range set {
		set[i] = randomText(rng, "abcdefghijklmnopqrstuvwxyz0123456789_-", 3+rng.Intn(9))
	}
	s, err := Compile(set, nil)
	require.NoError(t, err)
	require.True(t, s.table.crowded)
	var data []byte
	for range 100 {
		data = append(data, set[rng.Intn(len(set))]...)
	}
	before := []Hit{{1, 2}, {1, 2}}
	require.ElementsMatch(t, slices.Concat(before, slow(set, data, 0)), s.Scan(data, 0, before))
}

// A place whose key led to the same group in two ways would give its hits twice.
func TestWaysHaveSlotsOfTheirOwn(t *testing.T) {
	for first := range uint32(outer + 1) {
		for last := range uint32(outer + 1) {
			for _, inner := range []uint32{0, 0x123400, keyMask & 0x5F5F00} {
				key := first | inner | last<<24
				w, h, t3 := slotOf(key|whole), slotOf(key&headMask|head), slotOf(key&tailMask|tail)
				if w == h || h == t3 || w == t3 {
					require.Fail(t, "a slot of two ways", "key %x", key)
				}
			}
		}
	}
}

func randomText(rng *rand.Rand, alphabet string, size int) []byte {
	text := make([]byte, size)
	for i := range text {
		text[i] = alphabet[rng.Intn(len(alphabet))]
	}
	return text
}

func TestCompileRejectsShortLiteral(t *testing.T) {
	for _, short := range []string{"", "a", "ab"} {
		_, err := Compile(lits("abcd", short), nil)
		require.ErrorContains(t, err, "at least 3 bytes")
	}
}

func TestEmptySet(t *testing.T) {
	s, err := Compile(nil, nil)
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
		s, err := Compile(set, nil)
		require.NoError(t, err)
		require.ElementsMatch(t, slow(set, data, from), s.Scan(data, from, nil))
	})
}

func TestScanAcrossBlocks(t *testing.T) {
	set := lits("abc", "abcd", "abcde", "abcdefgh", "abcdefghi", "abcdefghijklmnopqrstuvwxyz")
	s, err := Compile(set, nil)
	require.NoError(t, err)
	for _, edge := range []int{0, siftStep, siftMost, siftMost + siftStep, 2 * siftMost} {
		for at := max(0, edge-30); at < edge+5; at++ {
			for _, after := range []int{0, 1, 2, 3, 7, 8, 65, 70} {
				data := bytes.Repeat([]byte("."), at+26+after)
				copy(data[at:], "ABCdefghijklmnopqrstuvwxyz")
				require.Equal(t, slow(set, data, 0), sorted(s.Scan(data, 0, nil)), "at %d, %d bytes follow", at, after)
			}
		}
	}
}

func TestScanInPieces(t *testing.T) {
	set := ruleLiterals(t)
	s, err := Compile(set, nil)
	require.NoError(t, err)
	data := bytes.Join(set, []byte(" "))
	want := sorted(s.Scan(data, 0, nil))
	require.Equal(t, slow(set, data, 0), want)
	for _, size := range []int{1, 7, 64, 1000, siftMost} {
		var got []Hit
		for at := 0; at < len(data); at += size {
			base := max(0, at-s.MaxLen())
			n := len(got)
			got = s.Scan(data[base:min(len(data), at+size)], at-base, got)
			for i := n; i < len(got); i++ {
				got[i].End += int32(base)
			}
		}
		require.Equal(t, want, sorted(got), "pieces of %d bytes", size)
	}
}

// Every byte can differ from a literal's by its case bit alone, yet only letters'
// may.
func TestFoldsLettersAlone(t *testing.T) {
	for c := range 256 {
		lit := []byte{'x', byte(c), 'y', byte(c), 'z', byte(c), '1', '2', byte(c), '3'}
		s, err := Compile([][]byte{lit}, nil)
		require.NoError(t, err)
		for d := range 256 {
			data := bytes.ReplaceAll(lit, []byte{byte(c)}, []byte{byte(d)})
			if want := lower(byte(c)) == lower(byte(d)) || bytes.Equal(lit, data); want != (len(s.Scan(data, 0, nil)) == 1) {
				require.Fail(t, "wrong", "%q in %q", lit, data)
			}
		}
	}
}

func TestScanDoesNotAllocate(t *testing.T) {
	set := ruleLiterals(t)
	s, err := Compile(set, nil)
	require.NoError(t, err)
	data := bytes.Join(set, []byte(" "))
	hits := make([]Hit, 0, len(data))
	require.Zero(t, testing.AllocsPerRun(10, func() { s.Scan(data, 0, hits) }))
}

// The work at one place of any text is bounded by the largest group.
func TestGroupsStaySmall(t *testing.T) {
	for _, set := range [][][]byte{ruleLiterals(t), moreLiterals(ruleLiterals(t), 10000)} {
		s, err := Compile(set, nil)
		require.NoError(t, err)
		most := uint32(0)
		for _, g := range s.table.groups {
			most = max(most, g.splits)
		}
		require.LessOrEqual(t, most, uint32(8), "of %d literals", len(set))
	}
}
