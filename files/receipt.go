package files

import (
	"cmp"
	"errors"
	"io/fs"
	"slices"
	"strings"
)

// Reason says why something on disk was not scanned.
type Reason string

// The reasons.
const (
	IgnoredFile  Reason = "ignored by git"
	CacheFolder  Reason = "build or cache folder ignored by git"
	GitInternals Reason = "git's own files (shrike git scans what they hold)"
	SymbolicLink Reason = "symbolic link"
	SpecialFile  Reason = "named pipe, socket or device"
)

// Skipped counts what was left out for one reason. A skipped folder counts once.
type Skipped struct {
	Reason Reason
	Count  int64
	Paths  []string // the first of them in path order, at most 20
}

// Problem is something that could not be read, so that the scan is incomplete.
type Problem struct {
	Path string // as in occurrences
	Err  error
}

func (p Problem) Error() string { return "read " + p.Path + ": " + p.Err.Error() }
func (p Problem) Unwrap() error { return p.Err }

// Receipt says what was scanned, what was skipped and what could not be read.
type Receipt struct {
	Files    int64
	Bytes    int64
	Skipped  []Skipped // sorted by reason
	Problems []Problem // the first in path order, at most 1,000
	Unread   int64     // count of all problems; the scan is complete when it is 0
}

// What a receipt holds is bounded, however bad the tree is.
const (
	maxSkippedPaths = 20
	maxProblems     = 1000
)

func (r *Receipt) skip(reason Reason, path string) {
	r.addSkipped(Skipped{reason, 1, []string{path}})
}

func (r *Receipt) addSkipped(s Skipped) {
	i, found := slices.BinarySearchFunc(r.Skipped, s.Reason, func(s Skipped, reason Reason) int {
		return cmp.Compare(s.Reason, reason)
	})
	if !found {
		r.Skipped = slices.Insert(r.Skipped, i, Skipped{Reason: s.Reason})
	}
	into := &r.Skipped[i]
	into.Count += s.Count
	for _, path := range s.Paths {
		into.Paths = keepFirst(into.Paths, path, maxSkippedPaths, strings.Compare)
	}
}

func (r *Receipt) problem(path string, err error) {
	r.Unread++
	r.keepProblem(Problem{path, cause(err)})
}

func (r *Receipt) keepProblem(p Problem) {
	r.Problems = keepFirst(r.Problems, p, maxProblems, func(a, b Problem) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Err.Error(), b.Err.Error()))
	})
}

// merge adds another receipt. The result does not depend on the order of merges.
func (r *Receipt) merge(from *Receipt) {
	r.Files += from.Files
	r.Bytes += from.Bytes
	r.Unread += from.Unread
	for _, s := range from.Skipped {
		r.addSkipped(s)
	}
	for _, p := range from.Problems {
		r.keepProblem(p)
	}
}

// keepFirst inserts v into a sorted list that keeps its first limit elements.
func keepFirst[T any](list []T, v T, limit int, compare func(a, b T) int) []T {
	i, _ := slices.BinarySearchFunc(list, v, compare)
	if i == limit {
		return list
	}
	list = slices.Insert(list, i, v)
	return list[:min(len(list), limit)]
}

// cause strips the path that os puts into its errors: ours name it themselves.
func cause(err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err
	}
	return err
}
