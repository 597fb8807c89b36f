package verify

import (
	"context"
	"encoding/base64"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp/syntax"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

var update = flag.Bool("update", false, "write testdata/requests.txt anew")

// awkward holds what each place of a request has to escape.
const awkward = `mark/er?a&b=c%20d+e"f`

// provider stands in for every host: it takes the requests of all checks, and
// answers as it is told.
type provider struct {
	*httptest.Server
	answer   http.HandlerFunc
	requests chan string // as a reader would put them, see describe
}

func newProvider(t *testing.T) *provider {
	p := &provider{requests: make(chan string, 100)}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case p.requests <- describe(r):
		default:
		}
		p.answer(w, r)
	}))
	t.Cleanup(p.Close)
	return p
}

// checks returns the HTTP checks with every host led to the provider, and without
// pauses.
func (p *provider) checks(t *testing.T, o HTTPOptions) *HTTP {
	h, err := NewHTTP(o)
	require.NoError(t, err)
	t.Cleanup(h.Close)
	loopback := newClient(8, func(string) bool { return true })
	t.Cleanup(loopback.close)
	h.do = func(r *http.Request) (*http.Response, error) {
		r = r.Clone(r.Context())
		r.Host, r.URL.Scheme, r.URL.Host = r.URL.Host, "http", p.Listener.Addr().String()
		return loopback.Do(r)
	}
	h.hurry()
	return h
}

// hurry forgets what hosts asked for, and waits for none.
func (h *HTTP) hurry() {
	h.pace = newPacer()
	h.pace.sleep = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
}

// describe writes down a request as the provider understands it, so that a value
// that is escaped wrongly for its place does not come out whole.
func describe(r *http.Request) string {
	var out strings.Builder
	header := r.Header.Clone()
	fmt.Fprintf(&out, "%s https://%s%s\n", r.Method, r.Host, r.URL.Path)
	if user, password, ok := r.BasicAuth(); ok {
		fmt.Fprintf(&out, "\tuser %s password %s\n", user, password)
		header.Del("Authorization")
	}
	for _, name := range slices.Sorted(maps.Keys(header)) {
		if name != "Accept-Encoding" && name != "User-Agent" && name != "Content-Length" {
			fmt.Fprintf(&out, "\t%s: %s\n", name, header.Get(name))
		}
	}
	values := func(kind string, v url.Values) {
		for _, name := range slices.Sorted(maps.Keys(v)) {
			fmt.Fprintf(&out, "\t%s %s=%s\n", kind, name, v.Get(name))
		}
	}
	values("query", r.URL.Query())
	body, _ := io.ReadAll(r.Body)
	if r.Header.Get("Content-Type") == "application/x-www-form-urlencoded" {
		form, _ := url.ParseQuery(string(body))
		values("form", form)
	} else if len(body) > 0 {
		fmt.Fprintf(&out, "\tbody %s\n", body)
	}
	return out.String()
}

// credentialFor makes a credential that a check can send, with markers that a
// reader of the request can tell from each other.
func credentialFor(t *testing.T, c *check) Credential {
	secret := awkward
	if c.split != nil {
		re, err := syntax.Parse(c.Split, syntax.Perl)
		require.NoError(t, err)
		secret = shortest(re.Simplify())
		require.Regexp(t, c.split, secret)
	}
	cred := Credential{Secret: scanner.NewSecret([]byte(secret))}
	for _, name := range c.needs {
		value := "part-of-" + name
		cred.Parts = append(cred.Parts, scanner.Part{Name: name, Value: scanner.NewSecret([]byte(value)), Public: c.Near[name] != ""})
	}
	return cred
}

// shortest is a short text that a regex matches.
func shortest(re *syntax.Regexp) string {
	switch re.Op {
	case syntax.OpLiteral:
		return string(re.Rune)
	case syntax.OpCharClass:
		return string(re.Rune[len(re.Rune)-1])
	case syntax.OpConcat:
		var out strings.Builder
		for _, sub := range re.Sub {
			out.WriteString(shortest(sub))
		}
		return out.String()
	case syntax.OpCapture, syntax.OpAlternate:
		return shortest(re.Sub[0])
	case syntax.OpPlus:
		return strings.Repeat(shortest(re.Sub[0]), 12)
	case syntax.OpRepeat:
		return strings.Repeat(shortest(re.Sub[0]), re.Min)
	}
	return ""
}

