//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestInterruptLeavesNothing interrupts scans as a terminal does: one that waits for its
// input, and one that writes a report into a pipe that nobody reads.
func TestInterruptLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	var leaks strings.Builder
	for range 5000 { // more places than a pipe holds
		leaks.WriteString("aws_access_key_id = " + secrets()["AWS_ID"] + "\n")
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "leak.ini"), []byte(leaks.String()), 0o600))
	for name, args := range map[string][]string{
		"waiting":   {"stdin", "--format", "json=out.json"},
		"reporting": {"dir", "leak.ini", "--format", "json", "--format", "sarif=out.sarif"},
	} {
		t.Run(name, func(t *testing.T) {
			c := exec.Command("shrike", args...)
			c.Dir = dir
			var said strings.Builder
			c.Stderr = &said
			in, err := c.StdinPipe()
			require.NoError(t, err)
			defer in.Close()
			out, err := c.StdoutPipe()
			require.NoError(t, err)
			require.NoError(t, c.Start())
			if name == "waiting" {
				_, err = in.Write(make([]byte, 1<<20)) // more than a pipe holds: it reads
			} else {
				_, err = out.Read(make([]byte, 1)) // it writes
			}
			require.NoError(t, err)
			require.NoError(t, c.Process.Signal(os.Interrupt))
			require.Error(t, c.Wait())
			require.Equal(t, int(statusError), c.ProcessState.ExitCode(), said.String())
			left, err := os.ReadDir(dir)
			require.NoError(t, err)
			require.Len(t, left, 1, "only the file that was scanned")
		})
	}
}
