package scanner

import (
	"bytes"
	"regexp/syntax"
)

// Fences. A profile ends at the first part of unbounded length, such as the user
// name of `://user:password@`. But where a single byte must follow such a part,
// the text up to it can hold only bytes that the parts so far allow. So a hit can
// be dropped by running over the text until that byte, or until one that no part
// allows: mostly a few bytes.

// maxFences is how many such bytes are looked for in turn.
const maxFences = 4

// fence says that a byte, end, must follow after nothing but bytes of inside.
// inside is the union over all parts back to the literal: the first place of an
// earlier fence's byte need not be the one that the regex takes.
type fence struct {
	inside byteSet
	end    byte
}

// newFences derives the fences from the parts that follow a literal.
func newFences(nodes []*syntax.Regexp) []fence {
	f := &fencer{}
	for _, n := range nodes {
		if n == nil || !f.node(n) {
			break
		}
	}
	return f.fences
}

type fencer struct {
	fences []fence
	inside byteSet
	loose  bool // something of variable length came since the last fence
}

// node adds a part; false ends the derivation.
func (f *fencer) node(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpCapture:
		return f.node(re.Sub[0])
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			if !f.node(sub) {
				return false
			}
		}
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			fold := re.Flags&syntax.FoldCase != 0 && r < 0x80 && isLetter(byte(r))
			if f.loose && r < 0x80 && !fold {
				f.fences = append(f.fences, fence{f.inside, byte(r)})
				f.loose = false
			}
			addBytes(&f.inside, literalClass(r, fold))
		}
		return len(f.fences) < maxFences
	default:
		f.loose = true
		f.inside.addAll(bytesOf(re))
	}
	return true
}

// bytesOf is the set of all bytes that a match of re can hold.
func bytesOf(re *syntax.Regexp) *byteSet {
	var s byteSet
	switch re.Op {
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			addBytes(&s, literalClass(r, re.Flags&syntax.FoldCase != 0))
		}
	case syntax.OpCharClass:
		addBytes(&s, re.Rune)
	case syntax.OpAnyChar:
		addBytes(&s, anyRune)
	case syntax.OpAnyCharNotNL:
		addBytes(&s, anyButNewline)
	}
	for _, sub := range re.Sub {
		s.addAll(bytesOf(sub))
	}
	return &s
}

// jump reports whether the fences stand behind text[at:limit] in turn, and where it
// has seen that.
func jump(fences []fence, text []byte, at, limit int) (seen int, ok bool) {
	for i := range fences {
		f := &fences[i]
		if f.inside == allBytes {
			n := bytes.IndexByte(text[at:limit], f.end)
			if n < 0 {
				return limit, false
			}
			at += n + 1
			continue
		}
		for {
			if at >= limit {
				return at, false
			}
			c := text[at]
			at++
			if c == f.end {
				break
			}
			if !f.inside.has(c) {
				return at, false
			}
		}
	}
	return at, true
}
