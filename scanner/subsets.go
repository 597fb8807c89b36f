package scanner

import "slices"

// subsets is an automaton made deterministic as far as the texts seen so far asked
// for: each row stands for a set of the automaton's states, and says for each class
// of bytes which row comes next. For one goroutine.
type subsets struct {
	*automaton
	rows    []uint16 // by row and class: the next row, or one of the first three
	members []uint16 // of all sets: their states that take a byte
	ends    []int    // by row: where its set ends in members
	index   []uint16 // rows by the hash of their sets; 0 where there is none

	marked []bool // by state: it is in the set under way
	seen   []uint16
	fresh  []uint16 // the set under way, in the order in which its states were met
}

// The first rows are no sets.
const (
	rowUnknown  uint16 = iota
	rowDead            // no path is left
	rowAccepted        // the parts have matched
	rowStart
)

// maxRows bounds the memory of one automaton. Where it is met, all rows are made
// anew.
const maxRows = 512

func newSubsets(a *automaton) *subsets {
	if a == nil {
		return nil
	}
	d := &subsets{automaton: a, marked: make([]bool, len(a.states))}
	d.clear()
	return d
}

// clear forgets all rows but the start.
func (d *subsets) clear() {
	d.index = make([]uint16, 16)
	d.members = d.members[:0]
	d.ends = append(d.ends[:0], 0, 0, 0)
	d.rows = append(d.rows[:0], make([]uint16, int(rowStart)*d.classes)...)
	d.enter(d.start)
	d.row()
}

// ahead reports whether a prefix of text can be what the parts match. Where nothing
// is known of them, any can: d is nil.
func (d *subsets) ahead(text []byte) bool {
	if d == nil {
		return true
	}
	row := rowStart
	for _, c := range text {
		next := d.rows[int(row)*d.classes+int(d.class[c])]
		if next == rowUnknown {
			next = d.step(row, c)
		}
		if next <= rowAccepted {
			return next == rowAccepted
		}
		row = next
	}
	return false
}

// behind reports whether a suffix of text, read backwards, can be.
func (d *subsets) behind(text []byte) bool {
	if d == nil {
		return true
	}
	row := rowStart
	for i := len(text) - 1; i >= 0; i-- {
		next := d.rows[int(row)*d.classes+int(d.class[text[i]])]
		if next == rowUnknown {
			next = d.step(row, text[i])
		}
		if next <= rowAccepted {
			return next == rowAccepted
		}
		row = next
	}
	return false
}

// step makes the row that follows another on a byte.
func (d *subsets) step(row uint16, c byte) uint16 {
	accepted := false
	for _, at := range d.set(row) {
		if s := &d.states[at]; d.sets[s.set].has(c) {
			accepted = d.enter(s.out) || accepted
		}
	}
	next := rowAccepted
	if accepted {
		d.leave()
	} else if len(d.ends) < maxRows {
		next = d.row()
	} else {
		states := slices.Clone(d.fresh)
		d.leave()
		d.clear()
		for _, at := range states {
			d.enter(at)
		}
		return d.row() // of the row that asks, nothing is kept
	}
	d.rows[int(row)*d.classes+int(d.class[c])] = next
	return next
}

// enter adds a state, and those it leads to without a byte, to the set under way.
func (d *subsets) enter(at uint16) (accepted bool) {
	for !d.marked[at] {
		d.marked[at] = true
		d.seen = append(d.seen, at)
		s := &d.states[at]
		switch s.kind {
		case stateAccept:
			return true
		case stateByte:
			d.fresh = append(d.fresh, at)
			return accepted
		}
		accepted = d.enter(s.other) || accepted
		at = s.out
	}
	return accepted
}

// leave empties the set under way.
func (d *subsets) leave() {
	for _, at := range d.seen {
		d.marked[at] = false
	}
	d.seen, d.fresh = d.seen[:0], d.fresh[:0]
}

// row returns the row of the set under way, and empties that.
func (d *subsets) row() uint16 {
	if len(d.fresh) == 0 {
		d.leave()
		return rowDead
	}
	at := d.find(d.fresh)
	row := d.index[at]
	if row == 0 {
		row = uint16(len(d.ends))
		d.index[at] = row
		d.members = append(d.members, d.fresh...)
		d.ends = append(d.ends, len(d.members))
		d.rows = slices.Grow(d.rows, d.classes)[:len(d.rows)+d.classes]
		clear(d.rows[len(d.rows)-d.classes:])
		if 2*len(d.ends) > len(d.index) {
			d.index = make([]uint16, 4*len(d.index))
			for r := rowStart; int(r) < len(d.ends); r++ {
				d.index[d.find(d.set(r))] = r
			}
		}
	}
	d.leave()
	return row
}

// set returns a row's states.
func (d *subsets) set(row uint16) []uint16 { return d.members[d.ends[row-1]:d.ends[row]] }

// find returns the place in the index of a set, or the free one for it.
func (d *subsets) find(set []uint16) int {
	h := uint32(2166136261) // FNV-1a
	for _, at := range set {
		h = (h ^ uint32(at)) * 16777619
	}
	mask := len(d.index) - 1
	for i := int(h^h>>16) & mask; ; i = (i + 1) & mask {
		if row := d.index[i]; row == 0 || slices.Equal(d.set(row), set) {
			return i
		}
	}
}
