package verify

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
	"github.com/shrike-scan/shrike/verify/verifytest"
)

type keys = verifytest.Keys

func finding(k keys) *scanner.Finding {
	f := &scanner.Finding{
		Rule:     &scanner.Rule{ID: "aws-secret-access-key", Verify: STSName},
		Severity: scanner.SeverityHigh,
		Secret:   scanner.NewSecret([]byte(k.Secret)),
		Parts:    []scanner.Part{publicID(k.ID)},
	}
	if k.Token != "" {
		f.Parts = append(f.Parts, scanner.Part{Name: partSessionToken, Value: scanner.NewSecret([]byte(k.Token))})
	}
	return f
}

func publicID(id string) scanner.Part {
	return scanner.Part{Name: partKeyID, Value: scanner.NewSecret([]byte(id)), Public: true}
}

// askMoto verifies findings one after the other: moto mixes up requests that it
// checks at the same time.
func askMoto(t *testing.T, m *verifytest.Moto, deep bool, fs ...*scanner.Finding) {
	t.Helper()
	verifier, err := NewSTS(STSOptions{Endpoint: m.Endpoint, Deep: deep})
	require.NoError(t, err)
	defer verifier.Close()
	verifier.turns.memory = time.Millisecond
	runner := NewRunner(map[string]Verifier{STSName: verifier}, Options{Workers: 1, Timeout: 5 * time.Minute})
	require.NoError(t, runner.Run(t.Context(), fs))
}

