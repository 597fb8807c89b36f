package git

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strings"

	"github.com/shrike-scan/shrike/git/odb"
)

// reftable is one file of a reftable stack, see git's
// Documentation/technical/reftable.txt. Numbers are big-endian, H is the size of
// a hash; a varint is that of an ofs-delta (gitformat-pack(5)).
//
//	header    "REFT", version 1 byte, block size uint24, least and greatest update
//	          index uint64 each; version 2: "sha1" or "s256"
//	refs      blocks of type 'r', sorted by name
//	...       index, object and index blocks, which only speed look-ups up
//	logs      blocks of type 'g', sorted by name and then the newest first
//	footer    the header again, uint64 each: position of the ref index, of the
//	          objects (x 32 + length of their ids), of their index, of the logs, of
//	          their index; CRC-32 of the footer so far
//
//	block     type 1 byte, length uint24 with this head, records, restart offsets
//	          uint24 each, their count uint16. The first block counts from the
//	          file's start. Where the block size is not 0, blocks before the logs
//	          are padded to multiples of it. A log block is deflated behind its
//	          head; its length is the inflated one.
//	ref       varint bytes shared with the last name, varint of the further bytes
//	          x 8 + type, these bytes, varint update index, value by type: 0 deleted,
//	          1 H id, 2 H id and H peeled id, 3 varint length and the target's name
//	log       name as in ref, but of name NUL and the inverse of the update index
//	          uint64; type 0 deleted, else: H old id, H new id, varint length and
//	          committer's name, the same of the address, varint seconds, zone
//	          int16, varint length and message
type reftable struct {
	data  []byte
	size  int // bytes of an id
	body  int // where the first block's head stands
	block int // block size; 0: not aligned
	end   int // where the footer starts
	logs  int // where the logs start; end without any
	names int // bytes of names that may still be made
}

// Bounds on what a small file can expand to: git's own names fit in a path, and
// a million of them in maxRefNames.
const (
	maxRefName  = 4096
	maxRefNames = 512 << 20
)

// refRecord is a ref as a table has it: value is a hex id, "ref: NAME", or empty
// where the table deletes the ref.
type refRecord struct{ name, value string }

// logRecord is an entry of a reflog. The zero ids stand for a deleted entry.
type logRecord struct {
	key      string // name, NUL, inverse of the update index
	old, new odb.ID
}

var (
	errReftable     = errors.New("reftable is damaged")
	errReftableSize = errors.New("reftable holds more names than anybody could have")
)

func parseReftable(data []byte, hashSize int) (*reftable, error) {
	t := &reftable{data: data, size: hashSize, body: 24, names: maxRefNames}
	if len(data) < 24 || string(data[:4]) != "REFT" {
		return nil, errors.New("file is no reftable")
	}
	switch version := data[4]; version {
	case 1:
	case 2:
		t.body = 28
		if want := map[int]string{20: "sha1", 32: "s256"}[hashSize]; len(data) < t.body || string(data[24:28]) != want {
			return nil, errors.New("reftable is of another object format than the repository")
		}
	default:
		return nil, fmt.Errorf("reftable has version %d: 1 and 2 are known", version)
	}
	t.end = len(data) - t.body - 44
	if t.end < t.body || !bytes.Equal(data[:t.body], data[t.end:t.end+t.body]) {
		return nil, fmt.Errorf("%w: header and footer differ", errReftable)
	}
	if crc32.ChecksumIEEE(data[t.end:len(data)-4]) != binary.BigEndian.Uint32(data[len(data)-4:]) {
		return nil, fmt.Errorf("%w: footer does not match its checksum", errReftable)
	}
	t.block = uint24(data[5:])
	at := binary.BigEndian.Uint64(data[t.end+t.body+24:])
	switch {
	case at > uint64(t.end):
		return nil, fmt.Errorf("%w: logs begin beyond the end", errReftable)
	case at > 0:
		t.logs = int(at)
	case t.end > t.body && data[t.body] == 'g':
		t.logs = 0
	default:
		t.logs = t.end
	}
	return t, nil
}

func uint24(b []byte) int { return int(b[0])<<16 | int(b[1])<<8 | int(b[2]) }

// head is where the head of the block at a position stands.
func (t *reftable) head(at int) int {
	if at == 0 {
		return t.body
	}
	return at
}

// refs calls each for every ref of the table, in order of name.
func (t *reftable) refs(each func(refRecord)) error {
	for at := 0; t.head(at)+4 <= t.end && t.data[t.head(at)] == 'r'; {
		head := t.head(at)
		length := uint24(t.data[head+1:])
		if length < head-at+4+2 || length > t.end-at {
			return fmt.Errorf("%w: block at offset %d has an impossible length", errReftable, at)
		}
		if err := t.refBlock(t.data[head+4:at+length], each); err != nil {
			return fmt.Errorf("block at offset %d: %w", at, err)
		}
		at += length
		if t.block > 0 {
			at += (t.block - at%t.block) % t.block
		}
	}
	return nil
}

