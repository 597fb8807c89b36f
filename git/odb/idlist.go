package odb

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"sort"
)

// idList is a sorted table of object ids with a fan-out, as pack indexes,
// multi-pack indexes and commit-graphs hold one. Immutable, safe for concurrent use.
type idList struct {
	n, hash int
	fan     []byte // 256 x uint32: how many ids have a first byte <= i
	ids     []byte // id i starts at i*stride
	stride  int
}

const fanSize = 256 * 4

// newIDList checks a fan-out of fanSize bytes. The caller adds the ids: n of them.
func newIDList(fan []byte, hash int) (idList, error) {
	var before uint32
	for i := range 256 {
		count := binary.BigEndian.Uint32(fan[i*4:])
		if count < before {
			return idList{}, errors.New("has a fan-out that falls")
		}
		before = count
	}
	if before > math.MaxInt32 {
		return idList{}, fmt.Errorf("lists %d objects: more than are supported", before)
	}
	return idList{n: int(before), hash: hash, fan: fan}, nil
}

// id is the i-th id, 0 <= i < n, as bytes of the file.
func (l *idList) id(i int) []byte { return l.ids[i*l.stride:][:l.hash] }

// bounds is the range of positions whose ids start with byte b.
func (l *idList) bounds(b byte) (lo, hi int) {
	if b > 0 {
		lo = int(binary.BigEndian.Uint32(l.fan[(int(b)-1)*4:]))
	}
	hi = int(binary.BigEndian.Uint32(l.fan[int(b)*4:]))
	return lo, hi
}

// search is the first position whose id is not less than key, which has at
// least one byte.
func (l *idList) search(key []byte) int {
	lo, hi := l.bounds(key[0])
	return lo + sort.Search(hi-lo, func(i int) bool {
		return bytes.Compare(l.id(lo+i), key) >= 0
	})
}

// find is the position of an id of l.hash bytes.
func (l *idList) find(id []byte) (i int, ok bool) {
	i = l.search(id)
	return i, i < l.n && bytes.Equal(l.id(i), id)
}
