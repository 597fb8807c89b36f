package git

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

// TestScanWhilePushedTo scans a server's repository again and again while others
// push to it and it repacks itself. What was there before is found each time, where
// it was, and nothing reads as damaged.
func TestScanWhilePushedTo(t *testing.T) {
	f := newFixture(t)
	for n := range 20 {
		f.write("key", pair(n%2)+fmt.Sprintf("line %d\n", n))
		f.write(fmt.Sprintf("folder/file%d", n), fmt.Sprintf("text %d\n", n))
		f.commit("add")
	}
	server := filepath.Join(filepath.Dir(f.dir), "server.git")
	f.git("clone", "-q", "--bare", ".", server)
	before := scan(t, open(t, server), ScanOptions{})
	require.NotEmpty(t, before.findings)

	done := make(chan struct{})
	go func() {
		defer close(done)
		for n := range 8 {
			f.write("pushed", fmt.Sprintf("text %d\n", n))
			f.commit("push")
			f.git("-c", "push.default=current", "push", "-q", server)
			f.git("-C", server, "-c", "gc.pruneExpire=now", "repack", "-adfq")
			f.git("-C", server, "prune-packed")
			if n%3 == 0 {
				f.git("-C", server, "pack-refs", "--all")
			}
		}
	}()
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
		}
		r, err := Open(server, Options{})
		require.NoError(t, err)
		c := scanner.NewCollector()
		receipt, err := r.Scan(context.Background(), testEngine(t), c, ScanOptions{Workers: 2})
		require.NoError(t, err)
		require.Empty(t, receipt.Problems)
		require.True(t, receipt.Complete())
		found := c.Findings()
		var problems problemList
		require.NoError(t, r.Attribute(context.Background(), found, AttributeOptions{Workers: 2, Problem: problems.add}))
		require.Empty(t, problems.list)
		require.Len(t, found, len(before.findings))
		for i, was := range before.findings {
			require.Equal(t, was.Introduced, found[i].Introduced)
			require.Len(t, found[i].Occurrences, len(was.Occurrences))
		}
		require.NoError(t, r.Close())
	}
}
