package odb

import (
	"sync"
	"sync/atomic"
)

// task is a piece of a walk: an item by number, or, with a base, the subtree
// that starts with entry, which is a delta against that base.
type task struct {
	item  int
	entry int32
	kind  Kind
	base  []byte
	note  any // of the base
}

// queue deals out the items 0..n-1 and the subtrees that workers share. Safe for
// concurrent use.
type queue struct {
	workers int
	items   int64
	dealt   atomic.Int64
	hungry  atomic.Int32 // workers that wait for more than is queued

	mu      sync.Mutex
	wake    sync.Cond
	shared  []task
	idle    int
	stopped bool
}

func newQueue(workers, items int) *queue {
	q := &queue{workers: workers, items: int64(items)}
	q.wake.L = &q.mu
	return q
}

// take gives the next task, and waits for one while another worker may still
// share. It is false when all is done.
func (q *queue) take() (task, bool) {
	if i := q.dealt.Add(1) - 1; i < q.items {
		return task{item: int(i)}, true
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.idle++
	q.count()
	for len(q.shared) == 0 && q.idle < q.workers && !q.stopped {
		q.wake.Wait()
	}
	if len(q.shared) == 0 || q.stopped {
		q.wake.Broadcast()
		return task{}, false
	}
	last := len(q.shared) - 1
	t := q.shared[last]
	q.shared[last] = task{}
	q.shared = q.shared[:last]
	q.idle--
	q.count()
	return t, true
}

// share gives away a subtree.
func (q *queue) share(t task) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.shared = append(q.shared, t)
	q.count()
	q.wake.Signal()
}

func (q *queue) count() { q.hungry.Store(int32(q.idle - len(q.shared))) }

// stop ends the waiting, and with it the walk.
func (q *queue) stop() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.stopped = true
	q.dealt.Store(q.items)
	q.wake.Broadcast()
}
