package scanner

import (
	"math/bits"
	"regexp/syntax"
)

// Runs. The random part of a credential is a run of characters of one class:
// `[0-9a-f]{32}`. Where every match of a regex must hold such a run, a window
// without one is dropped before the regex looks at it. To see that there is none
// takes a look at every least-th byte, and a few around those that are of the class.

const (
	leastRun = 8  // shorter runs stand everywhere
	mostRun  = 80 // bytes of the largest ASCII class that tells anything
)

// run says that each match holds least bytes of a set in a row. The zero value
// says nothing.
type run struct {
	set   byteSet
	least int
}

// newRun derives the longest run that every match of re must hold.
func newRun(re *syntax.Regexp) run {
	var best run
	switch re.Op {
	case syntax.OpCapture, syntax.OpPlus:
		return newRun(re.Sub[0])
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			if r := newRun(sub); r.least > best.least {
				best = r
			}
		}
	case syntax.OpAlternate: // whichever part matches
		for i, sub := range re.Sub {
			r := newRun(sub)
			if i == 0 {
				best = r
			}
			best.set.addAll(&r.set)
			best.least = min(best.least, r.least)
		}
	case syntax.OpRepeat:
		if re.Min == 0 {
			break
		}
		best = newRun(re.Sub[0])
		if re.Sub[0].Op == syntax.OpCharClass && re.Min > best.least {
			best = run{*bytesOf(re.Sub[0]), re.Min}
		}
	}
	if best.least < leastRun || bits.OnesCount64(best.set[0])+bits.OnesCount64(best.set[1]) > mostRun {
		return run{}
	}
	return best
}

// in reports whether the text holds the run.
func (r *run) in(text []byte) bool {
	if r.least == 0 {
		return true
	}
	// Any run that starts at from or behind it is yet to be found. One that starts
	// in text[from:at+1] would hold text[at].
	for from := 0; from+r.least <= len(text); {
		at := from + r.least - 1
		for at >= from && r.set.has(text[at]) {
			at--
		}
		if at < from {
			return true
		}
		from = at + 1
	}
	return false
}
