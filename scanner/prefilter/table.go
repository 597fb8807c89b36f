package prefilter

const slotBits = 16

// table maps keys, with their way, to groups of entries. A key's hash numbers a slot.
type table struct {
	slots   [1 << slotBits]slot
	groups  []group
	entries []entry // by group
	splits  []split // by group
	crowded bool    // some groups have keys of several slots
}

// slot says what may be found by a key: its group times four, and two bits.
type slot uint16

const (
	used = 1 // there is a group
	open = 2 // the key, less a byte at one end, may be that of a short literal

	groupShift = 2
	mostGroups = 1 << (16 - groupShift)
)

// slotOf numbers the slot of a key with its way. It is independent of the filter's hash.
func slotOf(key uint32) uint32 { return key * 0x85EBCA77 >> (32 - slotBits) }

// group is the entries whose keys have the same slot: a lone one, or some in splits.
type group struct {
	near   word   // what stands near the key of any of them
	at     uint32 // the lone entry, or the first split
	splits uint32
}

// entry is a literal that is found by a key, at the key's place minus offset.
type entry struct{ literal, offset int32 }

// keyed is an entry and its key's slot.
type keyed struct {
	slot uint32
	entry
}

// open lets short literals be looked for where a key may be one of theirs.
func (t *table) open(a anchor) {
	if a.way == whole {
		return
	}
	key := a.key
	step, n := a.others()
	for range n {
		t.slots[slotOf(key)] |= open
		key += step
	}
}

// build groups the entries of keys.
func (t *table) build(list []keyed, patterns []pattern) {
	t.groups = make([]group, 0, min(len(list), mostGroups))
	for i := range list {
		k := &list[i]
		near := patterns[k.literal].from(int(k.offset) - nearBehind)
		s := &t.slots[k.slot]
		if *s&used == 0 {
			n := len(t.groups)
			if n == mostGroups {
				n = int(k.slot % mostGroups)
				t.crowded = true
			} else {
				t.groups = append(t.groups, group{near: near})
			}
			*s |= slot(n<<groupShift) | used
		}
		g := &t.groups[*s>>groupShift]
		g.near = g.near.common(near)
		g.splits++ // its entries, as yet
	}
	at, splits := uint32(0), uint32(0)
	for i := range t.groups {
		g := &t.groups[i]
		g.at = at
		at += g.splits
		splits += splitsOf(g.splits)
	}
	t.entries = make([]entry, len(list))
	for i := range list {
		g := &t.groups[t.slots[list[i].slot]>>groupShift]
		t.entries[g.at] = list[i].entry
		g.at++
	}
	t.splits = make([]split, 0, splits)
	x := splitter{patterns: patterns}
	for i := range t.groups {
		g := &t.groups[i]
		first, end := g.at-g.splits, g.at
		g.at, g.splits = first, splitsOf(g.splits)
		if g.splits == 0 {
			continue
		}
		g.at = uint32(len(t.splits))
		t.splits = x.split(t.splits, t.entries[:end], first)
	}
}

// splitsOf is how many splits so many entries take.
func splitsOf(entries uint32) uint32 {
	if entries == 1 {
		return 0
	}
	return (entries + splitSize - 1) / splitSize
}