func TestMoto(t *testing.T) {
	const trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}`
	const extra = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}`
	m := verifytest.StartMoto(t)
	live := m.User(t, "deploy")
	gone := m.Call(t, "iam", "CreateAccessKey", "UserName", "deploy").Created
	m.Call(t, "iam", "DeleteAccessKey", "UserName", "deploy", "AccessKeyId", gone.ID)
	off := m.User(t, "former")
	m.Call(t, "iam", "UpdateAccessKey", "UserName", "former", "AccessKeyId", off.ID, "Status", "Inactive")
	admin := m.User(t, "admin", "AdministratorAccess")
	m.Call(t, "iam", "CreateGroup", "GroupName", "ops")
	m.Call(t, "iam", "AddUserToGroup", "GroupName", "ops", "UserName", "admin")
	m.Call(t, "iam", "PutUserPolicy", "UserName", "admin", "PolicyName", "extra", "PolicyDocument", extra)
	reader := m.User(t, "reader", "IAMReadOnlyAccess")
	second := m.Call(t, "iam", "CreateAccessKey", "UserName", "admin").Created
	m.Call(t, "iam", "CreateRole", "RoleName", "ci", "AssumeRolePolicyDocument", trust)
	session := m.Call(t, "sts", "AssumeRole", "RoleArn", "arn:aws:iam::123456789012:role/ci", "RoleSessionName", "run").Assumed
	require.NotEmpty(t, live.Secret)
	require.NotEmpty(t, session.Token)
	m.Lock(t)

	wrong := keys{ID: live.ID, Secret: gone.Secret}
	alone := keys{ID: session.ID, Secret: session.Secret}
	tests := []struct {
		name   string
		keys   keys
		state  string
		reason string
		detail scanner.Detail
	}{
		{"live", live, Live, "", scanner.Detail{Name: "arn", Value: "arn:aws:iam::123456789012:user/deploy"}},
		{"deleted", gone, Dead, "InvalidClientTokenId", scanner.Detail{}},
		{"switched off", off, Dead, "InvalidClientTokenId", scanner.Detail{}},
		{"wrong secret", wrong, Dead, "the key id is live", scanner.Detail{Name: LiveKeyID, Value: live.ID}},
		{"session", session, Live, "", scanner.Detail{Name: "arn", Value: "arn:aws:sts::123456789012:assumed-role/ci/run"}},
		{"session without its token", alone, Unknown, "session token", scanner.Detail{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := finding(tt.keys)
			askMoto(t, m, false, f)
			require.Equal(t, tt.state, f.Verdict.State, f.Verdict.Reason)
			require.Contains(t, f.Verdict.Reason, tt.reason)
			if tt.detail.Name != "" {
				require.Contains(t, f.Verdict.Details, tt.detail)
			}
			if tt.state != Unknown {
				require.Equal(t, "sts:GetCallerIdentity", f.Verdict.Call)
			}
			require.WithinDuration(t, time.Now(), f.Verdict.At, time.Minute)
		})
	}

	t.Run("a clock that is off", func(t *testing.T) {
		for _, ahead := range []time.Duration{3 * time.Hour, -26 * time.Hour} {
			m.SetClock(ahead)
			working, dead := finding(admin), finding(gone)
			askMoto(t, m, true, working, dead)
			require.Equal(t, Live, working.Verdict.State, working.Verdict.Reason)
			require.Empty(t, detail(working.Verdict.Details, "no answer"), "calls of IAM are signed for the right time too")
			require.Equal(t, Dead, dead.Verdict.State, "a clock does not make a dead key an unknown one")
		}
		m.SetClock(0)
	})

	t.Run("no deep call unless asked for", func(t *testing.T) {
		before := m.Calls("GetAccessKeyLastUsed")
		askMoto(t, m, false, finding(admin))
		require.Equal(t, before, m.Calls("GetAccessKeyLastUsed"))
	})

	t.Run("deep", func(t *testing.T) {
		f := finding(admin)
		askMoto(t, m, true, f)
		require.Equal(t, Live, f.Verdict.State, f.Verdict.Reason)
		for name, want := range map[string]string{
			"key kind": "long-lived: of an IAM user", "key status": "Active",
			"policies": "AdministratorAccess", "inline policies": "extra", "groups": "ops",
			"other keys": second.ID + " Active", RightsDetail: "AdministratorAccess", "may not ask": "", "no answer": "",
		} {
			require.Equal(t, want, detail(f.Verdict.Details, name), name)
		}
		require.NotEmpty(t, detail(f.Verdict.Details, "last used"))
		created, err := time.Parse(time.DateOnly, detail(f.Verdict.Details, "key created"))
		require.NoError(t, err)
		require.WithinDuration(t, time.Now(), created, 25*time.Hour)
		for _, call := range DeepCalls() {
			require.Contains(t, f.Verdict.Call, call)
		}
		Weigh([]*scanner.Finding{f})
		require.Equal(t, scanner.SeverityCritical, f.Severity)
	})

	t.Run("deep, and denied", func(t *testing.T) {
		f := finding(live)
		askMoto(t, m, true, f)
		require.Equal(t, Live, f.Verdict.State, f.Verdict.Reason)
		require.Equal(t, "iam:GetAccessKeyLastUsed, iam:ListAccessKeys, iam:ListAttachedUserPolicies, iam:ListUserPolicies, iam:ListGroupsForUser",
			detail(f.Verdict.Details, "may not ask"))
		require.Empty(t, detail(f.Verdict.Details, "no answer"))
		Weigh([]*scanner.Finding{f})
		require.Equal(t, scanner.SeverityHigh, f.Severity)
	})

	t.Run("deep, of a user who may only ask", func(t *testing.T) {
		f := finding(reader)
		askMoto(t, m, true, f)
		require.Equal(t, "IAMReadOnlyAccess", detail(f.Verdict.Details, "policies"))
		require.Empty(t, detail(f.Verdict.Details, RightsDetail))
		require.Empty(t, detail(f.Verdict.Details, "may not ask"))
	})

	t.Run("several ids near one secret", func(t *testing.T) {
		f := finding(keys{ID: gone.ID, Secret: live.Secret})
		f.Others = []scanner.Part{publicID(off.ID), publicID(live.ID), publicID(admin.ID)}
		askMoto(t, m, false, f)
		require.Equal(t, Live, f.Verdict.State, f.Verdict.Reason)
		require.Equal(t, live.ID, detail(f.Verdict.Details, "key id"))
		Weigh([]*scanner.Finding{f})
		require.Equal(t, live.ID, f.Parts[0].Value.Reveal(), "the half that works takes the place of the other")

		none := finding(keys{ID: gone.ID, Secret: gone.Secret})
		none.Others = []scanner.Part{publicID(off.ID), publicID(admin.ID)}
		askMoto(t, m, false, none)
		require.Equal(t, Dead, none.Verdict.State)
		require.Contains(t, none.Verdict.Reason, "2 more key ids near it were tried")
	})
}
