// Package prefilter finds every occurrence of every literal of a set in one
// pass over the bytes, ASCII case folded.
//
// The matcher is an Aho-Corasick automaton (Aho and Corasick, "Efficient string
// matching: an aid to bibliographic search", CACM 18(6), 1975) made dense: every
// state has a successor for every class of bytes, so that the loop does two
// loads a byte and never follows a failure link. Bytes that no literal tells
// apart share a class, which keeps the table small enough for a core's cache:
//
//	class[b] -> column            256 bytes
//	next[state+column] -> state   states x columns x 4 bytes
//
// A state is stored as its row's offset. Rows of states that end a literal
// come last, so one comparison a byte tells whether there is anything to report.
//
// Cost: time linear in the text plus the hits; table linear in the literals'
// total length.
package prefilter

import (
	"errors"
	"fmt"
)

// Hit is one occurrence of a literal: data[End-len(literal):End].
type Hit struct {
	Literal int32 // index into Compile's argument
	End     int32 // offset in the data given to Scan, exclusive
}

// MaxScan is the largest data that one Scan takes: ends must fit a Hit.
const MaxScan = 1<<31 - 1

// Set is a compiled set of literals. Immutable; safe for concurrent use.
type Set struct {
	class  [256]uint8
	next   []uint32
	first  uint32    // offset of the first row that ends a literal
	stride uint32    // columns
	ends   [][]int32 // literals that end at row (offset-first)/stride, longest first
	maxLen int
}

// ErrEmpty is returned for a literal without bytes.
var ErrEmpty = errors.New("empty literal")

// Compile builds the automaton. Letters match without ASCII case. Literals may
// repeat and may be part of one another; each is reported at each of its places.
func Compile(literals [][]byte) (*Set, error) {
	s := &Set{}
	folded := make([][]byte, len(literals))
	for i, lit := range literals {
		if len(lit) == 0 {
			return nil, fmt.Errorf("literal %d: %w", i, ErrEmpty)
		}
		folded[i] = fold(lit)
		s.maxLen = max(s.maxLen, len(lit))
	}
	s.classify(folded)
	t := s.trie(folded)
	t.link()
	s.pack(t)
	return s, nil
}

// MaxLen is the length of the longest literal, in bytes.
func (s *Set) MaxLen() int { return s.maxLen }

// Scan appends to hits every occurrence that ends in data[from:] (End > from),
// in order of End and then longest first. Bytes before from serve as context, so
// a text can be scanned in pieces. len(data) is at most MaxScan.
func (s *Set) Scan(data []byte, from int, hits []Hit) []Hit {
	if s.maxLen == 0 {
		return hits
	}
	state := uint32(0)
	next, first := s.next, s.first
	for _, c := range data[max(0, from-s.maxLen+1):from] {
		state = next[state+uint32(s.class[c])]
	}
	for i, c := range data[from:] {
		state = next[state+uint32(s.class[c])]
		if state >= first {
			for _, lit := range s.ends[(state-first)/s.stride] {
				hits = append(hits, Hit{lit, int32(from + i + 1)})
			}
		}
	}
	return hits
}

// fold lowers ASCII letters only: bytes.ToLower would rewrite invalid UTF-8.
func fold(lit []byte) []byte {
	out := make([]byte, len(lit))
	for i, c := range lit {
		if c-'A' < 26 {
			c += 'a' - 'A'
		}
		out[i] = c
	}
	return out
}

// classify gives each byte that occurs in a literal a column of its own, upper
// and lower case sharing one, and all other bytes column 0.
func (s *Set) classify(literals [][]byte) {
	n := uint8(0)
	for _, lit := range literals {
		for _, c := range lit {
			if s.class[c] == 0 {
				n++
				s.class[c] = n
			}
		}
	}
	for c := 'a'; c <= 'z'; c++ {
		s.class[c-'a'+'A'] = s.class[c]
	}
	s.stride = uint32(n) + 1
}

// trie is the automaton under construction, states numbered as made.
type trie struct {
	stride int
	next   []int32 // state*stride+column -> state, 0 where there is none
	fail   []int32
	ends   [][]int32
	order  []int32 // states, breadth first
}

func (s *Set) trie(literals [][]byte) *trie {
	t := &trie{stride: int(s.stride)}
	t.add()
	for i, lit := range literals {
		state := int32(0)
		for _, c := range lit {
			at := int(state)*t.stride + int(s.class[c])
			if t.next[at] == 0 {
				state = t.add()
				t.next[at] = state
			}
			state = t.next[at]
		}
		t.ends[state] = append(t.ends[state], int32(i))
	}
	return t
}

func (t *trie) add() int32 {
	t.next = append(t.next, make([]int32, t.stride)...)
	t.ends = append(t.ends, nil)
	t.fail = append(t.fail, 0)
	return int32(len(t.ends) - 1)
}

// link fills every missing transition from the failure state, breadth first, so
// that a state's failure row is complete before it is read.
func (t *trie) link() {
	t.order = append(t.order, 0)
	for n := 0; n < len(t.order); n++ {
		state := t.order[n]
		fail := t.fail[state]
		for c := range t.stride {
			at := int(state)*t.stride + c
			child := t.next[at]
			through := t.next[int(fail)*t.stride+c]
			switch {
			case child == 0:
				t.next[at] = through
				continue
			case state != 0:
				t.fail[child] = through
				t.ends[child] = append(t.ends[child], t.ends[through]...)
			}
			t.order = append(t.order, child)
		}
	}
}

// pack renumbers the states so that those ending a literal come last.
func (s *Set) pack(t *trie) {
	row := make([]uint32, len(t.ends))
	n := uint32(0)
	for _, ending := range []bool{false, true} {
		if ending {
			s.first = n * s.stride
		}
		for _, state := range t.order {
			if (len(t.ends[state]) > 0) == ending {
				row[state] = n * s.stride
				n++
				if ending {
					s.ends = append(s.ends, t.ends[state])
				}
			}
		}
	}
	s.next = make([]uint32, len(t.next))
	for state, from := range row {
		for c := range t.stride {
			s.next[int(from)+c] = row[t.next[state*t.stride+c]]
		}
	}
}
