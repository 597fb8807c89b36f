package scanner

import "math"

// Unpack reads rules as Pack wrote them. Their strings are parts of text. Compile
// derives nothing from them any more, so their patterns must not be changed; other
// fields may be. Samples and Misses are empty. A text that Pack did not write is an
// error.
func Unpack(text string) ([]Rule, error) {
	u := unpacker{head: text}
	size := u.count(1)
	u.head, u.texts = u.head[:u.at+size], u.head[u.at+size:]
	u.readSets()
	u.readProfiles()
	u.anchors = make([]anchor, u.count(leastAnchor))
	u.shapes = make([]sides, u.below(len(u.anchors)+1))
	for i := range u.shapes {
		u.shapes[i].number = int32(i)
	}
	rules := make([]Rule, u.count(leastRule))
	plans := make([]plan, len(rules))
	for i := range rules {
		u.rule(&rules[i])
		u.plan(&plans[i])
		rules[i].plan = &plans[i]
	}
	if u.bad || u.at < len(u.head) || u.textAt < len(u.texts) {
		return nil, errPacked
	}
	return rules, nil
}

// The fewest bytes that an anchor and a rule take in the head: a damaged count
// must not make the reader allocate without bound.
const (
	leastAnchor = 7
	leastRule   = 28
)

// unpacker reads the head from at and the texts from textAt on. Once something is
// bad, all that it reads is zero.
type unpacker struct {
	head, texts string
	at, textAt  int
	bad         bool
	sets        []placeSet
	profiles    []profile
	anchors     []anchor // for the plans to come
	shapes      []sides
	last        *sides // of the anchor before
}

func (u *unpacker) fail() {
	u.bad, u.at, u.textAt = true, len(u.head), len(u.texts)
}

func (u *unpacker) number() uint64 {
	var n uint64
	for shift := 0; u.at < len(u.head) && shift < 64; shift += 7 {
		c := u.head[u.at]
		u.at++
		n |= uint64(c&0x7F) << shift
		if c < 0x80 {
			return n
		}
	}
	u.fail()
	return 0
}

// count reads the length of a list whose elements take at least size bytes each.
func (u *unpacker) count(size int) int {
	n := u.number()
	if n > uint64((len(u.head)-u.at)/size) {
		u.fail()
		return 0
	}
	return int(n)
}

// below reads a number less than limit.
func (u *unpacker) below(limit int) int {
	n := u.number()
	if n >= uint64(limit) {
		u.fail()
		return 0
	}
	return int(n)
}

func (u *unpacker) flag() bool { return u.below(2) == 1 }

func (u *unpacker) text() string {
	n := u.below(len(u.texts) - u.textAt + 1)
	u.textAt += n
	return u.texts[u.textAt-n : u.textAt]
}

func (u *unpacker) readSets() {
	const size = 4*8 + 1
	u.sets = make([]placeSet, u.count(size))
	for i := range u.sets {
		s := &u.sets[i]
		for w := range s.byteSet {
			for b := range 8 {
				s.byteSet[w] |= uint64(u.head[u.at+b]) << (8 * b)
			}
			u.at += 8
		}
		s.end = u.head[u.at] != 0
		u.at++
	}
}

func (u *unpacker) readProfiles() {
	u.profiles = make([]profile, u.count(1))
	for i := range u.profiles {
		if n := u.below(maxProfile + 1); n > 0 {
			u.profiles[i] = make(profile, n)
		}
		for j := range u.profiles[i] {
			u.profiles[i][j] = u.set()
		}
	}
}

func (u *unpacker) set() *placeSet {
	if i := u.below(len(u.sets)); !u.bad {
		return &u.sets[i]
	}
	return &placeSet{}
}

func (u *unpacker) profile() profile {
	if i := u.below(len(u.profiles)); !u.bad {
		return u.profiles[i]
	}
	return nil
}

func (u *unpacker) rule(r *Rule) {
	texts, lists, numbers, flags := r.fields()
	for _, s := range texts {
		*s = u.text()
	}
	for _, list := range lists {
		if n := u.count(1); n > 0 {
			*list = make([]string, n)
		}
		for i := range *list {
			(*list)[i] = u.text()
		}
	}
	for _, n := range numbers {
		*n = u.below(maxReach + 1)
	}
	for _, b := range flags {
		*b = u.flag()
	}
	r.Severity = Severity(u.below(len(severityNames)))
	r.Confidence = Confidence(u.below(len(confidenceNames)))
	r.Entropy = math.Float64frombits(u.number())
}

func (u *unpacker) plan(p *plan) {
	p.form = form(u.below(int(formExtract)))
	p.size = u.span()
	p.value = u.profile()
	p.run = run{u.set().byteSet, u.below(unbounded), u.below(unbounded)}
	p.shapes = len(u.shapes)
	n := u.below(len(u.anchors) + 1)
	p.anchors, u.anchors = u.anchors[:n:n], u.anchors[n:]
	for i := range p.anchors {
		a := &p.anchors[i]
		a.lit.text = u.text()
		a.lit.fold = u.flag()
		a.lit.before = u.span()
		a.before = u.profile()
		a.after = u.profile()
		if p.form == formRegex {
			a.sides = u.side()
		}
		if n := u.below(maxFences + 1); n > 0 {
			a.fences = make([]fence, n)
		}
		for j := range a.fences {
			a.fences[j] = fence{u.set().byteSet, byte(u.below(256))}
		}
	}
}

// side reads which an anchor's sides are: mostly those of the anchor before.
func (u *unpacker) side() *sides {
	if u.last != nil && u.at < len(u.head) && u.head[u.at] == 0 {
		u.at++
		return u.last
	}
	if i := u.below(len(u.shapes) + 1); i > 0 {
		u.last = &u.shapes[i-1]
	} else {
		u.fail()
	}
	return u.last
}

func (u *unpacker) span() span {
	return span{u.below(unbounded + 1), u.below(unbounded + 1), u.below(unbounded + 1)}
}
