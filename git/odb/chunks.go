package odb

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// chunks cuts a file in chunks, as multi-pack indexes and commit-graphs are, into them by id
// (gitformat-chunk(5)). Numbers are big-endian, C is the count of chunks, H the
// size of a hash:
//
//	header    header bytes of the format's own; it states C
//	contents  (C+1) x { 4 bytes id, uint64 offset in the file }; the last id is 0
//	chunks    each from its offset to the next one's, without gaps
//	trailer   H checksum of all the above
func chunks(file []byte, header, count, hash int) (map[string][]byte, error) {
	const row = 12
	start, end := header+(count+1)*row, len(file)-hash
	if end < start {
		return nil, errors.New("is truncated")
	}
	found := make(map[string][]byte, count)
	from := uint64(start)
	for i := range count + 1 {
		at := file[header+i*row:]
		id, off := string(at[:4]), binary.BigEndian.Uint64(at[4:])
		if last := i == count; last != (id == "\x00\x00\x00\x00") {
			return nil, errors.New("has a table of contents that does not end where it should")
		}
		if off < from || off > uint64(end) || i == 0 && off != from {
			return nil, errors.New("is truncated, or has chunks out of place")
		}
		if i > 0 {
			before := string(file[header+(i-1)*row:][:4])
			if _, twice := found[before]; twice {
				return nil, fmt.Errorf("has two chunks %q", before)
			}
			found[before] = file[from:off]
		}
		from = off
	}
	return found, nil
}

// newChunkIDs takes the ids from chunks OIDF, the fan-out, and OIDL.
func newChunkIDs(found map[string][]byte, hash int) (idList, error) {
	if len(found["OIDF"]) != fanSize {
		return idList{}, errors.New("has no fan-out of 256 numbers")
	}
	l, err := newIDList(found["OIDF"], hash)
	if err != nil {
		return idList{}, err
	}
	l.ids, l.stride = found["OIDL"], hash
	if len(l.ids) != l.n*hash {
		return idList{}, fmt.Errorf("has %d bytes of ids for %d objects", len(l.ids), l.n)
	}
	return l, nil
}
