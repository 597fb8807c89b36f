package verify

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/shrike-scan/shrike/scanner"
)

// fake answers as it is told and counts.
type fake struct {
	calls  atomic.Int32
	atOnce atomic.Int32
	most   atomic.Int32
	answer func(context.Context, Credential) scanner.Verdict
}

func (f *fake) Hosts(Credential) []string  { return []string{"sts.test"} }
func (f *fake) Complete(c Credential) bool { return c.part(partKeyID) != "" }
func (f *fake) Verify(ctx context.Context, c Credential) scanner.Verdict {
	f.calls.Add(1)
	now := f.atOnce.Add(1)
	defer f.atOnce.Add(-1)
	for {
		most := f.most.Load()
		if now <= most || f.most.CompareAndSwap(most, now) {
			break
		}
	}
	return f.answer(ctx, c)
}

func numbered(i int) *scanner.Finding {
	return finding(keys{ID: fmt.Sprintf("AK"+"IA%016d", i), Secret: "s"})
}

func TestRunVerifiesEqualCredentialsOnce(t *testing.T) {
	v := &fake{answer: func(context.Context, Credential) scanner.Verdict {
		return scanner.Verdict{State: Live, Details: []scanner.Detail{{Name: "account", Value: "1"}}}
	}}
	runner := NewRunner(map[string]Verifier{STSName: v}, Options{})
	incomplete := &scanner.Finding{Rule: &scanner.Rule{Verify: STSName}, Secret: scanner.NewSecret([]byte("x"))}
	other := &scanner.Finding{Rule: &scanner.Rule{}, Secret: scanner.NewSecret([]byte("x"))}
	findings := []*scanner.Finding{numbered(1), numbered(2), incomplete, numbered(1), other, {}}

	require.Equal(t, []string{"sts.test"}, runner.Hosts(findings))
	require.NoError(t, runner.Run(t.Context(), findings))
	require.EqualValues(t, 2, v.calls.Load())
	for i, f := range findings {
		require.Equal(t, i == 0 || i == 1 || i == 3, f.Verdict != nil, i)
	}
	findings[0].Verdict.Details[0].Value = "changed"
	require.Equal(t, "1", findings[3].Verdict.Details[0].Value, "verdicts share nothing")

	require.NoError(t, runner.Run(t.Context(), []*scanner.Finding{numbered(1)}))
	require.EqualValues(t, 2, v.calls.Load(), "a settled credential is not asked for again")
	require.Empty(t, runner.Hosts(nil))
}

func TestUnknownVerifier(t *testing.T) {
	f := &scanner.Finding{Rule: &scanner.Rule{Verify: "nobody"}, Secret: scanner.NewSecret([]byte("x"))}
	require.NoError(t, NewRunner(nil, Options{}).Run(t.Context(), []*scanner.Finding{f}))
	require.Equal(t, Unknown, f.Verdict.State)
	require.Contains(t, f.Verdict.Reason, "does not exist")
}

// Hosts limits whom any verifier may contact, and what is printed beforehand.
func TestHosts(t *testing.T) {
	v := &fake{answer: func(context.Context, Credential) scanner.Verdict { return scanner.Verdict{State: Live} }}
	run := func(list ...string) (hosts []string, state string) {
		allowed, err := ParseHosts(list)
		require.NoError(t, err)
		runner := NewRunner(map[string]Verifier{STSName: v}, Options{Hosts: allowed})
		f := []*scanner.Finding{numbered(1)}
		hosts = runner.Hosts(f)
		require.NoError(t, runner.Run(t.Context(), f))
		return hosts, f[0].Verdict.State
	}
	for list, state := range map[string]string{
		"sts.test": Live, "STS.TEST ,other.test": Live, "*.test": Live,
		"other.test": Unknown, "ts.test": Unknown, "*.sts.test": Unknown, "sts.test:1": Unknown,
	} {
		v.calls.Store(0)
		hosts, got := run(list)
		require.Equal(t, state, got, list)
		require.Equal(t, state == Live, len(hosts) == 1, list)
		require.Equal(t, state == Live, v.calls.Load() == 1, list)
	}
	for _, list := range []string{"", "a b", "https://a.test", "a..test", "*", "*.*.test", "a.test:", "a.test:x", "user@a.test"} {
		_, err := ParseHosts([]string{list})
		require.Error(t, err, list)
	}
	named, err := ParseHosts([]string{"vault.corp.test,db.test:8200"})
	require.NoError(t, err)
	for host, want := range map[string]bool{
		"vault.corp.test": true, "vault.corp.test:443": true, "db.test:8200": true, "db.test:443": false, "db.test": false, "x.vault.corp.test": false,
	} {
		require.Equal(t, want, named.Names(host), host)
	}
}

