package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/report"
	"github.com/shrike-scan/shrike/verify/verifytest"
)

// TestStoryOfAnAWSKey is docs/respond.md as a test: a key pair split over two files
// in two commits is found, verified live, accepted for a while and reopened, switched
// off with the printed command, verified dead, and its baseline entry told stale.
func TestStoryOfAnAWSKey(t *testing.T) {
	m := verifytest.StartMoto(t)
	key, admin := m.User(t, "deploy"), m.User(t, "admin", "AdministratorAccess")
	for !looksLikeAKey(t, key) {
		m.Call(t, "iam", "DeleteAccessKey", "UserName", "deploy", "AccessKeyId", key.ID)
		key = m.Call(t, "iam", "CreateAccessKey", "UserName", "deploy").Created
	}
	m.Lock(t)

	t.Chdir(t.TempDir())
	commit := func(file, text string) {
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		gitIn(t, "add", file)
		gitIn(t, "commit", "-qm", "add "+file)
	}
	gitIn(t, "init", "-q", "-b", "main")
	commit(".shrike.toml", "[accounts]\n123456789012 = { name = \"acme-prod\", owner = \"platform team\", cloudtrail = \"security.cloudtrail_logs\" }\n")
	commit("user.env", "AWS_ACCESS_KEY_ID="+key.ID+"\n")
	commit("keys.env", "AWS_SECRET_ACCESS_KEY="+key.Secret+"\n")

	shrike := func(args ...string) (got status, stdout, stderr string) {
		for range 6 { // a busy machine answers too late at times
			var out, err bytes.Buffer
			got = run(t.Context(), args, streams{in: strings.NewReader(""), out: &out, err: &err, env: func(name string) string {
				return map[string]string{"AWS_ENDPOINT_URL": m.Endpoint}[name]
			}})
			stdout, stderr = out.String(), err.String()
			require.NotContains(t, stdout+stderr, key.Secret)
			if !strings.Contains(stdout+stderr, "no answer") {
				break
			}
		}
		return got, stdout, stderr
	}
	scan := func(args ...string) (status, report.Finding, string) {
		got, out, stderr := shrike(append([]string{"git", "--no-cache", "--format", "json"}, args...)...)
		var doc report.Document
		require.NoError(t, json.Unmarshal([]byte(out), &doc), out+stderr)
		require.Len(t, doc.Findings, 1, "the two halves are one finding")
		return got, doc.Findings[0], stderr
	}

	// Found, and verified live.
	got, f, stderr := scan("--verify", "--deep", "--fail-on", "live")
	require.Equal(t, statusFound, got, stderr)
	require.Contains(t, stderr, "verification contacts "+strings.TrimPrefix(m.Endpoint, "http://"))
	require.Contains(t, stderr, "iam:ListAttachedUserPolicies", "deep calls are said aloud")
	require.Equal(t, "live", f.Verdict.State, f.Verdict.Reason)
	require.NotEmpty(t, f.Verdict.At)
	require.Contains(t, f.Verdict.Call, "sts:GetCallerIdentity")
	require.Len(t, f.Occurrences, 2)
	require.NotEqual(t, f.Occurrences[0].Commit.ID, f.Occurrences[1].Commit.ID)
	told := map[string]string{}
	for _, d := range append(f.Details, f.Verdict.Details...) {
		told[d.Name] = d.Value
	}
	require.Equal(t, "123456789012", told["account"])
	require.Equal(t, "acme-prod", told["account name"])
	require.Equal(t, "platform team", told["account owner"])
	require.Equal(t, "arn:aws:iam::123456789012:user/deploy", told["arn"])
	require.Contains(t, told["may not ask"], "iam:ListAccessKeys")

	// The playbook has the commands and the query filled in.
	var command, query string
	for _, s := range f.Respond {
		if s.Phase == "contain" && command == "" {
			command = s.Run[0]
		}
		query += s.Query
	}
	require.Equal(t, "aws iam update-access-key --user-name deploy --access-key-id "+key.ID+" --status Inactive", command)
	require.Contains(t, query, "FROM security.cloudtrail_logs\nWHERE useridentity.accesskeyid = '"+key.ID+"'")

	_, out, _ := shrike("git", "--no-cache", "--verify", "--format", "sarif")
	for _, want := range []string{`"level":"error"`, `"security-severity":"9.5"`, `"verdict":"live"`, `"verdictCall":"sts:GetCallerIdentity"`, `"verdictAt":"2`} {
		require.Contains(t, out, want)
	}

	// Accepted, it hides from a plain scan, and comes back from one that asks.
	got, _, stderr = shrike("baseline", "accept", f.Fingerprint, "--reason", "rotation is under way", "--owner", "platform team")
	require.Equal(t, statusClean, got, stderr)
	got, f, _ = scan()
	require.Equal(t, statusClean, got)
	require.NotNil(t, f.Suppressed)
	got, f, stderr = scan("--verify")
	require.Equal(t, statusFound, got)
	require.Nil(t, f.Suppressed)
	require.Equal(t, "rotation is under way", f.Reopened.Reason)
	require.Contains(t, stderr, "but it is live, says sts:GetCallerIdentity: reported again")
	_, out, _ = shrike("git", "--no-cache", "--verify")
	require.Contains(t, out, "revoke   "+command)
	require.Contains(t, out, "reopened accepted in the baseline, by platform team: rotation is under way")

	// Switched off with the printed command.
	switchOff(t, m, admin, key, command)

	// Dead on the next run, and the baseline's entry is stale.
	got, f, stderr = scan("--verify")
	require.Equal(t, statusClean, got, stderr)
	require.Equal(t, "dead", f.Verdict.State, f.Verdict.Reason)
	require.Equal(t, "low", f.Severity)
	require.NotNil(t, f.Suppressed)
	require.Contains(t, stderr, "the entry is stale")
	got, out, stderr = shrike("baseline", "prune", "--verify", "--dry-run")
	require.Equal(t, statusFound, got)
	require.Contains(t, out, f.Fingerprint)
	require.Contains(t, stderr, "no risk is left to accept")
	got, _, stderr = shrike("baseline", "prune", "--verify", "--dead")
	require.Equal(t, statusClean, got, stderr)
	got, f, _ = scan("--verify", "--fail-on", "live")
	require.Equal(t, statusClean, got)
	require.Nil(t, f.Suppressed)
	require.Equal(t, "dead", f.Verdict.State)
	_, out, _ = shrike("git", "--no-cache", "--verify", "--format", "sarif")
	for _, want := range []string{`"level":"note"`, `"security-severity":"2.0"`, `"verdict":"dead"`} {
		require.Contains(t, out, want)
	}
}

