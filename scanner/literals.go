package scanner

import (
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"
)

// Literal derivation. The prefilter looks for literals; a rule is worth its
// price only when every match of its regex must hold one of a few literals.
// derive walks the parsed regex once and computes for each node
//
//	exact   the texts the node can match, if those are few and known
//	best    the best set of literals one of which every match holds
//
// A literal knows how many bytes of the match can stand before it, so a hit
// bounds the window in which the match must lie.
//
// Case folding is ASCII only: the two non-ASCII letters that Unicode folds to
// ASCII (the Kelvin sign and the long s) are not looked for.

const (
	maxExact   = 64 // texts kept in one exact set
	maxClass   = 4  // bytes of a class spelt out in an exact set
	minLiteral = 3  // shorter literals hit too often to filter
)

// literal is one text, with the bytes of the match that can stand before it, and
// the parts of the regex to either side, the nearest first. A nil part stands for
// what is not known.
type literal struct {
	text        string
	fold        bool // matches without case
	before      span
	left, right []*syntax.Regexp
}

// unknown is the side of a literal of which nothing is known.
var unknown = []*syntax.Regexp{nil}

type node struct {
	exact []literal // nil: unknown or too many; before is not used
	best  []literal // nil: none
}

// derive returns the literals of a regex, one of which every match holds, and
// the span of a match's size in bytes. No literals means there are none of
// minLiteral bytes.
func derive(re *syntax.Regexp) ([]literal, span) {
	return walk(re).pick(), sizeOf(re)
}

// pick chooses between the node's own exact set and its best part.
func (n node) pick() []literal { return better(n.best, n.exact) }

// better prefers the set whose shortest literal is longer, then the smaller set,
// then the one whose place in the match is bounded.
func better(a, b []literal) []literal {
	if score(b, span{}) > score(a, span{}) {
		return b
	}
	return a
}

// offer makes a part's literals the node's best where they are better, in their place
// in its neighbourhood.
func (n *node) offer(set []literal, before span, left, right []*syntax.Regexp) {
	if score(set, before) > score(n.best, span{}) {
		n.best = placed(set, before, left, right)
	}
}

// score rates literals that have so many bytes of the match before them.
func score(set []literal, before span) int {
	if len(set) == 0 {
		return -1
	}
	shortest, free := unbounded, 0
	for _, l := range set {
		if isScheme(l.text) {
			shortest = minLiteral // as frequent as that
		}
		shortest = min(shortest, len(l.text))
		if l.before.plus(before).max >= unbounded {
			free = 2
		}
	}
	if shortest < minLiteral {
		return -1
	}
	if slices.ContainsFunc(set, func(l literal) bool { return strings.Count(l.text, l.text[:1]) == len(l.text) }) {
		return 0 // stands at every byte of a long run, such as the base64 of zeros
	}
	return 100*min(shortest, 8) - perLiteral*len(set) - free
}

const (
	perLiteral = 4 // what each literal takes off the score
	topScore   = 100*8 - perLiteral
)

// isScheme reports whether a literal stands in every web address.
func isScheme(text string) bool { return text == "https://" || text == "http://" }

func walk(re *syntax.Regexp) node {
	switch re.Op {
	case syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText,
		syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return node{exact: []literal{{}}}
	case syntax.OpLiteral:
		return walkLiteral(re)
	case syntax.OpCharClass:
		return walkClass(re)
	case syntax.OpCapture:
		return walk(re.Sub[0])
	case syntax.OpConcat:
		return walkConcat(re.Sub)
	case syntax.OpAlternate:
		return walkAlternate(re.Sub)
	case syntax.OpQuest:
		sub := walk(re.Sub[0])
		if sub.exact != nil && len(sub.exact) < maxExact {
			return node{exact: union([]literal{{}}, sub.exact)}
		}
	case syntax.OpPlus:
		return node{best: repeated(walk(re.Sub[0]).pick())}
	case syntax.OpRepeat:
		return walkRepeat(re)
	}
	return node{}
}

func walkLiteral(re *syntax.Regexp) node {
	text := string(re.Rune)
	fold := re.Flags&syntax.FoldCase != 0
	if fold {
		text = lowerASCII(text)
	}
	return node{exact: []literal{{text: text, fold: fold}}}
}

func walkClass(re *syntax.Regexp) node {
	count := 0
	for i := 0; i < len(re.Rune); i += 2 {
		count += int(re.Rune[i+1]-re.Rune[i]) + 1
	}
	if count == 0 || count > maxClass {
		return node{}
	}
	var set []literal
	for i := 0; i < len(re.Rune); i += 2 {
		for r := re.Rune[i]; r <= re.Rune[i+1]; r++ {
			set = addExact(set, foldRune(r, re.Rune))
		}
	}
	return node{exact: set}
}

// foldRune makes one folded literal of a letter whose other case is in the class.
func foldRune(r rune, class []rune) literal {
	if r < utf8.RuneSelf && isLetter(byte(r)) && inClass(class, r^0x20) {
		return literal{text: lowerASCII(string(r)), fold: true}
	}
	return literal{text: string(r)}
}

func inClass(class []rune, r rune) bool {
	for i := 0; i < len(class); i += 2 {
		if class[i] <= r && r <= class[i+1] {
			return true
		}
	}
	return false
}

func addExact(set []literal, l literal) []literal {
	for _, have := range set {
		if have.text == l.text && have.fold == l.fold {
			return set
		}
	}
	return append(set, l)
}

