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
	base    odb.ID
	bitmaps []byte // may be empty
}

func parseLink(data []byte, hashSize int) (*indexLink, error) {
	if len(data) < hashSize {
		return nil, errTruncated
	}
	return &indexLink{toID(data[:hashSize]), data[hashSize:]}, nil
}

// merge puts the entries of the shared index into idx.
func (l *indexLink) merge(idx, base *index) error {
	var deleted, changed []uint32
	if len(l.bitmaps) > 0 {
		var rest []byte
		var err error
		if deleted, rest, err = parseEWAH(l.bitmaps, len(base.entries)); err != nil {
			return err
		}
		if changed, _, err = parseEWAH(rest, len(base.entries)); err != nil {
			return err
		}
	}
	replaced := 0
	gone := make([]bool, len(base.entries))
	for _, i := range changed {
		if replaced == len(idx.entries) {
			return errors.New("more entries are replaced than there are")
		}
		e := &idx.entries[replaced]
		if len(e.path) == 0 {
			e.path = base.entries[i].path
		}
		gone[i] = true
		replaced++
	}
	for _, i := range deleted {
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

// parseEWAH gives the positions, ascending, of the ones in a bitmap of at most
// limit bits: its size in bits 4, the count of words 4, the words 8 each, and the
// position of the last marker 4. A marker holds a bit (1 bit), how many words are
// full of that bit (32 bits), and how many plain words follow (31 bits).
func parseEWAH(data []byte, limit int) (ones []uint32, rest []byte, err error) {
	if len(data) < 8 {
		return nil, nil, errTruncated
	}
	size, count := uint64(binary.BigEndian.Uint32(data)), int(binary.BigEndian.Uint32(data[4:]))
	data = data[8:]
	if len(data) < 4 || count > (len(data)-4)/8 {
		return nil, nil, errTruncated
	}
	if size > uint64(limit) {
		return nil, nil, errors.New("a bitmap is larger than the shared index")
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
		end := position + run
		for ; marker&1 == 1 && position < min(end, size); position++ {
			ones = append(ones, uint32(position))
		}
		position = end
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
