package odb

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
)

// multiIndex tells which of many packs holds an object, in one search instead of
// one a pack. It is a file in chunks (gitformat-pack(5)), see chunks:
//
//	header  "MIDX", byte version (1 or 2), byte kind of hash (1: SHA-1,
//	        2: SHA-256), byte count of chunks, byte 0, uint32 count of packs
//	PNAM    the name of each pack's index, NUL-terminated; up to 3 NULs more
//	OIDF    fan-out, 256 x uint32: how many ids have a first byte <= i
//	OIDL    N x H ids, in order
//	OOFF    N x { uint32 number of the pack, uint32 offset in it }
//	LOFF    offsets that are too large for OOFF
//	BTMP, RIDX  for bitmaps
//
// Only the number of the pack is used: that pack's own index tells where in it the
// object stands, so that a multi-pack index that is damaged, forged or left behind
// by a repack costs time and never truth. Immutable once its packs are known, safe
// for concurrent use.
type multiIndex struct {
	idList
	path  string
	data  []byte
	where []byte   // 8 bytes an object, the first four number its pack
	names []string // of packs, without folder and ending
	packs []*pack  // by number; nil: not there
}

const multiHeader = 12

// errMultiVersion is told of the files of a git that is newer than this program.
var errMultiVersion = errors.New("has an unknown version")

// parseMultiIndex checks all that safe look-ups need. Errors continue "multi-pack
// index ...".
func parseMultiIndex(data []byte, hash int) (*multiIndex, error) {
	if len(data) < multiHeader+hash {
		return nil, errors.New("is truncated")
	}
	if !bytes.HasPrefix(data, []byte("MIDX")) {
		return nil, errors.New("has no signature")
	}
	if v := data[4]; v != 1 && v != 2 {
		return nil, fmt.Errorf("%w %d: 1 and 2 are known", errMultiVersion, v)
	}
	if uint32(data[5]) != hashKind(hash) {
		return nil, errors.New("belongs to a repository with another kind of hash")
	}
	found, err := chunks(data, multiHeader, int(data[6]), hash)
	if err != nil {
		return nil, err
	}
	m := &multiIndex{data: data, where: found["OOFF"]}
	if m.idList, err = newChunkIDs(found, hash); err != nil {
		return nil, err
	}
	if len(m.where) != m.n*8 {
		return nil, fmt.Errorf("has %d bytes of offsets for %d objects", len(m.where), m.n)
	}
	return m, m.readNames(found["PNAM"], binary.BigEndian.Uint32(data[8:]))
}

// readNames reads chunk PNAM.
func (m *multiIndex) readNames(chunk []byte, count uint32) error {
	for range count {
		name, rest, ok := bytes.Cut(chunk, []byte{0})
		base := strings.TrimSuffix(string(name), ".idx")
		if !ok || base == "" {
			return fmt.Errorf("names %d packs of the %d that it states", len(m.names), count)
		}
		m.names, chunk = append(m.names, base), rest
	}
	if len(bytes.Trim(chunk, "\x00")) > 0 {
		return fmt.Errorf("names more packs than the %d that it states", count)
	}
	return nil
}

// holder is the pack that should hold an object of m.hash bytes of id, or nil.
func (m *multiIndex) holder(id []byte) *pack {
	i, ok := m.find(id)
	if !ok {
		return nil
	}
	if number := binary.BigEndian.Uint32(m.where[i*8:]); int64(number) < int64(len(m.packs)) {
		return m.packs[number]
	}
	return nil
}

// checksum compares the file with the hash at its end.
func (m *multiIndex) checksum() error {
	if !sealed(m.data, m.hash) {
		return errors.New("multi-pack index does not match its checksum: write it anew with `git multi-pack-index write`")
	}
	return nil
}
