package git

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"os"
	"path/filepath"
	"slices"

	"github.com/shrike-scan/shrike/git/odb"
)

// index is a parsed index file, versions 2 to 4, see gitformat-index(5):
//
//	"DIRC" version count                                   4 bytes each
//	entry: stat data 24, mode 4, owner and size 12, id, flags 2,
//	       further flags 2 if flags say so, name, and NUL padding to 8 bytes
//	       (version 4: bytes to cut off the last name as a varint, what follows
//	       them, one NUL and no padding)
//	extension: name 4, size 4, data                        any number
//	hash of all the above, or zeros
//
// Read here are the extensions TREE (which folders are known to equal which
// tree), link (a split index) and sdir (folders that stand for all that is in
// them). go-git's own decoder is not used for it: it knows only SHA-1, no split
// and no sparse index, and forgets where in TREE the invalid folders were.
type index struct {
	entries []indexEntry // sorted by path, then stage
	tree    *cacheTree   // nil where the file has none
}

type indexEntry struct {
	path  []byte
	id    odb.ID
	mode  uint32
	stage uint8 // 0, or which side of a conflict it is
	ita   bool  // intent to add: a name without a blob
}

// cacheTree says of a folder of the index which tree it would be written as.
type cacheTree struct {
	name    string
	entries int // below it; negative where the folder changed since
	id      odb.ID
	folders []cacheTree
}

const (
	flagExtended    = 0x4000
	flagStage       = 0x3000
	flagName        = 0x0fff
	flagIntentToAdd = 0x2000 // of the further flags
	statSize        = 40     // of an entry's bytes before its id
)

var errTruncated = errors.New("the file ends too early")

// readIndex reads an index file and, for a split one, the shared one beside
// it. No file is an empty index.
func readIndex(file string, hashSize int) (*index, error) {
	data, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		return &index{}, nil
	}
	if err != nil {
		return nil, err
	}
	idx, link, err := parseIndex(data, hashSize)
	if err != nil {
		return nil, fmt.Errorf("read index %s: %w", file, err)
	}
	if link == nil || link.base.IsZero() {
		return idx, nil
	}
	shared := filepath.Join(filepath.Dir(file), "sharedindex."+link.base.String())
	data, err = os.ReadFile(shared)
	if err != nil {
		return nil, fmt.Errorf("read shared part of split index %s: %w", file, err)
	}
	base, nested, err := parseIndex(data, hashSize)
	if err == nil && nested != nil {
		err = errors.New("a shared index is split itself")
	}
	if err == nil {
		err = link.merge(idx, base)
	}
	if err != nil {
		return nil, fmt.Errorf("read index %s: %w", shared, err)
	}
	return idx, nil
}

// parseIndex parses the content of one file. Paths point into data where they
// can. link is nil unless the index is split.
func parseIndex(data []byte, hashSize int) (idx *index, link *indexLink, err error) {
	if len(data) < 12+hashSize {
		return nil, nil, errTruncated
	}
	if string(data[:4]) != "DIRC" {
		return nil, nil, errors.New("it does not start with DIRC")
	}
	version := binary.BigEndian.Uint32(data[4:])
	if version < 2 || version > 4 {
		return nil, nil, fmt.Errorf("version %d is unknown: 2 to 4 are read", version)
	}
	intact := make(chan error, 1) // hashing takes as long as parsing
	go func() { intact <- checkHash(data, hashSize) }()
	idx, link, err = parseBody(data, version, hashSize)
	if damage := <-intact; damage != nil {
		return nil, nil, damage
	}
	return idx, link, err
}

// parseBody parses what the hash at the end of data covers.
func parseBody(data []byte, version uint32, hashSize int) (idx *index, link *indexLink, err error) {
	body := data[:len(data)-hashSize]
	p := indexParser{data: body, at: 12, hashSize: hashSize, version: version}
	count := int(binary.BigEndian.Uint32(data[8:]))
	if count > len(body)/(statSize+hashSize+2) {
		return nil, nil, errTruncated
	}
	idx = &index{entries: make([]indexEntry, count)}
	for i := range idx.entries {
		if err := p.entry(&idx.entries[i]); err != nil {
			return nil, nil, fmt.Errorf("entry %d of %d: %w", i+1, count, err)
		}
	}
	link, err = p.extensions(idx)
	if err == nil && link == nil && !slices.IsSortedFunc(idx.entries, compareIndexEntries) {
		err = errors.New("its entries are not sorted")
	}
	return idx, link, err
}

