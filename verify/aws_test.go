package verify

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

// allOfAWS answers in the place of AWS's hosts, whatever they resolve to.
type allOfAWS struct {
	mu     sync.Mutex
	asked  []string // hosts, in order
	answer func(host string) http.HandlerFunc
}

func (a *allOfAWS) RoundTrip(r *http.Request) (*http.Response, error) {
	a.mu.Lock()
	a.asked = append(a.asked, r.URL.Host)
	a.mu.Unlock()
	recorder := httptest.NewRecorder()
	a.answer(r.URL.Host)(recorder, r)
	return recorder.Result(), nil
}

const (
	stsWorld = "sts.us-east-1.amazonaws.com"
	stsChina = "sts.cn-north-1.amazonaws.com.cn"
	stsGov   = "sts.us-gov-west-1.amazonaws.com"
)

func TestPartitions(t *testing.T) {
	stranger := errorAnswer(403, "InvalidClientTokenId", "no")
	near := func(region string) []scanner.Detail { return []scanner.Detail{{Name: regionDetail, Value: region}} }
	tests := []struct {
		name    string
		options STSOptions
		details []scanner.Detail
		known   string // the host that knows the key
		knows   http.HandlerFunc
		state   string
		reason  string
		asked   []string
	}{
		{"known at once", STSOptions{}, nil, stsWorld, identityAnswer("arn:aws:iam::123456789012:user/a", "A", "123456789012"), Live, "", []string{stsWorld}},
		{"known in China", STSOptions{}, nil, stsChina, identityAnswer("arn:aws-cn:iam::123456789012:user/a", "A", "123456789012"), Live, "", []string{stsWorld, stsChina}},
		{"as suggested", STSOptions{}, near("us-gov-east-1"), "sts.us-gov-east-1.amazonaws.com",
			identityAnswer("arn:aws-us-gov:iam::123456789012:user/a", "A", "123456789012"), Live, "", []string{"sts.us-gov-east-1.amazonaws.com"}},
		{"a suggestion that is wrong", STSOptions{}, near("cn-northwest-1"), stsWorld,
			identityAnswer("arn:aws:iam::123456789012:user/a", "A", "123456789012"), Live, "", []string{"sts.cn-northwest-1.amazonaws.com.cn", stsWorld}},
		{"a suggestion that is none", STSOptions{}, near("evil.example/#"), "", nil, Dead, "aws, aws-cn, aws-us-gov", []string{stsWorld, stsChina, stsGov}},
		{"where the user is", STSOptions{Region: "cn-north-1"}, nil, stsChina, errorAnswer(403, "SignatureDoesNotMatch", "no"), Dead, "not its secret", []string{stsChina}},
		{"known nowhere", STSOptions{}, nil, "", nil, Dead, "aws, aws-cn, aws-us-gov", []string{stsWorld, stsChina, stsGov}},
		{"one that cannot say", STSOptions{}, nil, stsChina, errorAnswer(403, "OptInRequired", "no"), Unknown, "aws does not know the key, and AWS answered OptInRequired", []string{stsWorld, stsChina}},
		{"a list of hosts", STSOptions{Hosts: HostList{stsWorld}}, nil, "", nil, Dead, "in aws", []string{stsWorld}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			verifier, err := NewSTS(tt.options)
			require.NoError(t, err)
			all := &allOfAWS{answer: func(host string) http.HandlerFunc {
				if host == tt.known {
					return tt.knows
				}
				return stranger
			}}
			verifier.http.http.Transport = all
			f := markerFinding()
			f.Details = tt.details
			runner := NewRunner(map[string]Verifier{STSName: verifier}, Options{Hosts: tt.options.Hosts})
			require.Subset(t, runner.Hosts([]*scanner.Finding{f}), tt.asked, "said aloud before")
			require.NoError(t, runner.Run(t.Context(), []*scanner.Finding{f}))
			require.Equal(t, tt.state, f.Verdict.State, f.Verdict.Reason)
			require.Contains(t, f.Verdict.Reason, tt.reason)
			require.Equal(t, tt.asked, all.asked)
		})
	}
}

