package git

import (
	"encoding/binary"
	"errors"
	"slices"

	"github.com/shrike-scan/shrike/git/odb"
)

// indexLink is the link extension of a split index: the name of the shared index
// that it changes, and two bitmaps (in EWAH, see gitformat-bitmap(5)) over the
// shared entries: which are gone, and which are replaced by the first entries
// here, whose names are then left out.
type indexLink struct {
	base             odb.ID
	deleted, changed []uint32 // positions, ascending
}

func parseLink(data []byte, hashSize int) (*indexLink, error) {
	if len(data) < hashSize {
		return nil, errTruncated
	}
	l := &indexLink{base: toID(data[:hashSize])}
	if data = data[hashSize:]; len(data) == 0 {
		return l, nil
	}
	var err error
	if l.deleted, data, err = parseEWAH(data); err != nil {
		return nil, err
	}
	l.changed, _, err = parseEWAH(data)
	return l, err
}

// merge puts the entries of the shared index into idx.
func (l *indexLink) merge(idx, base *index) error {
	replaced := 0
	gone := make([]bool, len(base.entries))
	for _, i := range l.changed {
		if int(i) >= len(base.entries) || replaced == len(idx.entries) {
			return errors.New("it replaces entries that the shared index lacks")
		}
		e := &idx.entries[replaced]
		if len(e.path) == 0 {
			e.path = base.entries[i].path
		}
		gone[i] = true
		replaced++
	}
	for _, i := range l.deleted {
		if int(i) >= len(base.entries) {
			return errors.New("it deletes entries that the shared index lacks")
		}
		gone[i] = true
	}
	for i, e := range base.entries {
		if !gone[i] {
			idx.entries = append(idx.entries, e)
		}
	}
	slices.SortStableFunc(idx.entries, compareIndexEntries)
	return nil
}

// maxBits bounds a bitmap by what an index can hold: a run of ones of any
// length takes eight bytes.
const maxBits = 1 << 26

// parseEWAH gives the positions of the ones in a bitmap: its size in bits 4, the
// count of words 4, the words 8 each, and the position of the last marker 4. A
// marker holds a bit (1 bit), how many words are full of that bit (32 bits), and
// how many plain words follow (31 bits).
func parseEWAH(data []byte) (ones []uint32, rest []byte, err error) {
	if len(data) < 8 {
		return nil, nil, errTruncated
	}
	size, count := uint64(binary.BigEndian.Uint32(data)), int(binary.BigEndian.Uint32(data[4:]))
	data = data[8:]
	if len(data) < 4 || count > (len(data)-4)/8 {
		return nil, nil, errTruncated
	}
	if size > maxBits {
		return nil, nil, errors.New("a bitmap is too large")
	}
	word := func(i int) uint64 { return binary.BigEndian.Uint64(data[8*i:]) }
	position := uint64(0)
	for i := 0; i < count; {
		marker := word(i)
		i++
		run, literals := marker>>1&(1<<32-1)*64, int(marker>>33)
		if position+run > size+64 || literals > count-i {
			return nil, nil, errors.New("a bitmap runs past its end")
		}
		for end := position + run; position < end; position++ {
			if marker&1 == 1 && position < size {
				ones = append(ones, uint32(position))
			}
		}
		for ; literals > 0; literals-- {
			for bit := range uint64(64) {
				if word(i)>>bit&1 == 1 && position+bit < size {
					ones = append(ones, uint32(position+bit))
				}
			}
			position += 64
			i++
		}
	}
	return ones, data[8*count+4:], nil
}
