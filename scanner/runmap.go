package scanner

import "math/bits"

// Maps of runs. Where literals stand at every few bytes, a rule is tried at each of
// them, and nine of ten windows are dropped because they do not hold the run of random
// characters that a match must hold (run.go). So of a block that is dense with hits a
// map is made first: in which cells of the text runs of four classes of bytes start, of
// four lengths. One look at it drops a hit before anything of its rule is read.
//
// Each byte of text becomes a lane, a byte with a bit for each class that holds it. A
// lane ANDed with the next one says which classes hold the two bytes from there on; that
// ANDed with the one two places on, which hold four; and so forth, eight lanes at once.

const (
	cell      = 64 // bytes of text that the map does not tell apart
	mapMargin = 2 << 10
	mapGap    = 20  // bytes a hit where a map pays, at most
	mapHits   = 512 // of a block, at least
	mapCells  = (block + 2*mapMargin) / cell
)

// runLengths are the least lengths of runs that are told apart.
var runLengths = [4]int{12, 16, 24, 32}

// runClasses are hex digits, letters and digits, those of URL-safe base64, and what
// else stands in tokens.
var runClasses = func() (sets [4]byteSet) {
	for i, more := range []string{"", "", "-_", "-_+/=.~%"} {
		for b := range byte(128) {
			if letter := b | 0x20; b-'0' < 10 || letter-'a' < 6 || i > 0 && letter-'a' < 26 {
				sets[i].add(b)
			}
		}
		for j := range len(more) {
			sets[i].add(more[j])
		}
	}
	return sets
}()

// runKind is a class and a least length of runs, or 0 for one that is not mapped.
type runKind uint8

const runKinds = 1 + 4*4

// kind is what the run is of: the narrowest class, the greatest length.
func (r *run) kind() runKind {
	level := 0 // plus one
	for level < len(runLengths) && r.least >= runLengths[level] {
		level++
	}
	if level == 0 {
		return 0
	}
	for i := range runClasses {
		if runClasses[i].holdsAll(&r.set) {
			return runKind(1 + 4*(level-1) + i)
		}
	}
	return 0
}

// or is the kind of which there is a run wherever there is one of either: the wider
// class, the lesser length.
func (k runKind) or(other runKind) runKind {
	if k == 0 || other == 0 {
		return 0
	}
	k, other = k-1, other-1
	return 1 + min(k&^3, other&^3) + max(k&3, other&3)
}

func (s *byteSet) holdsAll(t *byteSet) bool {
	return t[0]&^s[0] == 0 && t[1]&^s[1] == 0 && t[2]&^s[2] == 0 && t[3]&^s[3] == 0
}

// runMap says where in text[from:to] runs start.
type runMap struct {
	size, from, to int                            // of the text; of what is mapped
	ascii          bool                           // all of that
	next           [mapCells + 1][runKinds]uint16 // by cell and kind: the cell, or the first behind it, in which one starts
	lane           [256]byte                      // by byte of text
}

// newRunMap returns a map of nothing.
func newRunMap() *runMap {
	m := &runMap{}
	for i := range runClasses {
		for b := range m.lane {
			if runClasses[i].has(byte(b)) {
				m.lane[b] |= 1 << i
			}
		}
	}
	return m
}

// read maps the block of text that starts at from, and what is beside it.
func (m *runMap) read(text []byte, from int) {
	m.size, m.from, m.to = len(text), max(0, from-mapMargin), min(len(text), from+block+mapMargin)
	text = text[m.from:m.to]
	m.ascii = leadingASCII(text) == len(text)
	var of1, of2, of4, of8, of12, of16, of24 uint64 // of the eight lanes behind: the classes that hold so many bytes
	cells := (len(text) + cell - 1) / cell
	for kind := range m.next[cells] {
		m.next[cells][kind] = mapCells
	}
	m.next[cells][0] = 0 // never lacking
	for i := cells - 1; i >= 0; i-- {
		m.next[i] = m.next[i+1]
		var padded [cell]byte // the text's end is filled up with what is in no class
		whole := text[i*cell:]
		if len(whole) < cell {
			copy(padded[:], whole)
			whole = padded[:]
		}
		var starts [len(runLengths)]uint64
		for at := cell - 8; at >= 0; at -= 8 {
			b := whole[at : at+8 : at+8]
			l := uint64(m.lane[b[0]]) | uint64(m.lane[b[1]])<<8 | uint64(m.lane[b[2]])<<16 | uint64(m.lane[b[3]])<<24 |
				uint64(m.lane[b[4]])<<32 | uint64(m.lane[b[5]])<<40 | uint64(m.lane[b[6]])<<48 | uint64(m.lane[b[7]])<<56
			l, of1 = l&(l>>8|of1<<56), l
			l, of2 = l&(l>>16|of2<<48), l
			l, of4 = l&(l>>32|of4<<32), l
			l, of8 = l&(l>>32|of8<<32), l
			starts[0] |= l
			l, of12 = l&(l>>32|of12<<32), l
			starts[1] |= l
			l, of16 = l&of16, l
			starts[2] |= l
			l, of24 = l&of24, l
			starts[3] |= l
		}
		for level, of := range starts {
			of |= of >> 32
			of |= of >> 16
			for left := (of | of>>8) & 15; left != 0; left &= left - 1 {
				m.next[i][1+4*level+bits.TrailingZeros64(left)] = uint16(i)
			}
		}
	}
}

// lacks reports whether it is known that no run of a kind is in text[lo:hi].
func (m *runMap) lacks(kind runKind, lo, hi int) bool {
	lo, hi = max(lo, 0), min(hi, m.size)
	return m.from <= lo && hi <= m.to && int(m.next[uint(lo-m.from)/cell][kind]) > (hi-1-m.from)/cell
}

// mapRuns maps the block of text that starts at from if it holds so many hits that this
// is worth it.
func (s *Scratch) mapRuns(text []byte, from, hits int) {
	s.mapped = hits > max(mapHits, min(len(text)-from, block)/mapGap)
	if !s.mapped {
		return
	}
	if s.runs == nil {
		s.runs = newRunMap()
	}
	s.runs.read(text, from)
	if s.runs.ascii {
		s.ascii = ascii{s.runs.from, s.runs.to}
	}
}