func walkConcat(subs []*syntax.Regexp) node {
	n := node{exact: []literal{{}}}
	run := []literal{{}} // texts of the adjacent parts so far that are known
	first := 0           // part that the run starts with
	var at, runAt span   // bytes before the part, and before the run
	for i, sub := range subs {
		if n.exact == nil && score(n.best, span{}) == topScore {
			return n // nothing is better
		}
		if isAssertion(sub.Op) && i == first {
			first = i + 1 // it stands beside the run and is not a part of it
			continue
		}
		s, size := walk(sub), sizeOf(sub)
		if s.exact != nil && len(run)*len(s.exact) <= maxExact {
			run = cross(run, s.exact)
		} else {
			least := max(score(n.best, span{})+1, score(run, runAt))
			n.offer(distributed(run, subs[first:i], sub, least), runAt, subs[:first], subs[i+1:])
			n.offer(run, runAt, subs[:first], subs[i:])
			n.offer(s.best, at, subs[:i], subs[i+1:])
			n.exact = nil
			run, first, runAt = []literal{{}}, i+1, at.plus(size)
			if s.exact != nil {
				run, first, runAt = s.exact, i, at
			}
		}
		at = at.plus(size)
	}
	if n.exact != nil {
		n.exact = run
	}
	n.offer(run, runAt, subs[:first], nil)
	return n
}

// distributed returns the literals of an alternation with the text before it: the
// parser has taken what its branches have in common out of them, as the dollar of
// `\$1\$...|\$apr1\$...`. It is nil where no text stands before it, or too many, or
// where they cannot reach the score.
func distributed(run []literal, before []*syntax.Regexp, alternation *syntax.Regexp, least int) []literal {
	for alternation.Op == syntax.OpCapture {
		alternation = alternation.Sub[0]
	}
	if alternation.Op != syntax.OpAlternate || len(run) > maxClass || run[0].text == "" {
		return nil
	}
	var set []literal
	for i, branch := range alternation.Sub {
		branch := walkConcat(append(slices.Clone(before), sequence(branch)...)).pick()
		set = append(set, branch...)
		if len(branch) == 0 || len(set) > maxExact || score(set, span{})-perLiteral*(len(alternation.Sub)-1-i) < least {
			return nil
		}
	}
	return set
}

// sequence returns what a regex is a sequence of.
func sequence(re *syntax.Regexp) []*syntax.Regexp {
	if re.Op == syntax.OpConcat {
		return re.Sub
	}
	return []*syntax.Regexp{re}
}

func isAssertion(op syntax.Op) bool {
	return syntax.OpBeginLine <= op && op <= syntax.OpNoWordBoundary
}

// placed sets the literals of a part into its neighbourhood.
func placed(set []literal, before span, left, right []*syntax.Regexp) []literal {
	out := make([]literal, len(set))
	for i, l := range set {
		l.before = l.before.plus(before)
		l.left = slices.Clone(l.left)
		for j := len(left) - 1; j >= 0; j-- {
			l.left = append(l.left, left[j])
		}
		l.right = append(slices.Clone(l.right), right...)
		out[i] = l
	}
	return out
}

// repeated marks literals that stand in one of several rounds: what is beside
// them may be another round.
func repeated(set []literal) []literal {
	out := slices.Clone(set)
	for i := range out {
		out[i].left = append(slices.Clone(out[i].left), unknown...)
		out[i].right = append(slices.Clone(out[i].right), unknown...)
	}
	return out
}

// union adds those of b that are not in a.
func union(a, b []literal) []literal {
	a = slices.Grow(a, len(b))
	for _, l := range b {
		a = addExact(a, l)
	}
	return a
}

// cross returns the texts of one of a with one of b behind it.
func cross(a, b []literal) []literal {
	switch {
	case isEmpty(a):
		return b
	case isEmpty(b):
		return a
	}
	out := make([]literal, 0, len(a)*len(b))
	for _, x := range a {
		for _, y := range b {
			l := literal{text: x.text + y.text, fold: x.fold && y.fold || x.fold && y.text == "" || y.fold && x.text == ""}
			if !l.fold && (x.fold || y.fold) {
				// One half ignores case: the whole must be looked for without case.
				l = literal{text: lowerASCII(l.text), fold: true}
			}
			out = addExact(out, l)
		}
	}
	return out
}

// isEmpty reports whether the empty text is all there is.
func isEmpty(set []literal) bool { return len(set) == 1 && set[0].text == "" }

func walkAlternate(subs []*syntax.Regexp) node {
	n := node{exact: []literal{}, best: []literal{}}
	for _, sub := range subs {
		if n.exact == nil && n.best == nil {
			break
		}
		s := walk(sub)
		if n.exact != nil && s.exact != nil && len(n.exact)+len(s.exact) <= maxExact {
			n.exact = union(n.exact, s.exact)
		} else {
			n.exact = nil
		}
		// What an assertion says is lost in an exact text: `(?:^|[ :])_auth` is not
		// worth looking for as `_auth` anywhere.
		if sizeOf(sub).max == 0 {
			n.exact = nil
		}
		if p := s.pick(); n.best != nil && score(p, span{}) >= 0 {
			n.best = append(n.best, p...)
		} else {
			n.best = nil
		}
	}
	return n
}

func walkRepeat(re *syntax.Regexp) node {
	if re.Min == 0 {
		return node{}
	}
	sub := walk(re.Sub[0])
	n := node{best: repeated(sub.pick())}
	if re.Min == re.Max && sub.exact != nil {
		exact := []literal{{}}
		for range re.Min {
			if len(exact)*len(sub.exact) > maxExact {
				return n
			}
			exact = cross(exact, sub.exact)
		}
		n.exact = exact
	}
	return n
}

func isLetter(c byte) bool { return c|0x20-'a' < 26 }

func lowerASCII(s string) string {
	for i := range len(s) {
		if s[i]-'A' < 26 {
			b := []byte(s)
			for ; i < len(b); i++ {
				if b[i]-'A' < 26 {
					b[i] += 0x20
				}
			}
			return string(b)
		}
	}
	return s
}
