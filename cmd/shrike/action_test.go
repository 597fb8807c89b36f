package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"
)

// action is what we read of action.yml.
type action struct {
	Inputs map[string]struct {
		Default string `yaml:"default"`
	} `yaml:"inputs"`
	Outputs map[string]struct {
		Value string `yaml:"value"`
	} `yaml:"outputs"`
	Runs struct {
		Steps []struct {
			Name string            `yaml:"name"`
			ID   string            `yaml:"id"`
			Env  map[string]string `yaml:"env"`
			Run  string            `yaml:"run"`
		} `yaml:"steps"`
	} `yaml:"runs"`
}

// runner runs the action's steps as GitHub's runner does: expressions in env are
// resolved, scripts go to bash with -e and pipefail, outputs and the summary are
// files.
type runner struct {
	t      *testing.T
	action action
	root   string // of this project
	repo   string // the workspace
	temp   string
}

func newRunner(t *testing.T) *runner {
	t.Helper()
	for _, program := range []string{"bash", "git", "go", "od", "sed"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed", program)
		}
	}
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	text, err := os.ReadFile(filepath.Join(root, "action.yml"))
	require.NoError(t, err)
	r := &runner{t: t, root: root, repo: t.TempDir(), temp: t.TempDir()}
	require.NoError(t, yaml.Unmarshal(text, &r.action))
	r.git("init", "-q", "-b", "main")
	return r
}

func (r *runner) git(args ...string) string {
	r.t.Helper()
	c := exec.Command("git", append([]string{"-C", r.repo, "-c", "user.name=T", "-c", "user.email=t@example.test"}, args...)...)
	c.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull)
	out, err := c.CombinedOutput()
	require.NoError(r.t, err, "git %v: %s", args, out)
	return strings.TrimSpace(string(out))
}

func (r *runner) commit(file, text string) string {
	r.t.Helper()
	require.NoError(r.t, os.WriteFile(filepath.Join(r.repo, file), []byte(text), 0o600))
	r.git("add", "-A")
	r.git("commit", "-q", "-m", "Change "+file)
	return r.git("rev-parse", "HEAD")
}

var expression = regexp.MustCompile(`\$\{\{ *([a-z_.-]+) *\}\}`)

