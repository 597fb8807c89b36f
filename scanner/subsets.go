package scanner

import "slices"

// subsets is an automaton made deterministic as far as the texts seen so far asked
// for: each row stands for a set of the automaton's states, and says for each class
// of symbols which row comes next. For one goroutine.
type subsets struct {
	*automaton
	rows    []uint16 // by row and class: the next row, or one of the first three
	members []uint16 // of all sets: their states that ask for a symbol
	ends    []int    // by number of the row: where its set ends in members
	index   []uint16 // rows by the hash of their sets; 0 where there is none

	marked []bool // by state: it is in the set under way
	seen   []uint16
	fresh  []uint16 // the set under way, in the order in which its states were met
	asking []uint16 // the states that a symbol is put to
}

// A row is the place of its first entry. The first are no rows.
const (
	rowUnknown  uint16 = iota
	rowDead            // no path is left
	rowAccepted        // the parts have matched
	rowStart
)

// maxRows bounds the memory of one automaton, in entries. Where it is met, all rows
// are made anew.
const maxRows = 1<<16 - 1

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
	d.ends = d.ends[:0]
	d.rows = append(d.rows[:0], make([]uint16, rowStart)...)
	d.enter(d.start, d.before)
	d.row()
}

// ahead reports whether a prefix of text can be what the parts match. Where nothing
// is known of them, any can: d is nil.
func (d *subsets) ahead(text []byte) bool {
	if d == nil {
		return true
	}
	row, rows := int(rowStart), d.rows
	for _, c := range text {
		next := rows[row+int(d.class[c])]
		if next <= rowAccepted {
			if next == rowUnknown {
				next = d.step(row, int(c))
				rows = d.rows
			}
			if next <= rowAccepted {
				return next == rowAccepted
			}
		}
		row = int(next)
	}
	return d.atEdge(row)
}

// behind reports whether a suffix of text, read backwards, can be.
func (d *subsets) behind(text []byte) bool {
	if d == nil {
		return true
	}
	row := int(rowStart)
	for i := len(text) - 1; i >= 0; i-- {
		next := d.rows[row+int(d.class[text[i]])]
		if next == rowUnknown {
			next = d.step(row, int(text[i]))
		}
		if next <= rowAccepted {
			return next == rowAccepted
		}
		row = int(next)
	}
	return d.atEdge(row)
}

// atEdge reports whether the parts have matched where the text ends in a row.
func (d *subsets) atEdge(row int) bool {
	next := d.rows[row+int(d.class[edge])]
	if next == rowUnknown {
		next = d.step(row, edge)
	}
	return next == rowAccepted
}

// step makes the row that follows another on a symbol.
func (d *subsets) step(row, symbol int) uint16 {
	accepted := d.ask(row, symbol)
	for _, at := range d.asking {
		if s := &d.states[at]; s.kind == stateByte && symbol != edge && d.sets[s.set].holds(symbol) {
			accepted = d.enter(s.out, symbol) || accepted
		}
	}
	next := rowAccepted
	if accepted {
		d.leave()
	} else if len(d.rows)+d.classes <= maxRows {
		next = d.row()
	} else {
		states := slices.Clone(d.fresh)
		d.leave()
		d.clear()
		for _, at := range states {
			d.enter(at, symbol)
		}
		return d.row() // of the row that asks, nothing is kept
	}
	d.rows[row+int(d.class[symbol])] = next
	return next
}

// ask gathers the states of a row, and those behind what looks at the symbol and lets
// it pass.
func (d *subsets) ask(row, symbol int) (accepted bool) {
	d.asking = append(d.asking[:0], d.set(uint16(row))...)
	for i := 0; i < len(d.asking); i++ {
		if s := &d.states[d.asking[i]]; s.kind == stateLook && d.sets[s.set].holds(symbol) {
			known := len(d.fresh)
			accepted = d.enter(s.out, anySymbol) || accepted // what came before is not kept
			d.asking = append(d.asking, d.fresh[known:]...)
		}
	}
	d.leave()
	return accepted
}

// enter adds a state, and those it leads to without a byte, to the set under way;
// before is the symbol that came last.
func (d *subsets) enter(at uint16, before int) (accepted bool) {
	for !d.marked[at] {
		d.marked[at] = true
		d.seen = append(d.seen, at)
		s := &d.states[at]
		switch s.kind {
		case stateAccept:
			return true
		case stateByte, stateLook:
			d.fresh = append(d.fresh, at)
			return accepted
		case stateAfter:
			if !d.sets[s.set].holds(before) {
				return accepted
			}
		case stateFork:
			accepted = d.enter(s.other, before) || accepted
		}
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
	for i := range d.gaps {
		if g := &d.gaps[i]; d.marked[g.at] {
			d.fresh = slices.DeleteFunc(d.fresh, func(at uint16) bool { return g.within[at] })
		}
	}
	at := d.find(d.fresh)
	row := d.index[at]
	if row == 0 {
		row = uint16(len(d.rows))
		d.index[at] = row
		d.members = append(d.members, d.fresh...)
		d.ends = append(d.ends, len(d.members))
		d.rows = slices.Grow(d.rows, d.classes)[:len(d.rows)+d.classes]
		clear(d.rows[row:])
		if 2*len(d.ends) > len(d.index) {
			d.index = make([]uint16, 4*len(d.index))
			for r := int(rowStart); r < len(d.rows); r += d.classes {
				d.index[d.find(d.set(uint16(r)))] = uint16(r)
			}
		}
	}
	d.leave()
	return row
}

// set returns a row's states.
func (d *subsets) set(row uint16) []uint16 {
	n := (int(row) - int(rowStart)) / d.classes
	if n == 0 {
		return d.members[:d.ends[0]]
	}
	return d.members[d.ends[n-1]:d.ends[n]]
}

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
