package upload

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const (
	token  = "not-a-real-token"
	commit = "0123456789abcdef0123456789abcdef01234567"
	sarif  = `{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"shrike"}},"results":[{},{}]}]}`
)

var target = Target{Repository: "owner/name", Commit: commit, Ref: "refs/heads/main"}

// answer is one scripted response of the server.
type answer struct {
	status int
	header map[string]string
	body   string
}

// github answers each method with its script, and the last line of it for ever.
type github struct {
	t     *testing.T
	posts []answer
	gets  []answer

	sent  []map[string]string // bodies of the posts
	calls []string
}

func (g *github) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.calls = append(g.calls, r.Method+" "+r.URL.Path)
	require.Equal(g.t, "Bearer "+token, r.Header.Get("Authorization"))
	require.Equal(g.t, "application/vnd.github+json", r.Header.Get("Accept"))
	require.Equal(g.t, "2022-11-28", r.Header.Get("X-GitHub-Api-Version"))
	require.NotEmpty(g.t, r.Header.Get("User-Agent"))
	script := &g.gets
	if r.Method == http.MethodPost {
		script = &g.posts
		var body map[string]string
		require.NoError(g.t, json.NewDecoder(r.Body).Decode(&body))
		g.sent = append(g.sent, body)
	}
	a := (*script)[0]
	if len(*script) > 1 {
		*script = (*script)[1:]
	}
	for name, value := range a.header {
		w.Header().Set(name, value)
	}
	w.WriteHeader(a.status)
	fmt.Fprint(w, a.body)
}

// start returns a client of the server, and the waits it would have made.
func start(t *testing.T, g *github) (*Client, *[]time.Duration) {
	t.Helper()
	g.t = t
	server := httptest.NewServer(g)
	t.Cleanup(server.Close)
	var waits []time.Duration
	c, err := New(Options{
		BaseURL: server.URL + "/api/v3", Token: token, Agent: "shrike/test",
		Sleep: func(ctx context.Context, d time.Duration) error { waits = append(waits, d); return ctx.Err() },
	})
	require.NoError(t, err)
	return c, &waits
}

func analysis(t *testing.T) *Analysis {
	t.Helper()
	a, err := Check([]byte(sarif))
	require.NoError(t, err)
	return a
}

var accepted = answer{status: 202, body: `{"id":"47177e22-5596-11eb-80a1-c1e54ef945c6","url":"https://api.github.com/x"}`}

func TestSendAndAwait(t *testing.T) {
	g := &github{
		posts: []answer{accepted},
		gets: []answer{
			{status: 404, body: `{"message":"Not Found"}`}, // not yet known
			{status: 200, body: `{"processing_status":"pending"}`},
			{status: 200, body: `{"processing_status":"complete","analyses_url":"https://api.github.com/y"}`},
		},
	}
	c, waits := start(t, g)
	a := analysis(t)
	require.Equal(t, 2, a.Results)
	id, err := c.Send(context.Background(), target, a)
	require.NoError(t, err)
	require.NoError(t, c.Await(context.Background(), target, id))

	const path = "/api/v3/repos/owner/name/code-scanning/sarifs"
	get := "GET " + path + "/47177e22-5596-11eb-80a1-c1e54ef945c6"
	require.Equal(t, []string{"POST " + path, get, get, get}, g.calls)
	require.Equal(t, []time.Duration{pollEvery, pollEvery}, *waits)

	body := g.sent[0]
	require.Equal(t, commit, body["commit_sha"])
	require.Equal(t, "refs/heads/main", body["ref"])
	packed, err := base64.StdEncoding.DecodeString(body["sarif"])
	require.NoError(t, err)
	plain, err := gzip.NewReader(bytes.NewReader(packed))
	require.NoError(t, err)
	text, err := io.ReadAll(plain)
	require.NoError(t, err)
	require.Equal(t, sarif, string(text))
}

