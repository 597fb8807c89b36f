package git

import (
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/shrike-scan/shrike/git/odb"
)

// Receipt says what a scan read, and what it did not.
type Receipt struct {
	Objects [5]int64 // by odb.Kind: read, or known to the cache
	Known   [5]int64 // of these, those an earlier scan had read
	Bytes   [5]int64 // of those that were read, expanded
	Commits int      // whose messages were scanned
	Blobs   int64    // whose content was scanned

	// Of the bytes of blobs: those that were looked at, and those that deltas copy
	// from where they had been looked at before.
	ScannedBytes, InheritedBytes int64

	Refs    []Ref  // under refs/, as they stood when the scan began, by name
	Head    odb.ID // the commit HEAD stood for; zero while unborn
	Missing Missing

	Problems     []odb.Problem // the first maxProblems things that could not be read, by path, offset and object
	ProblemCount int64         // all of them
	Incomplete   []string      // why the repository itself holds less than its whole history
	Notes        []string      // worth a word, though nothing is missing
	Empty        bool          // nothing was scanned, for nothing was there
}

// countInherited parts the bytes of the blobs that readers went through.
func (r *Receipt) countInherited(readers []*reader) {
	for _, own := range readers {
		r.InheritedBytes += own.inherited
	}
	r.ScannedBytes = r.Bytes[odb.Blob] - r.InheritedBytes
}

// maxProblems bounds Receipt.Problems: a broken pack may hold a million.
const maxProblems = 100

// Complete reports whether everything that was asked for was read.
func (r *Receipt) Complete() bool { return r.ProblemCount == 0 && len(r.Incomplete) == 0 }

// Missing counts, in a partial clone, what is named there but was never sent.
type Missing struct{ Blobs, Trees int64 }

// problemList gathers problems from many goroutines: all are counted, and the
// first maxProblems in order are kept, whichever goroutine meets them.
type problemList struct {
	mu    sync.Mutex
	list  []odb.Problem // up to twice what is kept
	count int64
}

func (l *problemList) add(p odb.Problem) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.count++
	if l.list = append(l.list, p); len(l.list) == 2*maxProblems {
		l.trim()
	}
}

func (l *problemList) object(id odb.ID, err error) {
	l.add(odb.Problem{Object: id.String(), Err: err})
}

// trim orders the list and drops what is not kept.
func (l *problemList) trim() {
	slices.SortFunc(l.list, odb.Problem.Compare)
	l.list = l.list[:min(len(l.list), maxProblems)]
}

func (l *problemList) into(r *Receipt) {
	l.trim()
	r.Problems = append(r.Problems, l.list[:min(len(l.list), maxProblems-len(r.Problems))]...)
	r.ProblemCount += l.count
}

// tell calls f for what is kept, in order, and once for the rest.
func (l *problemList) tell(f func(odb.Problem)) {
	l.trim()
	for _, p := range l.list {
		f(p)
	}
	if more := l.count - int64(len(l.list)); more > 0 {
		f(odb.Problem{Err: fmt.Errorf("and %d more problems", more)})
	}
}

// hidden says what a shallow or partial clone, or a store of refs that cannot be
// read, keeps from the scan.
func (r *Repository) hidden(allowShallow bool, missing Missing) (incomplete, notes []string) {
	add := func(accepted bool, text string) {
		if accepted {
			notes = append(notes, text)
		} else {
			incomplete = append(incomplete, text)
		}
	}
	if n := len(r.shallow); n > 0 {
		first := slices.SortedFunc(maps.Keys(r.shallow), compareIDs)[0]
		others := ""
		if n > 1 {
			others = fmt.Sprintf(" and %d more commits", n-1)
		}
		add(allowShallow, fmt.Sprintf("shallow clone: the history before %s%s is not here; `git fetch --unshallow` brings it", first, others))
	}
	for _, remote := range r.settings.promisor {
		add(allowShallow, fmt.Sprintf("partial clone of remote %s: %d blobs and %d trees that commits name were never fetched; `git fetch --refetch --no-filter` brings them", remote, missing.Blobs, missing.Trees))
	}
	if r.bundle != nil {
		for _, text := range r.bundle.lacks() {
			add(allowShallow, text)
		}
	}
	return incomplete, notes
}
