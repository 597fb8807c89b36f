package verify

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// errUnsendable says that a value cannot stand where the check puts it, and so is
// nothing that the provider could have given out.
var errUnsendable = errors.New("the credential holds characters that this request cannot carry")

// hosts returns the hosts to ask for a credential with those values, with ports
// where the check names them.
func (c *check) hosts(value func(string) string) []string {
	if c.isListed() {
		return c.Hosts
	}
	h := c.address.host
	if h[0].hole && !isLabel(strings.ToLower(value(h[0].text))) {
		return nil
	}
	return []string{h.fill(value, strings.ToLower)}
}

// request builds the request to one of the hosts.
func (c *check) request(ctx context.Context, host string, value func(string) string) (*http.Request, error) {
	u := "https://" + host + c.address.path.fill(value, url.PathEscape)
	if len(c.address.query) > 0 {
		u += "?" + c.address.query.fill(value, url.QueryEscape)
	}
	var body io.Reader
	form := url.Values{}
	for _, f := range c.form {
		form.Set(f.name, f.text.fill(value, plain))
	}
	if c.Body != "" || len(form) > 0 {
		body = strings.NewReader(c.Body + form.Encode())
	}
	// The standard library's error would hold the URL, and so the credential.
	r, err := http.NewRequestWithContext(ctx, c.method, u, body)
	if err != nil || r.URL.Host != host || r.URL.User != nil || hasDots(r.URL.Path) {
		return nil, errUnsendable
	}
	r.Header.Set("User-Agent", "shrike")
	r.Header.Set("Accept", "application/json")
	if len(form) > 0 {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	} else if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, h := range c.headers {
		text := h.text.fill(value, plain)
		if !isHeaderValue(text) {
			return nil, errUnsendable
		}
		r.Header.Set(h.name, text)
	}
	if c.basic {
		user := c.user.fill(value, plain)
		if strings.Contains(user, ":") {
			return nil, errUnsendable
		}
		r.SetBasicAuth(user, c.pass.fill(value, plain))
	}
	return r, nil
}

// hasDots reports whether a path has a segment that servers resolve away, and
// with it the path that the check means.
func hasDots(path string) bool {
	for segment := range strings.SplitSeq(path, "/") {
		if segment == "." || segment == ".." {
			return true
		}
	}
	return false
}

// call is the request to a host for a reader, its other placeholders left as they
// are.
func (c *check) call(host string) string {
	rest := strings.TrimPrefix(c.URL, "https://")
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		return c.method + " https://" + host + rest[i:]
	}
	return c.method + " https://" + host
}
