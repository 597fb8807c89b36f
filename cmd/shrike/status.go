package main

import (
	"context"
	"errors"
	"fmt"
)

// status is the program's exit status. Scripts rely on it.
type status int

const (
	statusClean status = 0 // the scan was complete and nothing was found
	statusFound status = 1 // something was found
	statusError status = 2 // the scan failed or was incomplete
)

// errFound ends a command that found something; its report is already written.
var errFound = errors.New("findings")

// errIncomplete ends a command that could not read all it was asked to. What it
// did find is reported; what it could not read is on standard error.
var errIncomplete = errors.New("the scan is incomplete")

// settle turns a command's error into the exit status, and tells the user of
// what the command itself has not told.
//
// An incomplete scan exits 2 even when it found something: 1 promises that the
// rest was looked at.
func settle(ctx context.Context, s streams, err error) status {
	switch {
	case err == nil:
		return statusClean
	case errors.Is(err, errFound):
		return statusFound
	case errors.Is(err, errIncomplete):
		return statusError
	case ctx.Err() != nil:
		fmt.Fprintln(s.err, "shrike: interrupted before the scan was complete")
	default:
		fmt.Fprintf(s.err, "shrike: %v\n", err)
	}
	return statusError
}
