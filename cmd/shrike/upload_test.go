package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestUpload sends a real report to a server that answers as GitHub does, as a
// workflow would.
func TestUpload(t *testing.T) {
	const token = "not-a-real-token"
	commit := strings.Repeat("0123456789", 4)
	var sent map[string]string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			_, _ = w.Write([]byte(`{"processing_status":"complete"}`))
			return
		}
		require.Equal(t, "/repos/owner/name/code-scanning/sarifs", r.URL.Path)
		require.NoError(t, json.NewDecoder(r.Body).Decode(&sent))
		w.WriteHeader(http.StatusAccepted)
		_, _ = w.Write([]byte(`{"id":"1"}`))
	}))
	defer server.Close()

	t.Chdir(t.TempDir())
	file := filepath.Join(t.TempDir(), "out.sarif")
	require.NoError(t, os.WriteFile("clean.txt", []byte("nothing here\n"), 0o600))
	got, _, _ := try(t, "", "dir", ".", "--format", "sarif="+file)
	require.Equal(t, statusClean, got)

	env := map[string]string{
		"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "owner/name", "GITHUB_SHA": commit,
		"GITHUB_REF": "refs/pull/7/merge", "GITHUB_API_URL": server.URL, "GITHUB_TOKEN": token,
	}
	send := func(args ...string) (status, string) {
		var out, errs bytes.Buffer
		got := run(context.Background(), append([]string{"upload"}, args...),
			streams{in: strings.NewReader(""), out: &out, err: &errs, env: func(n string) string { return env[n] }})
		require.NotContains(t, out.String()+errs.String(), token)
		return got, errs.String()
	}
	got, said := send(file)
	require.Equal(t, statusClean, got, said)
	require.Equal(t, commit, sent["commit_sha"])
	require.Equal(t, "refs/pull/7/merge", sent["ref"])
	require.Contains(t, said, "processed")

	got, said = send(file, "--ref", "refs/heads/x", "--repository", "owner/name", "--no-wait")
	require.Equal(t, statusClean, got, said)
	require.Equal(t, "refs/heads/x", sent["ref"])

	delete(env, "GITHUB_TOKEN")
	got, said = send(file)
	require.Equal(t, statusError, got)
	require.Contains(t, said, "no token: set GITHUB_TOKEN")

	require.NoError(t, os.WriteFile(file, []byte("{}"), 0o600))
	got, said = send(file)
	require.Equal(t, statusError, got)
	require.Contains(t, said, `SARIF of version ""`)

	env = map[string]string{"GITHUB_TOKEN": token}
	got, said = send(filepath.Join(t.TempDir(), "nosuch.sarif"))
	require.Equal(t, statusError, got)
	require.Contains(t, said, "read SARIF: open ")
}
