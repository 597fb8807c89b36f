package git

import (
	"context"
	"sync"
	"sync/atomic"
)

// inParallel calls work for each i below n from several goroutines, numbered from
// 0, until all are done or the context is. It is the only place in this package
// that starts goroutines.
func inParallel(ctx context.Context, workers, n int, work func(worker, i int)) error {
	var next atomic.Int64
	var group sync.WaitGroup
	for worker := range min(workers, n) {
		group.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				work(worker, i)
			}
		})
	}
	group.Wait()
	return ctx.Err()
}
