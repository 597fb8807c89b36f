package prefilter

import "encoding/binary"

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
		if start < 0 || start >= len(p.data) {
			continue
		}
		var text uint64
		if rest := p.data[start:]; len(rest) >= 8 {
			text = binary.LittleEndian.Uint64(rest)
		} else {
			text = loadEnd(rest)
		}
		if e.first.matches(text) {
			p.hit(e.literal, start)
		}
	}
}

// hit reports a literal whose first bytes stand at data[start:], if it is there. It
// is kept out of try's loop, which rarely gets here.
//
//go:noinline
func (p *pass) hit(literal int32, start int) {
	lit := &p.set.patterns[literal]
	end := start + lit.size
	if end <= p.from || end > len(p.data) ||
		lit.before != 0 && start > 0 && !p.set.beside[lit.before-1].has(p.data[start-1]) ||
		lit.after != 0 && end < len(p.data) && !p.set.beside[lit.after-1].has(p.data[end]) {
		return
	}
	if lit.restMatches(p.data[start:end]) {
		p.hits = append(p.hits, Hit{literal, int32(end)})
	}
}
