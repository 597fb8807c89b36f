package prefilter

const slotBits = 16

// table maps keys, with their way, to groups of entries. A key's hash numbers a slot.
type table struct {
	slots   [1 << slotBits]slot
	groups  []group
	entries []entry // by group
	splits  []split // by group; the first are those of small ones
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

// group is the entries whose keys have the same slot.
type group struct {
	near       word   // what stands near the key of any of them
	first, end uint32 // its entries
	split      uint32 // its splits, each of the next splitSize entries
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
		g.end++
	}
	at := uint32(0)
	for i := range t.groups {
		g := &t.groups[i]
		g.first, g.end, at = at, at, at+g.end
	}
	t.entries = make([]entry, len(list))
	for i := range list {
		g := &t.groups[t.slots[list[i].slot]>>groupShift]
		t.entries[g.end] = list[i].entry
		g.end++
	}
	t.split(patterns)
}

// split tells the entries of large groups apart. The first splits are those of small ones.
func (t *table) split(patterns []pattern) {
	n := uint32(leastSplit - 1)
	for i := range t.groups {
		g := &t.groups[i]
		if size := g.end - g.first; size < leastSplit {
			g.split = size - 1
		} else {
			g.split = n
			n += (size + splitSize - 1) / splitSize
		}
	}
	t.splits = make([]split, n)
	for i := range leastSplit - 1 {
		t.splits[i].keepTogether(i + 1)
	}
	for i := range t.groups {
		g := &t.groups[i]
		if g.end-g.first < leastSplit {
			continue
		}
		for at, split := g.first, g.split; at < g.end; at, split = at+splitSize, split+1 {
			t.splits[split].tellApart(t.entries[at:min(at+splitSize, g.end)], patterns)
		}
	}
}
