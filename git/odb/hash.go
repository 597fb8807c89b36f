package odb

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"errors"
	"hash"
	"strconv"
)

// newHash gives the hash whose sums have size bytes.
func newHash(size int) hash.Hash {
	if size == sha256Size {
		return sha256.New()
	}
	return sha1.New() //nolint:gosec // git names objects so
}

// hashKind is the number by which newer formats tell the hash.
func hashKind(size int) uint32 {
	if size == sha256Size {
		return 2
	}
	return 1
}

// sealed reports whether a file ends with the hash, of size bytes, of all before
// it.
func sealed(file []byte, size int) bool {
	h := newHash(size)
	end := len(file) - size
	h.Write(file[:end])
	return bytes.Equal(h.Sum(nil), file[end:])
}

var errHash = errors.New("content does not match the object's id")

// hasher computes object ids. One per goroutine.
type hasher struct {
	h   hash.Hash
	buf []byte
}

func newHasher(size int) *hasher { return &hasher{h: newHash(size)} }

// begin starts an object: the hash covers "kind size NUL content".
func (h *hasher) begin(k Kind, size int64) {
	h.h.Reset()
	h.buf = append(h.buf[:0], k.String()...)
	h.buf = append(h.buf, ' ')
	h.buf = strconv.AppendInt(h.buf, size, 10)
	h.buf = append(h.buf, 0)
	h.h.Write(h.buf)
}

// id gives the id of an object.
func (h *hasher) id(k Kind, data []byte) ID {
	h.begin(k, int64(len(data)))
	h.h.Write(data)
	return h.end()
}

// Write adds content. It never fails.
func (h *hasher) Write(p []byte) (int, error) { return h.h.Write(p) }

// end gives the id of what was written since begin.
func (h *hasher) end() (id ID) {
	h.buf = h.h.Sum(h.buf[:0])
	copy(id[:], h.buf)
	return id
}

// check compares data with its id.
func (h *hasher) check(id ID, k Kind, data []byte) error {
	if h.id(k, data) != id {
		return errHash
	}
	return nil
}
