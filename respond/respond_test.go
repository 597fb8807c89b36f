package respond

import (
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

var keyID = "AK" + "IA" + "Q3ZT7KX2MLPN5RWD"

// all is the text of a plan, a step a line.
func all(t *testing.T, f *scanner.Finding, at Site) string {
	t.Helper()
	p, err := NewPlanner()
	require.NoError(t, err)
	var out strings.Builder
	for _, s := range p.Plan(f, at).Filled() {
		out.WriteString(strings.Join(append([]string{string(s.Phase), s.Do, s.Query, s.See}, s.Run...), " | ") + "\n")
	}
	return out.String()
}

func finding(rule, kind string, details ...scanner.Detail) *scanner.Finding {
	return &scanner.Finding{Rule: &scanner.Rule{ID: rule, Kind: kind, Revoke: "Revoke it there."}, Details: details}
}

func withKey(f *scanner.Finding, id string, details ...scanner.Detail) *scanner.Finding {
	f.Parts = []scanner.Part{{Name: "access-key-id", Value: scanner.NewSecret([]byte(id)), Public: true}}
	if details != nil {
		f.Verdict = &scanner.Verdict{Details: details}
	}
	return f
}

func TestPlan(t *testing.T) {
	aws := func(id string, details ...scanner.Detail) *scanner.Finding {
		return withKey(finding("aws-secret-access-key", "secret access key"), id, details...)
	}
	lone := finding("aws-access-key-id", "access key id")
	lone.Rule.Public, lone.Rule.Part, lone.Secret = true, "access-key-id", scanner.NewSecret([]byte(keyID))
	service := finding("google-service-account-key", "service account key",
		scanner.Detail{Name: "project", Value: "acme-prod"}, scanner.Detail{Name: "key id", Value: "0123abcd"},
		scanner.Detail{Name: "service account", Value: "ci@acme-prod.iam.gserviceaccount.com"})
	tests := []struct {
		name string
		f    *scanner.Finding
		want []string
	}{
		{"a key whose user is not known", aws(keyID), []string{
			"aws iam update-access-key --user-name USER_NAME --access-key-id " + keyID + " --status Inactive",
			"AttributeKey=AccessKeyId,AttributeValue=" + keyID, "FROM cloudtrail_logs\nWHERE useridentity.accesskeyid = '" + keyID + "'",
		}},
		{"a key of which the provider told", aws(keyID, scanner.Detail{Name: "user", Value: "deploy@ci"}, scanner.Detail{Name: "partition", Value: "aws-cn"},
			scanner.Detail{Name: "cloudtrail table", Value: "security.trail"}), []string{
			"--user-name deploy@ci --access-key-id " + keyID, "arn:aws-cn:iam::aws:policy/AWSDenyAll", "FROM security.trail\n", "users/details/deploy@ci?",
		}},
		{"a user by its ARN", aws(keyID, scanner.Detail{Name: "arn", Value: "arn:aws-us-gov:iam::123456789012:user/ci/deploy"}), []string{
			"--user-name deploy --access-key-id " + keyID, "arn:aws-us-gov:iam::aws:policy/AWSDenyAll",
		}},
		{"a role by its ARN", aws("AS"+keyID[2:], scanner.Detail{Name: "arn", Value: "arn:aws:sts::123456789012:assumed-role/ci/run"}), []string{"--role-name ci --policy"}},
		{"the key that worked, of several", aws(keyID, scanner.Detail{Name: "key id", Value: "AK" + "IAOTHER"}), []string{"AttributeValue=AK" + "IAOTHER"}},
		{"a lone key id", lone, []string{"--access-key-id " + keyID}},
		{"root", aws(keyID, scanner.Detail{Name: "root", Value: "yes: every right"}, scanner.Detail{Name: "account", Value: "123456789012"}), []string{
			"root user of account 123456789012", "aws iam delete-access-key --access-key-id " + keyID,
		}},
		{"a session", aws("AS"+keyID[2:], scanner.Detail{Name: "role", Value: "ci"}), []string{"--role-name ci", "AWSRevokeOlderSessions", `{"Version":"2012-10-17"`}},
		{"a service account", service, []string{
			"gcloud iam service-accounts keys disable 0123abcd --iam-account=ci@acme-prod.iam.gserviceaccount.com --project=acme-prod",
			`serviceAccountKeyName:"0123abcd"`,
		}},
		{"a database", finding("postgresql-url", "connection URL with its password", scanner.Detail{Name: "user", Value: "app"}), []string{"usename = 'app'", "pg_terminate_backend"}},
		{"a service of its own", finding("acme-api-key", "API key"), []string{"contain | Revoke it there. |", "OpenID Connect"}},
		{"a webhook of some service", finding("acme-hook", "incoming webhook"), []string{"receiving end"}},
		{"a password", finding("generic-password", "password"), []string{"People choose one password twice"}},
		{"a key of some format", finding("acme-key", "private key"), []string{"public half"}},
		{"no rule", &scanner.Finding{}, []string{"prevent | "}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := all(t, tt.f, Site{})
			for _, want := range tt.want {
				require.Contains(t, got, want)
			}
			require.Contains(t, got, "shrike install")
			require.Regexp(t, `(?s)^evidence.*\ncontain.*\nrotate.*\nclean.*\nprevent`, got, "the phases in their order")
		})
	}
}

