package inflate

import "encoding/binary"

// copyStep is how many bytes a match's copy moves at a time.
const copyStep = 8

// fast decodes symbols while a whole load of input and room for the longest
// match remain. It is done at the end of the block.
//
// Of the 56 bits after a refill a length and a distance with their extra bits
// take 48 at most, and three literals from the first table 33.
func (f *Inflater) fast() (done bool, err error) {
	in, out := f.in, f.out
	pos, o, buf, count := f.pos, f.end, f.bits, f.count
	inEnd, outEnd := len(in)-8, min(f.size, len(out)-Slack)
	lit, dist := &f.lit.entry, &f.dist.entry
	litMask, distMask := uint64(1)<<(f.lit.bits&63)-1, uint64(1)<<(f.dist.bits&63)-1

	for pos <= inEnd && o < outEnd {
		buf |= binary.LittleEndian.Uint64(in[pos:]) << (count & 63)
		pos += int((63 - count) >> 3)
		count |= 56
		e := lit[buf&litMask&4095]
		if e&literal != 0 {
			out[o] = byte(e >> valueBits)
			o++
			buf >>= e & 63
			count -= uint(e & 63)
			e = lit[buf&litMask&4095]
			if e&literal != 0 {
				out[o] = byte(e >> valueBits)
				o++
				buf >>= e & 63
				count -= uint(e & 63)
				e = lit[buf&litMask&4095]
				if e&literal != 0 {
					out[o] = byte(e >> valueBits)
					o++
					buf >>= e & 63
					count -= uint(e & 63)
					continue
				}
			}
			if pos > inEnd {
				break
			}
			buf |= binary.LittleEndian.Uint64(in[pos:]) << (count & 63)
			pos += int((63 - count) >> 3)
			count |= 56
		}
		if e&special != 0 {
			if e&pointer != 0 {
				buf >>= e & 63
				count -= uint(e & 63)
				e = lit[(uint64(e>>valueBits)+buf&(1<<(e>>codeBits&15)-1))&4095]
				if e&literal != 0 {
					out[o] = byte(e >> valueBits)
					o++
					buf >>= e & 63
					count -= uint(e & 63)
					continue
				}
			}
			if e&special != 0 {
				if e&end == 0 {
					err = ErrCorrupt
				}
				done = true
				buf >>= e & 63
				count -= uint(e & 63)
				break
			}
		}
		length := int(e>>valueBits) + int(buf&(1<<(e&63)-1)>>(e>>codeBits&15))
		buf >>= e & 63
		count -= uint(e & 63)
		e = dist[buf&distMask&4095]
		if e&special != 0 {
			if e&pointer != 0 {
				buf >>= e & 63
				count -= uint(e & 63)
				e = dist[(uint64(e>>valueBits)+buf&(1<<(e>>codeBits&15)-1))&4095]
			}
			if e&special != 0 {
				err = ErrCorrupt
				break
			}
		}
		back := int(e>>valueBits) + int(buf&(1<<(e&63)-1)>>(e>>codeBits&15))
		buf >>= e & 63
		count -= uint(e & 63)
		if back > o {
			err = ErrCorrupt
			break
		}
		match(out, o, back, length)
		o += length
	}
	f.pos, f.end, f.bits, f.count = pos, o, buf, count
	if err == nil && o > f.size {
		f.end, err = f.size, ErrOverflow
	}
	return done, err
}

// match copies length bytes to out[o:] from back bytes before. Slack bytes from
// out[o] on may be written.
func match(out []byte, o, back, length int) {
	from, stop := o-back, o+length
	switch {
	case back >= copyStep && length <= 4*copyStep:
		for o < stop {
			v := binary.LittleEndian.Uint64(out[from:])
			binary.LittleEndian.PutUint64(out[o:], v)
			from += copyStep
			o += copyStep
		}
	case back >= length:
		copy(out[o:stop], out[from:from+length])
	default:
		// What repeats is copied, then twice as much, and so on.
		for o < stop {
			o += copy(out[o:stop], out[from:o])
		}
	}
}

// careful decodes one symbol at a time with every bound checked, until the fast
// loop can go on or the block is done.
func (f *Inflater) careful() (done bool, err error) {
	for first := true; first || f.pos+8 > len(f.in) || f.end >= len(f.out)-Slack; first = false {
		f.refill()
		e, err := f.symbol(f.lit)
		if err != nil {
			return false, err
		}
		if e&literal != 0 {
			if f.end == f.size {
				return false, ErrOverflow
			}
			f.out[f.end] = byte(e >> valueBits)
			f.end++
			continue
		}
		if e&special != 0 {
			if e&end == 0 {
				return false, ErrCorrupt
			}
			return true, nil
		}
		length, ok := f.value(e)
		if !ok {
			return false, ErrTruncated
		}
		if e, err = f.symbol(f.dist); err != nil {
			return false, err
		}
		if e&special != 0 {
			return false, ErrCorrupt
		}
		back, ok := f.value(e)
		if !ok {
			return false, ErrTruncated
		}
		if back > f.end {
			return false, ErrCorrupt
		}
		overflow := length > f.size-f.end
		stop := min(f.end+length, f.size)
		for f.end < stop {
			f.end += copy(f.out[f.end:stop], f.out[f.end-back:f.end])
		}
		if overflow {
			return false, ErrOverflow
		}
	}
	return false, nil
}

// symbol decodes the next code and takes its bits, but not its extra bits.
func (f *Inflater) symbol(t *table) (e uint32, err error) {
	e = t.entry[f.bits&(1<<t.bits-1)]
	if e&pointer != 0 {
		if _, ok := f.take(t.bits); !ok {
			return 0, ErrTruncated
		}
		e = t.entry[uint64(e>>valueBits)+f.bits&(1<<(e>>codeBits&15)-1)]
	}
	n := uint(e >> codeBits & 15)
	if n == 0 {
		return 0, ErrCorrupt
	}
	if _, ok := f.take(n); !ok {
		return 0, ErrTruncated
	}
	return e, nil
}

// value adds the extra bits to a length or a distance.
func (f *Inflater) value(e uint32) (v int, ok bool) {
	extra, ok := f.take(uint(e&0xff) - uint(e>>codeBits&15))
	return int(e>>valueBits) + int(extra), ok
}