func TestRegionNear(t *testing.T) {
	for text, want := range map[string]string{
		"":                                  "",
		"key\nregion = eu-central-1":        "eu-central-1",
		"aws_region: cn-northwest-1\nkey":   "cn-northwest-1",
		"s3.cn-north-1.amazonaws.com.cn":    "cn-north-1",
		"https://bucket.amazonaws.com.cn/x": "cn-north-1",
		"https://bucket.amazonaws.com/x":    "",
		"arn:aws-us-gov:iam::1:user/a":      "us-gov-west-1",
		"arn:aws:iam::1:user/a":             "",
		"prefix us-gov-":                    "us-gov-west-1",
		"us-gov-east-1":                     "us-gov-east-1",
		"cn-north-1\n\nkey\nus-east-1":      "us-east-1",
		"key\nx\nx\nx\ncn-north-1\n":        "cn-north-1",
		"us-east-11 xus-east-1 ca-nada-1":   "",
		"\xff\xfe\x00cn-north-1":            "cn-north-1",
	} {
		line := 1 + strings.Count(text[:max(0, strings.Index(text, "key"))], "\n")
		require.Equal(t, want, RegionNear([]byte(text), line), "%q", text)
	}
}

func FuzzRegionNear(f *testing.F) {
	f.Add([]byte("cn-north-1\nkey\narn:aws-us-gov:"), 2)
	f.Fuzz(func(t *testing.T, text []byte, line int) {
		region := RegionNear(text, line)
		require.True(t, isRegion(region))
		require.True(t, region == "" || regional(region).region == region)
	})
}

// AWS refuses a key id for some seconds after a wrong secret, the right one too. Two
// secrets near one id are each judged all the same.
func TestWrongSecretDoesNotSpoilTheRightOne(t *testing.T) {
	var mu sync.Mutex
	var remembers bool // a wrong secret
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		right := isSigned(r, "right")
		if right && !remembers {
			identityAnswer("arn:aws:iam::123456789012:user/a", "A", "123456789012")(w, r)
			return
		}
		remembers = remembers || !right
		errorAnswer(403, "SignatureDoesNotMatch", "no")(w, r)
	}))
	defer server.Close()
	verifier, err := NewSTS(STSOptions{Endpoint: server.URL})
	require.NoError(t, err)
	defer verifier.Close()
	verifier.turns.memory = time.Hour
	verifier.turns.sleep = func(context.Context, time.Duration) error {
		mu.Lock()
		defer mu.Unlock()
		remembers = false
		return nil
	}
	id := "AK" + "IA" + "QQQQQQQQQQQQQQQQ"
	fs := []*scanner.Finding{finding(keys{ID: id, Secret: "wrong"}), finding(keys{ID: id, Secret: "right"}), finding(keys{ID: id, Secret: "as wrong"})}
	require.NoError(t, NewRunner(map[string]Verifier{STSName: verifier}, Options{Timeout: 2 * time.Hour}).Run(t.Context(), fs))
	require.Equal(t, Dead, fs[0].Verdict.State, fs[0].Verdict.Reason)
	require.Equal(t, Live, fs[1].Verdict.State, fs[1].Verdict.Reason)
	require.Equal(t, Dead, fs[2].Verdict.State, fs[2].Verdict.Reason)

	// Nobody waits for what comes too late, and few are tried.
	var many []*scanner.Finding
	for i := range 50 {
		many = append(many, finding(keys{ID: id, Secret: fmt.Sprint("wrong", i)}))
	}
	begin := time.Now()
	require.NoError(t, NewRunner(map[string]Verifier{STSName: verifier}, Options{Timeout: time.Minute}).Run(t.Context(), many))
	require.Less(t, time.Since(begin), time.Minute)
	for _, f := range many {
		require.Equal(t, Unknown, f.Verdict.State)
		require.Regexp(t, "ask again for this one|no more are tried", f.Verdict.Reason)
	}
}

