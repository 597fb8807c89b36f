package git

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

// fixture is a repository that the real git makes, away from the host's
// configuration and clock.
type fixture struct {
	t     *testing.T
	dir   string
	clock int // each commit is a day after the one before
}

func newFixture(t *testing.T, initArgs ...string) *fixture {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("fixtures need the git program")
	}
	f := &fixture{t: t, dir: filepath.Join(t.TempDir(), "repo")}
	require.NoError(t, os.Mkdir(f.dir, 0o755))
	f.git(append([]string{"init", "-q", "-b", "main"}, initArgs...)...)
	return f
}

func (f *fixture) git(args ...string) string { f.t.Helper(); return f.gitIn("", args...) }

func (f *fixture) gitIn(stdin string, args ...string) string {
	f.t.Helper()
	out, err := f.try(stdin, args...)
	require.NoError(f.t, err, "git %s: %s", strings.Join(args, " "), out)
	return strings.TrimSpace(out)
}

func (f *fixture) try(stdin string, args ...string) (string, error) {
	date := fmt.Sprintf("%d +0100", 1_500_000_000+86_400*f.clock)
	cmd := exec.Command("git", args...)
	cmd.Dir = f.dir
	cmd.Stdin = strings.NewReader(stdin)
	cmd.Env = append(os.Environ(),
		"GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null", "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=A U Thor", "GIT_AUTHOR_EMAIL=author@example.com", "GIT_AUTHOR_DATE="+date,
		"GIT_COMMITTER_NAME=C O Mitter", "GIT_COMMITTER_EMAIL=committer@example.com", "GIT_COMMITTER_DATE="+date,
	)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (f *fixture) write(path, content string) {
	f.t.Helper()
	path = filepath.Join(f.dir, path)
	require.NoError(f.t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(f.t, os.WriteFile(path, []byte(content), 0o644))
}

func (f *fixture) remove(path string) {
	f.t.Helper()
	require.NoError(f.t, os.Remove(filepath.Join(f.dir, path)))
}

// commit commits the whole work tree and gives the commit's id.
func (f *fixture) commit(message string, args ...string) string {
	f.t.Helper()
	f.clock++
	f.git("add", "-A")
	f.git(append([]string{"commit", "-q", "--allow-empty", "-m", message}, args...)...)
	return f.git("rev-parse", "HEAD")
}

// keyID assembles the n-th access key id, so that no file holds one.
func keyID(n int) string {
	sum := sha256.Sum256(fmt.Append(nil, "key id ", n))
	return "AK" + "IA" + base32.StdEncoding.EncodeToString(sum[:])[:16]
}

// keySecret is the secret half that goes with keyID(n).
func keySecret(n int) string {
	sum := sha256.Sum256(fmt.Append(nil, "secret ", n))
	return base32.StdEncoding.EncodeToString(sum[:])[:40]
}

// pair is a file's text with both halves.
func pair(n int) string {
	return "[default]\naws_access_key_id = " + keyID(n) + "\naws_secret_access_key = " + keySecret(n) + "\n"
}

func testEngine(t testing.TB) *scanner.Engine {
	t.Helper()
	e, err := scanner.Compile([]scanner.Rule{
		{ID: "key-id", Severity: scanner.SeverityHigh, Confidence: scanner.ConfidenceHigh, Regex: `\bAKIA[A-Z2-7]{16}\b`},
		{ID: "secret", Severity: scanner.SeverityHigh, Confidence: scanner.ConfidenceHigh, Regex: `aws_secret_access_key = ([A-Z2-7]{40})`},
	}, scanner.Options{})
	require.NoError(t, err)
	return e
}

// result is what a scan of a repository gave.
type result struct {
	receipt  Receipt
	findings []*scanner.Finding
}

func (r result) find(t *testing.T, secret string) *scanner.Finding {
	t.Helper()
	for _, f := range r.findings {
		if f.Secret.Reveal() == secret {
			return f
		}
	}
	require.Fail(t, "the planted secret was not found")
	return nil
}

func open(t testing.TB, path string) *Repository {
	t.Helper()
	r, err := Open(path, Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, r.Close()) })
	return r
}

func scan(t testing.TB, r *Repository, o ScanOptions) result {
	t.Helper()
	c := scanner.NewCollector()
	receipt, err := r.Scan(context.Background(), testEngine(t), c, o)
	require.NoError(t, err)
	fs := c.Findings()
	require.NoError(t, r.Attribute(context.Background(), fs, AttributeOptions{Workers: o.Workers}))
	return result{receipt, fs}
}

// lines shows all that is said of findings, one line an occurrence.
func (r result) lines() string {
	var b bytes.Buffer
	id := func(c *scanner.Commit) string {
		if c == nil {
			return "-"
		}
		return c.ID
	}
	for _, f := range r.findings {
		fmt.Fprintf(&b, "%s %v %s %s %s %v\n", f.Secret.Reveal(), f.Alive, f.Reach, id(f.Introduced), id(f.Removed), f.Refs)
		for _, o := range f.Occurrences {
			fmt.Fprintf(&b, "  %s %q %s:%d:%d %s\n", o.Where, o.Path, o.Object, o.Line, o.Column, id(o.Commit))
		}
	}
	return b.String()
}
