package odb

import (
	"errors"
	"fmt"
)

// MissingError says that no pack, loose file or alternate holds an object.
type MissingError struct{ ID ID }

func (e *MissingError) Error() string {
	return fmt.Sprintf("object %s is missing: a shallow or partial clone lacks it, else restore it with `git fetch`", e.ID)
}

// CorruptError says that stored bytes are not what their format asks for.
type CorruptError struct {
	ID     ID     // the object, zero where unknown
	Path   string // pack, idx or loose file
	Offset int64  // into Path
	Err    error
}

func (e *CorruptError) Error() string {
	return fmt.Sprintf("read %s at offset %d: %v", e.Path, e.Offset, e.Err)
}

func (e *CorruptError) Unwrap() error { return e.Err }

// ErrTooLarge is wrapped by the errors of objects larger than
// Options.MaxObject.
var ErrTooLarge = errors.New("object is larger than the limit")

// Problem is something that a walk could not read.
type Problem struct {
	Object string // hex id, empty where unknown
	Path   string // pack, idx or loose file
	Offset int64  // into Path
	Err    error
}
