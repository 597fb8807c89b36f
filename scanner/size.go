package scanner

import (
	"regexp/syntax"
	"unicode/utf8"
)

// span is a range of byte counts; max is unbounded where there is no bound. In a
// text of ASCII alone, narrow is the most: a quarter of max, mostly.
type span struct{ min, max, narrow int }

const unbounded = 1 << 30

func (a span) plus(b span) span {
	return span{min(a.min+b.min, unbounded), min(a.max+b.max, unbounded), min(a.narrow+b.narrow, unbounded)}
}

// or is the span of what has either.
func (a span) or(b span) span {
	return span{min(a.min, b.min), max(a.max, b.max), max(a.narrow, b.narrow)}
}

// times is the span of n to most rounds; most is negative where there is no bound.
func (a span) times(n, most int) span {
	s := span{min(a.min*n, unbounded), unbounded, unbounded}
	if most >= 0 && a.max < unbounded {
		s.max = min(a.max*most, unbounded)
	}
	if most >= 0 && a.narrow < unbounded {
		s.narrow = min(a.narrow*most, unbounded)
	}
	return s
}

// sizeOf is how many bytes a regex matches.
func sizeOf(re *syntax.Regexp) span {
	switch re.Op {
	case syntax.OpLiteral:
		size := len(string(re.Rune))
		if re.Flags&syntax.FoldCase != 0 { // a folded letter can be wider than its ASCII form
			return span{size, size + 2*len(re.Rune), size}
		}
		return span{size, size, size}
	case syntax.OpCharClass:
		return sizeOfClass(re.Rune)
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return span{1, utf8.UTFMax, 1}
	case syntax.OpCapture:
		return sizeOf(re.Sub[0])
	case syntax.OpConcat:
		var all span
		for _, sub := range re.Sub {
			all = all.plus(sizeOf(sub))
		}
		return all
	case syntax.OpAlternate:
		any := sizeOf(re.Sub[0])
		for _, sub := range re.Sub[1:] {
			any = any.or(sizeOf(sub))
		}
		return any
	case syntax.OpQuest:
		return span{}.or(sizeOf(re.Sub[0]))
	case syntax.OpStar:
		return span{0, unbounded, unbounded}
	case syntax.OpPlus:
		return sizeOf(re.Sub[0]).times(1, -1)
	case syntax.OpRepeat:
		return sizeOf(re.Sub[0]).times(re.Min, re.Max)
	}
	return span{} // assertions, and what matches nothing
}

// sizeOfClass is how many bytes a code point of a class takes.
func sizeOfClass(class []rune) span {
	size := span{utf8.UTFMax, 1, 1}
	for i := 0; i < len(class); i += 2 {
		size.min = min(size.min, utf8.RuneLen(max(class[i], 0)))
		size.max = max(size.max, runeLen(class[i+1]))
	}
	size.min = max(size.min, 1)
	return size
}

func runeLen(r rune) int {
	if n := utf8.RuneLen(r); n > 0 {
		return n
	}
	return utf8.UTFMax
}
