package odb

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/zlib"
)

// A loose object is a file named by its id, xx/yyyy..., that holds one zlib
// stream (gitformat-loose): kind, space, size in decimal, NUL, content.

var errLooseHeader = errors.New("loose object has no valid header")

// looseHead is longer than any valid header: "commit ", 19 digits, NUL.
const looseHead = 32

// parseLoose reads a loose object's header; body is its length.
func parseLoose(head []byte) (k Kind, size int64, body int, err error) {
	end := bytes.IndexByte(head[:min(len(head), looseHead)], 0)
	space := bytes.IndexByte(head, ' ')
	if end < 0 || space < 0 || space+1 >= end || end-space > 19 {
		return 0, 0, 0, errLooseHeader
	}
	k, ok := parseKind(string(head[:space]))
	if !ok {
		return 0, 0, 0, errLooseHeader
	}
	digits := head[space+1 : end]
	if digits[0] == '0' && len(digits) > 1 {
		return 0, 0, 0, errLooseHeader
	}
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, 0, 0, errLooseHeader
		}
		size = size*10 + int64(c-'0')
	}
	return k, size, end + 1, nil
}

func loosePath(dir string, id ID) string {
	name := id.String()
	return filepath.Join(dir, name[:2], name[2:])
}

// fanOut lists the first bytes of the loose objects' ids: the directories 00 to
// ff that exist.
func fanOut(dir string) (first []byte) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	for _, e := range entries {
		name := e.Name()
		if b, err := hex.DecodeString(name); err == nil && len(b) == 1 {
			first = append(first, b[0])
		}
	}
	return first
}

// looseIn lists the ids of the loose objects of one fan-out directory. Files
// with other names are git's temporary ones.
func looseIn(dir string, first byte, hash int) (ids []ID) {
	entries, err := os.ReadDir(filepath.Join(dir, hex.EncodeToString([]byte{first})))
	if err != nil {
		return nil
	}
	for _, e := range entries {
		name := e.Name()
		id := ID{first}
		if len(name) != 2*hash-2 {
			continue
		}
		if _, err := hex.Decode(id[1:], []byte(name)); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}

// looseFile is an opened loose object whose header is read.
type looseFile struct {
	kind   Kind
	size   int64 // as stated
	path   string
	f      *os.File
	packed int64     // size of the file
	stream io.Reader // the content
}

// openLoose opens a loose object. The caller closes it.
func openLoose(dir string, id ID) (*looseFile, error) {
	l := &looseFile{path: loosePath(dir, id)}
	var err error
	l.f, l.packed, err = openFile(l.path)
	if errors.Is(err, errNoFile) {
		return nil, &CorruptError{ID: id, Path: l.path, Err: errors.New("loose object is not a file")}
	}
	if err != nil {
		return nil, err
	}
	if err := l.open(); err != nil {
		l.f.Close()
		return nil, &CorruptError{ID: id, Path: l.path, Err: err}
	}
	return l, nil
}

func (l *looseFile) open() error {
	z, err := zlib.NewReader(bufio.NewReader(l.f))
	if err != nil {
		return fmt.Errorf("inflate: %w", err)
	}
	content := bufio.NewReader(z)
	head, err := content.Peek(looseHead)
	if len(head) == 0 {
		return fmt.Errorf("inflate: %w", err)
	}
	var body int
	if l.kind, l.size, body, err = parseLoose(head); err != nil {
		return err
	}
	_, _ = content.Discard(body)
	l.stream = content
	return nil
}

func (l *looseFile) close() { l.f.Close() }

// read gives the content, at most limit bytes. Memory grows with what the file
// really holds.
func (l *looseFile) read(limit int64) ([]byte, error) {
	if l.size > limit {
		return nil, fmt.Errorf("%w: %d bytes, %d allowed", ErrTooLarge, l.size, limit)
	}
	if l.size/maxRatio > l.packed {
		return nil, fmt.Errorf("size stated (%d bytes) is more than the compressed data can hold", l.size)
	}
	var b bytes.Buffer
	b.Grow(int(min(l.size, 1<<20)) + bytes.MinRead)
	n, err := b.ReadFrom(io.LimitReader(l.stream, l.size+1))
	if err != nil {
		return nil, fmt.Errorf("inflate: %w", err)
	}
	if n != l.size {
		return nil, fmt.Errorf("size stated is %d bytes, the compressed data holds another size", l.size)
	}
	return b.Bytes(), nil
}
