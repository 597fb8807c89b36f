package odb

import (
	"container/list"
	"sync"
)

// baseCache keeps recently read delta bases, the least recently used leaving
// first. Content in it is never written to again. Safe for concurrent use.
type baseCache struct {
	limit int64 // bytes of content

	mu    sync.Mutex
	held  int64
	order list.List // of *cached, most recent first
	at    map[place]*list.Element
}

// place is where an entry stands.
type place struct {
	pack *pack
	off  int64
}

type cached struct {
	place
	kind Kind
	data []byte
}

func (c *baseCache) get(at place) (Kind, []byte, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.at[at]
	if !ok {
		return 0, nil, false
	}
	c.order.MoveToFront(e)
	v := e.Value.(*cached)
	return v.kind, v.data, true
}

// put keeps data, which must not be changed any more, unless it would crowd out
// much of the rest.
func (c *baseCache) put(at place, k Kind, data []byte) {
	cost := func(v *cached) int64 { return int64(cap(v.data)) + 128 }
	v := &cached{at, k, data}
	if cost(v) > c.limit/4 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.at == nil {
		c.at = map[place]*list.Element{}
	}
	if c.at[at] != nil {
		return
	}
	c.at[at] = c.order.PushFront(v)
	c.held += cost(v)
	for c.held > c.limit {
		last := c.order.Back()
		old := c.order.Remove(last).(*cached)
		delete(c.at, old.place)
		c.held -= cost(old)
	}
}
