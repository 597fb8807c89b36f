package prefilter

// Bytes is a set of bytes.
type Bytes [4]uint64

func (s *Bytes) has(b byte) bool { return s[b>>6]>>(b&63)&1 != 0 }

var allBytes = Bytes{1<<64 - 1, 1<<64 - 1, 1<<64 - 1, 1<<64 - 1}

// Beside is what can stand before and after a literal that is of use. At the ends of
// a text anything can.
type Beside struct{ Before, After Bytes }

// classes numbers bytes, so that those of a number are in the same sets.
type classes [256]uint8

const mostClasses = 64

// classSet is a set of classes, a bit each.
type classSet uint64

const allClasses = ^classSet(0)

// bit is 1 if the byte is of the set, else 0.
func (s classSet) bit(c *classes, b byte) uint { return uint(s >> (c[b] % mostClasses) & 1) }

func (s classSet) has(c *classes, b byte) bool { return s.bit(c, b) != 0 }

// byteSets numbers sets of bytes, and tells bytes apart as they do.
type byteSets struct {
	known   map[Bytes]uint32
	all     []Bytes
	classes classes
}

func newByteSets() byteSets { return byteSets{all: []Bytes{allBytes}, known: map[Bytes]uint32{}} }

// number returns a set's number. Of very many very different sets the last are taken
// for that of all bytes.
func (s *byteSets) number(set *Bytes) uint32 {
	if *set == allBytes {
		return 0
	}
	n, ok := s.known[*set]
	if !ok {
		if !s.tell(set) {
			return 0
		}
		n = uint32(len(s.all))
		s.all = append(s.all, *set)
		s.known[*set] = n
	}
	return n
}

// tell parts the classes of which a set has some bytes only, unless they get too many.
func (s *byteSets) tell(set *Bytes) bool {
	var parts [2 * mostClasses]uint8 // by old class and whether in the set: new class plus one
	n := uint8(0)
	parted := s.classes
	for b, class := range s.classes {
		part := &parts[class]
		if set.has(byte(b)) {
			part = &parts[mostClasses+class]
		}
		if *part == 0 {
			n++
			*part = n
		}
		parted[b] = *part - 1
	}
	if n > mostClasses {
		return false
	}
	s.classes = parted
	return true
}

// classSets returns the sets by number.
func (s *byteSets) classSets() []classSet {
	out := make([]classSet, len(s.all))
	for i := range s.all {
		for b, class := range s.classes {
			if s.all[i].has(byte(b)) {
				out[i] |= 1 << class
			}
		}
	}
	return out
}
