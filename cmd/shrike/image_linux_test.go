package main

import (
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"
)

// TestImage makes what the Dockerfile makes, as far as that can be done without an
// engine: it runs the build step, puts what is copied into an empty folder, and runs
// the entry point and the -docker hooks with that folder as the whole world.
func TestImage(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	file, err := os.ReadFile("../../Dockerfile")
	require.NoError(t, err)
	before, after, ok := strings.Cut(string(file), "\nFROM scratch\n")
	require.True(t, ok, "nothing of the building stage is in the image")
	module, err := os.ReadFile("../../go.mod")
	require.NoError(t, err)
	golang := regexp.MustCompile(`(?m)^FROM golang:(\d+\.\d+) `).FindStringSubmatch(before)
	require.NotNil(t, golang)
	require.Contains(t, string(module), "\ngo "+golang[1], "the image builds with the Go that go.mod names")

	world := t.TempDir()
	require.NoError(t, os.Chmod(world, 0o755))
	step := regexp.MustCompile(`(?m)^RUN (CGO_ENABLED=0 go build .*)$`).FindStringSubmatch(before)
	require.NotNil(t, step)
	build := exec.Command("sh", "-c", strings.Replace(step[1], "-o /shrike", "-o "+filepath.Join(world, "shrike"), 1))
	build.Dir = "../.."
	build.Env = append(os.Environ(), "VERSION=v9.9.9", "GOFLAGS=-buildvcs=false")
	out, err := build.CombinedOutput()
	require.NoError(t, err, "%s", out)
	program, err := elf.Open(filepath.Join(world, "shrike"))
	require.NoError(t, err)
	defer program.Close()
	require.False(t, slices.ContainsFunc(program.Progs, func(p *elf.Prog) bool { return p.Type == elf.PT_INTERP }), "static")
	require.Contains(t, after, "COPY --from=build /shrike /shrike\n")
	require.Contains(t, after, "USER 65532:65532\n")
	require.Contains(t, after, `ENTRYPOINT ["/shrike"]`)

	if os.Getuid() != 0 {
		t.Skip("only root may run a program in another root")
	}
	source := filepath.Join(world, "src")
	require.NoError(t, os.Mkdir(source, 0o755))
	run := func(args ...string) (status int, said string) {
		c := exec.Command("/shrike", args...)
		c.Dir, c.Env = "/src", []string{}
		c.SysProcAttr = &syscall.SysProcAttr{Chroot: world, Credential: &syscall.Credential{Uid: 65532, Gid: 65532}}
		out, err := c.CombinedOutput()
		if c.ProcessState == nil {
			require.NoError(t, err)
		}
		return c.ProcessState.ExitCode(), string(out)
	}
	status, said := run("--version")
	require.Zero(t, status, said)
	require.Equal(t, "shrike v9.9.9\n", said)

	git := func(args ...string) {
		c := exec.Command("git", append([]string{"-C", source, "-c", "user.name=T", "-c", "user.email=t@example.test"}, args...)...)
		c.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull)
		out, err := c.CombinedOutput()
		require.NoError(t, err, "%s", out)
	}
	git("init", "-q", "-b", "main")
	git("commit", "-q", "--allow-empty", "-m", "start")
	hooks := dockerHooks(t)
	for _, hook := range []string{"shrike-docker", "shrike-push-docker"} {
		status, said = run(hooks[hook]...)
		require.Zero(t, status, "%s: %s", hook, said)
	}
	require.NoError(t, os.WriteFile(filepath.Join(source, "deploy.env"), []byte(leakedPair()), 0o644))
	git("add", ".")
	status, said = run(hooks["shrike-docker"]...)
	require.Equal(t, 1, status, said)
	require.Contains(t, said, "deploy.env:2")
	git("commit", "-q", "-m", "leak")
	status, said = run(hooks["shrike-push-docker"]...)
	require.Equal(t, 1, status, said)
	require.NoError(t, os.WriteFile(filepath.Join(source, ".git", "MESSAGE"), []byte(leakedPair()), 0o644))
	status, said = run(append(hooks["shrike-message-docker"], ".git/MESSAGE")...)
	require.Equal(t, 1, status, said)
	status, said = run("git", "/src")
	require.Equal(t, 1, status, said)
}

// dockerHooks are the arguments that each hook gives the image's program.
func dockerHooks(t *testing.T) map[string][]string {
	t.Helper()
	var list []struct{ ID, Entry, Language string }
	text, err := os.ReadFile("../../.pre-commit-hooks.yaml")
	require.NoError(t, err)
	require.NoError(t, yaml.Unmarshal(text, &list))
	hooks := map[string][]string{}
	for _, h := range list {
		if h.Language == "docker" {
			words := strings.Fields(h.Entry)
			require.Equal(t, "/shrike", words[0])
			hooks[h.ID] = words[1:]
		}
	}
	require.Len(t, hooks, 3)
	return hooks
}
