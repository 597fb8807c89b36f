package verify

import "net/http"

// Client returns an HTTP client for hosts that a stranger may have named: it follows
// no redirect, honours the environment's proxies, and dials public addresses alone,
// unless private says that the user named the host. The answer's size is the caller's
// to bound.
func Client(private bool) *http.Client {
	return &newClient(1, func(string) bool { return private }).http
}
