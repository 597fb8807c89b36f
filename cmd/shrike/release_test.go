package main

import (
	"debug/buildinfo"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"
)

// TestReleaseWorkflow runs the steps of the release that are scripts and need no
// key: it builds for every system, packs, and writes checksums that hold.
func TestReleaseWorkflow(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program for six systems")
	}
	for _, program := range []string{"bash", "tar", "zip", "sha256sum"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed", program)
		}
	}
	var workflow struct {
		Jobs struct {
			Release struct {
				Steps []struct {
					Name, Run, Uses string
					Env             map[string]string
					Folder          string `yaml:"working-directory"`
				}
			}
		}
	}
	text, err := os.ReadFile("../../.github/workflows/release.yml")
	require.NoError(t, err)
	require.NoError(t, yaml.Unmarshal(text, &workflow))

	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	checkout := t.TempDir() // of links: the steps write beside the sources
	entries, err := os.ReadDir(root)
	require.NoError(t, err)
	for _, e := range entries {
		if name := e.Name(); name != ".git" && name != "dist" && name != "build" {
			require.NoError(t, os.Symlink(filepath.Join(root, name), filepath.Join(checkout, name)))
		}
	}
	steps := 0
	for _, step := range workflow.Jobs.Release.Steps {
		require.NotContains(t, step.Run, "${{", "an expression in a script runs what a tag's name says")
		if step.Name != "Build" && step.Name != "Checksums" {
			continue
		}
		steps++
		c := exec.Command("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step.Run)
		c.Dir = filepath.Join(checkout, step.Folder)
		c.Env = append(os.Environ(), "VERSION=v9.9.9", "CGO_ENABLED=0", "GOFLAGS=-buildvcs=false")
		out, err := c.CombinedOutput()
		require.NoError(t, err, "%s: %s", step.Name, out)
	}
	require.Equal(t, 2, steps)

	dist := filepath.Join(checkout, "dist")
	sums, err := os.ReadFile(filepath.Join(dist, "checksums.txt"))
	require.NoError(t, err)
	require.Equal(t, 6, strings.Count(string(sums), "\n"))
	for _, system := range []string{"linux_amd64.tar.gz", "linux_arm64.tar.gz", "darwin_amd64.tar.gz", "darwin_arm64.tar.gz", "windows_amd64.zip", "windows_arm64.zip"} {
		require.Contains(t, string(sums), "  shrike_9.9.9_"+system+"\n")
		name := "shrike"
		if strings.HasPrefix(system, "windows") {
			name += ".exe"
		}
		folder, _, _ := strings.Cut(system, ".")
		info, err := buildinfo.ReadFile(filepath.Join(checkout, "build", "shrike_9.9.9_"+folder, name))
		require.NoError(t, err)
		require.NotEmpty(t, info.Deps, "what the bill of materials is read from")
	}
	check := exec.Command("sha256sum", "--check", "--quiet", "checksums.txt")
	check.Dir = dist
	out, err := check.CombinedOutput()
	require.NoError(t, err, "%s", out)

	here := t.TempDir()
	unpack := exec.Command("tar", "-C", here, "--strip-components=1", "-xzf", filepath.Join(dist, "shrike_9.9.9_"+runtime.GOOS+"_"+runtime.GOARCH+".tar.gz"))
	if out, err := unpack.CombinedOutput(); err != nil {
		t.Skipf("no archive for this machine: %s", out)
	}
	out, err = exec.Command(filepath.Join(here, "shrike"), "--version").Output()
	require.NoError(t, err)
	require.Equal(t, "shrike v9.9.9\n", string(out))
	require.FileExists(t, filepath.Join(here, "LICENSE"))
}
