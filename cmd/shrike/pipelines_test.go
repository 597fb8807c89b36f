package main

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"
)

// pipelineRun is a project in a pipeline: a clone, an empty folder for what it
// writes, and a PATH on which "go install" does nothing, for shrike is there.
type pipelineRun struct {
	t         *testing.T
	repo, out string
	env       []string
}

func newPipelineRun(t *testing.T) *pipelineRun {
	t.Helper()
	for _, program := range []string{"bash", "git"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed", program)
		}
	}
	bin := t.TempDir()
	install := "#!/bin/sh\n[ \"$1\" = install ] && [ \"${2%@*}\" = github.com/shrike-scan/shrike/cmd/shrike ]\n"
	require.NoError(t, os.WriteFile(filepath.Join(bin, "go"), []byte(install), 0o700))
	p := &pipelineRun{t: t, repo: t.TempDir(), out: filepath.Join(t.TempDir(), "out")}
	p.env = append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"),
		"GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull)
	p.git("init", "-q", "-b", "main")
	return p
}

func (p *pipelineRun) git(args ...string) string {
	p.t.Helper()
	c := exec.Command("git", append([]string{"-C", p.repo, "-c", "user.name=T", "-c", "user.email=t@example.test"}, args...)...)
	c.Env = p.env
	out, err := c.CombinedOutput()
	require.NoError(p.t, err, "git %v: %s", args, out)
	return strings.TrimSpace(string(out))
}

func (p *pipelineRun) commit(file, text string) string {
	p.t.Helper()
	require.NoError(p.t, os.WriteFile(filepath.Join(p.repo, file), []byte(text), 0o600))
	p.git("add", "-A")
	p.git("commit", "-q", "-m", "Change "+file)
	return p.git("rev-parse", "HEAD")
}

// shell runs commands one after the other until one fails, as both services do.
func (p *pipelineRun) shell(commands []string, env ...string) (ok bool, log string) {
	p.t.Helper()
	c := exec.Command("bash", "-e", "-c", strings.Join(commands, "\n"))
	c.Dir, c.Env = p.repo, append(p.env, env...)
	out, err := c.CombinedOutput()
	return err == nil, string(out)
}

func leakedPair() string {
	s := secrets()
	return "aws_access_key_id = " + s["AWS_ID"] + "\naws_secret_access_key = " + s["AWS_SECRET"] + "\n"
}

// TestCodeBuildExample runs the phases of docs/examples/buildspec.yml.
func TestCodeBuildExample(t *testing.T) {
	type phase struct{ Commands, Finally []string }
	var spec struct {
		Version string
		Phases  struct{ Install, Build phase }
		Reports map[string]struct {
			Files  []string
			Folder string `yaml:"base-directory"`
			Format string `yaml:"file-format"`
		}
		Artifacts struct {
			Files  []string
			Folder string `yaml:"base-directory"`
		}
	}
	text, err := os.ReadFile("../../docs/examples/buildspec.yml")
	require.NoError(t, err)
	p := newPipelineRun(t)
	text = bytes.ReplaceAll(text, []byte("/tmp/shrike"), []byte(p.out))
	require.NoError(t, yaml.Unmarshal(text, &spec))
	require.Equal(t, "0.2", spec.Version)

	var sent struct{ Commit_sha, Ref, Sarif string }
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			_, _ = w.Write([]byte(`{"processing_status":"complete"}`))
			return
		}
		if r.URL.Path != "/repos/owner/name/code-scanning/sarifs" || json.NewDecoder(r.Body).Decode(&sent) != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		w.WriteHeader(http.StatusAccepted)
		_, _ = w.Write([]byte(`{"id":"1"}`))
	}))
	defer server.Close()

	build := func(commit string, env ...string) (ok bool, log string) {
		require.NoError(t, os.RemoveAll(p.out))
		env = append(env, "CODEBUILD_BUILD_ID=project:1", "CODEBUILD_SOURCE_REPO_URL=https://git.example.test/owner/name.git",
			"CODEBUILD_RESOLVED_SOURCE_VERSION="+commit, "GITHUB_TOKEN=not-a-real-token", "GITHUB_API_URL="+server.URL)
		ok, log = p.shell(spec.Phases.Install.Commands, env...)
		require.True(t, ok, log)
		ok, log = p.shell(spec.Phases.Build.Commands, env...)
		finally, more := p.shell(spec.Phases.Build.Finally, env...)
		require.True(t, finally, more)
		require.NotContains(t, log+more, "not-a-real-token")
		for _, r := range spec.Reports {
			require.Equal(t, "JUNITXML", r.Format)
			for _, file := range r.Files {
				require.FileExists(t, filepath.Join(r.Folder, file))
			}
		}
		for _, file := range spec.Artifacts.Files {
			require.FileExists(t, filepath.Join(spec.Artifacts.Folder, file))
		}
		return ok, log + more
	}

	first := p.commit("README", "hello\n")
	ok, log := build(first, "CODEBUILD_WEBHOOK_EVENT=PUSH", "CODEBUILD_WEBHOOK_TRIGGER=branch/main")
	require.True(t, ok, log)
	require.Equal(t, first, sent.Commit_sha)
	require.Equal(t, "refs/heads/main", sent.Ref)

	leaked := p.commit("deploy.env", leakedPair())
	ok, log = build(leaked, "CODEBUILD_WEBHOOK_EVENT=PUSH", "CODEBUILD_WEBHOOK_PREV_COMMIT="+first, "CODEBUILD_WEBHOOK_TRIGGER=branch/main")
	require.False(t, ok, "findings fail the build")
	require.Contains(t, log, "1 result uploaded to owner/name as refs/heads/main")
	require.NotContains(t, log, secrets()["AWS_SECRET"])
	junit, err := os.ReadFile(filepath.Join(p.out, "junit.xml"))
	require.NoError(t, err)
	require.Contains(t, string(junit), `failures="1"`)
	packed, err := base64.StdEncoding.DecodeString(sent.Sarif)
	require.NoError(t, err)
	unpacked, err := gzip.NewReader(bytes.NewReader(packed))
	require.NoError(t, err)
	sarif, err := io.ReadAll(unpacked)
	require.NoError(t, err)
	require.Contains(t, string(sarif), "deploy.env")

	// A pull request: its base is a branch of the remote, its head what is checked out.
	p.git("update-ref", "refs/remotes/origin/main", first)
	ok, log = build(leaked, "CODEBUILD_WEBHOOK_EVENT=PULL_REQUEST_CREATED", "CODEBUILD_WEBHOOK_BASE_REF=refs/heads/main", "CODEBUILD_WEBHOOK_TRIGGER=pr/7")
	require.False(t, ok)
	require.Contains(t, log, "uploaded to owner/name as refs/pull/7/head")
}

