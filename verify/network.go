package verify

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"syscall"
	"time"
)

// maxAnswer bounds a provider's answer. Those of interest have a few hundred
// bytes.
const maxAnswer = 256 << 10

var (
	errTooLong = errors.New("the answer is too long")
	errPrivate = errors.New("the host's address is not public")
)

// proxyRefusal is the status by which a proxy declined to lead anywhere.
type proxyRefusal int

func (p proxyRefusal) Error() string { return fmt.Sprintf("the proxy answered %d", int(p)) }

// client makes requests to hosts that may be hostile or simply not there. It
// honours the proxies of the environment, follows no redirect, bounds the
// answer, and refuses private addresses unless the user named the host.
type client struct {
	http http.Client
}

// newClient returns a client for at most idle kept connections a host. named tells
// which hosts, as "host:port", the user vouches for: their addresses may be private.
func newClient(idle int, named func(host string) bool) *client {
	g := guard{named: named}
	transport := &http.Transport{
		Proxy:                  g.proxy,
		DialContext:            g.dial,
		ForceAttemptHTTP2:      true,
		MaxIdleConnsPerHost:    idle,
		IdleConnTimeout:        30 * time.Second,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		OnProxyConnectResponse: func(_ context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
			if answer.StatusCode != http.StatusOK {
				return proxyRefusal(answer.StatusCode)
			}
			return nil
		},
	}
	return &client{http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Do sends one request, as the AWS client wants it sent.
func (c *client) Do(request *http.Request) (*http.Response, error) {
	response, err := c.http.Do(request)
	if err != nil {
		return nil, err
	}
	response.Body = &boundedBody{ReadCloser: response.Body, left: maxAnswer}
	return response, nil
}

func (c *client) close() { c.http.CloseIdleConnections() }

// boundedBody fails once more than left bytes were read, where io.LimitReader
// would pass a cut answer off as a whole one.
type boundedBody struct {
	io.ReadCloser
	left int
}

func (b *boundedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.left -= n; b.left < 0 {
		return 0, errTooLong
	}
	return n, err
}

// guard decides which addresses may be dialled. A proxy is the user's own
// choice, so its address may be private.
type guard struct {
	named   func(host string) bool
	proxies sync.Map // address "host:port" of a proxy -> true
}

func (g *guard) proxy(request *http.Request) (*url.URL, error) {
	proxy, err := http.ProxyFromEnvironment(request)
	if err != nil {
		return nil, errors.New("the proxy in the environment is not a URL") // its text may hold a password
	}
	if proxy != nil {
		g.proxies.Store(proxyAddress(proxy), true)
	}
	return proxy, nil
}

// proxyAddress is the address that the transport dials for a proxy.
func proxyAddress(proxy *url.URL) string {
	port := proxy.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443", "socks5": "1080", "socks5h": "1080"}[proxy.Scheme]
	}
	return net.JoinHostPort(proxy.Hostname(), port)
}

func (g *guard) dial(ctx context.Context, network, address string) (net.Conn, error) {
	dialer := net.Dialer{Timeout: 10 * time.Second}
	if _, isProxy := g.proxies.Load(address); !isProxy && !g.named(address) {
		// Control sees the resolved address, so that no name can point elsewhere
		// between a check and its use.
		dialer.Control = func(_, address string, _ syscall.RawConn) error { return checkPublic(address) }
	}
	return dialer.DialContext(ctx, network, address)
}

// notPublic returns networks beyond those that net/netip knows as private:
// shared carrier space (RFC 6598), benchmarks (RFC 2544), protocol assignments,
// and NAT64, 6to4 and Teredo, which can carry a private IPv4 address.
var notPublic = sync.OnceValue(func() []netip.Prefix {
	var networks []netip.Prefix
	for _, text := range []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "198.18.0.0/15", "240.0.0.0/4",
		"64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32",
	} {
		networks = append(networks, netip.MustParsePrefix(text))
	}
	return networks
})

func checkPublic(address string) error {
	target, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("read the dialled address: %w", err)
	}
	ip := target.Addr().Unmap()
	if !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return errPrivate
	}
	for _, network := range notPublic() {
		if network.Contains(ip) {
			return errPrivate
		}
	}
	return nil
}

// networkReason says in fixed words why a request had no answer. The error's own
// text may hold a proxy's password or what a server chose to send.
func networkReason(err error) string {
	var (
		dns         *net.DNSError
		certificate *tls.CertificateVerificationError
		record      tls.RecordHeaderError
		proxy       proxyRefusal
		timeout     interface{ Timeout() bool }
	)
	switch {
	case errors.Is(err, errPrivate):
		return "the host's address is not public: name the host to allow it"
	case errors.Is(err, errPaused):
		return "it asked for a pause: try again later"
	case errors.Is(err, errTooLong):
		return "the answer was too long to be the provider's"
	case errors.Is(err, context.Canceled):
		return "verification was stopped"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return "no answer in time"
	case errors.As(err, &proxy):
		return fmt.Sprintf("the proxy refused the connection and answered %d", int(proxy))
	case errors.As(err, &dns):
		return "the host's name could not be resolved"
	case errors.As(err, &certificate), errors.As(err, &record):
		return "the host's TLS certificate could not be verified"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "the connection was refused"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection broke off"
	}
	return "the request failed on its way"
}
