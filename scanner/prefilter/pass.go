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
	if at >= len(p.data) {
		return
	}
	behind, ahead := around(p.data, at)
	for i := range entries {
		if e := &entries[i]; e.behind.matches(behind) && e.ahead.matches(ahead) {
			p.hit(e, at-int(e.offset))
		}
	}
}

// hit reports an entry's literal, of which the bytes near the key are there, if all of
// it stands at data[start:] and between what it must. It is kept out of try's loop,
// which rarely gets here.
//
//go:noinline
func (p *pass) hit(e *entry, start int) {
	end := start + int(e.size)
	if start < 0 || end <= p.from || end > len(p.data) ||
		e.before != 0 && start > 0 && !p.set.beside[e.before-1].has(p.data[start-1]) ||
		e.after != 0 && end < len(p.data) && !p.set.beside[e.after-1].has(p.data[end]) ||
		!p.set.patterns[e.literal].matches(p.data[start:end]) {
		return
	}
	p.hits = append(p.hits, Hit{e.literal, int32(end)})
}