// TestGitLabExample runs the job of docs/examples/gitlab-ci.yml.
func TestGitLabExample(t *testing.T) {
	var file map[string]struct {
		Variables map[string]string
		Script    []string
		Artifacts struct {
			When    string
			Paths   []string
			Reports map[string]string
		}
	}
	text, err := os.ReadFile("../../docs/examples/gitlab-ci.yml")
	require.NoError(t, err)
	require.NoError(t, yaml.Unmarshal(text, &file))
	job := file["shrike"]
	require.Equal(t, "0", job.Variables["GIT_DEPTH"])
	require.Equal(t, "always", job.Artifacts.When)
	p := newPipelineRun(t)

	pipeline := func(env ...string) (ok bool, log string) {
		p.git("clean", "-q", "-f", "-d")
		ok, log = p.shell(job.Script, append(env, "GITLAB_CI=true")...)
		for _, path := range job.Artifacts.Paths {
			require.FileExists(t, filepath.Join(p.repo, path))
		}
		for _, path := range job.Artifacts.Reports {
			require.FileExists(t, filepath.Join(p.repo, path))
		}
		return ok, log
	}
	first := p.commit("README", "hello\n")
	ok, log := pipeline("CI_PIPELINE_SOURCE=push", "CI_COMMIT_BEFORE_SHA="+strings.Repeat("0", 40), "CI_COMMIT_SHA="+first)
	require.True(t, ok, log)

	leaked := p.commit("deploy.env", leakedPair())
	removed := p.commit("deploy.env", "moved to the vault\n")
	ok, log = pipeline("CI_PIPELINE_SOURCE=merge_request_event", "CI_MERGE_REQUEST_DIFF_BASE_SHA="+first, "CI_COMMIT_SHA="+leaked)
	require.False(t, ok)
	require.Contains(t, log, "1 secret found")
	report, err := os.ReadFile(filepath.Join(p.repo, job.Artifacts.Reports["secret_detection"]))
	require.NoError(t, err)
	var parsed struct {
		Vulnerabilities []struct {
			Location struct {
				File   string
				Commit struct{ SHA string }
			}
		}
	}
	require.NoError(t, json.Unmarshal(report, &parsed))
	require.Len(t, parsed.Vulnerabilities, 1)
	require.Equal(t, "deploy.env", parsed.Vulnerabilities[0].Location.File)
	require.Equal(t, leaked, parsed.Vulnerabilities[0].Location.Commit.SHA)

	ok, log = pipeline("CI_PIPELINE_SOURCE=push", "CI_COMMIT_BEFORE_SHA="+leaked, "CI_COMMIT_SHA="+removed)
	require.True(t, ok, log)
	ok, _ = pipeline("CI_PIPELINE_SOURCE=schedule", "CI_COMMIT_SHA="+removed)
	require.False(t, ok, "a schedule looks at all of history")
}
