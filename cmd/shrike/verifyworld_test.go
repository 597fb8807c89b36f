package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/rules"
)

// world stands in for the internet: a proxy that leads every host to one server
// on the loopback, whose certificates the program is made to trust. The program is
// the one that users run, without a hook for tests.
type world struct {
	t       *testing.T
	dir     string // the program's working folder, and all that it may write
	proxy   string
	trusted string // file of the authority's certificate

	manners // for the next run

	mu    sync.Mutex
	asked []string // "GET https://host/path"
	now   manners
}

// manners are how the network behaves.
type manners struct {
	answer func(w http.ResponseWriter, r *http.Request)           // of every host
	tunnel func(w http.ResponseWriter, r *http.Request) (ok bool) // of the proxy; nil lets all through
}

const proxyPassword = "marker-of-the-proxy-7f31"

func newWorld(t *testing.T) *world {
	w := &world{t: t, dir: t.TempDir()}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	authority := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "tests"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	certificate := func(template *x509.Certificate) []byte {
		der, err := x509.CreateCertificate(rand.Reader, template, authority, &key.PublicKey, key)
		require.NoError(t, err)
		return der
	}
	w.trusted = filepath.Join(t.TempDir(), "authority.pem")
	require.NoError(t, os.WriteFile(w.trusted, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate(authority)}), 0o600))

	server := httptest.NewUnstartedServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.asked = append(w.asked, r.Method+" https://"+r.Host+r.URL.Path)
		w.now.answer(out, r)
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.TLS = &tls.Config{GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		leaf := &x509.Certificate{SerialNumber: big.NewInt(2), NotBefore: authority.NotBefore, NotAfter: authority.NotAfter, DNSNames: []string{hello.ServerName}}
		return &tls.Certificate{Certificate: [][]byte{certificate(leaf)}, PrivateKey: key}, nil
	}}
	server.StartTLS()
	t.Cleanup(server.Close)

	proxy := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		tunnel := w.now.tunnel
		w.mu.Unlock()
		if tunnel != nil && !tunnel(out, r) {
			return
		}
		there, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil || r.Method != http.MethodConnect {
			out.WriteHeader(http.StatusBadGateway)
			return
		}
		defer there.Close()
		out.WriteHeader(http.StatusOK)
		here, buffered, err := out.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		defer here.Close()
		go func() { _, _ = io.Copy(there, buffered); there.Close() }()
		_, _ = io.Copy(here, there)
	}))
	t.Cleanup(proxy.Close)
	w.proxy = strings.Replace(proxy.URL, "//", "//user:"+proxyPassword+"@", 1)
	return w
}

// run runs the program and returns its exit status and what it said.
func (w *world) run(in string, args ...string) (status int, out, stderr string) {
	w.t.Helper()
	w.mu.Lock()
	w.now = w.manners
	w.mu.Unlock()
	c := exec.CommandContext(w.t.Context(), "shrike", args...)
	c.Dir, c.Stdin = w.dir, strings.NewReader(in)
	c.Env = append(os.Environ(), "HOME="+w.dir, "XDG_CACHE_HOME="+filepath.Join(w.dir, "cache"), "SSL_CERT_FILE="+w.trusted, "SSL_CERT_DIR=/nonexistent",
		"HTTPS_PROXY="+w.proxy, "https_proxy=", "HTTP_PROXY=", "http_proxy=", "NO_PROXY=", "no_proxy=", "AWS_ENDPOINT_URL=", "GIT_CONFIG_GLOBAL="+os.DevNull)
	var stdout, errors_ bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &errors_
	err := c.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		status, err = exit.ExitCode(), nil
	}
	require.NoError(w.t, err)
	return status, stdout.String(), errors_.String()
}

func (w *world) plant(name, text string) {
	w.t.Helper()
	require.NoError(w.t, os.WriteFile(filepath.Join(w.dir, name), []byte(text), 0o600))
}

// sample makes up a credential of a rule, as the rule's own tests do.
func sample(t *testing.T, id string) string {
	t.Helper()
	all, err := rules.Load()
	require.NoError(t, err)
	for _, r := range all {
		if r.ID == id {
			samples, _, err := rules.Samples(r)
			require.NoError(t, err)
			return samples[0] + "\n"
		}
	}
	require.Fail(t, "no rule "+id)
	return ""
}
