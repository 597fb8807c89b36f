package classify

// texts is a list of texts that a value may start with, or hold. Most values do not even
// start with two bytes that any of them starts with, or hold such.
type texts struct {
	all    []string
	starts [256]uint32 // by first byte: a bit for each second one, modulo 32
}

func newTexts(all ...string) *texts {
	t := &texts{all: all}
	for _, s := range all {
		if len(s) == 1 {
			t.starts[s[0]] = 1<<32 - 1
		} else {
			t.starts[s[0]] |= 1 << (s[1] % 32)
		}
	}
	return t
}

// start reports whether v starts with one of them.
func (t *texts) start(v []byte) bool {
	if len(v) == 0 {
		return false
	}
	second := byte(0)
	if len(v) > 1 {
		second = v[1]
	}
	if t.starts[v[0]]>>(second%32)&1 == 0 {
		return false
	}
	for _, s := range t.all {
		if hasPrefix(v, s) {
			return true
		}
	}
	return false
}

// in reports whether v holds one of them.
func (t *texts) in(v []byte) bool {
	for i := range v {
		if t.starts[v[i]] != 0 && t.start(v[i:]) {
			return true
		}
	}
	return false
}
