package odb

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
)

// A delta makes a target out of a base (gitformat-pack(5), "Deltified
// representation"):
//
//	sizes   of the base, then of the target: 7 bits a byte, low ones first
//	copy    1ooo oooo pattern: bits 0-3 say which of four offset bytes follow,
//	        bits 4-6 which of three size bytes; absent bytes are 0, and a size
//	        of 0 means 65,536
//	insert  0nnn nnnn, then n bytes; n = 0 is reserved
var (
	errDelta     = errors.New("delta is malformed")
	errDeltaCopy = errors.New("delta copies from outside its base")
	errDeltaBase = errors.New("delta was made against a base of another size")
	errDeltaSize = errors.New("delta does not make the size it states")
)

// varint reads one of a delta's sizes.
func varint(d []byte) (v int64, rest []byte, err error) {
	for i, c := range d {
		if i > 8 {
			break
		}
		v |= int64(c&0x7f) << (7 * i)
		if c < 0x80 {
			return v, d[i+1:], nil
		}
	}
	return 0, nil, errDelta
}

// checkDelta proves that apply is safe: that every op lies within a base of
// baseSize bytes and that together they make the size stated, which is at most
// limit. It costs no allocation, so that a lying size costs none either.
func checkDelta(d []byte, baseSize int, limit int64) (size int, ops []byte, err error) {
	base, d, err := varint(d)
	if err != nil {
		return 0, nil, err
	}
	target, ops, err := varint(d)
	if err != nil {
		return 0, nil, err
	}
	if base != int64(baseSize) {
		return 0, nil, errDeltaBase
	}
	if target > limit || target > math.MaxInt {
		return 0, nil, fmt.Errorf("%w: %d bytes, %d allowed", ErrTooLarge, target, limit)
	}
	var made int64
	for i := 0; i < len(ops); {
		op := ops[i]
		i++
		if op < 0x80 {
			if op == 0 {
				return 0, nil, errDelta
			}
			i += int(op)
			if i > len(ops) {
				return 0, nil, errDelta
			}
			made += int64(op)
			continue
		}
		if i+bits.OnesCount8(op&0x7f) > len(ops) {
			return 0, nil, errDelta
		}
		off, n, next := copyOp(ops, i, op)
		if uint64(off)+uint64(n) > uint64(baseSize) {
			return 0, nil, errDeltaCopy
		}
		i = next
		made += int64(n)
		if made > target {
			return 0, nil, errDeltaSize
		}
	}
	if made != target {
		return 0, nil, errDeltaSize
	}
	return int(target), ops, nil
}

// copyOp decodes the operands of a copy op that stand from d[i] on.
func copyOp(d []byte, i int, op byte) (off, n uint32, next int) {
	if op&0x01 != 0 {
		off = uint32(d[i])
		i++
	}
	if op&0x02 != 0 {
		off |= uint32(d[i]) << 8
		i++
	}
	if op&0x04 != 0 {
		off |= uint32(d[i]) << 16
		i++
	}
	if op&0x08 != 0 {
		off |= uint32(d[i]) << 24
		i++
	}
	if op&0x10 != 0 {
		n = uint32(d[i])
		i++
	}
	if op&0x20 != 0 {
		n |= uint32(d[i]) << 8
		i++
	}
	if op&0x40 != 0 {
		n |= uint32(d[i]) << 16
		i++
	}
	if n == 0 {
		n = 1 << 16
	}
	return off, n, i
}

// Delta tells a visitor how an object is made out of its base.
type Delta struct {
	Note     any // what the visitor left with the base
	BaseSize int
	ops      []byte // checked
}

// Copy says that target[To:To+Len] is base[From:From+Len].
type Copy struct{ To, From, Len int }

// Copies appends what the delta copies, in order of To, adjacent pieces joined.
// Whatever is between is inserted.
func (d *Delta) Copies(list []Copy) []Copy {
	first, to := len(list), 0
	for i := 0; i < len(d.ops); {
		op := d.ops[i]
		i++
		if op < 0x80 {
			i += int(op)
			to += int(op)
			continue
		}
		off, n, next := copyOp(d.ops, i, op)
		i = next
		from, size := int(off), int(n)
		if last := len(list) - 1; last >= first && list[last].To+list[last].Len == to && list[last].From+list[last].Len == from {
			list[last].Len += size
		} else {
			list = append(list, Copy{to, from, size})
		}
		to += size
	}
	return list
}

// applyDelta runs ops that checkDelta has passed for this base. dst has the
// target's size and does not overlap base.
func applyDelta(dst, base, ops []byte) {
	for i := 0; i < len(ops); {
		op := ops[i]
		i++
		if op < 0x80 {
			n := int(op)
			copy(dst, ops[i:i+n])
			dst, i = dst[n:], i+n
			continue
		}
		off, n, next := copyOp(ops, i, op)
		copy(dst, base[off:uint64(off)+uint64(n)])
		dst, i = dst[n:], next
	}
}
