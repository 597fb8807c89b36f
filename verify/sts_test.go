package verify

import (
	"context"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

// The markers stand for credentials: no verdict and no error may hold one.
const (
	markerSecret = "marker-secret-51c3e0"
	markerToken  = "marker-token-9d27aa"
)

func markerFinding() *scanner.Finding {
	return finding(keys{ID: "AK" + "IA" + "QQQQQQQQQQQQQQQQ", Secret: markerSecret, Token: markerToken})
}

const identityXML = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>` +
	`<Arn>%s</Arn><UserId>%s</UserId><Account>%s</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`

func identityAnswer(arn, user, account string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintf(w, identityXML, arn, user, account) }
}

func errorAnswer(status int, code, message string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		fmt.Fprintf(w, `<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error></ErrorResponse>`, code, message)
	}
}

// ask verifies the marker credential against the endpoint.
func ask(t *testing.T, endpoint string, timeout time.Duration) *scanner.Verdict {
	t.Helper()
	verifier, err := NewSTS(STSOptions{Endpoint: endpoint})
	require.NoError(t, err)
	defer verifier.Close()
	f := markerFinding()
	require.NoError(t, NewRunner(map[string]Verifier{STSName: verifier}, Options{Timeout: timeout}).Run(t.Context(), []*scanner.Finding{f}))
	require.NotNil(t, f.Verdict)
	all := fmt.Sprintf("%+v", *f.Verdict)
	require.NotContains(t, all, markerSecret)
	require.NotContains(t, all, markerToken)
	require.NotContains(t, all, "\x1b")
	if f.Verdict.State != Live {
		require.NotEmpty(t, f.Verdict.Reason)
	}
	return f.Verdict
}

func TestAnswers(t *testing.T) {
	echo := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			errorAnswer(status, r.Header.Get("X-Amz-Security-Token"), markerSecret+r.Header.Get("X-Amz-Security-Token"))(w, r)
		}
	}
	text := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			fmt.Fprint(w, body)
		}
	}
	cases := []struct {
		name   string
		answer http.HandlerFunc
		state  string
		reason string
	}{
		{"user", identityAnswer("arn:aws:iam::123456789012:user/a/b", "AIDAX", "123456789012"), Live, ""},
		{"root", identityAnswer("arn:aws:iam::123456789012:root", "123456789012", "123456789012"), Live, ""},
		{"china", identityAnswer("arn:aws-cn:sts::123456789012:assumed-role/r/s@x", "AROAX:s@x", "123456789012"), Live, ""},
		{"account of another arn", identityAnswer("arn:aws:iam::123456789012:root", "1", "210987654321"), Unknown, "not STS"},
		{"account with an escape", identityAnswer("arn:aws:iam::123456789012:user/\x1b[31m", "1", "123456789012"), Unknown, "not STS"},
		{"arn that echoes", identityAnswer(markerToken, markerToken, "123456789012"), Unknown, "not STS"},
		{"deleted", errorAnswer(403, "InvalidClientTokenId", "no"), Dead, "InvalidClientTokenId"},
		{"session ended", errorAnswer(403, "ExpiredToken", "no"), Dead, "ExpiredToken"},
		{"wrong secret", errorAnswer(403, "SignatureDoesNotMatch", "The request signature we calculated does not match"), Dead, "key id is live"},
		{"clock behind", errorAnswer(403, "SignatureDoesNotMatch", "Signature expired: 20200101T000000Z is now earlier than 20250101T000000Z"), Unknown, "clock"},
		{"clock ahead", errorAnswer(403, "SignatureDoesNotMatch", "Signature not yet current: x"), Unknown, "clock"},
		{"skewed", errorAnswer(403, "RequestTimeTooSkewed", "x"), Unknown, "clock"},
		{"denied", errorAnswer(403, "AccessDenied", "explicit deny"), Live, "AccessDenied"},
		{"opt in", errorAnswer(403, "OptInRequired", "x"), Unknown, "OptInRequired"},
		{"a code that echoes", echo(403), Unknown, "answered 403"},
		{"captive portal", text(200, "<html><body>Welcome to the hotel "+markerSecret+"</body></html>"), Unknown, "not STS"},
		{"empty", text(200, ""), Unknown, ""},
		{"json", text(200, `{"account": "123456789012"}`), Unknown, "not STS"},
		{"nonsense", text(200, "\x00\xff<<<"), Unknown, "not STS"},
		{"forbidden page", text(403, "<html>no</html>"), Unknown, "answered 403"},
		{"proxy wants a login", text(407, "no"), Unknown, "answered 407"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			server := httptest.NewServer(c.answer)
			defer server.Close()
			verdict := ask(t, server.URL, time.Minute)
			require.Equal(t, c.state, verdict.State, verdict.Reason)
			require.Contains(t, verdict.Reason, c.reason)
			require.Equal(t, "sts:GetCallerIdentity", verdict.Call)
			if c.name == "root" {
				require.Equal(t, "root", verdict.Details[3].Name)
			}
		})
	}
}

func TestRetries(t *testing.T) {
	cases := []struct {
		name   string
		refuse http.HandlerFunc
		reason string
	}{
		{"throttled", errorAnswer(400, "Throttling", "Rate exceeded"), "too many requests"},
		{"throttled by a status", errorAnswer(429, "x", "x"), "429"},
		{"down", errorAnswer(503, "x", "x"), "503"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int32
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				calls.Add(1)
				c.refuse(w, r)
			}))
			defer server.Close()
			verdict := ask(t, server.URL, time.Minute)
			require.Equal(t, Unknown, verdict.State)
			require.Contains(t, verdict.Reason, c.reason)
			require.EqualValues(t, 3, calls.Load())
		})
	}

	t.Run("then well", func(t *testing.T) {
		var calls atomic.Int32
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if calls.Add(1) == 1 {
				errorAnswer(503, "x", "x")(w, r)
				return
			}
			identityAnswer("arn:aws:iam::123456789012:user/a", "AIDAX", "123456789012")(w, r)
		}))
		defer server.Close()
		require.Equal(t, Live, ask(t, server.URL, time.Minute).State)
	})
}

// A clock that is off by hours is told from the server's date, and corrected.
func TestClockSkewIsCorrected(t *testing.T) {
	there := time.Now().Add(5 * time.Hour).UTC()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", there.Format(http.TimeFormat))
		signed, err := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
		if err != nil || there.Sub(signed).Abs() > 15*time.Minute {
			errorAnswer(403, "SignatureDoesNotMatch", "Signature expired: x")(w, r)
			return
		}
		identityAnswer("arn:aws:iam::123456789012:user/a", "AIDAX", "123456789012")(w, r)
	}))
	defer server.Close()
	require.Equal(t, Live, ask(t, server.URL, time.Minute).State)
}

func TestBadNetworks(t *testing.T) {
	t.Run("redirect is not followed", func(t *testing.T) {
		var followed atomic.Bool
		other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed.Store(true) }))
		defer other.Close()
		for _, status := range []int{301, 302, 307, 308} {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, other.URL, status)
			}))
			verdict := ask(t, server.URL, time.Minute)
			server.Close()
			require.Equal(t, Unknown, verdict.State)
			require.Contains(t, verdict.Reason, strconv.Itoa(status))
		}
		require.False(t, followed.Load())
	})
	t.Run("endless answer", func(t *testing.T) {
		for _, status := range []int{200, 403} {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(status)
				fmt.Fprint(w, "<GetCallerIdentityResponse>")
				for range 10 << 10 {
					if _, err := w.Write(make([]byte, 1<<10)); err != nil {
						return
					}
				}
			}))
			verdict := ask(t, server.URL, time.Minute)
			server.Close()
			require.Equal(t, Unknown, verdict.State)
		}
	})
	t.Run("slow drip", func(t *testing.T) {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				fmt.Fprint(w, " ")
				w.(http.Flusher).Flush()
				time.Sleep(20 * time.Millisecond)
			}
		}))
		defer server.Close()
		begin := time.Now()
		verdict := ask(t, server.URL, 300*time.Millisecond)
		require.Less(t, time.Since(begin), time.Minute)
		require.Equal(t, Unknown, verdict.State)
		require.Contains(t, verdict.Reason, "no answer in time")
	})
	t.Run("no answer", func(t *testing.T) {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		defer listener.Close()
		verdict := ask(t, "http://"+listener.Addr().String(), 300*time.Millisecond)
		require.Equal(t, Unknown, verdict.State)
		require.Contains(t, verdict.Reason, "no answer in time")
	})
	t.Run("unknown certificate", func(t *testing.T) {
		server := httptest.NewUnstartedServer(identityAnswer("arn:aws:iam::123456789012:user/a", "AIDAX", "123456789012"))
		server.Config.ErrorLog = log.New(io.Discard, "", 0)
		server.StartTLS()
		defer server.Close()
		verdict := ask(t, server.URL, time.Minute)
		require.Equal(t, Unknown, verdict.State)
		require.Contains(t, verdict.Reason, "TLS certificate")
	})
	t.Run("plain text where TLS is due", func(t *testing.T) {
		server := httptest.NewServer(identityAnswer("arn:aws:iam::123456789012:user/a", "AIDAX", "123456789012"))
		defer server.Close()
		require.Equal(t, Unknown, ask(t, strings.Replace(server.URL, "http:", "https:", 1), time.Minute).State)
	})
	t.Run("refused", func(t *testing.T) {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		require.NoError(t, listener.Close())
		verdict := ask(t, "http://"+listener.Addr().String(), time.Minute)
		require.Equal(t, Unknown, verdict.State)
		require.Contains(t, verdict.Reason, "refused")
	})
	t.Run("broken off", func(t *testing.T) {
		server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
		defer server.Close()
		verdict := ask(t, server.URL, time.Minute)
		require.Equal(t, Unknown, verdict.State)
		require.Contains(t, verdict.Reason, "broke off")
	})
}

// early answers before it has read a request's body, which is read while the answer is.
type early struct {
	answer string
	read   string // of the request
}

func (e *early) RoundTrip(request *http.Request) (*http.Response, error) {
	answer := strings.NewReader(e.answer)
	body := readFunc(func(p []byte) (int, error) {
		sent, err := io.ReadAll(request.Body)
		if e.read += string(sent); err != nil {
			return 0, err
		}
		return answer.Read(p)
	})
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(body), Request: request}, nil
}

type readFunc func([]byte) (int, error)

func (f readFunc) Read(p []byte) (int, error) { return f(p) }

// An answer that comes before the whole request has left does not cut it off.
func TestEarlyAnswer(t *testing.T) {
	verifier, err := NewSTS(STSOptions{Endpoint: "http://sts.test"})
	require.NoError(t, err)
	server := &early{answer: fmt.Sprintf(identityXML, "arn:aws:iam::123456789012:user/a", "AIDAX", "123456789012")}
	verifier.http.http.Transport = server
	verdict := verifier.Verify(t.Context(), Credential{Secret: markerFinding().Secret, Parts: markerFinding().Parts})
	require.Equal(t, Live, verdict.State, verdict.Reason)
	require.Equal(t, "Action=GetCallerIdentity&Version=2011-06-15", server.read)
}

func TestCheckPublic(t *testing.T) {
	for _, address := range []string{
		"127.0.0.1:80", "10.1.2.3:443", "172.16.0.1:443", "192.168.1.1:443", "169.254.169.254:80", "100.64.0.1:443",
		"0.0.0.0:80", "224.0.0.1:80", "255.255.255.255:80", "[::1]:443", "[fe80::1]:443", "[fd00:ec2::254]:80",
		"[::ffff:10.0.0.1]:443", "[64:ff9b::a00:1]:443", "[::]:80", "[2002:a00:1::]:443",
	} {
		require.ErrorIs(t, checkPublic(address), errPrivate, address)
	}
	for _, address := range []string{"52.94.1.2:443", "[2600:1f00::1]:443"} {
		require.NoError(t, checkPublic(address), address)
	}
	require.Error(t, checkPublic("nonsense"))
}

// Without a named endpoint, a name that leads to a private address is refused
// before a byte is sent.
func TestGuard(t *testing.T) {
	called := false
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called = true }))
	defer server.Close()
	c := newClient(1, HostList(nil).Names)
	defer c.close()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
	require.NoError(t, err)
	_, err = c.Do(request)
	require.ErrorIs(t, err, errPrivate)
	require.Contains(t, networkReason(err), "not public")
	require.False(t, called)
}

func TestNewSTS(t *testing.T) {
	hosts := map[string]string{
		"": stsWorld, "eu-central-1": "sts.eu-central-1.amazonaws.com", "cn-north-1": stsChina, "us-gov-west-1": stsGov,
	}
	for region, host := range hosts {
		verifier, err := NewSTS(STSOptions{Region: region})
		require.NoError(t, err)
		require.Len(t, verifier.Hosts(Credential{}), 3, "a key of another partition is unknown in the first")
		require.Contains(t, verifier.Hosts(Credential{}), host)
		deep, err := NewSTS(STSOptions{Region: region, Deep: true})
		require.NoError(t, err)
		require.Contains(t, deep.Hosts(Credential{}), "iam.amazonaws.com")
	}
	_, err := NewSTS(STSOptions{Region: "evil.example/"})
	require.Error(t, err)
	for _, endpoint := range []string{"ftp://x", "//x", "http://", "http://user:" + markerSecret + "@x/", "http://x/?" + markerSecret, "http://x\x00" + markerSecret} {
		_, err := NewSTS(STSOptions{Endpoint: endpoint})
		require.Error(t, err, endpoint)
		require.NotContains(t, err.Error(), markerSecret)
	}
}

// keyID encodes an account into a made-up key id.
func keyID(account uint64) string {
	var raw [10]byte
	binary.BigEndian.PutUint64(raw[:], (1<<47|account<<7)<<16)
	return "AK" + "IA" + base32.StdEncoding.EncodeToString(raw[:])
}

func TestAWSAccount(t *testing.T) {
	for _, number := range []uint64{0, 1, 123456789012, 999999999999} {
		account, ok := scanner.AWSAccount(keyID(number))
		require.True(t, ok)
		require.Equal(t, fmt.Sprintf("%012d", number), account)
	}
	for _, id := range []string{"", "AKIA", strings.Repeat("1", 20), "AK" + "IA" + strings.Repeat("A", 16)} {
		_, ok := scanner.AWSAccount(id)
		require.False(t, ok, id)
	}
}

func TestCanariesAreNeverCalled(t *testing.T) {
	var calls atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { calls.Add(1) }))
	defer server.Close()
	verifier, err := NewSTS(STSOptions{Endpoint: server.URL})
	require.NoError(t, err)
	defer verifier.Close()
	runner := NewRunner(map[string]Verifier{STSName: verifier}, Options{})

	var findings []*scanner.Finding
	for _, account := range scanner.CanaryAccounts() {
		number, err := strconv.ParseUint(account, 10, 64)
		require.NoError(t, err)
		findings = append(findings, finding(keys{ID: keyID(number), Secret: markerSecret}))
	}
	told := finding(keys{ID: keyID(1), Secret: markerSecret})
	told.Details = []scanner.Detail{{Name: "canary", Value: "somebody"}}
	findings = append(findings, told)

	require.Empty(t, runner.Hosts(findings))
	require.NoError(t, runner.Run(context.Background(), findings))
	for _, f := range findings {
		require.Equal(t, Canary, f.Verdict.State)
		require.Empty(t, f.Verdict.Call)
	}
	require.Zero(t, calls.Load())
}
