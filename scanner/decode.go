package scanner

import (
	"encoding/binary"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// decode returns the text to scan: data itself, or its UTF-8 form in s.text
// where it is UTF-16 or UTF-32. Which it is shows in the first bytes alone.
func decode(data []byte, s *Scratch) (text []byte, encoding string) {
	w, mark := sniffWide(data)
	if w.order == nil {
		return data, ""
	}
	s.text = w.append(s.text[:0], data[mark:])
	return s.text, w.name
}

// wide is a way of writing code points in units of more than one byte.
type wide struct {
	name  string
	order binary.ByteOrder // nil: none of these
	size  int              // bytes of a unit
}

var (
	utf16LE = wide{"utf-16le", binary.LittleEndian, 2}
	utf16BE = wide{"utf-16be", binary.BigEndian, 2}
	utf32LE = wide{"utf-32le", binary.LittleEndian, 4}
	utf32BE = wide{"utf-32be", binary.BigEndian, 4}
)

// sniff is how many bytes decide whether text without a mark is in wide units.
const sniff = 256

// sniffWide recognises UTF-16 and UTF-32 by their mark, or by all bytes but one
// of each unit being zero, as they are in text of mostly ASCII. It returns the
// mark's length too.
func sniffWide(data []byte) (w wide, mark int) {
	if len(data) >= 4 {
		switch string(data[:4]) {
		case "\xFF\xFE\x00\x00":
			return utf32LE, 4
		case "\x00\x00\xFE\xFF":
			return utf32BE, 4
		}
	}
	if len(data) >= 2 {
		switch string(data[:2]) {
		case "\xFF\xFE":
			return utf16LE, 2
		case "\xFE\xFF":
			return utf16BE, 2
		}
	}
	head := data[:min(len(data), sniff)&^3]
	if len(head) < 16 || head[0] != 0 && head[1] != 0 {
		return wide{}, 0
	}
	var zero, plain [4]int // by offset in four bytes
	for i, c := range head {
		switch {
		case c == 0:
			zero[i&3]++
		case isPlain(c):
			plain[i&3]++
		}
	}
	most := len(head) / 4 * 9 / 10
	all := func(count [4]int, offsets ...int) bool {
		for _, o := range offsets {
			if count[o] < most {
				return false
			}
		}
		return true
	}
	switch {
	case all(plain, 0) && all(zero, 1, 2, 3):
		return utf32LE, 0
	case all(plain, 3) && all(zero, 0, 1, 2):
		return utf32BE, 0
	case all(plain, 0, 2) && all(zero, 1, 3):
		return utf16LE, 0
	case all(plain, 1, 3) && all(zero, 0, 2):
		return utf16BE, 0
	}
	return wide{}, 0
}

// append appends the UTF-8 form of src to dst. A last unit that is cut is dropped.
func (w wide) append(dst, src []byte) []byte {
	if w.size == 2 {
		return appendUTF16(dst, src, w.order)
	}
	for i := 0; i+3 < len(src); i += 4 {
		dst = utf8.AppendRune(dst, rune(w.order.Uint32(src[i:]))) // no code point becomes U+FFFD
	}
	return dst
}

// appendUTF16 appends the UTF-8 form of src to dst. Lone surrogates become
// U+FFFD; an odd last byte is dropped.
func appendUTF16(dst, src []byte, order binary.ByteOrder) []byte {
	for i := 0; i+1 < len(src); i += 2 {
		r := rune(order.Uint16(src[i:]))
		if utf16.IsSurrogate(r) {
			if i+3 < len(src) {
				if pair := utf16.DecodeRune(r, rune(order.Uint16(src[i+2:]))); pair != utf8.RuneError {
					dst = utf8.AppendRune(dst, pair)
					i += 2
					continue
				}
			}
			r = utf8.RuneError
		}
		dst = utf8.AppendRune(dst, r)
	}
	return dst
}

// wideReader decodes a stream.
type wideReader struct {
	r    io.Reader
	wide wide
	raw  [4096]byte
	n    int // bytes of raw that are not decoded yet
	out  []byte
	rest []byte // decoded, not yet read
}

func (u *wideReader) Read(p []byte) (int, error) {
	for len(u.rest) == 0 {
		n, err := u.r.Read(u.raw[u.n:])
		u.n += n
		whole := u.n - u.n%u.wide.size
		if u.wide.size == 2 && whole >= 2 && err == nil && isHighSurrogate(u.wide.order.Uint16(u.raw[whole-2:])) {
			whole -= 2 // its other half is still to come
		}
		u.out = u.wide.append(u.out[:0], u.raw[:whole])
		u.rest = u.out
		u.n = copy(u.raw[:], u.raw[whole:u.n])
		if err != nil && len(u.rest) == 0 {
			return 0, err
		}
	}
	n := copy(p, u.rest)
	u.rest = u.rest[n:]
	return n, nil
}

func isHighSurrogate(c uint16) bool { return c&0xFC00 == 0xD800 }
