package scanner

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/binary"
	"math/bits"
	"slices"
)

const (
	minBase64  = 16 // letters of the shortest run that is decoded
	minWrapped = 32 // letters of a line that goes on in the next
	sampled    = 24 // letters that tell whether a run is encoded text
	leading    = 2  // zeros before the first
	farthest   = 35 // letters before encoded text that belong to something else
)

// base64Parts yields the decoded runs of base64, of either alphabet (RFC 4648),
// padded or not, on one line or wrapped. Most runs are words and paths, and fall for
// their first letters, before anything is copied.
func base64Parts(text []byte, left *int, yield func(part)) {
	var r base64Run
	for i := longRun(text, 0); i < len(text) && *left > 0; i = longRun(text, i+1) {
		i = r.read(text, i)
		skip, ok := r.aligned()
		if !ok {
			continue
		}
		decoded := r.decode(text, skip)
		*left -= len(decoded)
		at := func(letter int) int { return r.place(min(skip+letter, r.size-1)) }
		p := part{text: decoded, encoding: "base64", place: func(start, end int) (int, int) {
			return at(start * 8 / 6), at((end*8-1)/6) + 1
		}}
		p = unpacked(p, at(0), at(r.size)+1)
		if *left -= len(p.text); *left >= 0 && readable(p.text) {
			yield(p)
		}
	}
}

// longRun returns where the next run of minBase64 letters starts; nothing stands before
// text[i] that belongs to it. It looks at every letter of such a run, and at few others.
func longRun(text []byte, i int) int {
	for i+minBase64 <= len(text) {
		at := i + minBase64 - 1
		for at >= i && sixBits[text[at]] != noLetter {
			at--
		}
		if at < i {
			return i
		}
		i = at + 1
	}
	return len(text)
}

const base64Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

const noLetter = 0x80 // no bits of a letter

// sixBits maps the letters of both alphabets to what they stand for, and all other bytes
// to noLetter.
var sixBits = func() (t [256]uint8) {
	for c := range t {
		t[c] = noLetter
	}
	for i, c := range []byte(base64Letters) {
		t[c] = uint8(i)
	}
	t['-'], t['_'] = t['+'], t['/']
	return t
}()

// base64Run is a run of letters, in lines that stand anywhere in a text.
type base64Run struct {
	size    int                                 // letters
	head    [leading + farthest + sampled]uint8 // what the first of them stand for
	lines   []base64Line
	letters []byte // of the first alphabet, of a run that is decoded
}

// base64Line says that a run's letters from one on stand at text[at:].
type base64Line struct{ letter, at int }

// place returns where a letter stands.
func (r *base64Run) place(letter int) int {
	i, found := slices.BinarySearchFunc(r.lines, letter, func(l base64Line, letter int) int { return cmp.Compare(l.letter, letter) })
	if !found {
		i--
	}
	return r.lines[i].at + letter - r.lines[i].letter
}

// read reads the run from text[i] on, over line breaks where lines are long, and
// returns where it stopped.
func (r *base64Run) read(text []byte, i int) int {
	r.size, r.lines = 0, r.lines[:0]
	for {
		r.lines = append(r.lines, base64Line{r.size, i})
		end := r.readLine(text, i)
		r.size += end - i
		if end == len(text) || end-i < minWrapped {
			return end
		}
		next := lineBreak(text, end)
		if next == end || next == len(text) || sixBits[text[next]] == noLetter {
			return end
		}
		i = next
	}
}

// readLine returns where the letters of the run end that stand from text[i] on.
func (r *base64Run) readLine(text []byte, i int) int {
	for n := leading + r.size; n < len(r.head) && i < len(text); n++ {
		c := sixBits[text[i]]
		if c == noLetter {
			return i
		}
		r.head[n] = c
		i++
	}
	for i+4 <= len(text) && (sixBits[text[i]]|sixBits[text[i+1]]|sixBits[text[i+2]]|sixBits[text[i+3]])&noLetter == 0 {
		i += 4
	}
	for i < len(text) && sixBits[text[i]] != noLetter {
		i++
	}
	return i
}

// decode decodes the run from a letter on.
func (r *base64Run) decode(text []byte, skip int) []byte {
	r.letters = r.letters[:0]
	for i, l := range r.lines {
		end := r.size
		if i+1 < len(r.lines) {
			end = r.lines[i+1].letter
		}
		for _, c := range text[l.at : l.at+end-l.letter] {
			r.letters = append(r.letters, base64Letters[sixBits[c]])
		}
	}
	letters := r.letters[skip:]
	decoded := make([]byte, base64.RawStdEncoding.DecodedLen(len(letters)))
	n, _ := base64.RawStdEncoding.Decode(decoded, letters) // what was read before an error counts
	return decoded[:n]
}

