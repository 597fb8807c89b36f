package prefilter

const (
	slotBits   = 16
	bucketBits = 13
	batch      = 64
)

// entry is a literal that is found by a key, at the key's place minus offset.
type entry struct {
	behind, ahead word // what of it stands in the eight bytes before that place and after
	literal       int32
	offset, size  int32
	before, after uint16 // what can stand beside it, see byteSets
}

// near says what of a literal stands around its key's place. It reports whether that
// is all of it.
func (e *entry) near(lit []byte) (whole bool) {
	at := int(e.offset)
	behind, ahead := around(lit, at)
	e.behind = newWord(behind, max(0, 8-at), 8)
	e.ahead = newWord(ahead, max(0, -at), min(8, len(lit)-at))
	return at <= 8 && len(lit) <= at+8
}

// table maps keys, with their way, to entries. A key's hash numbers a slot, of
// which only is known whether it is used, and the slot's upper bits a bucket.
type table struct {
	used    [1 << slotBits]uint8      // 1 for a used slot
	ends    [1<<bucketBits + 1]uint32 // of the bucket before; so bucket b is entries[ends[b]:ends[b+1]]
	entries []entry
}

type keyed struct {
	slot uint32
	entry
}

// slotOf hashes a key with its way. It is independent of the filter's hash.
func slotOf(key uint32) uint32 { return key * 0x85EBCA77 >> (32 - slotBits) }

func bucketOf(slot uint32) uint32 { return slot >> (slotBits - bucketBits) }

// build fills the table, sorting the entries by bucket.
func (t *table) build(list []keyed) {
	for _, k := range list {
		t.used[k.slot] = 1
		t.ends[bucketOf(k.slot)+1]++
	}
	for b := range 1 << bucketBits {
		t.ends[b+1] += t.ends[b]
	}
	next := t.ends
	t.entries = make([]entry, len(list))
	for _, k := range list {
		b := bucketOf(k.slot)
		t.entries[next[b]] = k.entry
		next[b]++
	}
}

// candidate is a place in a block and a used slot of its key: slot<<12 | place.
type candidate uint32

func newCandidate(slot uint32, at uint16) candidate { return candidate(slot*siftMost | uint32(at)) }

func (c candidate) place() int { return int(c % siftMost) }

// bucket returns the entries that a candidate may lead to.
func (t *table) bucket(c candidate) []entry {
	b := bucketOf(uint32(c / siftMost))
	return t.entries[t.ends[b]:t.ends[b+1]]
}

// candidates takes those of a batch: at most three for a place, and room to spare
// that makes its size a power of two.
type candidates [4 * batch]candidate

// sieve lists, of at most batch places in a block, those whose key has a used slot,
// once for each way, and returns how many. Like the sift it does not branch.
func (t *table) sieve(block []byte, places []uint16, out *candidates) int {
	n := uint(0)
	for _, at := range places {
		key := keyOf(block[at:])
		slot := slotOf(key | whole)
		out[n%uint(len(out))] = newCandidate(slot, at)
		n += uint(t.used[slot])
		slot = slotOf(key&headMask | head)
		out[n%uint(len(out))] = newCandidate(slot, at)
		n += uint(t.used[slot])
		slot = slotOf(key&tailMask | tail)
		out[n%uint(len(out))] = newCandidate(slot, at)
		n += uint(t.used[slot])
	}
	return int(n)
}
