package scanner

import (
	"regexp/syntax"
	"unicode/utf8"
)

// leastInner is how many bytes a text has at least that is looked for by itself: the
// fences look for single ones.
const leastInner = 2

// innerOf returns the longest text, in its case, that every match of the parts holds, such
// as the first letters of a token. To look for it takes a tenth of what an automaton
// takes. It is nil if there is none, and looks no farther than the first nil part.
func innerOf(parts []*syntax.Regexp) []byte {
	longest := ""
	for _, re := range parts {
		if re == nil {
			break
		}
		text := ""
		switch re.Op {
		case syntax.OpCapture, syntax.OpConcat:
			text = string(innerOf(re.Sub))
		case syntax.OpLiteral:
			text = exactPart(re)
		}
		if len(text) > len(longest) {
			longest = text
		}
	}
	if len(longest) < leastInner {
		return nil
	}
	return []byte(longest)
}

// exactPart returns the longest part of a literal that does not depend on case.
func exactPart(re *syntax.Regexp) string {
	longest, start := "", 0
	for i, r := range re.Rune {
		if r >= utf8.RuneSelf || re.Flags&syntax.FoldCase != 0 && isLetter(byte(r)) {
			start = i + 1
		} else if i+1-start > len(longest) {
			longest = string(re.Rune[start : i+1])
		}
	}
	return longest
}
