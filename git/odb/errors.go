package odb

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
)

// MissingError says that no pack, loose file or alternate holds an object.
type MissingError struct {
	ID    ID
	Cause error // a pack that could not be opened and may hold it, nil if there is none
}

func (e *MissingError) Error() string {
	if e.Cause != nil {
		return fmt.Sprintf("object %s is missing: %v", e.ID, e.Cause)
	}
	return fmt.Sprintf("object %s is missing: unless the clone is shallow or partial, restore it with `git fetch`", e.ID)
}

func (e *MissingError) Unwrap() error { return e.Cause }

// CorruptError says that stored bytes are not what their format asks for.
type CorruptError struct {
	ID     ID     // the object, zero where unknown
	Path   string // pack, idx or loose file
	Offset int64  // into Path
	Err    error
}

func (e *CorruptError) Error() string {
	if e.Path == "" {
		return fmt.Sprintf("read object %s: %v", e.ID, e.Err)
	}
	return fmt.Sprintf("read object %s in %s at offset %d: %v", e.ID, e.Path, e.Offset, e.Err)
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

// Error says what could not be read, and where.
func (p Problem) Error() string {
	var corrupt *CorruptError
	var missing *MissingError
	switch {
	case errors.As(p.Err, &corrupt) && corrupt.Path != "", errors.As(p.Err, &missing):
		return p.Err.Error()
	case p.Path == "" && p.Object == "":
		return p.Err.Error()
	case p.Path == "":
		return fmt.Sprintf("read object %s: %v", p.Object, p.Err)
	case p.Object == "":
		return fmt.Sprintf("read %s: %v", p.Path, p.Err)
	}
	return fmt.Sprintf("read object %s in %s: %v", p.Object, p.Path, p.Err)
}

// Compare orders problems by path, offset, object and text.
func (p Problem) Compare(q Problem) int {
	return cmp.Or(
		strings.Compare(p.Path, q.Path), cmp.Compare(p.Offset, q.Offset), strings.Compare(p.Object, q.Object),
		strings.Compare(p.Err.Error(), q.Err.Error()),
	)
}

func (p Problem) Unwrap() error { return p.Err }