// What a hostile file or answer holds is never filled in.
func TestHostileValues(t *testing.T) {
	for _, evil := range []string{
		"$(id)", "`id`", "a;id", "a'b", `a"b`, "a b", "a\nb", "a\x1b[2J", "-rf", "--profile=x", "/etc/passwd", "a|b", "a&b", "a>b", "a\\b", "a#b", "a%27", "ü",
		"a*", "a?", "~root", "{key-id}", strings.Repeat("a", maxValue+1), "\u202ea",
	} {
		f := withKey(finding("aws-secret-access-key", "secret access key", scanner.Detail{Name: "iam user", Value: evil}), evil)
		got := all(t, f, Site{})
		require.NotContains(t, got, "AttributeValue="+evil)
		require.Contains(t, got, "AttributeValue=KEY_ID")
		require.Contains(t, got, "--user-name USER_NAME")
	}
}

func TestSite(t *testing.T) {
	f := withKey(finding("aws-secret-access-key", "secret access key"), keyID)
	got := all(t, f, Site{
		Clean: []scanner.Step{{Do: "Unstage it:", Run: []string{"git restore --staged -- 'a b' '{key-id}{'"}}},
		Scrub: func(text string) string { return strings.ReplaceAll(text, keyID, "AKIA…[20]") },
	})
	require.Contains(t, got, "clean | Unstage it: |  |  | git restore --staged -- 'a b' '{key-id}{'")
	require.NotContains(t, got, "stays all the same", "the general advice")
	require.NotContains(t, got, keyID, "a secret of another finding")
	require.Contains(t, got, "AttributeValue=KEY_ID")
}

func TestDead(t *testing.T) {
	f := withKey(finding("aws-secret-access-key", "secret access key"), keyID, scanner.Detail{Name: "x", Value: "y"})
	f.Verdict.State = "dead"
	got := all(t, f, Site{})
	require.Contains(t, got, "works no more")
	require.NotContains(t, got, "update-access-key")
	require.NotContains(t, got, "\nrotate")
	require.Contains(t, got, "AttributeValue="+keyID, "the evidence is worth a look all the same")
	f.Verdict.Details = []scanner.Detail{{Name: "live key id", Value: keyID}}
	require.Contains(t, all(t, f, Site{}), "update-access-key")
}

// Plans share what does not depend on the finding.
func TestPlansAreSmall(t *testing.T) {
	p, err := NewPlanner()
	require.NoError(t, err)
	one := p.Plan(withKey(finding("aws-secret-access-key", "secret access key"), keyID), Site{})
	other := p.Plan(withKey(finding("aws-secret-access-key", "secret access key"), keyID[:19]+"Q"), Site{})
	require.Same(t, &one.Steps[0], &other.Steps[0])
	require.NotEqual(t, one.Values, other.Values)
}

// The embedded playbooks are whole.
func TestPlaybooks(t *testing.T) {
	b, err := load()
	require.NoError(t, err)
	shell, missing := exec.LookPath("sh")
	placeholder := regexp.MustCompile(`\{[a-z-]+\}`)
	ids := map[string]bool{}
	for _, p := range append(b.Playbooks, b.Fallbacks...) {
		require.False(t, ids[p.ID], p.ID)
		ids[p.ID] = true
		require.NotEmpty(t, p.of(scanner.PhaseEvidence), p.ID)
		require.NotEmpty(t, p.of(scanner.PhaseContain), p.ID)
		require.NotEmpty(t, p.of(scanner.PhaseRotate), p.ID)
		for _, s := range p.Steps {
			require.Contains(t, phases, s.Phase, p.ID)
			require.NotEmpty(t, s.Do, p.ID)
			if s.See != "" {
				require.Regexp(t, `^https://[a-z0-9./?=#&{}:%@~_A-Z-]+$`, s.See)
			}
			for _, text := range append([]string{s.Query, s.See}, s.Run...) {
				for _, name := range placeholder.FindAllString(text, -1) {
					require.Contains(t, b.Values, strings.Trim(name, "{}"), "%s: only checked values stand in what is run", p.ID)
				}
			}
			for _, command := range s.Run {
				if missing == nil {
					out, err := exec.CommandContext(t.Context(), shell, "-n", "-c", command).CombinedOutput()
					require.NoError(t, err, "%s: %s: %s", p.ID, command, out)
				}
			}
		}
	}
	for name, v := range b.Values {
		require.NotEmpty(t, v.From, name)
		require.NotEmpty(t, v.Else, name)
	}
	require.Empty(t, b.Fallbacks[len(b.Fallbacks)-1].Kinds, "the last one takes all that is left")
}

func TestQuote(t *testing.T) {
	for text, want := range map[string]string{
		"a/b.txt": "a/b.txt", "": "''", "a b": "'a b'", "it's": `'it'\''s'`, "$(id)": "'$(id)'", "a\nb": "'a\nb'", "ü": "'ü'",
	} {
		require.Equal(t, want, Quote(text))
	}
}

// FuzzPlan: whatever a finding holds, what is to be run stays the words of the
// playbook.
func FuzzPlan(f *testing.F) {
	f.Add("aws-secret-access-key", "secret access key", "user", "deploy", keyID)
	f.Add("postgresql-url", "connection URL", "host", "$(id)", "'")
	f.Fuzz(func(t *testing.T, rule, kind, name, value, id string) {
		x := withKey(finding(rule, kind, scanner.Detail{Name: name, Value: value}), id)
		p, err := NewPlanner()
		require.NoError(t, err)
		steps := p.Plan(x, Site{}).Filled()
		again := withKey(finding(rule, kind), "")
		if x.Rule.ID == "aws-secret-access-key" {
			return // its playbook depends on the key's id
		}
		same := p.Plan(again, Site{}).Filled()
		require.Len(t, steps, len(same))
		for i := range steps {
			for j := range steps[i].Run {
				require.Equal(t, metacharacters(same[i].Run[j]), metacharacters(steps[i].Run[j]))
			}
		}
	})
}

func metacharacters(command string) string {
	return strings.Map(func(r rune) rune {
		if isPlain(r) {
			return -1
		}
		return r
	}, command)
}
