package scanner

import "github.com/shrike-scan/shrike/scanner/prefilter"

// wanted is what all triggers of a literal want: that a run of a kind starts within so
// many bytes before and after the end of a hit. Of a dense block it drops most hits in a
// loop over a table that stays in the cache, without a branch that depends on them.
type wanted struct {
	before, after int16
	kind          runKind
}

// wants returns what all of the triggers want, in text that may be known to be ASCII.
func wants(ts []trigger, ascii bool) wanted {
	w := wanted{kind: ts[0].kind}
	for i := range ts {
		t := &ts[i]
		if t.kind == 0 {
			return wanted{}
		}
		r := t.searched(ascii)
		before, after := int(t.size)-t.tail()+int(r.before), t.tail()+int(r.after)-(t.run.least-1)
		if before > mapMargin || after > mapMargin {
			return wanted{} // more than maps tell of
		}
		w = wanted{max(w.before, int16(before)), max(w.after, int16(after)), w.kind.or(t.kind)}
	}
	return w
}

// dropLacking drops the hits in a mapped block near which no trigger has its run.
func (e *Engine) dropLacking(s *Scratch, hits []prefilter.Hit) []prefilter.Hit {
	table := &s.wanted[0]
	if s.runs.ascii {
		table = &s.wanted[1]
	}
	if *table == nil {
		*table = make([]wanted, len(e.lengths))
		for i := range *table {
			(*table)[i] = wants(e.setOff(int32(i)), s.runs.ascii)
		}
	}
	n := 0
	for _, h := range hits {
		w := &(*table)[h.Literal]
		hits[n] = h
		if !s.runs.lacks(w.kind, int(h.End)-int(w.before), int(h.End)+int(w.after)) {
			n++
		}
	}
	return hits[:n]
}