func TestSendRetries(t *testing.T) {
	for _, tt := range []struct {
		name  string
		posts []answer
		waits []time.Duration
		want  string // of the error; empty: it works in the end
	}{
		{"server errors", []answer{{status: 500}, {status: 503}, accepted}, []time.Duration{time.Second, 2 * time.Second}, ""},
		{"429 with a wait", []answer{{status: 429, header: map[string]string{"Retry-After": "30"}}, accepted}, []time.Duration{30 * time.Second}, ""},
		{"a secondary limit", []answer{{status: 403, header: map[string]string{"Retry-After": "60"}}, accepted}, []time.Duration{time.Minute}, ""},
		{"a used-up limit", []answer{{status: 403, header: map[string]string{"X-RateLimit-Remaining": "0"}}, accepted}, []time.Duration{time.Second}, ""},
		{"a wait too long", []answer{{status: 429, header: map[string]string{"Retry-After": "3600"}}}, nil, "too many requests"},
		{"for ever", []answer{{status: 502}}, []time.Duration{1e9, 2e9, 4e9, 8e9}, "GitHub answers 502 Bad Gateway"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, waits := start(t, &github{posts: tt.posts})
			_, err := c.Send(context.Background(), target, analysis(t))
			require.Equal(t, tt.waits, *waits)
			if tt.want == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, tt.want)
			}
		})
	}
}

// What the interface documents as its refusals is told with what to do, and not
// tried again; no error repeats the token.
func TestRefusals(t *testing.T) {
	for _, tt := range []struct {
		status int
		body   string
		want   string
	}{
		{400, `{"message":"Invalid SARIF. JSON syntax error"}`, `400 Bad Request ("Invalid SARIF. JSON syntax error")`},
		{401, `{"message":"Bad credentials ` + token + `"}`, `"Bad credentials [token]"`},
		{403, `{"message":"Code Security must be enabled for this repository to use code scanning."}`, "security_events"},
		{404, `{"message":"Not Found"}`, "there is no such repository"},
		{413, ``, "--min-severity"},
		{422, `{"message":"ref not found"}`, "push it first"},
		{418, `<html>proxy</html>`, "418 I'm a teapot"},
	} {
		t.Run(fmt.Sprint(tt.status), func(t *testing.T) {
			g := &github{posts: []answer{{status: tt.status, body: tt.body}}}
			c, _ := start(t, g)
			_, err := c.Send(context.Background(), target, analysis(t))
			require.ErrorContains(t, err, tt.want)
			require.NotContains(t, err.Error(), token)
			require.Len(t, g.calls, 1)
		})
	}
}

func TestAwaitFailure(t *testing.T) {
	c, _ := start(t, &github{gets: []answer{{status: 200, body: `{"processing_status":"failed","errors":["rejecting SARIF, as there are more results per run than allowed"]}`}}})
	require.ErrorContains(t, c.Await(context.Background(), target, "id"), "more results per run than allowed")
	c, _ = start(t, &github{gets: []answer{{status: 200, body: `{"processing_status":"pending"}`}}})
	require.ErrorIs(t, c.Await(context.Background(), target, "id"), ErrPending)
	c, _ = start(t, &github{gets: []answer{{status: 200, body: `{`}}})
	require.ErrorContains(t, c.Await(context.Background(), target, "../../x"), "the answer is no JSON")
}

func TestSendStopsWhenTold(t *testing.T) {
	c, _ := start(t, &github{posts: []answer{{status: 500}}})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := c.Send(ctx, target, analysis(t))
	require.ErrorIs(t, err, context.Canceled)
	require.NotContains(t, err.Error(), token)
}

func TestNewRefuses(t *testing.T) {
	for _, tt := range []struct{ base, token, want string }{
		{"", "", "GITHUB_TOKEN"},
		{"", "abc\n", "a newline at its end"},
		{"http://github.example.com/api/v3", token, "must begin with https://"},
		{"http://127.evil.example/", token, "must begin with https://"},
		{"nonsense", token, "is no URL"},
	} {
		_, err := New(Options{BaseURL: tt.base, Token: tt.token})
		require.ErrorContains(t, err, tt.want)
		require.NotContains(t, err.Error(), token)
	}
}

