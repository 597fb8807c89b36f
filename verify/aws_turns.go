package verify

import (
	"context"
	"sync"
	"time"
)

// awsMemory is how long AWS goes on refusing a key id after a wrong secret, whatever
// comes with it then. It is not documented, and has been observed as five seconds.
const awsMemory = 5500 * time.Millisecond

// turns lets the secrets that may belong to one key id be asked for one after the
// other, so that the refusal of a wrong one is not taken for that of the right one.
type turns struct {
	memory time.Duration

	mu   sync.Mutex
	keys map[string]*turn
}

type turn struct {
	busy    chan struct{} // holds one token while a call is made
	refused time.Time     // when a secret was refused last; guarded by turns.mu
}

// take waits for the turn of a key id. The returned function ends it.
func (t *turns) take(ctx context.Context, id string) (done func()) {
	t.mu.Lock()
	at := t.keys[id]
	if at == nil {
		at = &turn{busy: make(chan struct{}, 1)}
		t.keys[id] = at
	}
	t.mu.Unlock()
	select {
	case at.busy <- struct{}{}:
		return func() { <-at.busy }
	case <-ctx.Done():
		return func() {} // the call that follows fails at once
	}
}

// mistaken reports whether a refusal may be the echo of an earlier one, and waits
// until it no longer can be.
func (t *turns) mistaken(ctx context.Context, id string) bool {
	t.mu.Lock()
	before := t.keys[id].refused
	t.mu.Unlock()
	if before.IsZero() || time.Since(before) > t.memory {
		return false
	}
	select {
	case <-time.After(t.memory):
		return true
	case <-ctx.Done():
		return true // the second call says that there is no time left
	}
}

// refused notes that a secret was refused.
func (t *turns) refused(id string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.keys[id].refused = time.Now()
}
