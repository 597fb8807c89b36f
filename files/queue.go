package files

import "sync"

// A task is one path to scan, and for a folder what holds below it.
type task struct {
	path   string // as it is opened and reported, save for the separators
	dir    bool
	root   bool // given as an argument: links are followed
	within scope
}

// maxTasks bounds the memory of waiting tasks, at some 200 bytes each.
const maxTasks = 1 << 15

// A queue hands tasks to workers, the newest first: a tree is walked in depth, so that few
// folders wait at any time. Safe for concurrent use.
type queue struct {
	lock    sync.Mutex
	changed *sync.Cond
	waiting []task
	open    int // tasks that wait or run; when none is left, the walk is over
	stopped bool
}

func newQueue() *queue {
	q := &queue{}
	q.changed = sync.NewCond(&q.lock)
	return q
}

// offer takes as many tasks as there is room for, and returns the rest, which the
// caller runs itself. That never blocks, so workers that list folders cannot
// wait for each other.
func (q *queue) offer(tasks []task) (rest []task) {
	q.lock.Lock()
	defer q.lock.Unlock()
	n := min(len(tasks), max(0, maxTasks-len(q.waiting)))
	q.waiting = append(q.waiting, tasks[:n]...)
	q.open += n
	q.changed.Broadcast()
	return tasks[n:]
}

// next waits for a task; it is false when all are done or the queue was stopped.
// The caller calls finish after each task.
func (q *queue) next() (t task, ok bool) {
	q.lock.Lock()
	defer q.lock.Unlock()
	for len(q.waiting) == 0 && q.open > 0 && !q.stopped {
		q.changed.Wait()
	}
	if q.stopped || q.open == 0 {
		return task{}, false
	}
	last := len(q.waiting) - 1
	t, q.waiting[last] = q.waiting[last], task{}
	q.waiting = q.waiting[:last]
	return t, true
}

func (q *queue) finish() {
	q.lock.Lock()
	defer q.lock.Unlock()
	if q.open--; q.open == 0 {
		q.changed.Broadcast()
	}
}

// stop makes every later next return false.
func (q *queue) stop() {
	q.lock.Lock()
	defer q.lock.Unlock()
	q.stopped = true
	q.changed.Broadcast()
}
