package odb

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strings"
)

// ID is an object's name: the hash of its header and content. A SHA-1 name
// fills the first 20 bytes and leaves the rest zero.
type ID [32]byte

const sha1Size, sha256Size = 20, 32

// ParseID reads 40 or 64 hex digits, of either case.
func ParseID(s string) (ID, error) {
	var id ID
	if len(s) != 2*sha1Size && len(s) != 2*sha256Size {
		return ID{}, fmt.Errorf("parse object id: want 40 or 64 hex digits, got %d characters", len(s))
	}
	if _, err := hex.Decode(id[:], []byte(s)); err != nil {
		return ID{}, fmt.Errorf("parse object id: %w", err)
	}
	return id, nil
}

// String gives 40 hex digits when the last 12 bytes are zero, else 64.
func (id ID) String() string {
	if [12]byte(id[sha1Size:]) == [12]byte{} {
		return hex.EncodeToString(id[:sha1Size])
	}
	return hex.EncodeToString(id[:])
}

// IsZero reports whether id is all zeros, which git writes for "no object".
func (id ID) IsZero() bool { return id == ID{} }

// Kind is the type of an object, numbered as in a pack.
type Kind uint8

// The kinds of object. Zero is no kind.
const (
	Commit Kind = 1
	Tree   Kind = 2
	Blob   Kind = 3
	Tag    Kind = 4
)

var kindNames = [...]string{Commit: "commit", Tree: "tree", Blob: "blob", Tag: "tag"}

// String gives the name that git writes in an object's header.
func (k Kind) String() string {
	if int(k) < len(kindNames) && k > 0 {
		return kindNames[k]
	}
	return fmt.Sprintf("kind %d", uint8(k))
}

func parseKind(name string) (Kind, bool) {
	for k := Commit; k <= Tag; k++ {
		if kindNames[k] == name {
			return k, true
		}
	}
	return 0, false
}

// Object is one object during a walk. It is valid until the visitor returns, and so
// are Data and Delta.
type Object struct {
	ID   ID
	Kind Kind
	Data []byte

	// Delta says how the pack makes the object out of another, its base; nil where
	// it is stored whole, or where the base's visitor left no note.
	Delta *Delta

	// IsBase says that other objects are deltas against this one. What the visitor
	// then puts into Note, its visits get as Delta.Note, possibly on other
	// goroutines and at the same time.
	IsBase bool
	Note   any
}

func compareID(a, b ID) int { return bytes.Compare(a[:], b[:]) }

// prefixRange is the lowest and the highest id of size bytes that start with hex
// digits, of which there are at least four.
func prefixRange(digits string, size int) (low, high ID, ok bool) {
	if len(digits) < 4 || len(digits) > 2*size {
		return low, high, false
	}
	_, errLow := hex.Decode(low[:], []byte(digits+strings.Repeat("0", 2*size-len(digits))))
	_, errHigh := hex.Decode(high[:], []byte(digits+strings.Repeat("f", 2*size-len(digits))))
	return low, high, errLow == nil && errHigh == nil
}