// forEachCheck runs a test for every built-in check against one provider.
func forEachCheck(t *testing.T, test func(t *testing.T, p *provider, c *check, ask func() scanner.Verdict)) {
	checks, err := Checks()
	require.NoError(t, err)
	p := newProvider(t)
	h := p.checks(t, HTTPOptions{})
	for i := range checks {
		id := checks[i].Rules[0]
		c := h.byRule[id]
		cred := credentialFor(t, c)
		t.Run(id, func(t *testing.T) {
			test(t, p, c, func() scanner.Verdict {
				h.hurry()
				f := &scanner.Finding{Rule: &scanner.Rule{ID: id}, Secret: cred.Secret, Parts: cred.Parts}
				require.NoError(t, NewRunner(h.Verifiers(), Options{}).Run(t.Context(), []*scanner.Finding{f}))
				require.NotNil(t, f.Verdict)
				requireNoSecret(t, cred, fmt.Sprintf("%+v", *f.Verdict))
				return *f.Verdict
			})
		})
	}
}

// requireNoSecret looks for a credential in each form that a request gives it.
func requireNoSecret(t *testing.T, cred Credential, text string) {
	t.Helper()
	for _, secret := range secretsOf(cred) {
		for _, form := range []string{secret, url.PathEscape(secret), url.QueryEscape(secret), base64.RawStdEncoding.EncodeToString([]byte(secret))} {
			require.NotContains(t, text, form)
		}
	}
}

func TestChecksAreSound(t *testing.T) {
	checks, err := Checks()
	require.NoError(t, err)
	seen := map[string]bool{}
	for i := range checks {
		c := &checks[i]
		for _, id := range c.Rules {
			require.False(t, seen[id], "%s has two checks", id)
			seen[id] = true
		}
		key, err := ValidateHTTP(&c.HTTPCheck)
		require.NoError(t, err, "%s: %s", c.Rules[0], key)
		require.NotEmpty(t, c.Source, c.Rules[0])
		states := map[string]bool{}
		for _, e := range c.Examples {
			states[e.State] = true
		}
		require.True(t, states[Live], "%s: an example of a live answer", c.Rules[0])
		require.True(t, states[Dead] || len(c.Dead) == 0 && states[Unknown], "%s: an example of a refusal", c.Rules[0])
	}
	t.Logf("%d checks for %d rules", len(checks), len(seen))
}

// The documented answers give the documented states, by the request in
// testdata/requests.txt.
func TestChecksReadTheirExamples(t *testing.T) {
	const golden = "testdata/requests.txt"
	var sent strings.Builder
	forEachCheck(t, func(t *testing.T, p *provider, c *check, ask func() scanner.Verdict) {
		for _, e := range c.Examples {
			p.answer = func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				for name, value := range e.Headers {
					w.Header().Set(name, value)
				}
				w.WriteHeader(e.Status)
				fmt.Fprint(w, e.Body)
			}
			verdict := ask()
			require.Equal(t, e.State, verdict.State, verdict.Reason)
			require.Len(t, verdict.Details, len(e.Who))
			require.NotEmpty(t, verdict.Call)
			if e.State != Live {
				require.NotEmpty(t, verdict.Reason)
			}
		}
		first := <-p.requests
		for len(p.requests) > 0 {
			<-p.requests
		}
		secret := credentialFor(t, c).Secret.Reveal()
		if c.split == nil {
			require.Contains(t, first, secret, "the credential arrives whole")
		} else {
			for i, group := range c.split.FindStringSubmatch(secret)[1:] {
				require.Contains(t, first, group, "its parts arrive")
				first = strings.ReplaceAll(first, group, "{"+c.split.SubexpNames()[i+1]+"}")
			}
		}
		sent.WriteString(strings.ReplaceAll(first, secret, "{secret}"))
	})
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(sent.String()), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), sent.String(), "go test ./verify -update writes it anew")
}

