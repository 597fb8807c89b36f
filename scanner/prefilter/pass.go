package prefilter

// pass is one Scan under way.
type pass struct {
	set  *Set
	data []byte
	from int // hits end after this
	hits []Hit

	places     positions
	candidates candidates
}

// block looks for literals whose grams stand in block, which is what data has from
// at on.
func (p *pass) block(block []byte, at int) {
	places := p.places[:sift(&p.set.filter, block, &p.places)]
	for len(places) > 0 {
		n := min(batch, len(places))
		for _, c := range p.candidates[:p.set.table.sieve(block, places[:n], &p.candidates)] {
			p.try(p.set.table.bucket(c), at+c.place())
		}
		places = places[n:]
	}
}

// try compares the literals of entries, whose key stands at data[at:].
func (p *pass) try(entries []entry, at int) {
	for i := range entries {
		e := &entries[i]
		start := at - e.offset
		if start < 0 || start >= len(p.data) || !e.first.matches(load(p.data, start)) {
			continue
		}
		lit := &p.set.patterns[e.literal]
		if end := start + lit.size; end > p.from && lit.follows(p.data, start) {
			p.hits = append(p.hits, Hit{e.literal, int32(end)})
		}
	}
}
