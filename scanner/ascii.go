package scanner

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// ascii is a range of the text under way that is known to be ASCII. The windows around
// hits that are near one another overlap, and each byte is looked at once.
type ascii struct{ from, to int }

// covers reports whether text[lo:hi] is ASCII.
func (a *ascii) covers(text []byte, lo, hi int) bool {
	if a.from <= lo && hi <= a.to {
		return true
	}
	if lo > a.to || hi < a.from {
		a.from, a.to = lo, lo
	}
	if lo < a.from {
		if lo+leadingASCII(text[lo:a.from]) < a.from {
			return false
		}
		a.from = lo
	}
	if hi > a.to {
		a.to += leadingASCII(text[a.to:hi])
	}
	return hi <= a.to
}

// leadingASCII is how many bytes a text starts with that are ASCII.
func leadingASCII(text []byte) int {
	n := 0
	for ; len(text) >= n+8; n += 8 {
		if x := binary.LittleEndian.Uint64(text[n:]) & 0x8080808080808080; x != 0 {
			return n + bits.TrailingZeros64(x)/8
		}
	}
	for n < len(text) && text[n] < utf8.RuneSelf {
		n++
	}
	return n
}
