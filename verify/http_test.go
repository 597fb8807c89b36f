package verify

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

// ownCheck is a configuration's check of a server at a host.
func ownCheck(host string) map[string]*scanner.HTTPCheck {
	return map[string]*scanner.HTTPCheck{"own-rule": {
		URL:     "https://" + host + "/me?key={secret}",
		Headers: map[string]string{"Authorization": "Bearer {secret}"},
		Live:    []scanner.HTTPAnswer{{Status: []int{200}, Is: map[string][]string{"kind": {"user"}}}},
		Dead:    []scanner.HTTPAnswer{{Status: []int{401}}},
		Who:     map[string]string{"name": "name"},
	}}
}

// askOwn asks a server, whose certificate is trusted, about the marker.
func askOwn(t *testing.T, server *httptest.Server, hosts HostList, timeout time.Duration) scanner.Verdict {
	t.Helper()
	h, err := NewHTTP(HTTPOptions{Own: ownCheck(server.Listener.Addr().String()), Hosts: hosts})
	require.NoError(t, err)
	defer h.Close()
	if server.TLS != nil {
		h.client.http.Transport.(*http.Transport).TLSClientConfig = server.Client().Transport.(*http.Transport).TLSClientConfig
	}
	h.pace.sleep = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	return runOne(t, h, "own-rule", Options{Timeout: timeout, Hosts: hosts})
}

func runOne(t *testing.T, h *HTTP, rule string, o Options) scanner.Verdict {
	t.Helper()
	f := &scanner.Finding{Rule: &scanner.Rule{ID: rule}, Secret: scanner.NewSecret([]byte(markerSecret))}
	require.NoError(t, NewRunner(h.Verifiers(), o).Run(t.Context(), []*scanner.Finding{f}))
	require.NotNil(t, f.Verdict)
	require.NotContains(t, fmt.Sprintf("%+v", *f.Verdict), markerSecret)
	return *f.Verdict
}

// A check of a configuration calls no host but those that the user names, and a
// host that is not public only when it is named in full.
func TestOwnChecksCallNamedHostsOnly(t *testing.T) {
	calls := 0
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		calls++
		fmt.Fprint(w, `{"kind":"user","name":"ada"}`)
	}))
	defer server.Close()
	address := server.Listener.Addr().String()
	for list, state := range map[string]string{"": Unknown, "other.test": Unknown, "*.0.0.1": Unknown, "127.0.0.1": Live, address: Live} {
		calls = 0
		var hosts HostList
		if list != "" {
			hosts = HostList{list}
		}
		verdict := askOwn(t, server, hosts, time.Minute)
		require.Equal(t, state, verdict.State, "%s: %s", list, verdict.Reason)
		require.Equal(t, state == Live, calls == 1, list)
		if state == Unknown {
			require.Contains(t, verdict.Reason, "--verify-hosts")
		} else {
			require.Equal(t, []scanner.Detail{{Name: "name", Value: "ada"}}, verdict.Details)
			require.Equal(t, "GET https://"+address+"/me?key={secret}", verdict.Call)
		}
	}
}

// A built-in check's host whose name leads to a private address is not called.
func TestPrivateAddressesAreRefused(t *testing.T) {
	h, err := NewHTTP(HTTPOptions{Own: ownCheck("localhost"), Hosts: HostList{"localhost"}})
	require.NoError(t, err)
	defer h.Close()
	h.byRule["own-rule"].named = false // as if it were built in
	h.hosts = nil
	h.client = newClient(1, HostList(nil).Names)
	h.do = h.client.Do
	verdict := runOne(t, h, "own-rule", Options{})
	require.Equal(t, Unknown, verdict.State)
	require.Contains(t, verdict.Reason, "not public")
}

func TestBadAnswers(t *testing.T) {
	endless := func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"kind":"user","name":"`)
		for range 10 << 10 {
			if _, err := w.Write([]byte(strings.Repeat("a", 1<<10))); err != nil {
				return
			}
		}
		fmt.Fprint(w, `"}`)
	}
	drip := func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, `{"kind":"user","name":"`)
		for r.Context().Err() == nil {
			fmt.Fprint(w, "a")
			w.(http.Flusher).Flush()
			time.Sleep(20 * time.Millisecond)
		}
	}
	deep := func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, strings.Repeat("[", 200_000)) }
	for name, c := range map[string]struct {
		answer  http.HandlerFunc
		reason  string
		timeout time.Duration
	}{
		"ten megabytes": {endless, "too long", time.Minute},
		"slow drip":     {drip, "no answer in time", 300 * time.Millisecond},
		"deep JSON":     {deep, "captive portal", time.Minute},
		"headers without end": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Long", strings.Repeat("a", 1<<20))
		}, "failed on its way", time.Minute},
	} {
		server := httptest.NewTLSServer(c.answer)
		begin := time.Now()
		verdict := askOwn(t, server, HostList{"127.0.0.1"}, c.timeout)
		server.CloseClientConnections()
		server.Close()
		require.Equal(t, Unknown, verdict.State, name)
		require.Contains(t, verdict.Reason, c.reason, name)
		require.Less(t, time.Since(begin), time.Minute, name)
	}
}

