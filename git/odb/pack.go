package odb

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// pack is one mapped pack file and its index. The layout (gitformat-pack(5)):
//
//	header    "PACK", uint32 version (2 or 3), uint32 count of objects
//	entries   one after the other, see entry
//	trailer   hash of all the above
//
// Immutable, safe for concurrent use.
type pack struct {
	path string
	data []byte // the whole file
	end  int64  // where the entries end: the trailer's offset
	idx  *index
	file []byte // the mapped index, nil when idx was made by scanning

	unindexed []Problem // what could not be read while idx was made by scanning
}

const packHeader = 12

// Types of pack entries beyond the kinds of objects.
const (
	ofsDelta = 6 // the base stands earlier in the same pack
	refDelta = 7 // the base is named by its id
)

// entry is the head of one object in a pack:
//
//	byte 0        bit 7: more follows; bits 6-4: type; bits 3-0: size
//	further bytes bit 7: more follows; 7 bits of size each, low ones first
//	ofs-delta     the distance back to the base, 7 bits a byte, high ones
//	              first, each continued byte adding one to what stands above it
//	ref-delta     the base's id
//	rest          a zlib stream of size bytes: the content, or the delta
type entry struct {
	kind Kind   // 0 for a delta
	size int64  // of the content or of the delta, as stated: not to be trusted
	base int64  // offset of the base, for an ofs-delta
	ref  []byte // id of the base, for a ref-delta
	body int64  // offset of the zlib stream
}

var errTruncated = errors.New("pack is truncated")

// entry reads the head of the entry at off, which ends before end.
func (p *pack) entry(off, end int64) (e entry, err error) {
	if off < packHeader || end > p.end || off >= end {
		return e, errTruncated
	}
	data, at := p.data[:end], off
	c := data[at]
	at++
	typ, size, shift := c>>4&7, uint64(c&15), 4
	for c >= 0x80 {
		if at >= end {
			return e, errTruncated
		}
		if shift > 56 {
			return e, errors.New("size of the object overflows")
		}
		c = data[at]
		at++
		size |= uint64(c&0x7f) << shift
		shift += 7
	}
	if size > math.MaxInt64 {
		return e, errors.New("size of the object overflows")
	}
	e.size = int64(size)
	switch typ {
	case byte(Commit), byte(Tree), byte(Blob), byte(Tag):
		e.kind = Kind(typ)
	case ofsDelta:
		var back uint64
		for first := true; first || c >= 0x80; first = false {
			if at >= end {
				return e, errTruncated
			}
			if back > math.MaxInt64>>8 {
				return e, errors.New("distance to the delta's base overflows")
			}
			c = data[at]
			at++
			if !first {
				back++
			}
			back = back<<7 | uint64(c&0x7f)
		}
		if back == 0 || back > uint64(off-packHeader) {
			return e, errors.New("delta's base lies outside the pack")
		}
		e.base = off - int64(back)
	case refDelta:
		hash := int64(len(p.data)) - p.end
		if end-at < hash {
			return e, errTruncated
		}
		e.ref = data[at : at+hash]
		at += hash
	default:
		return e, fmt.Errorf("object has the unknown type %d", typ)
	}
	e.body = at
	return e, nil
}

// newPack takes the bytes of a pack and of its index. The pack's idx is nil when
// the index is absent or broken: it is for scanPack to make.
func newPack(path string, data, file []byte, hash int) (*pack, error) {
	if len(data) < packHeader+hash {
		return nil, errTruncated
	}
	p := &pack{path: path, data: data, end: int64(len(data) - hash), file: file}
	if idx, err := parseIndex(file, hash); err == nil {
		p.idx = idx
	}
	return p, nil
}

// check looks at the header, and at the trailer against the index's copy of it.
// A pack that fails is still read, object by object.
func (p *pack) check() error {
	if p.idx.raw == nil {
		return nil // scanning has looked at all of it
	}
	if !bytes.HasPrefix(p.data, []byte("PACK")) {
		return errors.New("pack has no signature")
	}
	if v := binary.BigEndian.Uint32(p.data[4:]); v != 2 && v != 3 {
		return fmt.Errorf("pack has version %d: 2 and 3 are known", v)
	}
	if n := binary.BigEndian.Uint32(p.data[8:]); int64(n) != int64(p.idx.n) {
		return fmt.Errorf("pack holds %d objects, its index lists %d: rebuild it with `git index-pack`", n, p.idx.n)
	}
	if !bytes.Equal(p.idx.packSum, p.data[p.end:]) {
		return errors.New("pack and index do not belong together, or the pack is truncated: restore the pack from another clone")
	}
	return nil
}

// id is the i-th id of the index.
func (p *pack) id(i int) (id ID) {
	copy(id[:], p.idx.id(i))
	return id
}

func (p *pack) close() {
	unmap(p.data)
	unmap(p.file)
}
