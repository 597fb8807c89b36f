package scanner

import (
	"regexp/syntax"
	"unicode/utf8"
)

// Profiles. Most hits of a literal are no match, and a regular expression is a
// slow way to see that. So for each literal two profiles are derived from the
// rest of the regex: the sets of bytes that can stand at each place before it
// and behind it, whatever path a match takes. A hit whose neighbours are not in
// these sets is dropped after a few table look-ups; only what passes meets the
// regex.
//
// A profile is necessary, not sufficient: it is the union over all paths, and it
// ends with the last place at which something cannot stand, or where the shortest
// match does. Where a match ends in an assertion, as in
// `\bghp_...` or `(?:^|[\s:])_auth`, that tells of one byte more: it belongs to a
// set, or the text ends there.

// maxProfile is how many places a profile covers. Long random tokens differ from
// words and from ordinary names within fewer.
const maxProfile = 24

// byteSet is a set of bytes.
type byteSet [4]uint64

func (s *byteSet) add(b byte)      { s[b>>6] |= 1 << (b & 63) }
func (s *byteSet) has(b byte) bool { return s[b>>6]>>(b&63)&1 != 0 }

func (s *byteSet) addAll(t *byteSet) {
	for i := range s {
		s[i] |= t[i]
	}
}

// profile holds the set of each place, the nearest to the literal first. The sets are
// few, and shared between the rules.
type profile []*placeSet

// placeSet is what can stand at one place: a byte, or the end of the text.
type placeSet struct {
	byteSet
	end bool
}

// ahead returns how many places text[at:] fits: len(p) for all of them.
func (p profile) ahead(text []byte, at int) int {
	for i := range p {
		if at+i >= len(text) {
			if p[i].end {
				return len(p)
			}
			return i
		}
		if !p[i].has(text[at+i]) {
			return i
		}
	}
	return len(p)
}

// behind is ahead of the bytes before text[at], backwards.
func (p profile) behind(text []byte, at int) int {
	for i := range p {
		if at-1-i < 0 {
			if p[i].end {
				return len(p)
			}
			return i
		}
		if !p[i].has(text[at-1-i]) {
			return i
		}
	}
	return len(p)
}

// profiler walks nodes away from the literal and notes what can stand where.
type profiler struct {
	sets     [maxProfile]placeSet
	backward bool
	inner    byte // of the literal, next to the first place
	most     int  // places of which something is known
}

// offsets is a set of distances from the literal; those of maxProfile and more
// are not kept.
type offsets uint32

func (o offsets) shift(n int) offsets {
	if n >= maxProfile {
		return 0
	}
	return o << n & (1<<maxProfile - 1)
}

// newProfile derives the profile of a sequence of nodes in the order in which
// they are met going away from the literal, whose nearest byte is inner. A nil
// node stands for what is not known. The profile ends where a match can, or where
// knowledge does.
func newProfile(nodes []*syntax.Regexp, backward bool, inner byte) profile {
	p := &profiler{backward: backward, inner: inner, most: maxProfile}
	at := offsets(1)
	for i, n := range nodes {
		if n == nil {
			break
		}
		if i == len(nodes)-1 {
			at = p.last(n, at)
		} else {
			at = p.node(n, at)
		}
	}
	end := p.most
	for i := range maxProfile {
		if at>>i&1 != 0 {
			end = min(end, i)
			break
		}
	}
	for i := range end {
		if p.sets[i] == (placeSet{}) { // nothing can stand here: beyond what was walked
			end = i
			break
		}
	}
	for end > 0 && p.sets[end-1].byteSet == allBytes { // says but that the text goes on, which the regex knows
		end--
	}
	var out profile
	for _, set := range p.sets[:end] {
		out = append(out, &set)
	}
	return out
}

// last notes what the outermost node can put at the offsets. An assertion there
// says what stands beside the match.
func (p *profiler) last(re *syntax.Regexp, at offsets) offsets {
	switch re.Op {
	case syntax.OpCapture:
		return p.last(re.Sub[0], at)
	case syntax.OpAlternate:
		var ends offsets
		for _, sub := range re.Sub {
			ends |= p.last(sub, at)
		}
		return ends
	case syntax.OpConcat:
		for i := range len(re.Sub) - 1 {
			if p.backward {
				i = len(re.Sub) - 1 - i
			}
			at = p.node(re.Sub[i], at)
		}
		if p.backward {
			return p.last(re.Sub[0], at)
		}
		return p.last(re.Sub[len(re.Sub)-1], at)
	case syntax.OpBeginLine, syntax.OpEndLine:
		var newline byteSet
		newline.add('\n')
		return p.beside(&newline, at)
	case syntax.OpBeginText, syntax.OpEndText:
		return p.beside(&byteSet{}, at)
	case syntax.OpWordBoundary:
		if at == 1 && isWordByte(p.inner) {
			return p.beside(&nonWord, at)
		}
	}
	return p.node(re, at)
}

