package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/report"
	"github.com/shrike-scan/shrike/verify"
)

// verdicts reads the states of a json report by rule.
func verdicts(t *testing.T, text string) map[string]string {
	t.Helper()
	doc, err := report.Read(strings.NewReader(text))
	require.NoError(t, err)
	states := map[string]string{}
	for _, f := range doc.Findings {
		if f.Verdict != nil {
			states[f.Rule] = f.Verdict.State
		}
	}
	return states
}

const (
	github   = "github-personal-access-token"
	slack    = "slack-bot-token"
	stripe   = "stripe-secret-key"
	telegram = "telegram-bot-token"
)

// plantFour plants four credentials, and has their providers answer as they would:
// one works, one is revoked, one's provider is down, before one stands a portal.
func plantFour(t *testing.T, w *world) {
	for _, id := range []string{github, slack, stripe, telegram} {
		w.plant(id+".txt", sample(t, id))
	}
	w.answer = func(out http.ResponseWriter, r *http.Request) {
		switch r.Host {
		case "api.github.com":
			fmt.Fprint(out, `{"login":"octocat","id":1}`)
		case "slack.com":
			fmt.Fprint(out, `{"ok":false,"error":"token_revoked"}`)
		case "api.stripe.com":
			out.WriteHeader(http.StatusServiceUnavailable)
		default:
			fmt.Fprint(out, "<html>Welcome to the hotel</html>")
		}
	}
}

func TestVerifyEndToEnd(t *testing.T) {
	w := newWorld(t)
	plantFour(t, w)
	want := map[string]string{github: "live", slack: "dead", stripe: "unknown", telegram: "unknown"}

	status, out, stderr := w.run("", "dir", ".", "--format", "json", "--verify", "--fail-on", "live")
	require.Equal(t, 1, status, stderr)
	require.Equal(t, want, verdicts(t, out))
	require.Contains(t, stderr, "verification contacts api.github.com, api.stripe.com, api.telegram.org, slack.com\n")
	require.Contains(t, out, `"call":"GET https://api.telegram.org/bot{id}:{key}/getMe"`)
	require.Contains(t, out, `{"name":"user","value":"octocat"}`)

	_, out, stderr = w.run("", "dir", ".", "--format", "json")
	require.Empty(t, verdicts(t, out), "nobody is asked unless the user says so")
	require.NotContains(t, stderr, "contacts")

	w.asked = nil
	status, out, stderr = w.run("", "dir", ".", "--format", "json", "--verify", "--verify-hosts", "slack.com,*.test", "--fail-on", "live")
	require.Equal(t, 0, status, stderr)
	require.Equal(t, map[string]string{github: "unknown", slack: "dead", stripe: "unknown", telegram: "unknown"}, verdicts(t, out))
	require.Equal(t, []string{"POST https://slack.com/api/auth.test"}, w.asked)
	require.Contains(t, stderr, "verification contacts slack.com\n")
}

