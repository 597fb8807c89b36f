package scanner

import (
	"encoding/binary"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// decode returns the text to scan: data itself, or its UTF-8 form in s.text
// where it is UTF-16. Which it is shows in the first bytes alone.
func decode(data []byte, s *Scratch) (text []byte, encoding string) {
	order, encoding, mark := sniffUTF16(data)
	if order == nil {
		return data, ""
	}
	s.text = appendUTF16(s.text[:0], data[mark:], order)
	return s.text, encoding
}

// sniff is how many bytes decide whether text without a mark is UTF-16.
const sniff = 256

// sniffUTF16 recognises UTF-16 by its mark, or by every other one of the first
// bytes being zero, as they are in text of mostly ASCII.
func sniffUTF16(data []byte) (order binary.ByteOrder, name string, mark int) {
	if len(data) >= 2 {
		switch {
		case data[0] == 0xFF && data[1] == 0xFE:
			return binary.LittleEndian, "utf-16le", 2
		case data[0] == 0xFE && data[1] == 0xFF:
			return binary.BigEndian, "utf-16be", 2
		}
	}
	head := data[:min(len(data), sniff)&^1]
	if len(head) < 16 {
		return nil, "", 0
	}
	var zero, plain [2]int // at even and odd offsets
	for i, c := range head {
		switch {
		case c == 0:
			zero[i&1]++
		case c >= ' ' && c < 0x7F || c == '\n' || c == '\r' || c == '\t':
			plain[i&1]++
		}
	}
	most := len(head) / 2 * 9 / 10
	switch {
	case zero[1] >= most && plain[0] >= most:
		return binary.LittleEndian, "utf-16le", 0
	case zero[0] >= most && plain[1] >= most:
		return binary.BigEndian, "utf-16be", 0
	}
	return nil, "", 0
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

// utf16Reader decodes a stream.
type utf16Reader struct {
	r     io.Reader
	order binary.ByteOrder
	raw   [4096]byte
	n     int // bytes of raw that are not decoded yet
	out   []byte
	rest  []byte // decoded, not yet read
}

func (u *utf16Reader) Read(p []byte) (int, error) {
	for len(u.rest) == 0 {
		n, err := u.r.Read(u.raw[u.n:])
		u.n += n
		whole := u.n &^ 1
		if whole >= 2 && err == nil && isHighSurrogate(u.order.Uint16(u.raw[whole-2:])) {
			whole -= 2 // its other half is still to come
		}
		u.out = appendUTF16(u.out[:0], u.raw[:whole], u.order)
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