func compareIndexEntries(a, b indexEntry) int {
	if order := bytes.Compare(a.path, b.path); order != 0 {
		return order
	}
	return int(a.stage) - int(b.stage)
}

// checkHash compares the hash at the end, which index.skipHash leaves zero.
func checkHash(data []byte, hashSize int) error {
	body, want := data[:len(data)-hashSize], data[len(data)-hashSize:]
	if bytes.Equal(want, make([]byte, hashSize)) {
		return nil
	}
	var h hash.Hash
	if h = sha1.New(); hashSize == sha256.Size {
		h = sha256.New()
	}
	h.Write(body)
	if !bytes.Equal(h.Sum(nil), want) {
		return errors.New("its checksum does not hold: the file is damaged; `git read-tree HEAD` writes a new one")
	}
	return nil
}

type indexParser struct {
	data     []byte
	at       int // next byte to read; never behind the end of data
	hashSize int
	version  uint32
	last     []byte // name of the entry before, for version 4
	slab     []byte // where version 4 puts names together
}

func (p *indexParser) entry(e *indexEntry) error {
	start := p.at
	d := p.data[start:]
	if len(d) < statSize+p.hashSize+2 {
		return errTruncated
	}
	e.mode = binary.BigEndian.Uint32(d[24:])
	copy(e.id[:], d[statSize:statSize+p.hashSize])
	n := statSize + p.hashSize
	flags := binary.BigEndian.Uint16(d[n:])
	n += 2
	e.stage = uint8(flags & flagStage >> 12)
	if flags&flagExtended != 0 {
		if len(d) < n+2 {
			return errTruncated
		}
		e.ita = binary.BigEndian.Uint16(d[n:])&flagIntentToAdd != 0
		n += 2
	}
	p.at += n
	if p.version == 4 {
		return p.compressedName(e)
	}
	length := int(flags & flagName)
	if length == flagName {
		length = bytes.IndexByte(p.data[p.at:], 0)
	}
	if length < 0 || p.at+length >= len(p.data) {
		return errTruncated
	}
	e.path = p.data[p.at : p.at+length : p.at+length]
	p.at = start + (n+length+8)&^7 // one to eight NULs
	if p.at > len(p.data) {
		return errTruncated
	}
	return nil
}

// compressedName reads a name that starts like the one before.
func (p *indexParser) compressedName(e *indexEntry) error {
	cut, n := offsetVarint(p.data[p.at:])
	if n == 0 || cut > uint64(len(p.last)) {
		return errors.New("its name does not fit to the one before")
	}
	p.at += n
	end := bytes.IndexByte(p.data[p.at:], 0)
	if end < 0 {
		return errTruncated
	}
	kept := p.last[:len(p.last)-int(cut)]
	size := len(kept) + end
	if cap(p.slab)-len(p.slab) < size {
		p.slab = make([]byte, 0, max(1<<16, size))
	}
	from := len(p.slab)
	p.slab = append(append(p.slab, kept...), p.data[p.at:p.at+end]...)
	e.path = p.slab[from:len(p.slab):len(p.slab)]
	p.last = e.path
	p.at += end + 1
	return nil
}

// offsetVarint reads a number as pack files write the distance of a delta's
// base: seven bits a byte, highest first, plus one for each further byte.
func offsetVarint(data []byte) (value uint64, n int) {
	for n < len(data) && n < 9 {
		b := data[n]
		n++
		value |= uint64(b & 0x7f)
		if b&0x80 == 0 {
			return value, n
		}
		value = (value + 1) << 7
	}
	return 0, 0
}

// extensions reads what follows the entries. An unknown extension whose name
// starts with a capital letter may be ignored, others change the meaning.
func (p *indexParser) extensions(idx *index) (*indexLink, error) {
	var link *indexLink
	for p.at < len(p.data) {
		rest := p.data[p.at:]
		if len(rest) < 8 {
			return nil, errTruncated
		}
		name, size := string(rest[:4]), int(binary.BigEndian.Uint32(rest[4:]))
		if size > len(rest)-8 {
			return nil, errTruncated
		}
		body := rest[8 : 8+size]
		p.at += 8 + size
		var err error
		switch {
		case name == "TREE":
			idx.tree = parseCacheTree(body, p.hashSize)
		case name == "link":
			link, err = parseLink(body, p.hashSize)
		case name == "sdir":
		case name[0] < 'A' || name[0] > 'Z':
			err = fmt.Errorf("extension %q is unknown", name)
		}
		if err != nil {
			return nil, err
		}
	}
	return link, nil
}