func TestVerifyReport(t *testing.T) {
	w := newWorld(t)
	plantFour(t, w)
	want := map[string]string{github: "live", slack: "dead", stripe: "unknown", telegram: "unknown"}
	status, _, stderr := w.run("", "dir", ".", "--format", "json=redacted.json", "--format", "jsonl=redacted.jsonl", "--quiet")
	require.Equal(t, 1, status, stderr)
	_, _, _ = w.run("", "dir", ".", "--format", "json=shown.json", "--show-secrets")

	for _, file := range []string{"redacted.json", "redacted.jsonl", "shown.json"} {
		status, out, stderr := w.run("", "verify", file, "--format", "json")
		require.Equal(t, 1, status, stderr)
		require.Equal(t, want, verdicts(t, out), file)
		require.Contains(t, stderr, "verification contacts", file)
	}
	require.NoError(t, os.Remove(filepath.Join(w.dir, github+".txt")))
	status, out, _ := w.run("", "verify", "redacted.json", "--format", "json")
	require.Equal(t, 2, status, "what could not be asked about is not dead")
	require.Equal(t, "unknown", verdicts(t, out)[github])
	require.Contains(t, out, "not at the places")

	// A folder elsewhere, and objects of a repository.
	for _, command := range [][]string{
		{"init", "-q", "-b", "main"}, {"add", slack + ".txt"}, {"-c", "user.name=a", "-c", "user.email=a@b.test", "commit", "-q", "-m", "x"},
		{"rm", "-q", slack + ".txt"}, {"-c", "user.name=a", "-c", "user.email=a@b.test", "commit", "-q", "-m", "y"},
	} {
		git := exec.CommandContext(t.Context(), "git", command...)
		git.Dir = w.dir
		said, err := git.CombinedOutput()
		require.NoError(t, err, string(said))
	}
	_, _, _ = w.run("", "git", ".", "--format", "json=history.json", "--quiet")
	status, out, stderr = w.run("", "verify", "history.json", "--format", "json")
	require.Equal(t, 0, status, stderr)
	require.Equal(t, map[string]string{slack: "dead"}, verdicts(t, out))
	require.NoError(t, os.Mkdir(filepath.Join(w.dir, "sub"), 0o755))
	here := w.dir
	w.dir = filepath.Join(here, "sub")
	status, out, stderr = w.run("", "verify", "../history.json", "--in", "..", "--format", "json")
	require.Equal(t, 0, status, stderr)
	require.Equal(t, map[string]string{slack: "dead"}, verdicts(t, out))
}

func TestVerifyTyped(t *testing.T) {
	w := newWorld(t)
	const token, sid = "0123456789abcdef0123456789abcdef", "AC" + "0123456789abcdef0123456789abcdef"
	w.answer = func(out http.ResponseWriter, r *http.Request) {
		if user, password, _ := r.BasicAuth(); user == sid && password == token {
			fmt.Fprintf(out, `{"sid":%q,"friendly_name":"Acme"}`, sid)
			return
		}
		out.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(out, `{"code":20003}`)
	}
	status, out, stderr := w.run(sid+"\n"+token+"\n", "verify", "--rule", "twilio-auth-token", "--format", "json")
	require.Equal(t, 1, status, stderr)
	require.Equal(t, map[string]string{"twilio-auth-token": "live"}, verdicts(t, out))
	require.NotContains(t, out+stderr, token)
	status, out, stderr = w.run(sid+"\r\nother-"+token, "verify", "--rule", "twilio-auth-token", "--format", "json")
	require.Equal(t, 0, status, stderr)
	require.Equal(t, map[string]string{"twilio-auth-token": "dead"}, verdicts(t, out))

	for _, c := range []struct{ in, rule, message string }{
		{"", "twilio-auth-token", "read the twilio-account-sid: nothing was given"},
		{sid, "twilio-auth-token", "read the secret: nothing was given"},
		{strings.Repeat("x", 100<<10), slack, "longer than"},
		{"x", "nobody", "no rule is called"},
		{"x", "generic-password", "no live check"},
		{"not a webhook", "discord-webhook", "not its shape"},
	} {
		status, _, stderr := w.run(c.in, "verify", "--rule", c.rule)
		require.Equal(t, 2, status, c.rule)
		require.Contains(t, stderr, c.message)
	}
	status, out, stderr = w.run("", "verify", "--list")
	require.Equal(t, 0, status, stderr)
	require.Contains(t, out, "https://slack.com/api/auth.test")
	require.Contains(t, out, "sts:GetCallerIdentity")
}

