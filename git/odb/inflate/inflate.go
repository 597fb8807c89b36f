// Package inflate expands zlib streams (RFC 1950, RFC 1951) that are whole in
// memory into a buffer of known size, as the objects of a git pack are. On the
// small streams that packs are full of it is several times as fast as a
// streaming reader.
//
// It follows the ideas of Eric Biggers' libdeflate: a 64-bit bit buffer that is
// refilled with one load, Huffman tables indexed by 11 (literals and lengths) or
// 8 bits (distances) whose entries hold the decoded symbol, its bits and its
// extra bits at once, a fast loop that needs no bounds of its own while input and
// output are far from their ends, and a careful loop for the rest.
package inflate

import (
	"encoding/binary"
	"errors"
	"hash/adler32"
)

// The errors of Zlib.
var (
	ErrHeader    = errors.New("inflate: not a zlib stream")
	ErrCorrupt   = errors.New("inflate: compressed data is corrupt")
	ErrTruncated = errors.New("inflate: compressed data ends too early")
	ErrOverflow  = errors.New("inflate: compressed data is longer than the size stated")
	ErrChecksum  = errors.New("inflate: content does not match its checksum")
)

// Slack is the spare capacity of a destination that lets the fast loop run to
// its end: the longest match, and what a match's copy may write beyond it.
const Slack = maxMatch + 2*copyStep

// Inflater holds the tables. The zero value is usable. One per goroutine.
type Inflater struct {
	in        []byte
	pos       int    // the next byte of in that is not in bits
	bits      uint64 // the next bits, lowest first; those above count repeat in[pos:]
	count     uint   // how many of bits are valid
	out       []byte // the destination, with its spare capacity
	size, end int    // bytes of the destination, and of those written

	lit, dist       *table // of the block under way
	dynLit, dynDist table
	fixLit, fixDist table // built when first needed
	lens            [maxLit + maxDist]uint8
}

// Zlib expands the stream at the start of src into dst and gives the counts of
// bytes written and used up. A stream that ends before dst is full is no error; one
// that goes on is ErrOverflow, with dst full. Bytes between the length and the
// capacity of dst are overwritten with anything; see Slack. The Adler-32 at the
// end is compared only when verify is set. No error names any content.
func (f *Inflater) Zlib(dst, src []byte, verify bool) (n, used int, err error) {
	if len(src) < 2 || src[0]&0x0f != 8 || src[0]>>4 > 7 || src[1]&0x20 != 0 || binary.BigEndian.Uint16(src)%31 != 0 {
		return 0, 0, ErrHeader
	}
	f.in, f.pos, f.bits, f.count = src, 2, 0, 0
	f.out, f.size, f.end = dst[:cap(dst)], len(dst), 0
	err = f.blocks()
	f.in, f.out = nil, nil
	if err != nil {
		return min(f.end, len(dst)), 0, err
	}
	f.pos -= int(f.count >> 3)
	if f.pos+4 > len(src) {
		return f.end, 0, ErrTruncated
	}
	if verify && adler32.Checksum(dst[:f.end]) != binary.BigEndian.Uint32(src[f.pos:]) {
		return f.end, 0, ErrChecksum
	}
	return f.end, f.pos + 4, nil
}

// blocks expands all blocks. Afterwards the bits that are left belong to bytes
// not used.
func (f *Inflater) blocks() error {
	for last := false; !last; {
		f.refill()
		head, ok := f.take(3)
		if !ok {
			return ErrTruncated
		}
		last = head&1 != 0
		var err error
		switch head >> 1 {
		case 0:
			err = f.stored()
		case 1:
			f.fixed()
			err = f.block()
		case 2:
			if err = f.dynamic(); err == nil {
				err = f.block()
			}
		default:
			err = ErrCorrupt
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// refill brings count to 56 or more, or to all that is left.
func (f *Inflater) refill() {
	if f.pos+8 <= len(f.in) {
		f.bits |= binary.LittleEndian.Uint64(f.in[f.pos:]) << (f.count & 63)
		f.pos += int((63 - f.count) >> 3)
		f.count |= 56
		return
	}
	for f.count < 56 && f.pos < len(f.in) {
		f.bits |= uint64(f.in[f.pos]) << (f.count & 63)
		f.pos++
		f.count += 8
	}
}

// take gives the next n bits, if there are as many in the bit buffer.
func (f *Inflater) take(n uint) (v uint, ok bool) {
	v = uint(f.bits) & (1<<n - 1)
	if n > f.count {
		return 0, false
	}
	f.bits >>= n
	f.count -= n
	return v, true
}

// stored copies a block that is not compressed: from the next byte on, its
// length, the complement of that, and the bytes.
func (f *Inflater) stored() error {
	f.pos -= int(f.count >> 3)
	f.bits, f.count = 0, 0
	if f.pos+4 > len(f.in) {
		return ErrTruncated
	}
	n := int(binary.LittleEndian.Uint16(f.in[f.pos:]))
	if n != int(^binary.LittleEndian.Uint16(f.in[f.pos+2:])) {
		return ErrCorrupt
	}
	f.pos += 4
	if f.pos+n > len(f.in) {
		return ErrTruncated
	}
	room := f.size - f.end
	f.end += copy(f.out[f.end:f.size], f.in[f.pos:f.pos+n])
	f.pos += n
	if n > room {
		return ErrOverflow
	}
	return nil
}

// block expands a compressed block with the tables lit and dist.
func (f *Inflater) block() error {
	for {
		done, err := f.fast()
		if done || err != nil {
			return err
		}
		done, err = f.careful()
		if done || err != nil {
			return err
		}
	}
}
