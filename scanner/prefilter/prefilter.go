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
//	table            another hash of the same: "cret" -> ("secret_key", 2)
//	entry        ^^^^^^^^^^ compare, eight bytes to either side, without case
//
// The sift (sift.go) is most of the work. It is written in Go and, for amd64 with
// AVX2 and for arm64, in assembly that computes eight hashes at once. The sift
// does not report but lists the positions that pass, a block of text at a time, and
// the table's record of used slots thins that list. Neither branches on what it
// sees: a branch that depends on the text is mispredicted, which costs as much as
// ten looks.
//
// Literals of three and four bytes have no two grams. They are found by three of
// their bytes and any fourth: see keys.go.
//
// Most places of a short literal are a part of a word, such as "pat" in "path". So a
// literal may come with the bytes that can stand beside it, and is reported there
// alone.
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
// figures. A compiled set of a thousand literals takes about 300 KB.
package prefilter

import (
	"fmt"
	"math"
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

// Bytes is a set of bytes.
type Bytes [4]uint64

func (s *Bytes) has(b byte) bool { return s[b>>6]>>(b&63)&1 != 0 }

// Beside is what can stand before and after a literal that is of use. At the ends of
// a text anything can.
type Beside struct{ Before, After Bytes }

// Set is a compiled set of literals. Immutable; safe for concurrent use.
type Set struct {
	filter   filter
	table    table
	patterns []pattern
	beside   []Bytes // each set once, for the entries
	maxLen   int
}

// Compile builds the set. Letters match without ASCII case. Literals may repeat
// and may be part of one another; each is reported at each of its places that fits
// its entry in beside, where that is not nil. A literal of less than MinLiteral bytes
// is an error.
func Compile(literals [][]byte, beside []Beside) (*Set, error) {
	s := &Set{patterns: make([]pattern, len(literals))}
	sets := byteSets{known: map[Bytes]uint16{}}
	keys := make([]keyed, 0, stride*len(literals))
	for i, lit := range literals {
		if len(lit) < MinLiteral {
			return nil, fmt.Errorf("literal %q: at least %d bytes are needed", lit, MinLiteral)
		}
		s.maxLen = max(s.maxLen, len(lit))
		var before, after uint16
		if beside != nil {
			before, after = sets.number(&beside[i].Before), sets.number(&beside[i].After)
		}
		for _, a := range anchors(lit) {
			s.filter.mark(a.key, a.way)
			e := entry{literal: int32(i), offset: int32(a.offset), size: int32(len(lit)), before: before, after: after}
			if !e.near(lit) {
				s.patterns[i] = newPattern(lit)
			}
			keys = append(keys, keyed{slotOf(a.key | a.way), e})
		}
	}
	s.table.build(keys)
	s.beside = sets.all
	return s, nil
}

// byteSets numbers sets of bytes, from one; zero stands for all bytes.
type byteSets struct {
	all   []Bytes
	known map[Bytes]uint16
}

var allBytes = Bytes{1<<64 - 1, 1<<64 - 1, 1<<64 - 1, 1<<64 - 1}

func (s *byteSets) number(set *Bytes) uint16 {
	if *set == allBytes || len(s.all) == math.MaxUint16 {
		return 0
	}
	n, ok := s.known[*set]
	if !ok {
		s.all = append(s.all, *set)
		n = uint16(len(s.all))
		s.known[*set] = n
	}
	return n
}

// MaxLen is the length of the longest literal, in bytes.
func (s *Set) MaxLen() int { return s.maxLen }

// Scan appends to hits every occurrence that ends in data[from:] (End > from),
// in order of the places of the grams. Bytes before from serve as context, so a
// text can be scanned in pieces. len(data) is at most MaxScan.
func (s *Set) Scan(data []byte, from int, hits []Hit) []Hit {
	// A literal that ends after from starts after this.
	at := max(0, from-s.maxLen+1)
	if at >= len(data) {
		return hits
	}
	p := pass{set: s, data: data, from: from, hits: hits}
	for len(data)-at >= siftStep+lookahead {
		size := min(siftMost, (len(data)-at-lookahead)/siftStep*siftStep)
		p.block(data[at:at+size+lookahead], at)
		at += size
	}
	// What is left is followed by zeros, which belong to no literal: try looks at
	// data alone.
	var rest [2*siftStep + lookahead]byte
	copy(rest[:], data[at:])
	p.block(rest[:], at)
	return p.hits
}
