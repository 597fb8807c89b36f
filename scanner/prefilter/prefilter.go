// Package prefilter finds every occurrence of every literal of a set in one
// pass over the bytes, ASCII case folded.
//
// # Algorithm
//
// Of each literal two neighbouring grams of four bytes are chosen, those expected
// to be rarest in text (rarity.go). One of the two stands at an even offset
// wherever the literal stands, so the text is looked at in every second position
// only. Each look goes through ever finer tests:
//
//	text       . . s e c r e t _ k e y . .
//	sift             ^ "cret" or, a byte on, "ret_", hashed: a bit of 32 KB
//	sieve            another hash of the same: "cret" -> the group of its literals
//	screen         ^ ^ ^ ^ ^ ^ ^ ^ eight bytes, of which the group's literals share some
//	split      ^   ^ two bytes that tell the literals of a large group apart
//	report       ^ ^ ^ ^ ^ ^ ^ ^ ^ compare the literal, and what stands beside it
//
// The sift (sift.go) is most of the work. It is written in Go and, for amd64 with
// AVX2 and for arm64, in assembly that computes eight hashes at once. It does not
// report but lists the positions that pass, a block of text at a time, and each test
// behind it (pass.go) thins the list of the one before. None of them branches on what
// it sees: a branch that depends on the text is mispredicted, which costs as much as
// ten looks.
//
// Literals of three and four bytes have no two grams. They are found by three of
// their bytes and any fourth: see keys.go.
//
// Most places of a short literal are a part of a word, such as "pat" in "path". So a
// literal may come with the bytes that can stand beside it, and is reported there
// alone. Bytes that are in the same of all such sets are of one class (beside.go), so
// that a set is one word.
//
// A gram's case is folded by leaving out bits, which merges letters and some other
// bytes: a coarser test than is wanted, so never one that loses a literal; the
// comparison is exact. Testing a text for hashed blocks of a set, at a stride, is
// the idea of Wu and Manber ("A fast algorithm for multi-pattern searching", TR
// 94-17, 1994); choosing blocks by rarity replaces their skip table, of no use to
// short literals. Hashes that look up bits for many literals at once are also at
// the heart of Hyperscan's FDR (Wang et al., NSDI 2019).
//
// # Cost
//
// Time is linear in the text plus the hits and the grams met; README.md has
// figures. A compiled set of five thousand literals takes 1 MB, of which most text touches
// a quarter.
package prefilter

import (
	"cmp"
	"fmt"
	"slices"
)

// Hit is one occurrence of a literal: data[End-len(literal):End].
type Hit struct {
	Literal int32 // index into Compile's argument
	End     int32 // offset in the data given to Scan, exclusive
}

const (
	// MaxScan is the largest data that one Scan takes: ends must fit a Hit.
	MaxScan = 1<<31 - 1

	// MinLiteral is the length of the shortest literal that can be looked for.
	MinLiteral = 3
)

// Set is a compiled set of literals. Immutable; safe for concurrent use.
type Set struct {
	filter   filter
	table    table
	patterns []pattern
	long     map[int32][]byte // of literals that a pattern does not hold, the rest
	classes  classes          // of the bytes beside them
	maxLen   int
}

// Compile builds the set. Letters match without ASCII case. Literals may repeat
// and may be part of one another; each is reported at each of its places that fits
// its entry in beside, where that is not nil. A literal of less than MinLiteral bytes
// is an error.
func Compile(literals [][]byte, beside []Beside) (*Set, error) {
	s := &Set{patterns: make([]pattern, len(literals)), long: map[int32][]byte{}}
	keys := make([]keyed, 0, stride*len(literals))
	for i, lit := range literals {
		if len(lit) < MinLiteral {
			return nil, fmt.Errorf("literal %q: at least %d bytes are needed", lit, MinLiteral)
		}
		s.maxLen = max(s.maxLen, len(lit))
		s.patterns[i] = newPattern(lit)
		if len(lit) > inPattern {
			s.long[int32(i)] = lit[inPattern:]
		}
		for _, a := range anchors(lit) {
			s.filter.mark(a)
			s.table.open(a)
			keys = append(keys, keyed{slotOf(a.key | a.way), entry{int32(i), int32(a.offset)}})
		}
	}
	s.table.build(keys, s.patterns)
	if beside != nil {
		s.stand(beside)
	}
	return s, nil
}

// stand sets what can stand beside the literals.
func (s *Set) stand(beside []Beside) {
	sets := newByteSets()
	numbers := make([][2]uint32, len(beside))
	for i := range beside {
		if i > 0 && beside[i] == beside[i-1] { // as those of a rule mostly are
			numbers[i] = numbers[i-1]
			continue
		}
		numbers[i] = [2]uint32{sets.number(&beside[i].Before), sets.number(&beside[i].After)}
	}
	s.classes = sets.classes
	of := sets.classSets()
	for i, n := range numbers {
		s.patterns[i].before, s.patterns[i].after = of[n[0]], of[n[1]]
	}
}

// MaxLen is the length of the longest literal, in bytes.
func (s *Set) MaxLen() int { return s.maxLen }

// Scan appends to hits every occurrence that ends in data[from:] (End > from), roughly
// in order of place. Bytes before from serve as context, so a
// text can be scanned in pieces. len(data) is at most MaxScan.
func (s *Set) Scan(data []byte, from int, hits []Hit) []Hit {
	// A literal that ends after from starts after this.
	at := max(0, from-s.maxLen+1)
	if at >= len(data) {
		return hits
	}
	p := pass{set: s, data: data, from: from, hits: hits}
	for ; at < len(data); at += siftMost {
		if at >= behind && len(data)-at >= siftMost+ahead {
			p.look((*block)(data[at-behind:]), siftMost, at)
			continue
		}
		// Beyond the ends stand zeros, which belong to no literal: report looks at data alone.
		var b block
		before := min(at, behind)
		copy(b[behind-before:], data[at-before:])
		size := min(siftMost, (len(data)-at+siftStep-1)/siftStep*siftStep)
		p.look(&b, size, at)
	}
	if s.table.crowded { // a key's ways may have led to the same group
		return append(p.hits[:len(hits)], distinct(p.hits[len(hits):])...)
	}
	return p.hits
}

// distinct drops repeated hits.
func distinct(hits []Hit) []Hit {
	slices.SortFunc(hits, func(a, b Hit) int { return cmp.Or(cmp.Compare(a.End, b.End), cmp.Compare(a.Literal, b.Literal)) })
	return slices.Compact(hits)
}
