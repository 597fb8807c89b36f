// Package verifytest is for tests: it runs moto_server, an implementation of AWS by
// others, behind a proxy that adds what it falls short of.
package verifytest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Moto is a running moto_server. Its answers come through a proxy that knows
// switched-off keys, which moto accepts all the same, and that can pretend another
// time of day. moto mixes up signed requests that it checks at the same time: one
// worker may ask at once.
type Moto struct {
	Endpoint string // of the proxy

	server string // host:port of moto itself

	mu    sync.Mutex
	off   map[string]bool // key ids that are inactive
	calls map[string]int  // by action
	clock time.Duration   // by how much the server's clock is ahead
}

// Keys is a credential as IAM or STS issues it.
type Keys struct {
	ID     string `xml:"AccessKeyId"`
	Secret string `xml:"SecretAccessKey"`
	Token  string `xml:"SessionToken"`
}

// StartMoto starts a server that lives as long as the test, and skips the test where
// the program is missing. It checks no signature until Lock is called.
func StartMoto(t testing.TB) *Moto {
	t.Helper()
	program, err := exec.LookPath("moto_server")
	if err != nil {
		t.Skip("moto_server is not installed (pip install 'moto[server]'): the answers of a real STS are not tested")
	}
	ctx, cancel := context.WithCancel(context.Background())
	server := exec.CommandContext(ctx, program, "-H", "127.0.0.1", "-p", "0")
	server.Env = append(os.Environ(), "INITIAL_NO_AUTH_ACTION_COUNT=1000000", "MOTO_IAM_LOAD_MANAGED_POLICIES=true")
	server.WaitDelay = 5 * time.Second
	said, err := server.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, server.Start())
	t.Cleanup(func() { cancel(); _ = server.Wait() })
	var address string
	for lines := bufio.NewReader(said); address == ""; { // it tells the port that it chose
		line, err := lines.ReadString('\n')
		require.NoError(t, err, "moto_server did not start")
		_, address, _ = strings.Cut(strings.TrimSpace(line), "Running on http://")
		address, _, _ = strings.Cut(address, " ")
	}
	go func() { _, _ = io.Copy(io.Discard, said) }()

	m := &Moto{server: address, off: map[string]bool{}, calls: map[string]int{}}
	proxy := httptest.NewServer(m)
	t.Cleanup(proxy.Close)
	m.Endpoint = proxy.URL
	return m
}

// ServeHTTP is the proxy.
func (m *Moto) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	form, _ := url.ParseQuery(string(body))
	m.mu.Lock()
	now := time.Now().Add(m.clock)
	off := m.off[signer(r)]
	m.calls[form.Get("Action")]++
	if id := form.Get("AccessKeyId"); form.Get("Action") == "UpdateAccessKey" {
		m.off[id] = form.Get("Status") == "Inactive"
	}
	m.mu.Unlock()

	signed, err := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
	w.Header().Set("Date", now.UTC().Format(http.TimeFormat))
	switch {
	case err == nil && now.Sub(signed).Abs() > 5*time.Minute:
		refuse(w, "SignatureDoesNotMatch", fmt.Sprintf("Signature expired: %s is now earlier than %s", r.Header.Get("X-Amz-Date"), now.UTC().Format("20060102T150405Z")))
		return
	case off:
		refuse(w, "InvalidClientTokenId", "The security token included in the request is invalid.")
		return
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	(&httputil.ReverseProxy{
		Rewrite: func(p *httputil.ProxyRequest) {
			p.Out.URL.Scheme, p.Out.URL.Host = "http", m.server
			p.Out.Host = p.In.Host // which is signed
		},
		ModifyResponse: func(answer *http.Response) error {
			answer.Header.Del("Date")
			return nil
		},
	}).ServeHTTP(w, r)
}

// signer is the key id that a request is signed with.
func signer(r *http.Request) string {
	_, rest, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	id, _, _ := strings.Cut(rest, "/")
	return id
}

func refuse(w http.ResponseWriter, code, message string) {
	w.WriteHeader(http.StatusForbidden)
	fmt.Fprintf(w, "<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error></ErrorResponse>", code, message)
}

// SetClock moves the server's clock ahead of this machine's.
func (m *Moto) SetClock(ahead time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.clock = ahead
}

// Calls is how often an action was asked for.
func (m *Moto) Calls(action string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.calls[action]
}

// Lock lets the server check signatures and permissions from now on.
func (m *Moto) Lock(t testing.TB) {
	t.Helper()
	answer, err := http.Post("http://"+m.server+"/moto-api/reset-auth", "text/plain", strings.NewReader("0"))
	require.NoError(t, err)
	defer answer.Body.Close()
	require.Equal(t, http.StatusOK, answer.StatusCode)
}

// Answer holds what the set-up calls return.
type Answer struct {
	Created Keys `xml:"CreateAccessKeyResult>AccessKey"`
	Assumed Keys `xml:"AssumeRoleResult>Credentials"`
}

// Call makes a set-up call, before Lock. Parameters are names and values in turn.
func (m *Moto) Call(t testing.TB, service, action string, parameters ...string) (a Answer) {
	t.Helper()
	form := url.Values{"Action": {action}, "Version": {map[string]string{"iam": "2010-05-08", "sts": "2011-06-15"}[service]}}
	for i := 0; i+1 < len(parameters); i += 2 {
		form.Set(parameters[i], parameters[i+1])
	}
	request, err := http.NewRequest(http.MethodPost, m.Endpoint, strings.NewReader(form.Encode()))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=setup/20250101/us-east-1/"+service+"/aws4_request, SignedHeaders=host, Signature=0")
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, response.StatusCode, string(body))
	require.NoError(t, xml.Unmarshal(body, &a))
	return a
}

// User makes an IAM user with the managed policies, and a key of theirs.
func (m *Moto) User(t testing.TB, name string, policies ...string) Keys {
	t.Helper()
	m.Call(t, "iam", "CreateUser", "UserName", name)
	for _, policy := range policies {
		m.Call(t, "iam", "AttachUserPolicy", "UserName", name, "PolicyArn", "arn:aws:iam::aws:policy/"+policy)
	}
	return m.Call(t, "iam", "CreateAccessKey", "UserName", name).Created
}

// SwitchOff makes a key inactive, as iam:UpdateAccessKey does.
func (m *Moto) SwitchOff(id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.off[id] = true
}
