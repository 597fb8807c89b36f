package scanner

import (
	"math/bits"
	"regexp/syntax"
	"slices"
	"unicode/utf8"
)

// Automata. What a profile and the fences let pass is mostly still no match, and a
// general regular expression takes microseconds to say so. So for each literal the
// parts of the regex to either side of it become an automaton of bytes, which is
// run away from the literal until no path is left: mostly a few bytes, at about a
// nanosecond each. Only what both automata let pass meets the regex itself, which
// alone decides and knows the groups.
//
// The automaton is Thompson's (K. Thompson, "Regular Expression Search Algorithm",
// 1968), made deterministic while it runs (see subsets). Assertions are states that
// look at the symbol before or behind them: a byte, or the text's edge. It accepts
// more than the regex does: a code point may be followed by any number of bytes beyond
// ASCII, and a repetition whose count varies much has no upper bound. That keeps the
// sets of states, and so the cost of a rule that is tried a few times, small.

const (
	maxCount    = 64  // rounds of a repetition that are counted
	maxOptional = 4   // rounds that may be left out of one that has an upper bound
	maxStates   = 512 // of an automaton; a larger one is not made
	maxSets     = 128 // of symbols, likewise
)

// A symbol is a byte or one of these.
const (
	edge      = 256 // where the text ends
	anySymbol = 257 // may be one or another
)

// stateKind tells what an automaton's state does.
type stateKind uint8

const (
	stateByte   stateKind = iota // takes a byte of its set and goes on at out
	stateLook                    // goes on at out where a symbol of its set comes next
	stateAfter                   // goes on at out where one came before
	stateFork                    // goes on at out and at other
	stateAccept                  // the parts have matched
)

type state struct {
	kind       stateKind
	set        uint8 // of the automaton's sets
	out, other uint16
}

// holds reports whether a symbol may be one of the set.
func (s *placeSet) holds(symbol int) bool {
	return symbol == anySymbol || symbol == edge && s.end || symbol < edge && s.has(byte(symbol))
}

// automaton is the parts to one side of a literal. Immutable.
type automaton struct {
	states  []state
	start   uint16
	before  int // the symbol that comes first: the literal's
	sets    []placeSet
	class   [edge + 1]uint8 // of the symbols that no set tells apart
	classes int
	gaps    []gap
}

// gap is a part that takes any text. While it does, the states that lead to an end
// through it alone say no more than it does.
type gap struct {
	at     uint16 // its state that takes a byte
	within []bool // by state: it is one of those
}

// newAutomaton makes the automaton of a sequence of parts in the order in which
// they are met going away from the literal, whose nearest symbol is before. A nil part
// stands for what is not known. It returns nil where the parts can match no bytes at
// all, and so tell nothing, and where there are too many of them.
func newAutomaton(parts []*syntax.Regexp, backward bool, before int) *automaton {
	b := &automatonBuilder{backward: backward, automaton: &automaton{states: []state{{kind: stateAccept}}, before: before}}
	if i := slices.Index(parts, nil); i >= 0 {
		parts = parts[:i]
	}
	for i := len(parts) - 1; i >= 0; i-- { // each leads to the one behind it
		b.start = b.part(parts[i], b.start)
	}
	d := subsets{automaton: b.automaton, marked: make([]bool, len(b.states))}
	if b.full || d.enter(b.start, before) {
		return nil
	}
	b.classify()
	for i := range b.gaps {
		b.enclose(&b.gaps[i])
	}
	return b.automaton
}

// enclose finds the states from which no path that leaves out a gap leads to the end.
func (a *automaton) enclose(g *gap) {
	free := make([]bool, len(a.states))
	for changed := true; changed; {
		changed = false
		for i := range a.states { // what a state leads to is before it, but in loops
			s := &a.states[i]
			if !free[i] && (s.kind == stateAccept || free[s.out] || s.kind == stateFork && free[s.other]) && a.states[i].out != g.at {
				free[i], changed = true, true
			}
		}
	}
	for i, f := range free {
		free[i] = !f && i != int(g.at)
	}
	g.within = free
}

// classify numbers the classes of symbols: those that are in the same sets. The bytes
// beyond ASCII are one class, as every set holds all of them or none.
func (a *automaton) classify() {
	const wide, end = utf8.RuneSelf, utf8.RuneSelf + 1
	var within [end + 1][maxSets / 64]uint64 // by symbol: the sets that hold it
	for i := range a.sets {
		set := &a.sets[i]
		part, bit := i/64, uint64(1)<<(i%64)
		for word := range 2 {
			for left := set.byteSet[word]; left != 0; left &= left - 1 {
				within[64*word+bits.TrailingZeros64(left)][part] |= bit
			}
		}
		if set.has(wide) {
			within[wide][part] |= bit
		}
		if set.end {
			within[end][part] |= bit
		}
	}
	var sets [][maxSets / 64]uint64 // by class
	class := 0
	for at := range within {
		if class >= len(sets) || sets[class] != within[at] { // neighbours are alike, mostly
			if class = slices.Index(sets, within[at]); class < 0 {
				class = len(sets)
				sets = append(sets, within[at])
			}
		}
		a.class[at] = uint8(class)
	}
	a.class[edge] = uint8(class)
	for b := wide + 1; b < edge; b++ {
		a.class[b] = a.class[wide]
	}
	a.classes = len(sets)
}

