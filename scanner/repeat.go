package scanner

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// Repeats. A try of a rule costs a hundred times what the prefilter takes for a byte,
// so text with a literal at every few bytes is dear. Nobody writes much of it: it is
// generated, or made to be dear, and says the same again and again. What a hit gives
// depends on the text around it alone; so where the first block of a text is dense with
// hits and what follows repeats it, the text is scanned as one that is derived from its
// own beginning (derive.go):
//
//	text    [   beginning   ][ copy ][   copy   ]nn[    copy    ]
//	         scanned          taken over         scanned

const (
	denseGap     = 64        // bytes a hit of dense text, at most
	phrase       = 16        // bytes of the beginning that are known by their hash
	leastCopy    = 64        // bytes of a copy that is worth it
	leastCommon  = 16 << 10  // bytes of the shortest beginning
	mostCommon   = 256 << 10 // and of the longest
	maxRepeating = 16 << 20  // bytes of the longest text: its copies are held
	mostHeld     = 512 << 10 // bytes of text whose hits are held at a time
	phraseBits   = 15        // twice as many places as the longest beginning has phrases
)

// phrases knows a text's beginning by its pieces of one phrase, first come first kept:
// the earlier a place, the more of the beginning may be a copy's.
type phrases struct {
	text []byte
	size int                    // of the beginning
	at   [1 << phraseBits]int32 // by hash: the place of a phrase, plus one
}

func hashPhrase(text []byte) uint64 {
	a, b := binary.LittleEndian.Uint64(text), binary.LittleEndian.Uint64(text[8:])
	return (bits.RotateLeft64(a*0x9E3779B97F4A7C15, 32) ^ b) * 0x9E3779B97F4A7C15 >> (64 - phraseBits)
}

// grow extends the beginning.
func (p *phrases) grow(size int) {
	for at := p.size; at+phrase <= size; at += phrase {
		if slot := &p.at[hashPhrase(p.text[at:])]; *slot == 0 {
			*slot = int32(at) + 1
		}
	}
	p.size = size
}

// find returns the longest copy that is known to start, or to have started since
// done, at text[at].
func (p *phrases) find(at, done int) (Copy, bool) {
	from := int(p.at[hashPhrase(p.text[at:])]) - 1
	if from < 0 || string(p.text[from:from+phrase]) != string(p.text[at:at+phrase]) {
		return Copy{}, false
	}
	n := phrase + common(p.text[from+phrase:p.size], p.text[at+phrase:])
	for from > 0 && at > done && p.text[from-1] == p.text[at-1] {
		from, at, n = from-1, at-1, n+1
	}
	return Copy{To: at, From: from, Len: n}, true
}

// common is the length of the longest prefix that two texts share.
func common(a, b []byte) int {
	n := 0
	for ; len(a) >= n+8 && len(b) >= n+8; n += 8 {
		if x := binary.LittleEndian.Uint64(a[n:]) ^ binary.LittleEndian.Uint64(b[n:]); x != 0 {
			return n + bits.TrailingZeros64(x)/8
		}
	}
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// copies appends to pieces the copies of the beginning that follow it, up to end. It
// gives up where they are less than three quarters.
func (p *phrases) copies(end int, pieces []Copy) ([]Copy, bool) {
	missed := 0
	for at, done := p.size, p.size; at+phrase <= end; {
		if missed > leastCommon/4+(at-p.size)/4 {
			return pieces, false
		}
		c, ok := p.find(at, done)
		if !ok || c.Len < leastCopy {
			at, missed = at+1, missed+1
			continue
		}
		missed -= at - c.To
		pieces = append(pieces, c)
		at = c.To + c.Len
		done = at
	}
	return pieces, true
}

// repeats finds, in a text that gave so many hits in its first bytes, the copies of its
// beginning, and puts them into scratch, the beginning as first. It returns the
// beginning's size; zero if the hits are few, or the text does not repeat it.
func (s *Scratch) repeats(text []byte, hits, bytes int) int {
	if hits <= bytes/denseGap || len(text) > maxRepeating {
		return 0
	}
	if s.phrases == nil {
		s.phrases = new(phrases)
	}
	p := s.phrases
	*p = phrases{text: text}
	defer func() { p.text = nil }()
	for size := leastCommon; size <= min(mostCommon, len(text)/4); size *= 2 {
		p.grow(size)
		if _, ok := p.copies(size+leastCommon, s.pieces[:0]); !ok {
			continue
		}
		var ok bool
		if s.pieces, ok = p.copies(len(text), append(s.pieces[:0], Copy{Len: size})); ok {
			return size
		}
	}
	return 0
}

// tryRepeating tries the hits of a text of which pieces in scratch are copies of its
// first size bytes.
func (e *Engine) tryRepeating(s *Scratch, text []byte, size int, binary bool) (fired []*extractor) {
	d := e.fromBeginning(s, text, size, binary)
	return d.scanAll(mostHeld)
}

// fromBeginning tries the hits of a text's first size bytes alone, and returns how the
// text derives from them.
func (e *Engine) fromBeginning(s *Scratch, text []byte, size int, binary bool) derivation {
	keeping := s.keeping
	s.keeping = true
	e.hitsIn(s, text[:size])
	e.tryAll(s, text, binary)
	s.beginning.fill(s, text, binary)
	s.found = slices.Grow(s.found[:0], len(s.beginning.found)*len(text)/size) // about as many as there will be
	s.keeping = keeping
	return derivation{engine: e, scratch: s, text: text, base: &s.beginning, binary: binary}
}

// scanAll tries all hits of the text, those of held bytes at a time.
func (d *derivation) scanAll(held int) (fired []*extractor) {
	for from := 0; from < len(d.text); from += held {
		fired = d.scan(from, min(from+held, len(d.text)), fired)
	}
	return fired
}
