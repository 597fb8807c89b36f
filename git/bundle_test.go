package git

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

const oneID = "0123456789012345678901234567890123456789"

func TestParseBundle(t *testing.T) {
	id64 := strings.Repeat("ab", 32)
	tests := []struct{ name, text, want string }{
		{"v2", bundleV2 + oneID + " refs/heads/main\n\nPACK", ""},
		{"v3", bundleV3 + "@object-format=sha256\n@filter=blob:none\n-" + id64 + " base\n" + id64 + " HEAD\n\nPACK", ""},
		{"no refs", bundleV2 + "\nPACK", ""},
		{"another signature", "# v4 git bundle\n\n", "malformed"},
		{"unknown capability", bundleV3 + "@shiny\n\n", "not known"},
		{"capability in v2", bundleV2 + "@object-format=sha1\n\n", "no object id"},
		{"no id", bundleV2 + "xyz refs/heads/main\n\n", "no object id"},
		{"id of another length", bundleV2 + id64 + " refs/heads/main\n\n", "no object id"},
		{"name that leads out", bundleV2 + oneID + " refs/heads/../../x\n\n", "no name of a ref"},
		{"cut", bundleV2 + oneID, "end too early"},
		{"endless line", bundleV2 + strings.Repeat("a", 2*maxBundleLine), "too long"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := bufio.NewReaderSize(strings.NewReader(tt.text), maxBundleLine)
			_, err := parseBundle(r)
			if tt.want != "" {
				require.ErrorContains(t, err, tt.want)
				return
			}
			require.NoError(t, err)
			rest, err := r.ReadString(0)
			require.ErrorContains(t, err, "EOF")
			require.Equal(t, "PACK", rest)
		})
	}
}

func FuzzParseBundle(f *testing.F) {
	f.Add([]byte(bundleV2 + oneID + " refs/heads/main\n\nPACK"))
	f.Add([]byte(bundleV3 + "@filter=x\n-" + oneID + "\n\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		b, err := parseBundle(bufio.NewReaderSize(bytes.NewReader(text), maxBundleLine))
		if err == nil {
			require.LessOrEqual(t, b.headers, int64(len(text)))
		}
	})
}

// scanBundle scans the bundle at path and returns what was found, and why it is
// not all.
func scanBundle(t *testing.T, path string) ([]*scanner.Finding, Receipt) {
	t.Helper()
	e, err := scanner.Compile([]scanner.Rule{{ID: "mark", Regex: `mark-[0-9]{4}`}}, scanner.Options{})
	require.NoError(t, err)
	r, err := Open(path, Options{})
	require.NoError(t, err)
	c := scanner.NewCollector()
	receipt, err := r.Scan(context.Background(), e, c, ScanOptions{Workers: 2})
	require.NoError(t, err)
	found := c.Findings()
	require.NoError(t, r.Attribute(context.Background(), found, AttributeOptions{}))
	require.NoError(t, r.Close())
	require.NoDirExists(t, r.temporary)
	return found, receipt
}

func TestBundles(t *testing.T) {
	for _, format := range []string{"sha1", "sha256"} {
		t.Run(format, func(t *testing.T) {
			r := newFixture(t, "--object-format="+format)
			r.write("a.txt", "mark-1111\n")
			first := r.commit("first")
			r.write("a.txt", "nothing\n")
			r.write("b.txt", "mark-2222\n")
			r.commit("second")
			dir := t.TempDir()
			whole, thin := filepath.Join(dir, "whole.bundle"), filepath.Join(dir, "thin.bundle")
			r.git("bundle", "create", "-q", whole, "--all")
			r.git("bundle", "create", "-q", thin, first+"..main")

			found, receipt := scanBundle(t, whole)
			require.True(t, receipt.Complete(), "%v %v", receipt.Problems, receipt.Incomplete)
			require.Len(t, found, 2)
			for _, f := range found {
				require.Equal(t, []string{"refs/heads/main"}, f.Refs)
				require.NotNil(t, f.Introduced)
				require.Equal(t, f.Secret.Reveal() == "mark-1111", f.Removed != nil)
			}

			found, receipt = scanBundle(t, thin)
			require.Len(t, receipt.Incomplete, 1)
			require.Contains(t, receipt.Incomplete[0], "builds on 1 commit")
			require.NotEmpty(t, found)

			cut, err := os.ReadFile(whole)
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(whole, cut[:len(cut)-40], 0o600))
			_, receipt = scanBundle(t, whole)
			require.False(t, receipt.Complete())
		})
	}
}
