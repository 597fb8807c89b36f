package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"
)

// block is a fenced piece of a page.
type block struct {
	page, language, text string
}

// pages are the texts that people follow.
func pages(t *testing.T) []string {
	t.Helper()
	list, err := filepath.Glob("../../docs/*.md")
	require.NoError(t, err)
	return append(list, "../../README.md", "../../CONTRIBUTING.md", "../../bench/README.md")
}

var fence = regexp.MustCompile("(?ms)^( *)```([a-z]+)\n(.*?)^ *```$")

func blocks(t *testing.T, page string) (list []block) {
	t.Helper()
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	for _, m := range fence.FindAllStringSubmatch(string(text), -1) {
		unindented := regexp.MustCompile("(?m)^"+m[1]).ReplaceAllString(m[3], "")
		list = append(list, block{page, m[2], unindented})
	}
	return list
}

// TestPagesAreRight reads all blocks of all pages: data must parse, and commands and
// flags of the program must be there.
func TestPagesAreRight(t *testing.T) {
	inline := regexp.MustCompile("`(shrike [^`]*)`")
	for _, page := range pages(t) {
		t.Run(filepath.Base(page), func(t *testing.T) {
			for _, b := range blocks(t, page) {
				switch b.language {
				case "json":
					require.True(t, json.Valid([]byte(b.text)), b.text)
				case "yaml":
					var value any
					require.NoError(t, yaml.Unmarshal([]byte(b.text), &value), b.text)
				case "toml":
					var value map[string]any
					require.NoError(t, toml.Unmarshal([]byte(b.text), &value), b.text)
				case "sh":
					for _, line := range commandLines(b.text) {
						requireCommand(t, line)
					}
				}
			}
			text, err := os.ReadFile(page)
			require.NoError(t, err)
			for _, m := range inline.FindAllStringSubmatch(string(text), -1) {
				for _, line := range commandLines(m[1]) {
					requireCommand(t, line)
				}
			}
		})
	}
}

// commandLines finds the calls of shrike in shell text, as words.
func commandLines(text string) (calls [][]string) {
	text = strings.ReplaceAll(text, "\\\n", " ")
	comment := regexp.MustCompile(`(^|\s)#.*`)
	for line := range strings.Lines(text) {
		line = comment.ReplaceAllString(strings.TrimSpace(line), "")
		for _, part := range regexp.MustCompile(`\|\|?|&&|;|\$\(`).Split(line, -1) {
			words := shellWords(strings.TrimPrefix(strings.TrimSpace(part), "$ "))
			for len(words) > 0 && strings.Contains(words[0], "=") {
				words = words[1:]
			}
			if len(words) > 2 && words[0] == "go" && words[1] == "run" {
				words = words[2:]
			}
			if len(words) > 0 && (words[0] == "shrike" || words[0] == "./cmd/shrike") {
				calls = append(calls, words[1:])
			}
		}
	}
	return calls
}

// shellWords splits a simple command, and leaves redirections out.
func shellWords(line string) (words []string) {
	for _, w := range regexp.MustCompile(`"[^"]*"|'[^']*'|[^\s"']+`).FindAllString(line, -1) {
		if !strings.ContainsAny(w[:1], "<>") {
			words = append(words, strings.Trim(w, `"'`))
		}
	}
	return words
}

func requireCommand(t *testing.T, words []string) {
	t.Helper()
	root := newRoot(streams{in: strings.NewReader(""), out: &bytes.Buffer{}, err: &bytes.Buffer{}, env: func(string) string { return "" }})
	root.InitDefaultCompletionCmd()
	var command *cobra.Command
	command, rest, err := root.Find(words)
	require.NoError(t, err, "%q", words)
	if command == root && len(rest) > 0 && !strings.HasPrefix(rest[0], "-") {
		require.Contains(t, []string{"...", "…", "RULE"}, rest[0], "no such command: %q", words)
		return
	}
	require.NoError(t, command.ParseFlags(rest), "%q", words)
}

// TestQuickStart follows the quick start to the letter, from an empty folder to a
// blocked commit, an accepted finding and two reports.
func TestQuickStart(t *testing.T) {
	for _, program := range []string{"bash", "git"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed", program)
		}
	}
	var steps []string
	for _, b := range blocks(t, "../../docs/quickstart.md") {
		require.Equal(t, "sh", b.language)
		if !strings.Contains(b.text, "go install") { // what the test's PATH holds already
			steps = append(steps, b.text)
		}
	}
	require.Len(t, steps, 5)
	home := t.TempDir()
	dir := t.TempDir()
	shell := func(text string) (string, error) {
		c := exec.Command("bash", "-euo", "pipefail", "-c", text)
		c.Dir = dir
		c.Env = append(os.Environ(), "HOME="+home, "XDG_CONFIG_HOME="+home, "GIT_CONFIG_SYSTEM="+os.DevNull, "GIT_CONFIG_GLOBAL="+filepath.Join(home, "gitconfig"))
		out, err := c.CombinedOutput()
		return string(out), err
	}

	// A repository that is there already, clean.
	out, err := shell("git init -q; git config user.name T; git config user.email t@example.test; git commit -q --allow-empty -m start")
	require.NoError(t, err, out)
	for _, step := range steps[:2] {
		out, err = shell(step)
		require.NoError(t, err, out)
	}
	require.Contains(t, out, "A commit that holds a credential is blocked here")

	out, err = shell(steps[2])
	require.Error(t, err, "the commit is refused")
	require.Contains(t, out, "deploy.env:2")
	require.Contains(t, out, "git rm --cached -- deploy.env")
	accept := regexp.MustCompile(`shrike baseline accept ([0-9a-f]{12}) --reason WHY`).FindStringSubmatch(out)
	require.NotNil(t, accept, out)

	dir = filepath.Join(dir, "demo")
	out, err = shell(strings.ReplaceAll(steps[3], "FINGERPRINT", accept[1]))
	require.NoError(t, err, out)
	out, err = shell(steps[4])
	require.NoError(t, err, out)
	require.Contains(t, out, "No secrets found (1 suppressed)")
	require.FileExists(t, filepath.Join(dir, "shrike.sarif"))
	require.FileExists(t, filepath.Join(dir, "shrike.html"))
}