// run runs the action and returns whether it succeeded, its outputs, its summary
// and its log.
func (r *runner) run(event, payload string, inputs map[string]string) (ok bool, outputs map[string]string, summary, log string) {
	r.t.Helper()
	file := func(name, text string) string {
		path := filepath.Join(r.temp, name)
		require.NoError(r.t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	output, summaryFile := file("output", ""), file("summary", "")
	environment := append(os.Environ(),
		"RUNNER_TEMP="+r.temp, "GITHUB_OUTPUT="+output, "GITHUB_STEP_SUMMARY="+summaryFile,
		"GITHUB_ACTIONS=true", "GITHUB_EVENT_NAME="+event, "GITHUB_EVENT_PATH="+file("event.json", payload),
		"GITHUB_SHA="+r.git("rev-parse", "HEAD"), "GOFLAGS=-buildvcs=false")
	resolve := func(text string) string {
		return expression.ReplaceAllStringFunc(text, func(e string) string {
			switch name := expression.FindStringSubmatch(e)[1]; name {
			case "github.action_path":
				return r.root
			case "runner.temp":
				return r.temp
			default:
				input, known := strings.CutPrefix(name, "inputs.")
				require.True(r.t, known, name)
				return inputs[input]
			}
		})
	}
	given := inputs
	inputs = map[string]string{}
	for name, in := range r.action.Inputs {
		inputs[name] = resolve(in.Default)
	}
	for name, value := range given {
		require.Contains(r.t, inputs, name)
		inputs[name] = value
	}
	ok = true
	for _, step := range r.action.Runs.Steps {
		require.NotContains(r.t, step.Run, "${{", "an expression in a script runs what a branch's name says")
		c := exec.Command("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step.Run)
		c.Dir, c.Env = r.repo, environment
		for name, value := range step.Env {
			c.Env = append(c.Env, name+"="+resolve(value))
		}
		text, err := c.CombinedOutput()
		log += string(text)
		if err != nil {
			ok = false
			break
		}
	}
	outputs = map[string]string{}
	text, err := os.ReadFile(output)
	require.NoError(r.t, err)
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		require.Contains(r.t, r.action.Outputs, name)
		outputs[name] = value
	}
	text, err = os.ReadFile(summaryFile)
	require.NoError(r.t, err)
	return ok, outputs, string(text), log
}

func TestAction(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	r := newRunner(t)
	s := secrets()
	key := "aws_access_key_id = " + s["AWS_ID"] + "\naws_secret_access_key = " + s["AWS_SECRET"] + "\n"
	push := func(before, after string) string { return `{"before":"` + before + `","after":"` + after + `"}` }
	zero := strings.Repeat("0", 40)

	clean := r.commit("README", "hello\n")
	ok, outputs, summary, log := r.run("push", push(zero, clean), nil)
	require.True(t, ok, log)
	require.Equal(t, "0", outputs["status"])
	require.Equal(t, "0", outputs["findings"])
	require.FileExists(t, outputs["sarif"])
	require.Contains(t, summary, "### No secrets found")
	require.Contains(t, log, "first push of a branch")

	leaked := r.commit("deploy.env", key)
	removed := r.commit("deploy.env", "moved to the vault\n")
	later := r.commit("README", "hello again\n::error::said by a file\n")

	ok, outputs, summary, log = r.run("push", push(clean, later), map[string]string{"format": "html=" + filepath.Join(r.temp, "out.html") + "\njunit=" + filepath.Join(r.temp, "out.xml")})
	require.False(t, ok)
	require.Equal(t, "1", outputs["status"])
	require.Equal(t, "1", outputs["critical"])
	require.Contains(t, summary, "#### Only in history: 1", "no line of the change shows it")
	require.NotContains(t, summary+log, s["AWS_SECRET"])
	require.FileExists(t, filepath.Join(r.temp, "out.html"))
	require.FileExists(t, filepath.Join(r.temp, "out.xml"))

	ok, outputs, _, log = r.run("push", push(removed, later), nil)
	require.True(t, ok, log)
	require.Equal(t, "0", outputs["findings"], "only what the push brings is scanned")

	lost := strings.Repeat("9", 40)
	ok, outputs, _, log = r.run("push", push(lost, later), nil)
	require.False(t, ok, "a force push over a lost base is scanned as a first one")
	require.Equal(t, "1", outputs["findings"])
	require.Contains(t, log, "which is not in this clone")

	pull := `{"pull_request":{"base":{"sha":"` + clean + `"},"head":{"sha":"` + leaked + `"}}}`
	ok, _, summary, _ = r.run("pull_request", pull, nil)
	require.False(t, ok)
	require.Contains(t, summary, "1 secret found")

	ok, _, _, log = r.run("pull_request", strings.ReplaceAll(pull, clean, lost), nil)
	require.False(t, ok)
	require.Contains(t, log, "fetch-depth: 0")

	ok, outputs, _, log = r.run("schedule", "", map[string]string{"fail-on": "never"})
	require.True(t, ok, log)
	require.Equal(t, "1", outputs["findings"], "a schedule looks at all of history")

	ok, outputs, _, log = r.run("schedule", "", map[string]string{"range": "no..such"})
	require.False(t, ok)
	require.Equal(t, "2", outputs["status"], log)

	ok, outputs, _, log = r.run("push", "", map[string]string{"command": "dir"})
	require.True(t, ok, log)
	require.Equal(t, "0", outputs["findings"])
	require.NotRegexp(t, `(?m)^::error::said by a file`, beforeToken(log), "files give the runner no commands")

	ok, _, _, log = r.run("push", "", map[string]string{"version": "v1;echo pwned"})
	require.False(t, ok)
	require.Contains(t, log, "::error::version")
	require.NotContains(t, log, "\npwned")
}

// beforeToken is the log without what the runner was told not to obey.
func beforeToken(log string) string {
	before, rest, found := strings.Cut(log, "::stop-commands::")
	if !found {
		return log
	}
	token, rest, _ := strings.Cut(rest, "\n")
	_, after, _ := strings.Cut(rest, "::"+token+"::")
	return before + after
}