// What is wrong with the network is said, and settles nothing.
func TestVerifyOnBadNetworks(t *testing.T) {
	for name, c := range map[string]struct {
		change func(w *world)
		reason string
	}{
		"no network": {func(w *world) { w.proxy = "http://127.0.0.1:1" }, "the connection was refused"},
		"proxy refuses": {func(w *world) {
			w.tunnel = func(out http.ResponseWriter, _ *http.Request) bool {
				http.Error(out, "<html>forbidden</html>", http.StatusForbidden)
				return false
			}
		}, "the proxy refused the connection and answered 403"},
		"proxy wants a login": {func(w *world) {
			w.tunnel = func(out http.ResponseWriter, _ *http.Request) bool {
				out.WriteHeader(http.StatusProxyAuthRequired)
				return false
			}
		}, "answered 407"},
		"unknown authority": {func(w *world) { w.trusted = os.DevNull }, "TLS certificate"},
		"captive portal": {func(w *world) {
			w.answer = func(out http.ResponseWriter, _ *http.Request) { fmt.Fprint(out, "<html>Welcome</html>") }
		}, "captive portal"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			plantFour(t, w)
			c.change(w)
			status, out, stderr := w.run("", "dir", ".", "--format", "json", "--verify")
			require.Equal(t, 1, status, stderr)
			require.Equal(t, map[string]string{github: "unknown", slack: "unknown", stripe: "unknown", telegram: "unknown"}, verdicts(t, out))
			require.Contains(t, out, c.reason)
			require.NotContains(t, out+stderr, proxyPassword)
		})
	}
}

const ownRule = `
[[rules]]
id = "acme-token"
regex = '\bacme_[0-9a-f]{20}\b'
[rules.http]
url = "https://api.acme.test/whoami"
headers = { Authorization = "Bearer {secret}" }
who = { user = "user" }
live = [{ status = [200], has = ["user"] }]
dead = [{ status = [401] }]
`

func TestVerifyByAnOwnCheck(t *testing.T) {
	w := newWorld(t)
	w.plant(".shrike.toml", ownRule)
	w.plant("leak.txt", "acme_"+"0a1b2c3d4e5f60718293\n")
	w.answer = func(out http.ResponseWriter, _ *http.Request) { fmt.Fprint(out, `{"user":"ada"}`) }

	_, out, stderr := w.run("", "dir", ".", "--format", "json", "--verify")
	require.Equal(t, map[string]string{"acme-token": "unknown"}, verdicts(t, out))
	require.Contains(t, out, "only hosts that are named by --verify-hosts")
	require.NotContains(t, stderr, "contacts")
	require.Empty(t, w.asked, "a stranger's configuration sends no credential anywhere")

	_, out, stderr = w.run("", "dir", ".", "--format", "json", "--verify", "--verify-hosts", "api.acme.test")
	require.Equal(t, map[string]string{"acme-token": "live"}, verdicts(t, out), stderr)

	for from, c := range map[string]struct{ to, message string }{
		"https://api.acme.test": {"http://api.acme.test", `.shrike.toml:6:1: "http.url": want a URL that starts with https://`},
		`["user"]`:              {"[]", `.shrike.toml:9:9: "http.live[0]": live needs a proof`},
		"dead = ":               {"died = ", `.shrike.toml:10:1: unknown key "died"; did you mean "dead"?`},
		"{secret}":              {"{secret", `.shrike.toml:7:1: "http.headers": Authorization: want a name`},
	} {
		w.plant(".shrike.toml", strings.Replace(ownRule, from, c.to, 1))
		w.asked = nil
		status, out, stderr := w.run("", "dir", ".", "--verify", "--verify-hosts", "api.acme.test")
		require.Equal(t, 2, status)
		require.Contains(t, stderr, c.message)
		require.Empty(t, out)
		require.Empty(t, w.asked)
	}
}

