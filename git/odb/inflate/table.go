package inflate

import "math/bits"

// The alphabets of RFC 1951, section 3.2.5 and 3.2.7.
const (
	maxLit    = 288 // literals, end of block, lengths; 286 and 287 are invalid
	maxDist   = 32  // distances; 30 and 31 are invalid
	maxPre    = 19  // code lengths of the other two
	maxBits   = 15
	maxMatch  = 258
	endSymbol = 256
)

// An entry of a table describes what its index, the next bits of the input,
// decode to.
//
//	literal    bit 31, the byte in 23-16
//	length     the least length or distance in 30-16, and extra bits
//	pointer    special and bit 14: the start of a second table in 30-16, the
//	           count of bits that index it in 11-8
//	end        special and bit 13
//	invalid    special alone
//
// In all, bits 7-0 count the input bits it takes, extra ones included, and bits
// 11-8 those of the code alone. A pointer takes the bits of the first table, and
// what it leads to the rest.
const (
	literal   = 1 << 31
	special   = 1 << 15
	pointer   = 1 << 14
	end       = 1 << 13
	valueBits = 16
	codeBits  = 8
)

// table decodes one Huffman code. Indexes are masked with len(entry)-1, so that
// the compiler needs no bounds checks. 2,342 entries are the most that 288
// symbols need with 11 bits in the first table (zlib's enough.c).
type table struct {
	bits  uint // that index the first table
	entry [4096]uint32
}

const (
	litBits  = 11
	distBits = 8
	preBits  = 7
)

// What the symbols of the three alphabets mean, as entries without code bits.
var (
	litSymbols  = literalsAndLengths()
	distSymbols = distances()
	preSymbols  = codeLengths()
)

func literalsAndLengths() (s [maxLit]uint32) {
	for i := range endSymbol {
		s[i] = literal | uint32(i)<<valueBits
	}
	s[endSymbol] = special | end
	base := uint32(3)
	for i := range uint32(28) {
		extra := uint32(0)
		if i >= 8 {
			extra = i/4 - 1
		}
		s[endSymbol+1+i] = base<<valueBits | extra
		base += 1 << extra
	}
	s[285] = maxMatch << valueBits // its own symbol: 284 stops at 257
	s[286], s[287] = special, special
	return s
}

func distances() (s [maxDist]uint32) {
	base := uint32(1)
	for i := range uint32(30) {
		extra := uint32(0)
		if i >= 4 {
			extra = i/2 - 1
		}
		s[i] = base<<valueBits | extra
		base += 1 << extra
	}
	s[30], s[31] = special, special
	return s
}

func codeLengths() (s [maxPre]uint32) {
	for i := range s {
		s[i] = uint32(i) << valueBits
	}
	return s
}

// build makes the table of the canonical code with the given lengths, 0 for
// unused symbols. The code must be complete, or have one symbol of length 1, or
// none at all.
func (t *table) build(lens []uint8, symbols []uint32, firstBits uint) bool {
	var counts [maxBits + 1]uint16
	for _, n := range lens {
		counts[n&maxBits]++
	}
	unused := counts[0]
	counts[0] = 0
	longest := uint(maxBits)
	for longest > 0 && counts[longest] == 0 {
		longest--
	}
	var starts [maxBits + 2]uint16
	space := 0
	for n := 1; n <= maxBits; n++ {
		starts[n+1] = starts[n] + counts[n]
		space = space<<1 + int(counts[n])
	}
	var sorted [maxLit]uint16 // symbols by length, then by number
	next := starts
	for sym, n := range lens {
		if n != 0 {
			sorted[next[n&maxBits]] = uint16(sym)
			next[n&maxBits]++
		}
	}
	if space != 1<<maxBits {
		return t.degenerate(len(lens)-int(unused), longest, symbols[sorted[0]])
	}
	t.bits = min(firstBits, longest)

	// Codes are counted up in their canonical order with their bits reversed,
	// for the input gives the highest bit first. The table doubles as codes grow
	// longer: each new half repeats the old one.
	code, length, i := uint(0), uint(1), 0
	for counts[length] == 0 {
		length++
	}
	filled := uint(1) << length
	if length > t.bits {
		filled = 1 << t.bits
	}
	for ; length <= t.bits; length++ {
		for range counts[length] {
			t.entry[code] = symbols[sorted[i]] + uint32(length)<<codeBits + uint32(length)
			i++
			code = following(code, length)
		}
		if length < t.bits {
			copy(t.entry[filled:2*filled], t.entry[:filled])
			filled *= 2
		}
	}
	t.second(code, length, i, filled, &counts, &sorted, symbols)
	return true
}