// lineBreak steps over a line's end, real or written as \n, and the indent or
// the quotes and signs that join the lines of a literal.
func lineBreak(text []byte, i int) int {
	start := i
	broken := false
	for i < len(text) && i < start+64 {
		switch c := text[i]; {
		case c == '\n' || c == '\r':
			broken = true
			i++
		case c == '\\' && i+1 < len(text) && (text[i+1] == 'n' || text[i+1] == 'r'):
			broken = true
			i += 2
		case c == '\\', c == '"', c == '\'', c == ' ', c == '\t':
			i++
		default:
			if !broken {
				return start
			}
			return i
		}
	}
	return start
}

// aligned finds the letter from which on a run is base64 of something readable:
// what stands before it, as the folders of a path, may be of the alphabet too.
func (r *base64Run) aligned() (skip int, ok bool) {
	for m := r.openings(); m != 0; m &= m - 1 {
		skip := bits.TrailingZeros64(m)
		if n := min(sampled, (r.size-skip)&^3); opens(r.head[leading+skip : leading+skip+n]) {
			return skip, true
		}
	}
	return 0, false
}

// tried are the letters, a bit each, at which encoded text is looked for: each of four,
// for some lengths of what may stand before it.
const tried uint64 = 0xF_000F_0FFF

// openings returns those of the tried letters at which encoded text may open, by the
// first byte of each group, a, and the first half of the second, b. It looks at all at
// once, eight in a word: words and paths have too many letters that pass one look and fail
// the next.
func (r *base64Run) openings() uint64 {
	const cut = 7               // letters at a run's end that need not be of whole characters
	var first, next, odd uint64 // letters that text may begin with, go on with; that another content begins with
	last := min(farthest, r.size-minBase64)
	for i := 0; i < min(last+17, r.size-cut); i += 8 {
		word := r.head[i:]
		before, l0 := binary.LittleEndian.Uint64(word), binary.LittleEndian.Uint64(word[leading:])
		l1, l2 := binary.LittleEndian.Uint64(word[leading+1:]), binary.LittleEndian.Uint64(word[leading+2:])

		half := l1 & lanes(0x0F)
		isBeyond := l0 << 2                // a is none of ASCII,
		goesOn := isBeyond &^ (l0 << 3)    // nor the first byte of a character,
		halfGoesOn := l1 << 4 &^ (l1 << 5) // and nor is b
		isControl := ^atLeast(l0, ' '>>2) & differ(l0&lanes(0x3E), '\n'>>2)
		fails := isBeyond&^goesOn&^halfGoesOn | halfGoesOn&^isBeyond | goesOn&^(before<<6) |
			isControl | ^differ(half, 1) | atLeast(l0, 0xF8>>2)

		first |= bitsOf(^(fails | goesOn)) << i
		next |= bitsOf(^fails) << i
		odd |= bitsOf(^differ(l0, 0)|^differ(half, 0)&^atLeast(l2, 4)| // wide units
			atLeast(l0, 0xFE>>2)&atLeast(half, 0xF)|^differ(l0, 0x1F>>2)) << i // their mark; gzip
	}
	next |= ^uint64(0) << min(r.size-cut, 63)
	return (first&(next>>4)&(next>>8)&(next>>12)&(next>>16) | odd) & tried & (2<<last - 1)
}

// lanes returns a word of eight equal bytes. The bytes of the words that atLeast and
// differ look at are below 0x80; what they say of each is its highest bit.
func lanes(c byte) uint64 { return 0x0101010101010101 * uint64(c) }

func atLeast(word uint64, least byte) uint64 { return word + lanes(0x80-least) }

func differ(word uint64, c byte) uint64 { return (word ^ lanes(c)) + lanes(0x7F) }

// bitsOf gathers the highest bit of each byte of a word.
func bitsOf(word uint64) uint64 { return word >> 7 & lanes(1) * 0x0102040810204080 >> 56 }

// opens reports whether letters, of which there are whole groups, are the start of
// encoded text: readable, or compressed.
func opens(letters []uint8) bool {
	var sample [sampled * 3 / 4]byte
	text := sixBytes(sample[:0], letters)
	return readable(text) || bytes.HasPrefix(text, gzipMagic)
}

// sixBytes appends to dst what groups of four letters stand for.
func sixBytes(dst, letters []uint8) []byte {
	for ; len(letters) >= 4; letters = letters[4:] {
		group := uint32(letters[0])<<18 | uint32(letters[1])<<12 | uint32(letters[2])<<6 | uint32(letters[3])
		dst = append(dst, byte(group>>16), byte(group>>8), byte(group))
	}
	return dst
}
