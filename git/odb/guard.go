package odb

import (
	"fmt"
	"runtime/debug"
)

// faultError is a read of mapped memory that failed, as happens when another
// process cuts a file short or its disk goes away.
type faultError struct{ error }

// guarded calls f and turns such a fault into an error. Other panics are bugs
// and pass.
func guarded(f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		r := recover()
		if r == nil {
			return
		}
		fault, ok := r.(interface {
			error
			Addr() uintptr
		})
		if !ok {
			panic(r)
		}
		err = faultError{fmt.Errorf("a pack changed while it was read, run again: %w", fault)}
	}()
	return f()
}