func TestBadTLS(t *testing.T) {
	fine := func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"kind":"user"}`) }
	plain := httptest.NewServer(http.HandlerFunc(fine))
	defer plain.Close()
	verdict := askOwn(t, plain, HostList{"127.0.0.1"}, time.Minute)
	require.Equal(t, Unknown, verdict.State)
	require.NotContains(t, verdict.Reason, "resolved")

	server := httptest.NewUnstartedServer(http.HandlerFunc(fine))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	server.Client().Transport.(*http.Transport).TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12} // trusts it not
	verdict = askOwn(t, server, HostList{"127.0.0.1"}, time.Minute)
	require.Equal(t, Unknown, verdict.State)
	require.Contains(t, verdict.Reason, "TLS certificate")
}

func TestNoNetwork(t *testing.T) {
	for name, c := range map[string]struct {
		err    error
		reason string
	}{
		"no resolver":  {&net.DNSError{Err: "no such host", Name: "x"}, "name could not be resolved"},
		"unreachable":  {&net.OpError{Op: "dial", Err: fmt.Errorf("network is unreachable")}, "failed on its way"},
		"proxy login":  {fmt.Errorf("Proxy Authentication Required %s", markerSecret), "failed on its way"},
		"url in error": {&url.Error{Op: "Get", URL: "https://x/?key=" + markerSecret, Err: fmt.Errorf("%s", markerSecret)}, "failed on its way"},
	} {
		h, err := NewHTTP(HTTPOptions{})
		require.NoError(t, err)
		h.do = func(*http.Request) (*http.Response, error) { return nil, c.err }
		verdict := runOne(t, h, githubRule, Options{})
		h.Close()
		require.Equal(t, Unknown, verdict.State, name)
		require.Contains(t, verdict.Reason, c.reason, name)
	}
}

// A secret is tried with each half that may be its own, and dead when all fail.
func TestHalvesInTurn(t *testing.T) {
	p := newProvider(t)
	h := p.checks(t, HTTPOptions{})
	p.answer = func(w http.ResponseWriter, r *http.Request) {
		if user, _, _ := r.BasicAuth(); user == "AC3" {
			fmt.Fprint(w, `{"sid":"AC3","friendly_name":"Acme"}`)
			return
		}
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, `{"code":20003}`)
	}
	half := func(sid string) scanner.Part {
		return scanner.Part{Name: "twilio-account-sid", Value: scanner.NewSecret([]byte(sid)), Public: true}
	}
	for state, others := range map[string][]scanner.Part{Live: {half("AC2"), half("AC3"), half("AC4")}, Dead: {half("AC2"), half("AC4")}} {
		f := &scanner.Finding{
			Rule: &scanner.Rule{ID: "twilio-auth-token"}, Secret: scanner.NewSecret([]byte(markerSecret)),
			Parts: []scanner.Part{half("AC1")}, Others: others,
		}
		require.NoError(t, NewRunner(h.Verifiers(), Options{}).Run(t.Context(), []*scanner.Finding{f}))
		require.Equal(t, state, f.Verdict.State)
		require.Len(t, p.requests, 3)
		for len(p.requests) > 0 {
			<-p.requests
		}
	}
}

// A provider that sends the credential back where its user's name belongs does
// not get it into a report.
func TestAnswersThatEcho(t *testing.T) {
	forEachCheck(t, func(t *testing.T, p *provider, c *check, ask func() scanner.Verdict) {
		secret := credentialFor(t, c).Secret.Reveal()
		quoted, err := json.Marshal("a " + secret + " b")
		require.NoError(t, err)
		for _, e := range c.Examples {
			body := e.Body
			for _, value := range e.Who {
				body = strings.ReplaceAll(body, `"`+value+`"`, string(quoted))
			}
			p.answer = func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("X-OAuth-Scopes", secret)
				w.WriteHeader(e.Status)
				fmt.Fprint(w, body)
			}
			ask() // which looks for the secret in the verdict
		}
	})
}

func TestShown(t *testing.T) {
	a := newAnswer(200, http.Header{"X-A": {"one", "two"}}, []byte(`{"s":"a","n":1.50,"b":true,"null":null,"list":["a",2],"deep":{"x":[{"y":"z"}]},"long":"`+
		strings.Repeat("a", 201)+`","escape":"\u001b[31m","secret":"a `+markerSecret+`","big":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21]}`))
	for path, want := range map[string]string{
		"s": "a", "n": "1.50", "b": "true", "null": "", "list": "a, 2", "deep.x.0.y": "z", "deep.x.1.y": "", "deep.x.-1": "", "deep.x.y": "", "deep": "", "s.t": "",
		"long": "", "escape": "", "secret": "", "big": "", "@X-A": "one, two", "@X-B": "", "missing": "",
	} {
		require.Equal(t, want, a.shown(path, []string{markerSecret}), path)
	}
}

// Two requests to one host keep their distance; those to different hosts do not
// wait for each other.
func TestPace(t *testing.T) {
	var slept []time.Duration
	p := newPacer()
	p.sleep = func(_ context.Context, d time.Duration) error {
		slept = append(slept, d.Round(paceInterval))
		return nil
	}
	for _, host := range []string{"a", "a", "a", "b"} {
		require.NoError(t, p.wait(t.Context(), host))
	}
	require.Equal(t, []time.Duration{0, paceInterval, 2 * paceInterval, 0}, slept)
	p.hold("b", 3*time.Second)
	p.hold("b", time.Second)
	require.NoError(t, p.wait(t.Context(), "b"))
	require.Equal(t, 3*time.Second, slept[4])
	p.hold("b", time.Minute)
	require.ErrorIs(t, p.wait(t.Context(), "b"), errPaused)

	now := time.Unix(1e9, 0)
	for text, want := range map[string]time.Duration{
		"": time.Second, "0": 0, "7": 7 * time.Second, "-1": time.Second, "x": time.Second, "99999999": 24 * time.Hour,
		now.Add(time.Minute).UTC().Format(http.TimeFormat): time.Minute, now.Add(-time.Minute).UTC().Format(http.TimeFormat): time.Second,
	} {
		require.Equal(t, want, retryAfter(http.Header{"Retry-After": {text}}, now), text)
	}
}
