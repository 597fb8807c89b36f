package git

// opening is what a scan reads first, for which it needs no rules: refs, then the logs
// of refs, then what is stored and what the cache knows of it. In this order, for
// an object is stored before a ref names it.
type opening struct {
	names *refs
	logs  reflogs      // of a scan of all objects alone, as what follows
	inc   *incremental // see Repository.remembered
	fault error
	err   error // the scan cannot be
}

// ReadAhead starts to read what Scan with these options reads first: time to compile
// rules in. The next call of Scan uses it. Not to be called while Scan runs.
func (r *Repository) ReadAhead(o ScanOptions) {
	opened := make(chan *opening, 1)
	go func() {
		b := r.begin(o)
		if b.err == nil && !o.Narrowed() && o.Cache == "" {
			r.store.ReadAhead()
		}
		opened <- b
	}()
	r.opened = opened
}

// opening gives what ReadAhead read, or reads it now.
func (r *Repository) opening(o ScanOptions) *opening {
	if r.opened == nil {
		return r.begin(o)
	}
	read := <-r.opened
	r.opened = nil
	return read
}

func (r *Repository) begin(o ScanOptions) *opening {
	b := &opening{}
	if b.names, b.err = r.readRefs(); b.err != nil || o.Narrowed() {
		return b
	}
	b.logs = r.readReflogs()
	b.inc, b.fault, b.err = r.remembered(o.Cache)
	return b
}
