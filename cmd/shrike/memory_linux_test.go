package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestLargeReportsFitIntoMemory scans as many secrets as code scanning takes
// results, and one more, and writes them in every format at once.
func TestLargeReportsFitIntoMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("the fingerprints of 25,000 secrets take seconds")
	}
	const files, each, limit = 250, 100, 100 << 10 // KB resident
	dir, out := t.TempDir(), t.TempDir()
	random := rand.New(rand.NewPCG(1, 2))
	token := func() string {
		const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
		body := make([]byte, 20)
		for i := range body {
			body[i] = letters[random.IntN(len(letters))]
		}
		return "glp" + "at-" + string(body)
	}
	for i := range files {
		var text strings.Builder
		for range each {
			fmt.Fprintf(&text, "GITLAB_TOKEN=%s\n", token())
		}
		require.NoError(t, os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.env", i)), []byte(text.String()), 0o600))
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "one-more.env"), []byte("GITLAB_TOKEN="+token()+"\n"), 0o600))

	arguments := []string{"dir", dir, "--no-progress"}
	for _, format := range []string{"sarif", "json", "jsonl", "html", "csv", "text", "gitlab", "junit", "markdown"} {
		arguments = append(arguments, "--format", format+"="+filepath.Join(out, format))
	}
	resident := int64(limit)
	for attempt := 0; attempt < 4 && resident >= limit; attempt++ { // a busy machine delays a collection
		c := exec.Command("shrike", arguments...)
		err := c.Run()
		exit, ok := errors.AsType[*exec.ExitError](err)
		require.True(t, ok, "%v", err)
		require.Equal(t, int(statusFound), exit.ExitCode())
		text, err := os.ReadFile(filepath.Join(out, "sarif"))
		require.NoError(t, err)
		require.Equal(t, 25_000, strings.Count(string(text), `"ruleIndex"`))
		require.Contains(t, string(text), "1 finding left out")
		resident = exit.SysUsage().(*syscall.Rusage).Maxrss
		t.Logf("at most %d KB resident", resident)
	}
	require.Less(t, resident, int64(limit))
}
