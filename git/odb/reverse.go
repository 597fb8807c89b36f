package odb

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// A reverse index, a file PACK.rev, lists the objects of a pack by offset, so that
// a walk need not sort them (gitformat-pack(5)). Numbers are big-endian, H is
// the size of a hash:
//
//	magic      "RIDX", uint32 version = 1, uint32 kind of hash (1: SHA-1, 2: SHA-256)
//	positions  N x uint32: of each object in the index, in order of offset
//	trailer    H checksum of the pack, H checksum of all the above
const reverseHeader = 12

// parseReverse gives the positions for the objects of an index. Errors continue
// "reverse index ...".
func parseReverse(data []byte, idx *index) (positions []byte, err error) {
	end := reverseHeader + 4*idx.n
	if len(data) != end+2*idx.hash {
		return nil, fmt.Errorf("has %d bytes where %d objects take %d", len(data), idx.n, end+2*idx.hash)
	}
	switch version := binary.BigEndian.Uint32(data[4:]); {
	case !bytes.HasPrefix(data, []byte("RIDX")):
		return nil, errors.New("has no signature")
	case version != 1:
		return nil, fmt.Errorf("has version %d: 1 is known", version)
	case binary.BigEndian.Uint32(data[8:]) != hashKind(idx.hash):
		return nil, errors.New("belongs to a repository with another kind of hash")
	case !bytes.Equal(data[end:end+idx.hash], idx.packSum):
		return nil, errors.New("belongs to another pack")
	}
	return data[reverseHeader:end], nil
}

// orderByReverse fills off and rank, see forest, as the pack's reverse index
// says. It gives false where there is none, or an error tells why it is no use.
func (p *pack) orderByReverse(off []int64, rank []int32) (ok bool, err error) {
	if p.idx.raw == nil {
		return false, nil // objects may be missing from an index made by scanning
	}
	data, err := mapFile(strings.TrimSuffix(p.path, ".pack") + ".rev")
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer unmap(data)
	err = guarded(func() error {
		positions, err := parseReverse(data, p.idx)
		if err != nil {
			return err
		}
		return p.follow(positions, off, rank)
	})
	return err == nil, err
}

// follow reads the offsets in the order of positions. That they rise proves that
// each object is listed once.
func (p *pack) follow(positions []byte, off []int64, rank []int32) error {
	last := int64(0)
	for i := range off {
		at := binary.BigEndian.Uint32(positions[4*i:])
		if int64(at) >= int64(p.idx.n) {
			return errors.New("lists an object that the index does not hold")
		}
		o, err := p.idx.offset(int(at))
		if err != nil || o <= last || o >= p.end {
			return errors.New("does not list the objects by their offsets")
		}
		off[i], rank[i], last = o, int32(at), o
	}
	return nil
}
