package scanner

import (
	"bytes"
	"compress/gzip"
	"encoding/hex"
	"io"
	"unicode/utf8"
)

const (
	minHex  = 16      // digits of the shortest run that is decoded
	maxGzip = 1 << 20 // bytes that one gzip stream may expand to
)

// isPlain reports whether c is ASCII that texts hold.
func isPlain(c byte) bool { return c >= ' ' && c < 0x7F || c == '\n' || c == '\r' || c == '\t' }

const gzipped = ">gzip" // in a chain

var gzipMagic = []byte{0x1f, 0x8b, 8}

// unpacked undoes what is inside a decoded part: gzip (RFC 1952) and wide units. The
// bytes of a compressed text have no place of their own: theirs is their share of
// the run text[start:end].
func unpacked(p part, start, end int) part {
	if bytes.HasPrefix(p.text, gzipMagic) {
		r, err := gzip.NewReader(bytes.NewReader(p.text))
		if err != nil {
			return part{}
		}
		plain, _ := io.ReadAll(io.LimitReader(r, maxGzip)) // what was read before an error counts
		size := max(1, len(plain))
		p = part{text: plain, encoding: p.encoding + gzipped, place: func(from, to int) (int, int) {
			a := start + from*(end-start)/size
			return a, max(a+1, start+to*(end-start)/size)
		}}
	}
	w, mark := sniffWide(p.text)
	if w.order == nil {
		return p
	}
	inner, limit := p.place, len(p.text)
	return part{text: w.append(nil, p.text[mark:]), encoding: p.encoding + ">" + w.name, place: func(from, to int) (int, int) {
		return inner(min(mark+w.size*from, limit-1), min(mark+w.size*to, limit)) // exact for ASCII
	}}
}

// readable reports whether text is one, by its first bytes: printable, or
// in wide units.
func readable(text []byte) bool {
	if w, _ := sniffWide(text); w.order != nil {
		return true
	}
	head := text[:min(len(text), 256)]
	if len(head) == 0 {
		return false
	}
	for i := 0; i < len(head); {
		if head[i] < utf8.RuneSelf {
			if !isPlain(head[i]) {
				return false
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(head[i:])
		if r == utf8.RuneError && i+utf8.UTFMax <= len(head) {
			return false
		}
		i += size
	}
	return true
}

// hexParts yields the decoded runs of hexadecimal digits.
func hexParts(text []byte, left *int, yield func(part)) {
	for i := 0; i < len(text) && *left > 0; {
		if !isHexDigit(text[i]) {
			i++
			continue
		}
		start := i
		for i < len(text) && isHexDigit(text[i]) {
			i++
		}
		for skip := range 2 {
			from := start + skip
			if i-from < minHex {
				break
			}
			decoded := make([]byte, (i-from)/2)
			n, _ := hex.Decode(decoded, text[from:from+(i-from)&^1])
			if readable(decoded[:n]) {
				*left -= n
				yield(part{text: decoded[:n], encoding: "hex", place: func(a, b int) (int, int) { return from + 2*a, from + 2*b }})
				break
			}
		}
	}
}

func isHexDigit(c byte) bool { return c-'0' < 10 || c|0x20-'a' < 6 }