// following is the code of the given length after code, with its bits reversed.
// After the last one it is 0.
func following(code, length uint) uint {
	rest := code ^ (1<<length - 1)
	if rest == 0 {
		return 0
	}
	bit := uint(1) << (bits.Len(rest) - 1)
	return code&(bit-1) | bit
}

// second makes the tables behind the codes that are longer than t.bits, starting
// with sorted[i].
func (t *table) second(code, length uint, i int, filled uint, counts *[maxBits + 1]uint16, sorted *[maxLit]uint16, symbols []uint32) {
	mask := uint(1)<<t.bits - 1
	prefix, start := ^uint(0), uint(0)
	for ; length <= maxBits; length++ {
		for left := uint(counts[length]); left > 0; left-- {
			if code&mask != prefix {
				prefix, start = code&mask, filled
				width := length - t.bits
				for used := left; used < 1<<width; {
					width++
					used = used<<1 + uint(counts[t.bits+width])
				}
				filled = start + 1<<width
				t.entry[prefix] = uint32(start)<<valueBits | special | pointer | uint32(width)<<codeBits | uint32(t.bits)
			}
			rest := length - t.bits
			e := symbols[sorted[i]] + uint32(rest)<<codeBits + uint32(rest)
			i++
			for at := start + code>>t.bits; at < filled; at += 1 << rest {
				t.entry[at] = e
			}
			code = following(code, length)
		}
	}
}

// degenerate makes the table of a code with no symbol, or with one of length 1.
func (t *table) degenerate(used int, longest uint, symbol uint32) bool {
	t.bits = 1
	t.entry[0], t.entry[1] = special, special
	if used == 1 && longest == 1 {
		t.entry[0] = symbol + 1<<codeBits + 1
	}
	return used == 0 || used == 1 && longest == 1
}

// fixed selects the tables of RFC 1951, section 3.2.6.
func (f *Inflater) fixed() {
	if f.fixLit.bits == 0 {
		var lens [maxLit]uint8
		for i := range lens {
			switch {
			case i < 144:
				lens[i] = 8
			case i < 256:
				lens[i] = 9
			case i < 280:
				lens[i] = 7
			default:
				lens[i] = 8
			}
		}
		f.fixLit.build(lens[:], litSymbols[:], litBits)
		for i := range maxDist {
			lens[i] = 5
		}
		f.fixDist.build(lens[:maxDist], distSymbols[:], distBits)
	}
	f.lit, f.dist = &f.fixLit, &f.fixDist
}

// preOrder is the order in which the lengths of the code for code lengths stand.
var preOrder = [maxPre]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// dynamic reads a block's own tables (RFC 1951, section 3.2.7).
func (f *Inflater) dynamic() error {
	f.refill()
	head, ok := f.take(14)
	lits, dists, pres := int(head&31)+257, int(head>>5&31)+1, int(head>>10&15)+4
	if !ok {
		return ErrTruncated
	}
	if lits > 286 || dists > 30 {
		return ErrCorrupt
	}
	var lens [maxPre]uint8
	for i := range pres {
		if i%8 == 0 {
			f.refill()
		}
		n, ok := f.take(3)
		if !ok {
			return ErrTruncated
		}
		lens[preOrder[i]] = uint8(n)
	}
	pre := &f.dynDist // free until its own lengths are known
	if !pre.build(lens[:], preSymbols[:], preBits) {
		return ErrCorrupt
	}
	for i := 0; i < lits+dists; {
		f.refill()
		e := pre.entry[f.bits&(1<<pre.bits-1)]
		if e&special != 0 {
			return ErrCorrupt
		}
		if _, ok := f.take(uint(e & 0xff)); !ok {
			return ErrTruncated
		}
		symbol := uint8(e >> valueBits)
		if symbol < 16 {
			f.lens[i] = symbol
			i++
			continue
		}
		value, extra, least := uint8(0), uint(2), uint(3)
		switch symbol {
		case 16:
			if i == 0 {
				return ErrCorrupt
			}
			value = f.lens[i-1]
		case 17:
			extra = 3
		default:
			extra, least = 7, 11
		}
		n, ok := f.take(extra)
		if !ok {
			return ErrTruncated
		}
		n += least
		if i+int(n) > lits+dists {
			return ErrCorrupt
		}
		for range n {
			f.lens[i] = value
			i++
		}
	}
	if f.lens[endSymbol] == 0 {
		return ErrCorrupt
	}
	f.lit, f.dist = &f.dynLit, &f.dynDist
	if !f.lit.build(f.lens[:lits], litSymbols[:], litBits) || !f.dist.build(f.lens[lits:lits+dists], distSymbols[:], distBits) {
		return ErrCorrupt
	}
	return nil
}
