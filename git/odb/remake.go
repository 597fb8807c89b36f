package odb

import "slices"

// remake expands the content of frame i, the top one, anew: from the nearest
// frame below that still holds its content, or from the root. The dropped frames
// on the way are filled too, as far as the bounds allow, so that going up a long
// stack does not start from the root each time.
func (w *worker) remake(i int) error {
	chain, from := w.lineage(i)
	var data []byte
	kept := from >= 0 // data belongs to a frame
	if kept {
		data = w.stack[from].data
	}
	at := from + 1 // the next frame to fill
	for n, e := range slices.Backward(chain) {
		var made []byte
		var err error
		if n == len(chain)-1 && from < 0 {
			_, made, err = w.root(e)
		} else {
			made, err = w.apply(e, data)
		}
		if err != nil {
			made, err = w.rescue(e, err)
		}
		if !kept {
			w.buf.put(data)
		}
		if err != nil {
			return err
		}
		data = made
		if kept = at <= i && w.stack[at].entry == e; !kept {
			continue
		}
		w.stack[at].data = data
		w.held += int64(len(data))
		w.low = min(w.low, at)
		w.trim(at)
		at++
	}
	return nil
}

// lineage lists the entries that make the content of frame i, from its own entry
// up to the one made from the content of frame from, or up to the root, in which
// case from is -1.
func (w *worker) lineage(i int) (chain []int32, from int) {
	f := w.forest
	chain, from = []int32{w.stack[i].entry}, i-1
	for {
		e := chain[len(chain)-1]
		pi := f.packOf(e)
		h, _, err := f.headIn(pi, e)
		if err != nil || h.kind != 0 {
			return chain, -1
		}
		b := f.base(pi, e, h)
		if b == none {
			return chain, -1
		}
		if from >= 0 && w.stack[from].entry == b {
			if w.stack[from].data != nil {
				return chain, from
			}
			from--
		}
		chain = append(chain, b)
	}
}