// RequestExpired blames the time too, and the next call is signed for the right one.
func TestRequestExpired(t *testing.T) {
	there := time.Now().Add(-5 * time.Hour).UTC()
	for name, reached := range map[string]bool{"by the server's date": true, "without a date": false} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header()["Date"] = nil
				if reached {
					w.Header().Set("Date", there.Format(http.TimeFormat))
				}
				signed, err := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
				if err != nil || there.Sub(signed).Abs() > 15*time.Minute {
					errorAnswer(400, "RequestExpired", "x")(w, r)
					return
				}
				identityAnswer("arn:aws:iam::123456789012:user/a", "A", "123456789012")(w, r)
			}))
			defer server.Close()
			verdict := ask(t, server.URL, time.Minute)
			if reached {
				require.Equal(t, Live, verdict.State, verdict.Reason)
			} else {
				require.Equal(t, Unknown, verdict.State)
				require.Contains(t, verdict.Reason, "clock")
			}
		})
	}
}

func TestOtherIDsAreBounded(t *testing.T) {
	var ids []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ids = append(ids, keyIDOf(r))
		errorAnswer(403, "InvalidClientTokenId", "no")(w, r)
	}))
	defer server.Close()
	verifier, err := NewSTS(STSOptions{Endpoint: server.URL})
	require.NoError(t, err)
	defer verifier.Close()
	f := finding(keys{ID: keyID(1), Secret: markerSecret})
	canary := publicID(keyIDIn(t, scanner.CanaryAccounts()[0]))
	f.Others = []scanner.Part{canary, publicID("AS" + "IA" + "QQQQQQQQQQQQQQQQ"), publicID("not an id"), publicID(keyID(1)), publicID(keyID(2))}
	require.NoError(t, NewRunner(map[string]Verifier{STSName: verifier}, Options{}).Run(t.Context(), []*scanner.Finding{f}))
	require.Equal(t, []string{keyID(1), keyID(2)}, ids, "no canary, no temporary key without its token, nothing twice")
	require.Equal(t, Dead, f.Verdict.State)
}

func keyIDIn(t *testing.T, account string) string {
	t.Helper()
	var number uint64
	_, err := fmt.Sscan(strings.TrimLeft(account, "0"), &number)
	require.NoError(t, err)
	return keyID(number)
}

// What IAM answers is hostile until it is proven to be a name.
func TestDeepAnswers(t *testing.T) {
	identity := identityAnswer("arn:aws:iam::123456789012:user/path/a", "A", "123456789012")
	many := strings.Repeat("<member><GroupName>g</GroupName></member>", 100)
	answers := map[string]http.HandlerFunc{
		"GetAccessKeyLastUsed": func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, "<R><GetAccessKeyLastUsedResult><AccessKeyLastUsed><Region>\x1b[2J</Region></AccessKeyLastUsed></GetAccessKeyLastUsedResult></R>")
		},
		"ListAccessKeys": func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>hotel "+markerSecret) },
		"ListAttachedUserPolicies": func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, "<R><ListAttachedUserPoliciesResult><AttachedPolicies>"+
				"<member><PolicyArn>arn:aws:iam::123456789012:policy/AdministratorAccess</PolicyArn></member>"+
				"<member><PolicyArn>arn:aws:iam::aws:policy/job-function/\u202eevil</PolicyArn></member>"+
				"</AttachedPolicies></ListAttachedUserPoliciesResult></R>")
		},
		"ListUserPolicies": errorAnswer(500, "ServiceFailure", markerSecret),
		"ListGroupsForUser": func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, "<R><ListGroupsForUserResult><Groups>"+many+"</Groups></ListGroupsForUserResult></R>")
		},
		"GetCallerIdentity": identity,
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answers[r.FormValue("Action")](w, r)
	}))
	defer server.Close()
	verifier, err := NewSTS(STSOptions{Endpoint: server.URL, Deep: true})
	require.NoError(t, err)
	defer verifier.Close()
	f := markerFinding()
	require.NoError(t, NewRunner(map[string]Verifier{STSName: verifier}, Options{Timeout: time.Minute}).Run(t.Context(), []*scanner.Finding{f}))
	v := f.Verdict
	require.Equal(t, Live, v.State, v.Reason)
	all := fmt.Sprintf("%+v", *v)
	for _, evil := range []string{markerSecret, markerToken, "\x1b", "\u202e", "hotel"} {
		require.NotContains(t, all, evil)
	}
	require.Equal(t, "AdministratorAccess, ?", detail(v.Details, "policies"))
	require.Empty(t, detail(v.Details, RightsDetail), "a policy of the same name that is not AWS's proves nothing")
	require.Contains(t, detail(v.Details, "no answer"), "iam:ListUserPolicies (IAM answered 500)")
	require.Equal(t, maxNames, strings.Count(detail(v.Details, "groups"), "g"))
}

