package scanner

import "bytes"

// cursor counts lines and columns forward through a text, for matches only.
// line and column are those of text[offset], from 1; a column is a code point.
type cursor struct {
	text         []byte
	offset       int
	line, column int
	allows       allows
	last         Secret // of the match before
}

// secret copies a value, or returns the last one again where it is the same.
func (c *cursor) secret(value []byte) Secret {
	if c.last.text == nil || string(value) != *c.last.text {
		c.last = NewSecret(value)
	}
	return c.last
}

// to moves the cursor forward to offset, which is at most len(text).
func (c *cursor) to(offset int) {
	piece := c.text[c.offset:offset]
	c.offset = offset
	if n := bytes.Count(piece, []byte{'\n'}); n > 0 {
		c.line += n
		c.column = 1
		piece = piece[bytes.LastIndexByte(piece, '\n')+1:]
	}
	for _, b := range piece {
		if b&0xC0 != 0x80 { // not a continuation byte
			c.column++
		}
	}
}

// allowReach is how far from a match, in bytes, its line is searched for an
// allow comment.
const allowReach = 1024

// lineAround returns the line that holds text[at], cut to allowReach either way.
func lineAround(text []byte, at int) []byte {
	lo, hi := max(0, at-allowReach), min(len(text), at+allowReach)
	if i := bytes.LastIndexByte(text[lo:at], '\n'); i >= 0 {
		lo += i + 1
	}
	if i := bytes.IndexByte(text[at:hi], '\n'); i >= 0 {
		hi = at + i
	}
	return text[lo:hi]
}

// lineBefore returns the line before the one that holds text[at], cut likewise.
func lineBefore(text []byte, at int) []byte {
	lo := max(0, at-allowReach)
	end := bytes.LastIndexByte(text[lo:at], '\n')
	if end < 0 {
		return nil
	}
	end += lo
	if i := bytes.LastIndexByte(text[lo:end], '\n'); i >= 0 {
		lo += i + 1
	}
	return text[lo:end]
}
