package files

import "strings"

// A glob is a compiled pattern of git's wildmatch.c, under WM_PATHNAME: "?",
// "*" and "[...]" stay within a path's element, "**" between slashes does not.
//
// It is run as a nondeterministic automaton whose state is a set of positions
// in the pattern, so no pattern makes it exponential: a text of n bytes costs at
// most n steps for each position. Neighbouring stars are merged and a
// text shorter than the pattern's least length is turned away before, so there are
// at most about 2n positions.
type glob []globStep

type globStep struct {
	kind globKind
	char byte
	set  *[4]uint64 // for globSet: a bit a byte value
}

type globKind uint8

const (
	globByte    globKind = iota // char itself
	globOne                     // "?": a byte other than '/'
	globSet                     // "[...]": a byte of set, which never holds '/'
	globStar                    // "*": bytes other than '/'
	globAny                     // "**": any bytes
	globAnyDirs                 // "**/": nothing, or any bytes that end in '/'
)

// compileGlob fails on a pattern that matches nothing: an unfinished set or
// escape, an unknown character class.
func compileGlob(pattern string) (g glob, ok bool) {
	g = glob{}
	for i := 0; i < len(pattern); {
		switch c := pattern[i]; c {
		case '?':
			g = append(g, globStep{kind: globOne})
			i++
		case '*':
			from := i
			for i < len(pattern) && pattern[i] == '*' {
				i++
			}
			var step globStep
			step, i = compileStar(pattern, from, i)
			if len(g) == 0 || g[len(g)-1] != step {
				g = append(g, step)
			}
		case '[':
			set, end := compileSet(pattern, i+1)
			if end < 0 {
				return nil, false
			}
			g = append(g, globStep{kind: globSet, set: set})
			i = end
		case '\\':
			i++
			if i == len(pattern) {
				return nil, false
			}
			c = pattern[i]
			fallthrough
		default:
			g = append(g, globStep{kind: globByte, char: c})
			i++
		}
	}
	return g, true
}

// compileStar reads the run of stars pattern[from:end], and returns the
// position that follows what it stands for.
func compileStar(pattern string, from, end int) (globStep, int) {
	after := pattern[end:]
	bounded := (from == 0 || pattern[from-1] == '/') &&
		(after == "" || after[0] == '/' || strings.HasPrefix(after, `\/`))
	switch {
	case end-from < 2 || !bounded:
		return globStep{kind: globStar}, end
	case strings.HasPrefix(after, "/"):
		return globStep{kind: globAnyDirs}, end + 1
	}
	return globStep{kind: globAny}, end
}

// compileSet reads a bracket expression from behind its '['. The position it
// returns follows the ']'; it is -1 for a set that is malformed.
func compileSet(pattern string, i int) (*[4]uint64, int) {
	at := func(i int) byte { // 0 past the end, which no pattern holds
		if i < len(pattern) {
			return pattern[i]
		}
		return 0
	}
	set := new([4]uint64)
	add := func(low, high byte) {
		for c := int(low); c <= int(high); c++ {
			set[c>>6] |= 1 << (c & 63)
		}
	}
	negated := at(i) == '!' || at(i) == '^'
	if negated {
		i++
	}
	previous := byte(0) // the byte that a '-' would start a range from
	for first := true; first || at(i) != ']'; first = false {
		c := at(i)
		switch {
		case c == '\\':
			i++
			c = at(i)
			add(c, c)
		case c == '-' && previous != 0 && at(i+1) != 0 && at(i+1) != ']':
			i++
			if at(i) == '\\' {
				i++
			}
			if at(i) == 0 {
				return nil, -1
			}
			add(previous, at(i))
			i++
			previous = 0
			continue
		case c == '[' && at(i+1) == ':':
			name, _, closed := strings.Cut(pattern[i+2:], "]")
			if !closed {
				return nil, -1
			}
			if !strings.HasSuffix(name, ":") { // no class after all: a plain '['
				add(c, c)
				break
			}
			if !addClass(strings.TrimSuffix(name, ":"), add) {
				return nil, -1
			}
			i += len("[:") + len(name) + len("]")
			previous = 0
			continue
		default:
			add(c, c)
		}
		if c == 0 {
			return nil, -1
		}
		previous = c
		i++
	}
	if negated {
		for w := range set {
			set[w] = ^set[w]
		}
	}
	set['/'>>6] &^= 1 << ('/' & 63)
	return set, i + 1
}

// addClass adds the bytes of a POSIX class, as the C locale has them.
func addClass(name string, add func(low, high byte)) bool {
	ranges, ok := map[string]string{
		"alnum": "09AZaz", "alpha": "AZaz", "blank": "\t\t  ", "cntrl": "\x00\x1f\x7f\x7f",
		"digit": "09", "graph": "!~", "lower": "az", "print": " ~", "punct": "!/:@[`{~",
		"space": "\t\r  ", "upper": "AZ", "xdigit": "09AFaf",
	}[name]
	for i := 0; i < len(ranges); i += 2 {
		add(ranges[i], ranges[i+1])
	}
	return ok
}

// minimum is the least length in bytes of a text that g matches.
func (g glob) minimum() int {
	n := 0
	for _, step := range g {
		if step.kind < globStar {
			n++
		}
	}
	return n
}

// A globMatcher holds the two sets of positions that a match needs, so that
// matching allocates nothing. One for each goroutine.
type globMatcher struct{ now, next positions }

// positions is a set of places in a glob in the order of their insertion.
type positions struct {
	list []int
	has  []bool
}

func (p *positions) reset(n int) {
	if cap(p.has) < n {
		p.has = make([]bool, n)
	}
	p.has = p.has[:n]
	clear(p.has)
	p.list = p.list[:0]
}

// add enters position i of g and those that follow without a byte.
func (p *positions) add(g glob, i int) {
	for ; !p.has[i]; i++ {
		p.has[i] = true
		p.list = append(p.list, i)
		if i == len(g) || g[i].kind < globStar {
			return
		}
	}
}

// stay keeps position i without what follows it. It never hides a later add of
// the same "**/": that comes behind a '/', on which the one who stays moves on too.
func (p *positions) stay(i int) {
	if !p.has[i] {
		p.has[i] = true
		p.list = append(p.list, i)
	}
}

// match reports whether g matches the whole text.
func (m *globMatcher) match(g glob, text string) bool {
	m.now.reset(len(g) + 1)
	m.now.add(g, 0)
	for k := 0; k < len(text) && len(m.now.list) > 0; k++ {
		c := text[k]
		m.next.reset(len(g) + 1)
		for _, i := range m.now.list {
			if i == len(g) {
				continue
			}
			switch step := &g[i]; step.kind {
			case globByte:
				if c == step.char {
					m.next.add(g, i+1)
				}
			case globOne:
				if c != '/' {
					m.next.add(g, i+1)
				}
			case globSet:
				if step.set[c>>6]>>(c&63)&1 != 0 {
					m.next.add(g, i+1)
				}
			case globStar:
				if c != '/' {
					m.next.add(g, i)
				}
			case globAny:
				m.next.add(g, i)
			case globAnyDirs:
				m.next.stay(i)
				if c == '/' {
					m.next.add(g, i+1)
				}
			}
		}
		m.now, m.next = m.next, m.now
	}
	return m.now.has[len(g)]
}
