package scanner

import (
	"math/bits"
	"regexp/syntax"
)

// Runs. The random part of a credential is a run of characters of one class, mostly
// of known length with another character to either side: `[ "=]([0-9a-f]{32})\b`.
// Where every match of a regex must hold such a run, a window without one is dropped
// before the regex looks at it. To see that there is none takes a look at every
// least-th byte, and a few around those that are of the class.

const (
	leastRun = 8  // shorter runs stand everywhere
	mostRun  = 80 // bytes of the largest ASCII class that tells anything
)

// run says that each match holds at least least bytes of a set in a row, and no more
// than most where that is not zero. The zero value says nothing.
type run struct {
	set         byteSet
	least, most int
}

// newRun derives the longest run that every match of re must hold. What stands
// beside the match is rims.
func newRun(re *syntax.Regexp, beside rims) run {
	best := findRun(re, beside)
	if best.least < leastRun || bits.OnesCount64(best.set[0])+bits.OnesCount64(best.set[1]) > mostRun {
		return run{}
	}
	return best
}

func findRun(re *syntax.Regexp, beside rims) run {
	switch re.Op {
	case syntax.OpCapture:
		return findRun(re.Sub[0], beside)
	case syntax.OpPlus:
		return findRun(re.Sub[0], anywhere)
	case syntax.OpConcat:
		var best run
		for i, sub := range re.Sub {
			r := findRun(sub, rims{
				left:  beside.left.behind(re.Sub[:i]),
				right: beside.right.ahead(re.Sub[i+1:]),
			})
			if r.least > best.least {
				best = r
			}
		}
		return best
	case syntax.OpAlternate: // whichever part matches
		best := findRun(re.Sub[0], beside)
		for _, sub := range re.Sub[1:] {
			r := findRun(sub, beside)
			if best.set != r.set || best.most == 0 || r.most == 0 {
				best.most, r.most = 0, 0
			}
			best.set.addAll(&r.set)
			best.least, best.most = min(best.least, r.least), max(best.most, r.most)
		}
		return best
	case syntax.OpRepeat:
		if re.Min == 0 {
			break
		}
		best := findRun(re.Sub[0], anywhere)
		if re.Sub[0].Op == syntax.OpCharClass && re.Min > best.least {
			best = run{set: *bytesOf(re.Sub[0]), least: re.Min}
			if beside.left.parts(&best.set) && beside.right.parts(&best.set) {
				best.most = max(re.Max, 0)
			}
		}
		return best
	}
	return run{}
}

// in reports whether the text holds the run. One that goes on beyond the text's ends
// may be longer than is seen.
func (r *run) in(text []byte) bool {
	if r.least == 0 {
		return true
	}
	// Any run that starts at from or behind it is yet to be found. One that starts
	// in text[from:at+1] would hold text[at].
	long := false // a longer run goes on at from
	for from := 0; from+r.least <= len(text); {
		at := from + r.least - 1
		for at >= from && r.set.has(text[at]) {
			at--
		}
		if at >= from {
			from, long = at+1, false
			continue
		}
		end := from + r.least
		if !long {
			for r.most > 0 && end < len(text) && end-from <= r.most && r.set.has(text[end]) {
				end++
			}
			if r.most == 0 || end-from <= r.most {
				return true
			}
		}
		from, long = end, true
	}
	return false
}

// rims are what can stand on either side of a part of a regex.
type rims struct{ left, right rim }

// anywhere is beside a part of which nothing is known.
var anywhere = rims{rim{open: true}, rim{open: true}}

// rim is what can stand on one side of a part: a byte of the set, or the text's end.
type rim struct {
	set      byteSet
	boundary bool // or whatever \b tells from the part
	open     bool // or anything
}

func (r rim) or(o rim) rim {
	r.set.addAll(&o.set)
	return rim{r.set, r.boundary || o.boundary, r.open || o.open}
}

// parts reports whether no byte of the class can stand there.
func (r rim) parts(class *byteSet) bool {
	for i := range class {
		if class[i]&r.set[i] != 0 || r.boundary && class[i]&nonWord[i] != 0 {
			return false
		}
	}
	return !r.open
}

// ahead is the rim before the parts, where r is the one behind them.
func (r rim) ahead(parts []*syntax.Regexp) rim {
	for i := len(parts) - 1; i >= 0; i-- {
		r = r.beyond(parts[i], false)
	}
	return r
}

// behind is the rim after the parts, where r is the one before them.
func (r rim) behind(parts []*syntax.Regexp) rim {
	for _, re := range parts {
		r = r.beyond(re, true)
	}
	return r
}

// beyond is the rim on the near side of a part with r on its far side; seen backward
// the near side is the right one.
func (r rim) beyond(re *syntax.Regexp, backward bool) rim {
	switch re.Op {
	case syntax.OpLiteral:
		at := 0
		if backward {
			at = len(re.Rune) - 1
		}
		var set byteSet
		addBytes(&set, literalClass(re.Rune[at], re.Flags&syntax.FoldCase != 0))
		return rim{set: set}
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return rim{set: *bytesOf(re)}
	case syntax.OpCapture:
		return r.beyond(re.Sub[0], backward)
	case syntax.OpConcat:
		if backward {
			return r.behind(re.Sub)
		}
		return r.ahead(re.Sub)
	case syntax.OpAlternate:
		all := r.beyond(re.Sub[0], backward)
		for _, sub := range re.Sub[1:] {
			all = all.or(r.beyond(sub, backward))
		}
		return all
	case syntax.OpQuest, syntax.OpStar, syntax.OpPlus, syntax.OpRepeat:
		return r.or(rim{}.beyond(re.Sub[0], backward)) // r, where there is no round
	case syntax.OpEndText, syntax.OpBeginText:
		if backward == (re.Op == syntax.OpBeginText) {
			return rim{}
		}
	case syntax.OpEndLine, syntax.OpBeginLine:
		if backward == (re.Op == syntax.OpBeginLine) {
			return rim{set: newline}
		}
	case syntax.OpWordBoundary:
		return rim{boundary: true}
	}
	return r
}

var newline = byteSet{0: 1 << '\n'}
