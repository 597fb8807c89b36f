package git

import (
	"context"
	"sync"

	"github.com/shrike-scan/shrike/git/odb"
)

// countMissing counts the trees that commits and trees name, and the blobs that
// trees name, and that are not in the store. Only a partial clone is worth the
// cost: it reads every tree.
func (r *Repository) countMissing(ctx context.Context, workers int) (Missing, error) {
	var mu sync.Mutex
	blobs, trees := make(map[odb.ID]struct{}), make(map[odb.ID]struct{})
	have := make([]*internTable, workers) // ids that were looked up before
	for i := range have {
		have[i] = newInternTable()
	}
	look := func(worker int, id []byte, missing map[odb.ID]struct{}) {
		if _, ok := have[worker].find(id); ok {
			return
		}
		have[worker].add(id)
		if !r.store.Has(toID(id)) {
			mu.Lock()
			missing[toID(id)] = struct{}{}
			mu.Unlock()
		}
	}
	_, err := r.store.Walk(ctx, odb.WalkOptions{Kinds: []odb.Kind{odb.Commit, odb.Tree}, Workers: workers}, odb.Visitor{
		Object: func(worker int, o *odb.Object) error {
			if o.Kind == odb.Commit {
				var c commitObject
				if parseCommit(o.Data, r.HashSize, &c) == nil {
					look(worker, c.tree[:r.HashSize], trees)
				}
				return nil
			}
			for data := o.Data; ; {
				e, rest, ok := nextEntry(data, r.HashSize)
				if !ok {
					return nil
				}
				data = rest
				if e.isTree() {
					look(worker, e.id, trees)
				} else if !e.isGitlink() {
					look(worker, e.id, blobs)
				}
			}
		},
	})
	return Missing{int64(len(blobs)), int64(len(trees))}, err
}