type automatonBuilder struct {
	*automaton
	backward bool
	full     bool
}

func (b *automatonBuilder) add(s state) uint16 {
	if len(b.states) == maxStates {
		b.full = true
		return 0
	}
	b.states = append(b.states, s)
	return uint16(len(b.states) - 1)
}

// bytes adds a state that takes a byte of the set.
func (b *automatonBuilder) bytes(set byteSet, out uint16) uint16 {
	return b.symbols(stateByte, placeSet{byteSet: set}, out)
}

// symbols adds a state that asks for a symbol of the set.
func (b *automatonBuilder) symbols(kind stateKind, set placeSet, out uint16) uint16 {
	i := slices.Index(b.sets, set)
	if i < 0 {
		i = len(b.sets)
		if i == maxSets {
			b.full = true
			return 0
		}
		b.sets = append(b.sets, set)
	}
	return b.add(state{kind: kind, set: uint8(i), out: out})
}

// beside adds an assertion on the symbol to the right in the text, or to the left.
func (b *automatonBuilder) beside(right bool, set placeSet, out uint16) uint16 {
	if right != b.backward {
		return b.symbols(stateLook, set, out)
	}
	return b.symbols(stateAfter, set, out)
}

// boundary adds an assertion that there is a word byte on one side alone, or else on
// both or neither.
func (b *automatonBuilder) boundary(between bool, out uint16) uint16 {
	word, other := placeSet{}, placeSet{nonWord, true}
	for i := range nonWord {
		word.byteSet[i] = ^nonWord[i]
	}
	behindWord, behindOther := word, other
	if between {
		behindWord, behindOther = other, word
	}
	return b.add(state{
		kind:  stateFork,
		out:   b.symbols(stateAfter, word, b.symbols(stateLook, behindWord, out)),
		other: b.symbols(stateAfter, other, b.symbols(stateLook, behindOther, out)),
	})
}

// part adds what re matches in front of next, and returns where it starts.
func (b *automatonBuilder) part(re *syntax.Regexp, next uint16) uint16 {
	if b.full {
		return next
	}
	switch re.Op {
	case syntax.OpLiteral:
		for i := range re.Rune {
			r := re.Rune[len(re.Rune)-1-i]
			if b.backward {
				r = re.Rune[i]
			}
			next = b.codePoint(literalClass(r, re.Flags&syntax.FoldCase != 0), next)
		}
		return next
	case syntax.OpCharClass:
		return b.codePoint(re.Rune, next)
	case syntax.OpAnyChar:
		return b.codePoint(anyRune, next)
	case syntax.OpAnyCharNotNL:
		return b.codePoint(anyButNewline, next)
	case syntax.OpCapture:
		return b.part(re.Sub[0], next)
	case syntax.OpConcat:
		for i := range re.Sub {
			sub := re.Sub[len(re.Sub)-1-i]
			if b.backward {
				sub = re.Sub[i]
			}
			next = b.part(sub, next)
		}
		return next
	case syntax.OpAlternate:
		start := b.part(re.Sub[0], next)
		for _, sub := range re.Sub[1:] {
			start = b.add(state{kind: stateFork, out: start, other: b.part(sub, next)})
		}
		return start
	case syntax.OpQuest:
		return b.add(state{kind: stateFork, out: b.part(re.Sub[0], next), other: next})
	case syntax.OpStar:
		return b.rounds(re.Sub[0], 0, -1, next)
	case syntax.OpPlus:
		return b.rounds(re.Sub[0], 1, -1, next)
	case syntax.OpRepeat:
		return b.rounds(re.Sub[0], re.Min, re.Max, next)
	case syntax.OpBeginText:
		return b.beside(false, placeSet{end: true}, next)
	case syntax.OpEndText:
		return b.beside(true, placeSet{end: true}, next)
	case syntax.OpBeginLine:
		return b.beside(false, placeSet{newline, true}, next)
	case syntax.OpEndLine:
		return b.beside(true, placeSet{newline, true}, next)
	case syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return b.boundary(re.Op == syntax.OpWordBoundary, next)
	case syntax.OpNoMatch:
		return b.bytes(byteSet{}, next)
	}
	return next // it is empty
}

// rounds adds a repetition; most is negative where there is no bound.
func (b *automatonBuilder) rounds(sub *syntax.Regexp, least, most int, next uint16) uint16 {
	if least > maxCount || most > least+maxOptional {
		most = -1
	}
	least = min(least, maxCount)
	start := next
	if most < 0 {
		start = b.add(state{kind: stateFork, other: next})
		out := b.part(sub, start)
		b.states[start].out = out
		if sub.Op == syntax.OpAnyChar {
			b.gaps = append(b.gaps, gap{at: out})
		}
	}
	for range most - least {
		start = b.add(state{kind: stateFork, out: b.part(sub, start), other: next})
	}
	for range least {
		start = b.part(sub, start)
	}
	return start
}

// codePoint adds one code point of a class: a byte, and where it can be beyond
// ASCII any number of such bytes.
func (b *automatonBuilder) codePoint(class []rune, next uint16) uint16 {
	var set byteSet
	if addBytes(&set, class) {
		more := b.add(state{kind: stateFork, other: next})
		b.states[more].out = b.bytes(beyondASCII, more)
		next = more
	}
	return b.bytes(set, next)
}