func TestCheck(t *testing.T) {
	run := `{"tool":{"driver":{"name":"x"}},"results":[%s]}`
	one := fmt.Sprintf(run, "")
	for _, tt := range []struct{ name, in, want string }{
		{"no JSON", "nonsense", "it is no SARIF"},
		{"an old version", `{"version":"2.0.0","runs":[]}`, `SARIF of version "2.0.0"`},
		{"no runs", `{"version":"2.1.0"}`, "it has no runs"},
		{"many runs", `{"version":"2.1.0","runs":[` + strings.TrimSuffix(strings.Repeat(one+",", 21), ",") + `]}`, "it has 21 runs"},
		{"no tool", `{"version":"2.1.0","runs":[{}]}`, "run 1 names no tool"},
		{"many results", `{"version":"2.1.0","runs":[` + fmt.Sprintf(run, strings.TrimSuffix(strings.Repeat("{},", 25_001), ",")) + `]}`, "25001 results"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Check([]byte(tt.in))
			require.ErrorContains(t, err, tt.want)
		})
	}
}

func TestTarget(t *testing.T) {
	for name, tt := range map[string]struct {
		env  map[string]string
		want Target
	}{
		"Actions": {map[string]string{"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "o/n", "GITHUB_SHA": commit, "GITHUB_REF": "refs/pull/3/merge"},
			Target{"o/n", commit, "refs/pull/3/merge"}},
		"CodeBuild, a branch": {map[string]string{"CODEBUILD_BUILD_ID": "p:1", "CODEBUILD_SOURCE_REPO_URL": "https://github.com/o/n.git",
			"CODEBUILD_RESOLVED_SOURCE_VERSION": commit, "CODEBUILD_WEBHOOK_TRIGGER": "branch/a/b"}, Target{"o/n", commit, "refs/heads/a/b"}},
		"CodeBuild, a pull request": {map[string]string{"CODEBUILD_BUILD_ID": "p:1", "CODEBUILD_WEBHOOK_TRIGGER": "pr/12"}, Target{Ref: "refs/pull/12/head"}},
		"CodeBuild, by hand":        {map[string]string{"CODEBUILD_BUILD_ID": "p:1"}, Target{}},
		"nowhere":                   {nil, Target{}},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, tt.want, FromEnvironment(func(n string) string { return tt.env[n] }))
		})
	}
	require.Equal(t, Target{"a/b", "c", "r"}, Target{Repository: "a/b"}.Or(Target{"x/y", "c", "r"}))
}

func TestTargetValidate(t *testing.T) {
	require.NoError(t, target.Validate())
	for _, tt := range []struct {
		in   Target
		want string
	}{
		{Target{"", commit, "refs/heads/a"}, "--repository"},
		{Target{"a/../b", commit, "refs/heads/a"}, "not of the form OWNER/NAME"},
		{Target{"../b", commit, "refs/heads/a"}, "not of the form OWNER/NAME"},
		{Target{"a", commit, "refs/heads/a"}, "not of the form OWNER/NAME"},
		{Target{"a/b", "", "refs/heads/a"}, "--commit"},
		{Target{"a/b", "0123456", "refs/heads/a"}, "no full id"},
		{Target{"a/b", commit, ""}, "--ref"},
		{Target{"a/b", commit, "main"}, "refs/heads/NAME"},
	} {
		require.ErrorContains(t, tt.in.Validate(), tt.want)
	}
}

func TestRepositoryOf(t *testing.T) {
	for in, want := range map[string]string{
		"https://github.com/o/n.git":       "o/n",
		"https://github.com/o/n":           "o/n",
		"https://user@github.com/o/n.git/": "o/n",
		"ssh://git@github.com:22/o/n.git":  "o/n",
		"git@github.com:o/n.git":           "o/n",
		"https://gitlab.example/a/b/c.git": "",
		"/srv/git/n.git":                   "",
		"../n":                             "",
		"":                                 "",
		"https://github.com/only":          "",
		"C:\\repos\\n":                     "",
	} {
		require.Equal(t, want, RepositoryOf(in), in)
	}
}

func FuzzRepositoryOf(f *testing.F) {
	f.Add("git@github.com:o/n.git")
	f.Fuzz(func(t *testing.T, address string) {
		if r := RepositoryOf(address); r != "" {
			require.Equal(t, 1, strings.Count(r, "/"))
		}
	})
}
