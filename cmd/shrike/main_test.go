package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"unicode/utf16"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"
)

// The scripts in testdata/script are transcripts of the program as users run it.
// They get these variables, so that no file holds a live-shaped secret:
//
//	AWS_ID, AWS_SECRET      a key pair; AWS_ID2, AWS_SECRET2 another
//	HEX32, HEX32B           32 hexadecimal digits each
//	GITHUB                  a token with a valid checksum
//
// and these commands:
//
//	plant FILE TEXT...      writes the text, joined by spaces, with \n expanded
//	utf16 FILE TEXT...      the same as UTF-16 with a mark
//	cut GLOB N              truncates the files to N bytes
//	status N COMMAND...     runs a command and wants that exit status
//	serve DIR               serves the folder over HTTP and sets URL; /moved/ redirects, /long/ never ends
//	digest NAME FILE        sets NAME to the SHA-256 of a file
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			for name, value := range secrets() {
				env.Setenv(name, value)
			}
			for name, value := range map[string]string{
				"HOME": env.WorkDir, "GIT_CONFIG_GLOBAL": os.DevNull, "GIT_CONFIG_SYSTEM": os.DevNull,
				"GIT_AUTHOR_NAME": "A. Thor", "GIT_AUTHOR_EMAIL": "author@example.test",
				"GIT_COMMITTER_NAME": "C. Mitter", "GIT_COMMITTER_EMAIL": "committer@example.test",
				"GIT_AUTHOR_DATE": "2020-01-02T03:04:05Z", "GIT_COMMITTER_DATE": "2020-01-02T03:04:05Z",
			} {
				env.Setenv(name, value)
			}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"plant": func(ts *testscript.TestScript, neg bool, args []string) {
				ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text(args[1:])), 0o644))
			},
			"utf16": func(ts *testscript.TestScript, neg bool, args []string) {
				var out bytes.Buffer
				for _, u := range utf16.Encode([]rune("\uFEFF" + text(args[1:]))) {
					out.Write([]byte{byte(u), byte(u >> 8)})
				}
				ts.Check(os.WriteFile(ts.MkAbs(args[0]), out.Bytes(), 0o644))
			},
			"cut": func(ts *testscript.TestScript, neg bool, args []string) {
				files, err := filepath.Glob(ts.MkAbs(args[0]))
				ts.Check(err)
				size, err := strconv.ParseInt(args[1], 10, 64)
				ts.Check(err)
				for _, f := range files {
					ts.Check(os.Chmod(f, 0o644))
					ts.Check(os.Truncate(f, size))
				}
			},
			"serve": func(ts *testscript.TestScript, neg bool, args []string) {
				mux := http.NewServeMux()
				mux.Handle("/", http.FileServer(http.Dir(ts.MkAbs(args[0]))))
				mux.Handle("/moved/", http.RedirectHandler("/", http.StatusFound))
				mux.HandleFunc("/long/", func(w http.ResponseWriter, _ *http.Request) {
					for line := bytes.Repeat([]byte("#\n"), 512); ; {
						if _, err := w.Write(line); err != nil {
							return
						}
					}
				})
				server := httptest.NewServer(mux)
				ts.Defer(server.Close)
				ts.Setenv("URL", server.URL)
				ts.Setenv("HOST", server.Listener.Addr().String())
			},
			"digest": func(ts *testscript.TestScript, neg bool, args []string) {
				ts.Setenv(args[0], fmt.Sprintf("%x", sha256.Sum256([]byte(ts.ReadFile(args[1])))))
			},
			"status": func(ts *testscript.TestScript, neg bool, args []string) {
				got := 0
				if err := ts.Exec(args[1], args[2:]...); err != nil {
					exit, ok := errors.AsType[*exec.ExitError](err)
					if !ok {
						ts.Fatalf("%v", err)
					}
					got = exit.ExitCode()
				}
				if fmt.Sprint(got) != args[0] {
					ts.Fatalf("exit status %d, want %s", got, args[0])
				}
			},
		},
	})
}

func text(words []string) string {
	return strings.ReplaceAll(strings.Join(words, " "), `\n`, "\n")
}

// secrets assembles the credentials of the tests.
func secrets() map[string]string {
	return map[string]string{
		"AWS_ID":      "AK" + "IA" + "Q3ZT7KX2MLPN5RWD",
		"AWS_SECRET":  "Zt3xW9pQ" + "r7Kv2LmN8sYbT4cHd6" + "FgJ1uAqEoXiB5w",
		"AWS_ID2":     "AK" + "IA" + "Z2NTHR7QXK4MBWUD",
		"HEX32":       "5c1e9a07b3d24f68" + "0a7be36d91f2c845",
		"HEX32B":      "c80d1f6a35b9e274" + "f1a60c93d75e28b4",
		"AWS_SECRET2": "hG5dR8kW" + "q2Nv7TzB4mXc9JyLs3" + "PfK6eUaHoDiVtQ",
	}
}

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"shrike": main})
}

// try runs the program in dir and returns its status and output.
func try(t *testing.T, in string, args ...string) (status, string, string) {
	t.Helper()
	var out, err bytes.Buffer
	env := func(string) string { return "" }
	got := run(context.Background(), args, streams{in: strings.NewReader(in), out: &out, err: &err, env: env})
	return got, out.String(), err.String()
}

// TestEveryWorkerCountFindsTheSame compares whole reports.
func TestEveryWorkerCountFindsTheSame(t *testing.T) {
	dir := t.TempDir()
	s := secrets()
	for i := range 200 {
		body := fmt.Sprintf("# %d\naws_access_key_id = %s\naws_secret_access_key = %s\npassword = \"pw-%d-Xy7qLm\"\n", i, s["AWS_ID"], s["AWS_SECRET"], i%7)
		name := filepath.Join(dir, fmt.Sprintf("d%d", i%9), fmt.Sprintf("f%d.ini", i))
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
		require.NoError(t, os.WriteFile(name, []byte(body), 0o644))
	}
	var first string
	for _, jobs := range []string{"1", "2", "7", "32"} {
		got, out, _ := try(t, "", "dir", dir, "--format", "json", "--jobs", jobs)
		require.Equal(t, statusFound, got)
		findings := out[strings.Index(out, `"findings":[`):]
		if first == "" {
			first = findings
		}
		require.Equal(t, first, findings, "--jobs %s", jobs)
	}
}

// closedPipe is a reader that left.
type closedPipe struct{}

func (closedPipe) Write([]byte) (int, error) { return 0, fmt.Errorf("write: %w", syscall.EPIPE) }

func TestBrokenPipeKeepsTheStatus(t *testing.T) {
	leak := filepath.Join(t.TempDir(), "leak.ini")
	require.NoError(t, os.WriteFile(leak, []byte("id = "+secrets()["AWS_ID"]+"\n"), 0o644))
	var stderr bytes.Buffer
	for _, format := range []string{"text", "json", "jsonl", "sarif"} {
		got := run(context.Background(), []string{"dir", leak, "--format", format},
			streams{in: strings.NewReader(""), out: closedPipe{}, err: &stderr, env: func(string) string { return "" }})
		require.Equal(t, statusFound, got, format)
	}
	require.Empty(t, stderr.String())
}

func TestInterruptedScanIsNoCleanOne(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out, stderr bytes.Buffer
	got := run(ctx, []string{"dir", t.TempDir()}, streams{in: strings.NewReader(""), out: &out, err: &stderr, env: func(string) string { return "" }})
	require.Equal(t, statusError, got)
	require.Contains(t, stderr.String(), "interrupted")
	require.Empty(t, out.String())
}
