package verify

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

// Go reads the proxy variables once a process, so the client runs in a child.
const childEndpoint = "SHRIKE_TEST_PROXY_ENDPOINT"

func TestProxyChild(t *testing.T) {
	endpoint, isChild := os.LookupEnv(childEndpoint)
	if !isChild {
		t.Skip("runs as a child of TestProxy")
	}
	verifier, err := NewSTS(STSOptions{Endpoint: endpoint})
	require.NoError(t, err)
	f := markerFinding()
	require.NoError(t, NewRunner(map[string]Verifier{STSName: verifier}, Options{Timeout: time.Minute}).Run(t.Context(), []*scanner.Finding{f}))
	fmt.Printf("verdict: %s: %s\n", f.Verdict.State, f.Verdict.Reason)
}

func TestProxy(t *testing.T) {
	var mu sync.Mutex
	var asked []string
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked = append(asked, r.Method+" "+r.Host)
		mu.Unlock()
		if r.Method == http.MethodConnect {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		identityAnswer("arn:aws:iam::123456789012:user/a", "AIDAX", "123456789012")(w, r)
	}))
	defer proxy.Close()
	address, err := url.Parse(proxy.URL)
	require.NoError(t, err)
	address.User = url.UserPassword("user", markerSecret)

	run := func(endpoint, proxy string) string {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestProxyChild$", "-test.v")
		child.Env = append(os.Environ(), childEndpoint+"="+endpoint, "HTTP_PROXY="+proxy, "HTTPS_PROXY="+proxy, "NO_PROXY=", "http_proxy=", "https_proxy=", "no_proxy=")
		out, err := child.CombinedOutput()
		require.NoError(t, err, string(out))
		require.NotContains(t, string(out), markerSecret)
		require.NotContains(t, string(out), markerToken)
		_, verdict, _ := strings.Cut(string(out), "verdict: ")
		return verdict
	}
	require.Contains(t, run("http://sts.test/", address.String()), Live, "a named endpoint through the proxy")
	require.Contains(t, run("", address.String()), Unknown, "AWS, which the proxy refuses")
	require.Contains(t, run("", "://"+markerSecret), Unknown, "a proxy that is no URL")
	mu.Lock()
	defer mu.Unlock()
	require.Equal(t, []string{"POST sts.test", "CONNECT sts.us-east-1.amazonaws.com:443"}, asked)
}

func TestProxyAddress(t *testing.T) {
	for proxy, address := range map[string]string{
		"http://p": "p:80", "https://p": "p:443", "socks5://p": "p:1080", "http://[::1]:3128": "[::1]:3128",
	} {
		u, err := url.Parse(proxy)
		require.NoError(t, err)
		require.Equal(t, address, proxyAddress(u))
	}
}
