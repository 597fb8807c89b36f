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
	Objects  [5]int64 // read, by odb.Kind
	Bytes    [5]int64 // of these, expanded
	Refs     int      // names under refs/
	Commits  int      // whose messages were scanned
	Blobs    int64    // whose content was scanned
	Revision []string // what narrowed the scan; empty: every object

	Problems     []odb.Problem // the first maxProblems things that could not be read
	ProblemCount int64         // all of them
	Incomplete   []string      // why the repository itself holds less than its whole history
	Notes        []string      // worth a word, though nothing is missing
	Empty        bool          // nothing was scanned, for nothing was there
}

// maxProblems bounds Receipt.Problems: a broken pack may hold a million.
const maxProblems = 100

// Complete reports whether everything that was asked for was read.
func (r *Receipt) Complete() bool { return r.ProblemCount == 0 && len(r.Incomplete) == 0 }

// problemList gathers problems from many goroutines.
type problemList struct {
	mu    sync.Mutex
	list  []odb.Problem
	count int64
}

func (l *problemList) add(p odb.Problem) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.count++
	if len(l.list) < maxProblems {
		l.list = append(l.list, p)
	}
}

func (l *problemList) object(id odb.ID, err error) {
	l.add(odb.Problem{Object: id.String(), Err: err})
}

func (l *problemList) into(r *Receipt) {
	r.Problems = append(r.Problems, l.list[:min(len(l.list), maxProblems-len(r.Problems))]...)
	r.ProblemCount += l.count
}

// hidden says what a shallow or partial clone, or a store of refs that cannot be
// read, keeps from the scan.
func (r *Repository) hidden(allowShallow bool) (incomplete, notes []string) {
	add := func(accepted bool, text string) {
		if accepted {
			notes = append(notes, text)
		} else {
			incomplete = append(incomplete, text)
		}
	}
	if n := len(r.shallow); n > 0 {
		first := slices.SortedFunc(maps.Keys(r.shallow), compareIDs)[0]
		add(allowShallow, fmt.Sprintf("shallow clone: the history before %s (one of %d such commits) is not here; `git fetch --unshallow` brings it", first, n))
	}
	for _, remote := range r.settings.promisor {
		add(allowShallow, fmt.Sprintf("partial clone of remote %s: objects that were never fetched are not here; `git fetch --refetch --no-filter` brings them", remote))
	}
	if r.settings.reftable {
		notes = append(notes, "refs are stored as a reftable, which is not read: every object is scanned, but no ref is named")
	}
	return incomplete, notes
}