// looksLikeAKey reports whether the rules take a random key for one: of a hundred
// secrets, they take one for words or a digest, and of thousands of ids, one for a sample.
func looksLikeAKey(t *testing.T, key verifytest.Keys) bool {
	t.Helper()
	_, out, _ := try(t, "AWS_SECRET_ACCESS_KEY="+key.Secret+"\n", "stdin", "--format", "json")
	_, id, _ := try(t, "AWS_ACCESS_KEY_ID="+key.ID+"\n", "stdin", "--format", "json")
	return strings.Contains(out, `"rule":"aws-secret-access-key"`) && strings.Contains(id, `"rule":"aws-access-key-id"`)
}

// switchOff runs the command as the administrator's shell would, by the aws program
// where it is installed.
func switchOff(t *testing.T, m *verifytest.Moto, admin, key verifytest.Keys, command string) {
	t.Helper()
	if _, err := exec.LookPath("aws"); err != nil {
		t.Log("the aws program is not installed: its call is made without it")
		m.SwitchOff(key.ID)
		return
	}
	shell := exec.Command("sh", "-c", command)
	shell.Env = append(os.Environ(), "AWS_ENDPOINT_URL="+m.Endpoint, "AWS_DEFAULT_REGION=us-east-1",
		"AWS_ACCESS_KEY_ID="+admin.ID, "AWS_SECRET_ACCESS_KEY="+admin.Secret, "AWS_PAGER=")
	out, err := shell.CombinedOutput()
	require.NoError(t, err, string(out))
}

func gitIn(t *testing.T, args ...string) {
	t.Helper()
	c := exec.Command("git", args...)
	c.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull,
		"GIT_AUTHOR_NAME=A", "GIT_AUTHOR_EMAIL=a@example.test", "GIT_COMMITTER_NAME=A", "GIT_COMMITTER_EMAIL=a@example.test")
	out, err := c.CombinedOutput()
	require.NoError(t, err, "git %v: %s", args, out)
}
