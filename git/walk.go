package git

import (
	"bytes"
	"cmp"
	"container/heap"
	"context"

	"github.com/shrike-scan/shrike/git/odb"
)

// commitWalk finds the commits of a selection: it goes from the tips towards the
// roots, latest first, and carries along which side each commit was reached
// from. It stops when all that is left in the queue is hidden and older than all
// that was found, so that its cost follows the range. Clocks that went wrong by
// more than slack can make it find too much, never too little.
type commitWalk struct {
	repo   *Repository
	nodes  map[odb.ID]*walkNode
	queue  walkQueue
	found  []*walkNode // wanted when they were first reached
	beside []*walkNode // wanted, but left out for their date
	open   int         // wanted nodes in the queue
}

const slack = 24 * 60 * 60 // seconds

type walkNode struct {
	id     odb.ID
	commit *commitObject // stripped unless wanted
	marks  uint8
	queued bool
	listed bool
}

const (
	markWant = 1 << iota
	markLeft
	markRight
	markHide
)

func (n *walkNode) wanted() bool {
	const both = markLeft | markRight
	return n.marks&markHide == 0 && n.marks&both != both
}

// walkCommits gives the nodes of the selection's commits. missing is called for
// parents of wanted commits that are not in the store.
func (r *Repository) walkCommits(ctx context.Context, s selection, missing func(odb.ID, error)) (*commitWalk, error) {
	w := &commitWalk{repo: r, nodes: make(map[odb.ID]*walkNode)}
	for _, start := range []struct {
		ids  []odb.ID
		mark uint8
	}{{s.want, markWant}, {s.left, markLeft}, {s.right, markRight}, {s.hide, markHide}} {
		for _, id := range start.ids {
			if err := w.reach(id, start.mark); err != nil {
				return nil, err
			}
		}
	}
	oldest := int64(1<<63 - 1)
	for w.queue.Len() > 0 {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		n := heap.Pop(&w.queue).(*walkNode)
		n.queued = false
		if n.wanted() {
			w.open--
			oldest = min(oldest, n.commit.committer.seconds)
			if !n.listed {
				n.listed = true
				w.found = append(w.found, n)
			}
		} else if w.open == 0 && n.commit.committer.seconds < oldest-slack {
			break
		}
		marks := n.marks
		if !n.wanted() {
			marks = markHide
		}
		for _, p := range n.commit.parents {
			if err := w.reach(p, marks); err != nil && n.wanted() {
				missing(p, err)
			}
		}
	}
	kept := w.found[:0]
	for _, n := range w.found {
		if n.wanted() {
			kept = append(kept, n)
		}
	}
	w.found = kept
	return w, nil
}

// reach marks a commit, and queues it when a mark is new to it.
func (w *commitWalk) reach(id odb.ID, marks uint8) error {
	n := w.nodes[id]
	if n == nil {
		data, err := readKind(w.repo.store, id, odb.Commit)
		if err != nil {
			return err
		}
		n = &walkNode{id: id, commit: new(commitObject)}
		if err := parseCommit(data, w.repo.HashSize, n.commit); err != nil {
			return err
		}
		w.repo.seen(id, n.commit)
		w.nodes[id] = n
	} else if n.marks|marks == n.marks {
		return nil
	}
	if n.queued && n.wanted() {
		w.open--
	}
	n.marks |= marks
	if n.wanted() {
		w.open++
	} else {
		n.commit.strip()
	}
	if !n.queued {
		n.queued = true
		heap.Push(&w.queue, n)
	}
	return nil
}

// walkQueue is a heap of nodes, latest first.
type walkQueue []*walkNode

func (q walkQueue) Len() int      { return len(q) }
func (q walkQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q walkQueue) Less(i, j int) bool {
	return cmp.Or(
		cmp.Compare(q[j].commit.committer.seconds, q[i].commit.committer.seconds),
		bytes.Compare(q[i].id[:], q[j].id[:]),
	) < 0
}
func (q *walkQueue) Push(n any) { *q = append(*q, n.(*walkNode)) }
func (q *walkQueue) Pop() any {
	last := len(*q) - 1
	n := (*q)[last]
	*q = (*q)[:last]
	return n
}