// elsewhere is a verifier with a host of its own.
type elsewhere struct{ fake }

func (*elsewhere) Hosts(Credential) []string { return []string{"other.test"} }

func TestHostsTakeTurns(t *testing.T) {
	var order []string
	note := func(host string) func(context.Context, Credential) scanner.Verdict {
		return func(_ context.Context, c Credential) scanner.Verdict {
			id := c.part(partKeyID)
			order = append(order, host+id[len(id)-1:])
			return scanner.Verdict{State: Live}
		}
	}
	a, b := &fake{answer: note("a")}, &elsewhere{fake{answer: note("b")}}
	findings := []*scanner.Finding{numbered(1), numbered(2), numbered(3), numbered(4), numbered(5)}
	for _, f := range findings[3:] {
		f.Rule = &scanner.Rule{Verify: "b"}
	}
	runner := NewRunner(map[string]Verifier{STSName: a, "b": b}, Options{Workers: 1})
	require.NoError(t, runner.Run(t.Context(), findings))
	require.Equal(t, []string{"a1", "b4", "a2", "b5", "a3"}, order)
}

func TestUnknownIsAskedAgain(t *testing.T) {
	v := &fake{answer: func(context.Context, Credential) scanner.Verdict { return unknown("down") }}
	runner := NewRunner(map[string]Verifier{STSName: v}, Options{})
	for range 2 {
		require.NoError(t, runner.Run(t.Context(), []*scanner.Finding{numbered(1)}))
	}
	require.EqualValues(t, 2, v.calls.Load())
}

func TestRunBoundsConcurrencyAndTime(t *testing.T) {
	var first sync.WaitGroup // calls, which are made at once however slow the machine
	first.Add(3)
	var calls atomic.Int32
	v := &fake{answer: func(ctx context.Context, _ Credential) scanner.Verdict {
		if calls.Add(1) <= 3 {
			first.Done()
		}
		first.Wait()
		<-ctx.Done()
		return unknown("late")
	}}
	runner := NewRunner(map[string]Verifier{STSName: v}, Options{Workers: 3, Timeout: 20 * time.Millisecond})
	var findings []*scanner.Finding
	for i := range 12 {
		findings = append(findings, numbered(i))
	}
	require.NoError(t, runner.Run(t.Context(), findings))
	require.EqualValues(t, 12, v.calls.Load())
	require.EqualValues(t, 3, v.most.Load())
}

func TestCancel(t *testing.T) {
	defer goleak.VerifyNone(t)
	ctx, cancel := context.WithCancel(t.Context())
	var once sync.Once
	v := &fake{answer: func(ctx context.Context, _ Credential) scanner.Verdict {
		once.Do(cancel)
		<-ctx.Done()
		return unknown("stopped")
	}}
	runner := NewRunner(map[string]Verifier{STSName: v}, Options{Workers: 2, Timeout: time.Minute})
	var findings []*scanner.Finding
	for i := range 50 {
		findings = append(findings, numbered(i))
	}
	require.ErrorIs(t, runner.Run(ctx, findings), context.Canceled)
	require.LessOrEqual(t, v.calls.Load(), int32(3))
	for _, f := range findings {
		require.Equal(t, Unknown, f.Verdict.State)
	}
}

// The cache's keys are keyed: equal credentials differ between two runners, and
// fields do not run into each other.
func TestCacheKey(t *testing.T) {
	a, b := NewRunner(nil, Options{}), NewRunner(nil, Options{})
	one := Credential{Secret: scanner.NewSecret([]byte("ab"))}
	require.Equal(t, a.cacheKey("x", one), a.cacheKey("x", one))
	require.NotEqual(t, a.cacheKey("x", one), b.cacheKey("x", one))
	require.NotEqual(t, a.cacheKey("xa", Credential{Secret: scanner.NewSecret([]byte("b"))}), a.cacheKey("x", one))
}

// A thousand pairs at 20 ms each stay within four seconds.
func TestManyPairs(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	answer := identityAnswer("arn:aws:iam::123456789012:user/a", "AIDAX", "123456789012")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(20 * time.Millisecond)
		answer(w, r)
	}))
	defer server.Close()
	verifier, err := NewSTS(STSOptions{Endpoint: server.URL})
	require.NoError(t, err)
	defer verifier.Close()
	var findings []*scanner.Finding
	for i := range 1000 {
		findings = append(findings, numbered(i))
	}
	begin := time.Now()
	require.NoError(t, NewRunner(map[string]Verifier{STSName: verifier}, Options{}).Run(t.Context(), findings))
	t.Logf("1,000 pairs in %v", time.Since(begin))
	require.Less(t, time.Since(begin), time.Minute, "some 3 s, but for a busy machine")
	for _, f := range findings {
		require.Equal(t, Live, f.Verdict.State)
	}
}