// beside notes that at each offset a byte of the set stands, or the text ends,
// and that no more is known of these paths.
func (p *profiler) beside(set *byteSet, at offsets) offsets {
	for i := range maxProfile {
		if at>>i&1 != 0 {
			p.sets[i].addAll(set)
			p.sets[i].end = true
			p.most = min(p.most, i+1)
		}
	}
	return 0
}

// nonWord holds the bytes that \b tells from word bytes.
var nonWord = func() (s byteSet) {
	for b := range 256 {
		if !isWordByte(byte(b)) {
			s.add(byte(b))
		}
	}
	return s
}()

// node notes what re can put at the offsets, and returns where it can end.
func (p *profiler) node(re *syntax.Regexp, at offsets) offsets {
	switch re.Op {
	case syntax.OpLiteral:
		for i := range re.Rune {
			r := re.Rune[i]
			if p.backward {
				r = re.Rune[len(re.Rune)-1-i]
			}
			at = p.runes(literalClass(r, re.Flags&syntax.FoldCase != 0), at)
		}
		return at
	case syntax.OpCharClass:
		return p.runes(re.Rune, at)
	case syntax.OpAnyChar:
		return p.runes(anyRune, at)
	case syntax.OpAnyCharNotNL:
		return p.runes(anyButNewline, at)
	case syntax.OpCapture:
		return p.node(re.Sub[0], at)
	case syntax.OpConcat:
		for i := range re.Sub {
			sub := re.Sub[i]
			if p.backward {
				sub = re.Sub[len(re.Sub)-1-i]
			}
			at = p.node(sub, at)
		}
		return at
	case syntax.OpAlternate:
		var ends offsets
		for _, sub := range re.Sub {
			ends |= p.node(sub, at)
		}
		return ends
	case syntax.OpQuest:
		return p.repeat(re.Sub[0], at, 0, 1)
	case syntax.OpStar:
		return p.repeat(re.Sub[0], at, 0, maxProfile)
	case syntax.OpPlus:
		return p.repeat(re.Sub[0], at, 1, maxProfile)
	case syntax.OpRepeat:
		most := re.Max
		if most < 0 || most > maxProfile {
			most = max(re.Min, maxProfile)
		}
		return p.repeat(re.Sub[0], at, re.Min, most)
	}
	return at // assertions take no bytes
}

func (p *profiler) repeat(sub *syntax.Regexp, at offsets, least, most int) offsets {
	var ends offsets
	for i := 0; i <= most && at != 0; i++ {
		if i >= least {
			ends |= at
		}
		if i < most {
			at = p.node(sub, at)
		}
	}
	return ends
}

// literalClass is the class of one code point, with its other ASCII case.
func literalClass(r rune, fold bool) []rune {
	if fold && r < utf8.RuneSelf && isLetter(byte(r)) {
		return []rune{r &^ 0x20, r &^ 0x20, r | 0x20, r | 0x20}
	}
	return []rune{r, r}
}

var (
	anyRune       = []rune{0, utf8.MaxRune}
	anyButNewline = []rune{0, '\n' - 1, '\n' + 1, utf8.MaxRune}
)

// addBytes adds the bytes of a class of code points. Of one beyond ASCII no more
// is said than that its bytes are not ASCII. It reports whether there is one.
func addBytes(s *byteSet, class []rune) (wide bool) {
	for i := 0; i < len(class); i += 2 {
		for r := class[i]; r <= class[i+1] && r < utf8.RuneSelf; r++ {
			s.add(byte(r))
		}
		wide = wide || class[i+1] >= utf8.RuneSelf
	}
	if wide {
		s.addAll(&beyondASCII)
	}
	return wide
}

var beyondASCII = byteSet{2: 1<<64 - 1, 3: 1<<64 - 1}

// runes notes one code point of a class: a byte, or two to four.
func (p *profiler) runes(class []rune, at offsets) offsets {
	var one byteSet
	ends := at.shift(1) // also an invalid byte, which counts as U+FFFD
	if addBytes(&one, class) {
		ends |= at.shift(2) | at.shift(3) | at.shift(4)
	}
	for i := range maxProfile {
		if at>>i&1 == 0 {
			continue
		}
		p.sets[i].addAll(&one)
		for j := i + 1; one.has(utf8.RuneSelf) && j < min(i+utf8.UTFMax, maxProfile); j++ {
			p.sets[j].addAll(&beyondASCII)
		}
	}
	return ends
}
