// Package prefilter finds every occurrence of every literal of a set in one
// pass over the bytes, ASCII case folded.
//
// # Algorithm
//
// Of each literal one gram of four bytes is chosen: the one expected to be
// rarest in text (see rarity.go). The text is read through a filter that asks, at
// every position, whether the four bytes there may be a chosen gram; only then is
// a hash table asked which literals hold that gram, and each is compared.
//
//	text     . . s e c r e t _ k e y . .
//	position       ^ the gram "ret_" of the literal "secret_key"
//	filter         bit hash("ret_") of 2^18 bits = 32 KB, a core's first cache
//	table          "ret_" -> (secret_key, 3): compare 3 bytes back
//
// A byte's case is folded by setting its bit 0x20, which merges letters and some
// other pairs of bytes: a coarser test than is wanted, so never one that loses a
// literal; the comparison is exact. The hash is multiplicative (Knuth, TAOCP 3,
// 6.4). The idea of testing a text for hashed blocks of a set is that of Wu and
// Manber ("A fast algorithm for multi-pattern searching", TR 94-17, 1994); they
// skip by the shortest literal, which is too short here to gain by it.
//
// # Cost
//
// Eight bytes are loaded at once and four positions tested with one branch, which
// is rarely taken, so the loop's speed hardly depends on the number of literals.
// Time is linear in the text plus the hits and the grams met.
package prefilter

import (
	"encoding/binary"
	"fmt"
	"math/bits"
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

	gram       = 4
	folds      = 0x20202020
	filterBits = 18
	sieveBits  = 16
)

// Set is a compiled set of literals. Immutable; safe for concurrent use.
type Set struct {
	filter [1 << filterBits / 64]uint64
	sieve  [1 << sieveBits / 64]uint64
	table  table
	short  table // literals of three bytes, by those alone
	maxLen int
}

// entry is a literal that holds a gram.
type entry struct {
	text    string // folded exactly: A-Z to a-z
	literal int32
	offset  int32 // of the gram in it
}

// Compile builds the set. Letters match without ASCII case. Literals may repeat
// and may be part of one another; each is reported at each of its places. One of
// less than MinLiteral bytes is an error.
func Compile(literals [][]byte) (*Set, error) {
	s := &Set{}
	for i, lit := range literals {
		if len(lit) < MinLiteral {
			return nil, fmt.Errorf("literal %q: at least %d bytes are needed", lit, MinLiteral)
		}
		s.maxLen = max(s.maxLen, len(lit))
		e := entry{text: fold(lit), literal: int32(i)}
		if len(lit) < gram {
			// Whatever byte follows: 128 grams, for folding merges the rest.
			key := key3(e.text)
			s.short.add(key, e)
			for next := range uint32(256) {
				s.mark(key | next<<24 | folds)
			}
			continue
		}
		e.offset = int32(rarest(e.text))
		key := key4(e.text[e.offset:])
		s.table.add(key, e)
		s.mark(key)
	}
	s.table.build()
	s.short.build()
	return s, nil
}

// MaxLen is the length of the longest literal, in bytes.
func (s *Set) MaxLen() int { return s.maxLen }

func fold(lit []byte) string {
	out := make([]byte, len(lit))
	for i, c := range lit {
		out[i] = lower(c)
	}
	return string(out)
}

// lower folds ASCII letters alone.
func lower(c byte) byte {
	if c-'A' < 26 {
		return c + 0x20
	}
	return c
}

func key4(s string) uint32 {
	return (uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24) | folds
}

func key3(s string) uint32 {
	return (uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16) | folds&0xFFFFFF
}

func hash(key uint32) uint32   { return key * 0x9E3779B1 >> (32 - filterBits) }
func second(key uint32) uint32 { return (key ^ key>>15) * 0x85EBCA77 >> (32 - sieveBits) }

func (s *Set) mark(key uint32) {
	h := hash(key)
	s.filter[h>>6] |= 1 << (h & 63)
	h = second(key)
	s.sieve[h>>6] |= 1 << (h & 63)
}

// Scan appends to hits every occurrence that ends in data[from:] (End > from),
// in order of the places of the grams. Bytes before from serve as context, so a
// text can be scanned in pieces. len(data) is at most MaxScan.
func (s *Set) Scan(data []byte, from int, hits []Hit) []Hit {
	// A literal that ends after from starts after this, and its gram too.
	at := max(0, from-s.maxLen+1)
	for ; at+8 <= len(data); at += 4 {
		w := binary.LittleEndian.Uint64(data[at:]) | folds<<32 | folds
		h0, h1, h2, h3 := hash(uint32(w)), hash(uint32(w>>8)), hash(uint32(w>>16)), hash(uint32(w>>24))
		pass := s.filter[h0>>6]>>(h0&63)&1 | s.filter[h1>>6]>>(h1&63)&1<<1 |
			s.filter[h2>>6]>>(h2&63)&1<<2 | s.filter[h3>>6]>>(h3&63)&1<<3
		for ; pass != 0; pass &= pass - 1 {
			i := bits.TrailingZeros64(pass)
			hits = s.try(data, at+i, uint32(w>>(8*i)), from, hits)
		}
	}
	return s.tail(data, at, from, hits)
}

// tail tries the last positions, where eight bytes cannot be loaded.
func (s *Set) tail(data []byte, at, from int, hits []Hit) []Hit {
	var end [16]byte
	n := copy(end[:], data[min(at, len(data)):])
	for i := range n {
		key := binary.LittleEndian.Uint32(end[i:]) | folds
		if h := hash(key); s.filter[h>>6]>>(h&63)&1 != 0 {
			hits = s.try(data, at+i, key, from, hits)
		}
	}
	return hits
}

// try reports the literals whose gram stands at data[at:]; key is those four
// bytes with their case bits set, and has passed the filter. Most that pass are no
// gram: another hash, on a table small enough to stay near, drops those.
func (s *Set) try(data []byte, at int, key uint32, from int, hits []Hit) []Hit {
	if h := second(key); s.sieve[h>>6]>>(h&63)&1 == 0 {
		return hits
	}
	hits = report(s.table.find(key), data, at, from, hits)
	if len(s.short.keys) > 0 {
		hits = report(s.short.find(key&0xFFFFFF), data, at, from, hits)
	}
	return hits
}

func report(entries []entry, data []byte, at, from int, hits []Hit) []Hit {
	for i := range entries {
		e := &entries[i]
		start := at - int(e.offset)
		end := start + len(e.text)
		if start >= 0 && end > from && end <= len(data) && equal(e.text, data[start:end]) {
			hits = append(hits, Hit{e.literal, int32(end)})
		}
	}
	return hits
}

func equal(folded string, text []byte) bool {
	for i, c := range text {
		if lower(c) != folded[i] {
			return false
		}
	}
	return true
}