// Every kind of credential that has a check is planted, sent, and sent back by
// providers in all they can say; then no output and no file holds one.
func TestVerifyGivesNothingAway(t *testing.T) {
	w := newWorld(t)
	checks, err := verify.Checks()
	require.NoError(t, err)
	for _, c := range checks {
		w.plant(c.Rules[0]+".txt", sample(t, c.Rules[0]))
	}
	w.answer = func(out http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		echo := r.URL.String() + " " + strings.Join(r.Header.Values("Authorization"), " ") + string(body)
		for _, name := range []string{"Location", "Www-Authenticate", "X-OAuth-Scopes", "Server", "Date"} {
			out.Header().Set(name, echo)
		}
		status := []int{200, 401, 403, 302, 400, 429}[len(w.asked)%6]
		out.Header().Set("Retry-After", "0")
		out.WriteHeader(status)
		text, _ := json.Marshal(echo)
		fmt.Fprintf(out, `{"ok":true,"login":%[1]s,"id":%[1]s,"name":%[1]s,"email":%[1]s,"message":%[1]s,"error":%[1]s,"user":{"id":%[1]s,"username":%[1]s},"data":[{"id":%[1]s}]}`, text)
	}
	_, shown, _ := w.run("", "dir", ".", "--format", "json", "--show-secrets", "--min-severity", "low")
	doc, err := report.Read(strings.NewReader(shown))
	require.NoError(t, err)
	secrets := []string{proxyPassword}
	for _, f := range doc.Findings {
		if secret := f.Secret; len(secret) >= 12 && secret != "" {
			secrets = append(secrets, secret, url.QueryEscape(secret), url.PathEscape(secret), base64.RawStdEncoding.EncodeToString([]byte(secret)), base64.RawStdEncoding.EncodeToString([]byte(":" + secret))[2:])
		}
	}
	require.Greater(t, len(secrets), len(checks))
	planted := map[string]bool{}
	require.NoError(t, filepath.WalkDir(w.dir, func(path string, _ fs.DirEntry, err error) error { planted[path] = true; return err }))

	args := []string{"dir", ".", "--verify", "--verbose", "--receipt", "receipt.json"}
	for _, format := range report.Formats() {
		args = append(args, "--format", format+"=report."+format)
	}
	status, out, stderr := w.run("", args...)
	require.Equal(t, 1, status, stderr)
	require.Greater(t, len(w.asked), len(checks)*3/4, "most samples were asked about")
	_, again, said := w.run("", "verify", "report.json", "--format", "json", "--format", "text=again.txt")
	all := out + stderr + again + said
	require.NoError(t, filepath.WalkDir(w.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || planted[path] {
			return err
		}
		text, err := os.ReadFile(path)
		all += path + string(text)
		return err
	}))
	require.Contains(t, all, "verification contacts")
	for _, secret := range secrets {
		require.NotContains(t, all, secret)
	}
}

// A token that works at one address of many is asked about at those named near it.
func TestVerifyNearAnAddress(t *testing.T) {
	w := newWorld(t)
	const shopify = "shopify-admin-api-access-token"
	w.plant("shop.env", "OTHER=other.myshopify.com\n\n\n# https://acme.myshopify.com\n"+sample(t, shopify))
	w.answer = func(out http.ResponseWriter, r *http.Request) {
		if r.Host == "other.myshopify.com" {
			fmt.Fprint(out, `{"access_scopes":[{"handle":"read_products"}]}`)
			return
		}
		out.WriteHeader(http.StatusNotFound)
	}
	_, out, stderr := w.run("", "dir", ".", "--format", "json=r.json", "--format", "text", "--verify")
	require.Contains(t, stderr, "contacts acme.myshopify.com, other.myshopify.com\n")
	const path = "/admin/oauth/access_scopes.json"
	require.Equal(t, []string{"GET https://acme.myshopify.com" + path, "GET https://other.myshopify.com" + path}, w.asked, "the nearest first")
	require.Contains(t, out, "LIVE says GET https://other.myshopify.com"+path)

	_, out, stderr = w.run("", "verify", "r.json", "--format", "json")
	require.Equal(t, map[string]string{shopify: "live"}, verdicts(t, out), stderr)
	status, out, stderr := w.run("other\nshp"+"at_"+strings.Repeat("0a1b", 8), "verify", "--rule", shopify, "--format", "json")
	require.Equal(t, 1, status, stderr)
	require.Equal(t, map[string]string{shopify: "live"}, verdicts(t, out))
}