// FuzzDeepAnswer: whatever stands in the place of IAM, a verdict holds short printable
// texts alone.
func FuzzDeepAnswer(f *testing.F) {
	f.Add([]byte("<R><ListAccessKeysResult><AccessKeyMetadata><member><AccessKeyId>AKIAQQQQQQQQQQQQQQQQ</AccessKeyId><Status>Active</Status>"+
		"<CreateDate>2026-01-02T03:04:05Z</CreateDate></member></AccessKeyMetadata></ListAccessKeysResult></R>"), 200)
	f.Add([]byte("<E><Error><Code>AccessDenied</Code></Error></E>"), 403)
	f.Add([]byte("<R><ListUserPoliciesResult><PolicyNames><member>\u202e</member></PolicyNames></ListUserPoliciesResult></R>"), 200)
	f.Fuzz(func(t *testing.T, body []byte, status int) {
		if status < 200 || status > 499 || status == http.StatusTooManyRequests || bytes.Contains(body, []byte("Throttling")) {
			return // asked for once more a second later
		}
		verifier, err := NewSTS(STSOptions{Deep: true})
		require.NoError(t, err)
		verifier.http.http.Transport = &allOfAWS{answer: func(string) http.HandlerFunc {
			return func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(status)
				_, _ = w.Write(body)
			}
		}}
		v := scanner.Verdict{State: Live, Details: []scanner.Detail{{Name: "arn", Value: "arn:aws:iam::123456789012:user/a"}}}
		verifier.deepen(t.Context(), pair{id: keyID(1), secret: markerSecret}, &v)
		for _, d := range v.Details {
			require.Less(t, len(d.Value), maxNames*160)
			require.Equal(t, -1, strings.IndexFunc(d.Value, func(r rune) bool { return r < ' ' || r > '~' }), "%q", d.Value)
		}
	})
}

func TestWeigh(t *testing.T) {
	with := func(state string, severity scanner.Severity, details ...scanner.Detail) *scanner.Finding {
		return &scanner.Finding{Rule: &scanner.Rule{}, Severity: severity, Verdict: &scanner.Verdict{State: state, Details: details}}
	}
	tests := []struct {
		name string
		f    *scanner.Finding
		want scanner.Severity
	}{
		{"nobody asked", &scanner.Finding{Rule: &scanner.Rule{}, Severity: scanner.SeverityMedium}, scanner.SeverityMedium},
		{"live", with(Live, scanner.SeverityMedium), scanner.SeverityHigh},
		{"live, high already", with(Live, scanner.SeverityHigh), scanner.SeverityHigh},
		{"live, and root", with(Live, scanner.SeverityLow, scanner.Detail{Name: "root", Value: "yes"}), scanner.SeverityCritical},
		{"live, with every right", with(Live, scanner.SeverityHigh, scanner.Detail{Name: RightsDetail, Value: "IAMFullAccess"}), scanner.SeverityCritical},
		{"live, without rights", with(Live, scanner.SeverityCritical, scanner.Detail{Name: "policies", Value: "none"}), scanner.SeverityHigh},
		{"dead", with(Dead, scanner.SeverityCritical), scanner.SeverityLow},
		{"unknown", with(Unknown, scanner.SeverityCritical), scanner.SeverityCritical},
		{"canary", with(Canary, scanner.SeverityHigh), scanner.SeverityHigh},
	}
	for _, tt := range tests {
		Weigh([]*scanner.Finding{tt.f})
		require.Equal(t, tt.want, tt.f.Severity, tt.name)
	}
}
