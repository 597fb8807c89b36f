package odb

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"sync/atomic"
)

// index gives the offset in a pack of each object id. It reads the two layouts
// of a .idx file; numbers are big-endian, N is the count of objects, H the size
// of a hash (gitformat-pack(5)).
//
// Version 1:
//
//	fan-out   256 x uint32: how many ids have a first byte <= i
//	entries   N x { uint32 offset, H id }, in order of id
//	trailer   H checksum of the pack, H checksum of all the above
//
// Version 2:
//
//	magic     ff 74 4f 63, uint32 version = 2
//	fan-out   256 x uint32
//	ids       N x H, in order
//	crc32     N x uint32 of each entry's packed bytes
//	offsets   N x uint32; with the high bit set, an index into:
//	large     uint64 offsets
//	trailer   H checksum of the pack, H checksum of all the above
//
// Both become tables with a stride, so that look-up is written once. Immutable,
// safe for concurrent use.
type index struct {
	idList
	offsets   []byte // offset i starts at i*offStride
	offStride int
	wide      bool   // an offset's high bit leads to large
	large     []byte // 8 bytes each
	crcs      []byte // nil in version 1
	packSum   []byte // checksum of the pack, nil when the index was made by scanning
	raw       []byte // the file, nil likewise

	sound atomic.Bool // checksum has passed
}

const idxHeader = 8

var idxMagic = []byte{0xff, 't', 'O', 'c'}

// parseIndex checks the layout's sizes and the fan-out, which is all that safe
// look-ups need; checksum checks the rest.
func parseIndex(data []byte, hash int) (*index, error) {
	v2 := bytes.HasPrefix(data, idxMagic)
	body := data
	if v2 {
		if len(data) < idxHeader {
			return nil, errors.New("index is truncated")
		}
		if v := binary.BigEndian.Uint32(data[4:]); v != 2 {
			return nil, fmt.Errorf("index has version %d: 1 and 2 are known", v)
		}
		body = data[idxHeader:]
	}
	if len(body) < fanSize+2*hash {
		return nil, errors.New("index is truncated")
	}
	fanned, err := newIDList(body[:fanSize], hash)
	if err != nil {
		return nil, fmt.Errorf("index %w", err)
	}
	x := &index{idList: fanned, raw: data}
	x.packSum = data[len(data)-2*hash : len(data)-hash]
	tables, n := body[fanSize:len(body)-2*hash], int64(x.n)
	if !v2 {
		if int64(len(tables)) != n*int64(4+hash) {
			return nil, fmt.Errorf("index has %d bytes of entries for %d objects", len(tables), n)
		}
		x.offsets, x.offStride, x.stride = tables, 4+hash, 4+hash
		if n > 0 {
			x.ids = tables[4:]
		}
		return x, nil
	}
	rest := int64(len(tables)) - n*int64(hash+8)
	if rest < 0 || rest%8 != 0 || rest/8 > n {
		return nil, fmt.Errorf("index has %d bytes of entries for %d objects", len(tables), n)
	}
	x.ids, x.stride = tables[:x.n*hash], hash
	tables = tables[x.n*hash:]
	x.crcs, tables = tables[:x.n*4], tables[x.n*4:]
	x.offsets, x.offStride = tables[:x.n*4], 4
	x.large, x.wide = tables[x.n*4:], true
	return x, nil
}

// checksum compares the file with the hash at its end, until that has passed once.
func (x *index) checksum() error {
	if x.raw != nil && !x.sound.Load() {
		if !sealed(x.raw, x.hash) {
			return errors.New("index does not match its checksum")
		}
		x.sound.Store(true)
	}
	return nil
}

// offset is where the i-th object starts in its pack.
func (x *index) offset(i int) (int64, error) {
	v := binary.BigEndian.Uint32(x.offsets[i*x.offStride:])
	if v < 1<<31 || !x.wide {
		return int64(v), nil
	}
	at := int64(v&^(1<<31)) * 8
	if at+8 > int64(len(x.large)) {
		return 0, errors.New("index has an offset outside its table of large offsets")
	}
	off := binary.BigEndian.Uint64(x.large[at:])
	if off > math.MaxInt64 {
		return 0, errors.New("index has an offset beyond any file")
	}
	return int64(off), nil
}

// crc is the checksum of the i-th object's packed bytes, where the index has it.
func (x *index) crc(i int) (sum uint32, ok bool) {
	if x.crcs == nil {
		return 0, false
	}
	return binary.BigEndian.Uint32(x.crcs[i*4:]), true
}
