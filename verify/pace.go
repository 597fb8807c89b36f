package verify

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"sync"
	"time"
)

const (
	paceInterval = 100 * time.Millisecond // between two requests to one host
	maxPause     = 5 * time.Second        // that a host may ask for; a longer one is not waited for
)

var errPaused = errors.New("the host asked for a pause")

// pacer spaces the requests to each host, and heeds a host's wish for a pause.
// Safe for concurrent use.
type pacer struct {
	interval time.Duration
	sleep    func(context.Context, time.Duration) error

	mu   sync.Mutex
	next map[string]time.Time // when the next request to a host may begin
}

func newPacer() *pacer {
	return &pacer{interval: paceInterval, sleep: sleep, next: map[string]time.Time{}}
}

// wait returns when it is time for a request to the host: nil, the context's
// error, or errPaused where that is too far off.
func (p *pacer) wait(ctx context.Context, host string) error {
	p.mu.Lock()
	now := time.Now()
	begin := p.next[host]
	if begin.Before(now) {
		begin = now
	}
	if begin.Sub(now) > maxPause+time.Second { // a second for those who wait in turn
		p.mu.Unlock()
		return errPaused
	}
	p.next[host] = begin.Add(p.interval)
	p.mu.Unlock()
	return p.sleep(ctx, begin.Sub(now))
}

// hold keeps requests from the host for a while.
func (p *pacer) hold(host string, pause time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if until := time.Now().Add(pause); until.After(p.next[host]) {
		p.next[host] = until
	}
}

// retryAfter reads the header of that name: seconds or a date (RFC 9110, 10.2.3).
// Without one it is a second.
func retryAfter(h http.Header, now time.Time) time.Duration {
	text := h.Get("Retry-After")
	if seconds, err := strconv.Atoi(text); err == nil && seconds >= 0 {
		return time.Duration(min(seconds, 86400)) * time.Second
	}
	if date, err := http.ParseTime(text); err == nil && date.After(now) {
		return min(date.Sub(now), 24*time.Hour)
	}
	return time.Second
}

func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
