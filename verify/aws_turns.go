package verify

import (
	"context"
	"sync"
	"time"
)

// awsMemory is how long AWS goes on refusing a key id after a wrong secret, whatever
// comes with it then. It is not documented, and has been observed as five seconds.
const awsMemory = 5500 * time.Millisecond

// maxRefused bounds how many secrets are tried with one key id.
const maxRefused = 4

// turns lets the secrets that may belong to one key id be asked for one after the
// other, so that the refusal of a wrong one is not taken for that of the right one.
type turns struct {
	memory time.Duration
	sleep  func(context.Context, time.Duration) error

	mu   sync.Mutex
	keys map[string]*turn
}

type turn struct {
	busy    chan struct{} // holds one token while a call is made
	refused int           // secrets; guarded by turns.mu, as is last
	last    time.Time
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

// spent reports whether enough secrets were tried with a key id.
func (t *turns) spent(id string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.keys[id].refused >= maxRefused
}

// echoed reports whether a refusal may be the echo of an earlier one. If so it waits
// until a second call can tell; inTime is false if that is too late.
func (t *turns) echoed(ctx context.Context, id string) (maybe, inTime bool) {
	t.mu.Lock()
	last := t.keys[id].last
	t.mu.Unlock()
	if last.IsZero() || time.Since(last) > t.memory {
		return false, true
	}
	if deadline, bounded := ctx.Deadline(); bounded && time.Until(deadline) < t.memory {
		return true, false
	}
	return true, t.sleep(ctx, t.memory) == nil
}

// refuse notes that a secret was refused.
func (t *turns) refuse(id string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.keys[id].refused++
	t.keys[id].last = time.Now()
}
