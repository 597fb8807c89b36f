package odb

import "runtime/debug"

// faultError is a read of mapped memory that failed, as happens when another
// process cuts a file short or its disk goes away.
type faultError struct{ addr uintptr }

func (faultError) Error() string { return "a file changed while it was read: run again" }

// guarded calls f and turns such a fault into an error. Other panics,
// those for nil pointers too, are bugs and pass.
func guarded(f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		r := recover()
		if r == nil {
			return
		}
		fault, ok := r.(interface{ Addr() uintptr })
		if !ok {
			panic(r)
		}
		err = faultError{fault.Addr()}
	}()
	return f()
}