// Whatever is no answer of the provider leaves every credential unknown.
func TestChecksAreNotFooled(t *testing.T) {
	text := func(status int, kind, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(status)
			fmt.Fprint(w, body)
		}
	}
	const page, data = "text/html; charset=utf-8", "application/json"
	cases := []struct {
		name, reason string
		answer       http.HandlerFunc
	}{
		{"throttled", "too many requests", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusTooManyRequests)
		}},
		{"throttled for long", "too many requests", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(http.StatusTooManyRequests)
		}},
		{"down", "out of order", text(503, page, "<h1>Service Unavailable</h1>")},
		{"broken", "out of order", text(500, data, `{"message":"Internal Server Error"}`)},
		{"captive portal", "captive portal", text(200, page, "<html><body>Welcome to the hotel</body></html>")},
		{"portal in JSON", "captive portal", text(200, data, `{"status":"success","portal":"https://login.example/"}`)},
		{"empty", "captive portal", text(200, data, "")},
		{"cut short", "captive portal", text(200, data, `{"login":"octo`)},
		{"null", "captive portal", text(200, data, "null")},
		{"a number", "captive portal", text(200, data, "1")},
		{"bytes", "captive portal", text(200, data, "\x00\xff{{[[")},
		{"no content", "captive portal", text(204, data, "")},
		{"redirect", "not followed", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/login", http.StatusFound)
		}},
		{"proxy forbids", "does not document", text(403, page, "<html>Access denied by the proxy</html>")},
		{"proxy wants a login", "does not document", text(407, page, "<html>no</html>")},
		{"portal wants a login", "does not document", text(401, page, "<html>no</html>")},
		{"not there", "does not document", text(404, page, "<html>no</html>")},
	}
	forEachCheck(t, func(t *testing.T, p *provider, _ *check, ask func() scanner.Verdict) {
		for _, c := range cases {
			p.answer = c.answer
			verdict := ask()
			require.Equal(t, Unknown, verdict.State, "%s: %s", c.name, verdict.Reason)
			require.Contains(t, verdict.Reason, c.reason, c.name)
		}
	})
}

// A host that is throttled or out of order is asked three times at most, and one
// that recovers is believed.
func TestChecksTryAgain(t *testing.T) {
	p := newProvider(t)
	h := p.checks(t, HTTPOptions{})
	var calls atomic.Int32
	ask := func(answers ...http.HandlerFunc) scanner.Verdict {
		calls.Store(0)
		p.answer = func(w http.ResponseWriter, r *http.Request) {
			n := int(calls.Add(1))
			answers[min(n, len(answers))-1](w, r)
		}
		return askGitHub(t, h, Options{})
	}
	status := func(status int, retryAfter string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", retryAfter)
			w.WriteHeader(status)
		}
	}
	breaks := func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) }
	fine := func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"login":"octocat","id":1}`) }
	for _, c := range []struct {
		name    string
		answers []http.HandlerFunc
		state   string
		calls   int32
	}{
		{"down and up again", []http.HandlerFunc{status(503, ""), fine}, Live, 2},
		{"throttled and let in", []http.HandlerFunc{status(429, "1"), status(429, "2"), fine}, Live, 3},
		{"throttled for minutes", []http.HandlerFunc{status(429, "120"), fine}, Unknown, 1},
		{"breaks and holds", []http.HandlerFunc{breaks, fine}, Live, 2},
		{"always down", []http.HandlerFunc{status(502, "")}, Unknown, 3},
		{"refused once", []http.HandlerFunc{status(400, ""), fine}, Unknown, 1},
	} {
		h.hurry()
		require.Equal(t, c.state, ask(c.answers...).State, c.name)
		require.Equal(t, c.calls, calls.Load(), c.name)
	}
	ask(status(429, "3600"))
	verdict := ask(fine)
	require.Equal(t, Unknown, verdict.State)
	require.Contains(t, verdict.Reason, "pause")
	require.Zero(t, calls.Load(), "a host that asked for an hour is left alone")
}

const githubRule = "github-personal-access-token"

func askGitHub(t *testing.T, h *HTTP, o Options) scanner.Verdict {
	t.Helper()
	f := &scanner.Finding{Rule: &scanner.Rule{ID: githubRule}, Secret: scanner.NewSecret([]byte(markerSecret))}
	require.NoError(t, NewRunner(h.Verifiers(), o).Run(t.Context(), []*scanner.Finding{f}))
	require.NotNil(t, f.Verdict)
	require.NotContains(t, fmt.Sprintf("%+v", *f.Verdict), markerSecret)
	return *f.Verdict
}
