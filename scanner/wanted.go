package scanner

import "github.com/shrike-scan/shrike/scanner/prefilter"

// wanted is what all triggers of a literal want: a run of a kind within so many bytes
// before and after the end of a hit. Of a dense block it drops most hits in a loop over
// a table that stays in the cache, and without a branch that depends on them.
type wanted struct {
	before, after uint16
	kind          runKind
}

// wants returns what all of the triggers want.
func wants(ts []trigger) wanted {
	w := wanted{kind: ts[0].kind}
	for i := range ts {
		t := &ts[i]
		before, after := int(t.size)-t.tail()+int(t.widest.before), t.tail()+int(t.widest.after)
		if before > mapMargin || after > mapMargin {
			return wanted{} // more than maps tell of
		}
		w = wanted{max(w.before, uint16(before)), max(w.after, uint16(after)), w.kind.or(t.kind)}
	}
	return w
}

// dropLacking drops the hits in a mapped block near which no trigger has its run.
func (e *Engine) dropLacking(s *Scratch, hits []prefilter.Hit) []prefilter.Hit {
	if s.wanted == nil {
		s.wanted = make([]wanted, len(e.lengths))
		for i := range s.wanted {
			s.wanted[i] = wants(e.setOff(int32(i)))
		}
	}
	n := 0
	for _, h := range hits {
		w := &s.wanted[h.Literal]
		hits[n] = h
		if !s.runs.lacks(w.kind, int(h.End)-int(w.before), int(h.End)+int(w.after)) {
			n++
		}
	}
	return hits[:n]
}