func (t *reftable) refBlock(body []byte, each func(refRecord)) error {
	r, err := newRecords(body)
	if err != nil {
		return err
	}
	for len(r.data) > 0 {
		typ, err := t.name(r)
		if err != nil {
			return err
		}
		r.varint() // update index
		value := ""
		switch typ {
		case 0:
		case 1, 2:
			value = toID(r.take(t.size)).String()
			if typ == 2 {
				r.take(t.size)
			}
		case 3:
			value = "ref: " + string(r.take(r.varint()))
		default:
			return fmt.Errorf("%w: ref of unknown type %d", errReftable, typ)
		}
		if r.bad {
			return errReftable
		}
		each(refRecord{string(r.key), value})
	}
	return nil
}

// reflog calls each for every entry of the table's logs.
func (t *reftable) reflog(each func(logRecord)) error {
	for at := t.logs; t.head(at)+4 <= t.end && t.data[t.head(at)] == 'g'; {
		head := t.head(at)
		body := make([]byte, max(0, uint24(t.data[head+1:])-(head-at)-4))
		packed := bytes.NewReader(t.data[head+4 : t.end]) // an io.ByteReader: zlib reads no further than it must
		z, err := zlib.NewReader(packed)
		if err == nil {
			_, err = io.ReadFull(z, body)
		}
		if err == nil {
			_, err = z.Read(make([]byte, 1)) // the checksum
		}
		if err != io.EOF {
			return fmt.Errorf("%w: log block at offset %d cannot be inflated", errReftable, at)
		}
		if t.names -= len(body); t.names < 0 {
			return errReftableSize
		}
		if err := t.logBlock(body, each); err != nil {
			return fmt.Errorf("log block at offset %d: %w", at, err)
		}
		at = t.end - packed.Len()
	}
	return nil
}

func (t *reftable) logBlock(body []byte, each func(logRecord)) error {
	r, err := newRecords(body)
	if err != nil {
		return err
	}
	for len(r.data) > 0 {
		typ, err := t.name(r)
		if err != nil {
			return err
		}
		record := logRecord{key: string(r.key)}
		if typ != 0 {
			record.old, record.new = toID(r.take(t.size)), toID(r.take(t.size))
			r.take(r.varint()) // name
			r.take(r.varint()) // address
			r.varint()         // seconds
			r.take(2)          // zone
			r.take(r.varint()) // message
		}
		if r.bad {
			return errReftable
		}
		each(record)
	}
	return nil
}

// records reads a block's records one after the other. bad stays set once
// something reached beyond them.
type records struct {
	data []byte
	key  []byte // name of the record at hand
	bad  bool
}

// newRecords cuts off the restart table, which only speeds look-ups up.
func newRecords(body []byte) (*records, error) {
	if len(body) < 2 {
		return nil, errReftable
	}
	restarts := int(binary.BigEndian.Uint16(body[len(body)-2:]))
	end := len(body) - 2 - 3*restarts
	if end < 0 {
		return nil, fmt.Errorf("%w: more restarts than bytes", errReftable)
	}
	return &records{data: body[:end]}, nil
}

// name reads the head of a record into r.key and gives its type.
func (t *reftable) name(r *records) (typ int, err error) {
	shared, rest := r.varint(), r.varint()
	suffix := r.take(rest >> 3)
	if r.bad || shared > len(r.key) || shared+len(suffix) > maxRefName {
		return 0, fmt.Errorf("%w: record has an impossible name", errReftable)
	}
	r.key = append(r.key[:shared], suffix...)
	if t.names -= len(r.key); t.names < 0 {
		return 0, errReftableSize
	}
	return rest & 7, nil
}

func (r *records) take(n int) []byte {
	if n < 0 || n > len(r.data) {
		r.bad, r.data = true, nil
		return nil
	}
	b := r.data[:n]
	r.data = r.data[n:]
	return b
}

// varint reads up to 62 bits.
func (r *records) varint() int {
	var v uint64
	for i, c := range r.data {
		if i > 0 {
			v++
		}
		if v > 1<<54 {
			break
		}
		v = v<<7 | uint64(c&0x7f)
		if c < 0x80 {
			r.data = r.data[i+1:]
			return int(v)
		}
	}
	r.bad, r.data = true, nil
	return 0
}

// logName is the name of the ref that a log record is of.
func (l logRecord) logName() string {
	name, _, _ := strings.Cut(l.key, "\x00")
	return name
}
