package guard

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

// tokens of a made-up service, assembled so that no file holds one.
var (
	one = "xq" + "tok_" + strings.Repeat("a1B2", 6)
	two = "xq" + "tok_" + strings.Repeat("c3D4", 6)
	pem = "-----BEGIN " + "TEST KEY-----\n" + strings.Repeat("MIIEvQIBADANBgkq\n", 3) + "-----END " + "TEST KEY-----"
)

func newGuard(t testing.TB) *Guard {
	t.Helper()
	e, err := scanner.Compile([]scanner.Rule{
		{ID: "x-token", Service: "X", Kind: "token", Severity: scanner.SeverityHigh, Confidence: scanner.ConfidenceHigh, Regex: `xqtok_[A-Za-z0-9]{24}\b`},
		{ID: "x-key", Kind: "key", Severity: scanner.SeverityHigh, Confidence: scanner.ConfidenceHigh, Regex: `-----BEGIN TEST KEY-----[A-Za-z0-9\s]{20,200}-----END TEST KEY-----`},
	}, scanner.Options{})
	require.NoError(t, err)
	return &Guard{Engine: e, By: scanner.NewFingerprinter(nil)}
}

func asJSON(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	require.NoError(t, err)
	return string(b)
}

func TestJudge(t *testing.T) {
	call := func(members map[string]string) string {
		return asJSON(t, map[string]any{"tool_name": "Edit", "tool_input": members})
	}
	for _, tt := range []struct {
		name, in string
		want     int
	}{
		{"nothing", "", 0},
		{"clean text", "echo hello", 0},
		{"text", "curl -H 'Authorization: " + one + "'", 1},
		{"two, one of them twice", one + " " + two + " " + one, 2},
		{"clean call", call(map[string]string{"command": "ls"}), 0},
		{"call", call(map[string]string{"command": "export T=" + one}), 1},
		{"a value of several lines", call(map[string]string{"content": "key:\n" + pem + "\n"}), 1},
		{"a secret taken out", call(map[string]string{"old_string": one, "new_string": "os.environ['T']"}), 0},
		{"a secret put in", call(map[string]string{"old_string": "", "new_string": one}), 1},
		{"a secret kept", call(map[string]string{"old_string": one, "new_string": one + " "}), 1},
		{"broken JSON is text", `{"command":"` + one, 1},
		{"an allow comment accepts nothing", one + " # shrike:allow x-token test", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			found, err := newGuard(t).Judge([]byte(tt.in))
			require.NoError(t, err)
			require.Len(t, found, tt.want)
		})
	}
}

func TestHideAndWants(t *testing.T) {
	g := newGuard(t)
	g.Hide = func(fs []*scanner.Finding) {
		for _, f := range fs {
			if f.Secret.Reveal() == one {
				f.Suppressed = &scanner.Suppression{By: "baseline"}
			}
		}
	}
	found, err := g.Judge([]byte(one + " " + two))
	require.NoError(t, err)
	require.Len(t, found, 1)
	out, err := g.Redact([]byte(one + " " + two))
	require.NoError(t, err)
	require.Contains(t, string(out), one, "what is accepted stays")
	require.NotContains(t, string(out), two)
	g.Wants = func(*scanner.Finding) bool { return false }
	found, err = g.Judge([]byte(two))
	require.NoError(t, err)
	require.Empty(t, found)
}

func TestRedact(t *testing.T) {
	g := newGuard(t)
	redact := func(in string) string {
		out, err := g.Redact([]byte(in))
		require.NoError(t, err)
		return string(out)
	}
	p := Placeholder(&scanner.Finding{Rule: &scanner.Rule{ID: "x-token"}, Fingerprint: g.By.Of([]byte(one))})
	require.Regexp(t, `^<shrike-x-token-[0-9a-f]{8}>$`, p)
	require.Equal(t, "a "+p+" b "+p, redact("a "+one+" b "+one))
	require.NotEqual(t, redact(one), redact(two), "one placeholder a secret")
	require.Equal(t, redact(one), redact(redact(one)), "nothing to find in what was redacted")
	require.Equal(t, "  plain\ttext ", redact("  plain\ttext "))
	require.Equal(t, `{ "unchanged" : 1.50 }`, redact(`{ "unchanged" : 1.50 }`), "JSON without a secret is left alone")

	in := `{"z":1.50,"a":[true,null,{"` + one + `":"<` + one + `>"}],"n":123456789012345678901234567890,"e":[],"o":{}}`
	require.Equal(t, strings.ReplaceAll(in, one, p), redact(in), "order, numbers and angle brackets stay")

	out := redact(asJSON(t, map[string]string{"content": "key:\n" + pem + "\n"}))
	require.NotContains(t, out, "MIIE")
	var back map[string]string
	require.NoError(t, json.Unmarshal([]byte(out), &back))
	require.True(t, strings.HasPrefix(back["content"], "key:\n<shrike-x-key-"), back["content"])

	// An encoded secret is replaced in whole or the copy is refused; it is never passed on.
	encoded := base64.StdEncoding.EncodeToString([]byte("token " + one))
	if got, err := g.Redact([]byte(encoded)); err != nil {
		require.ErrorIs(t, err, ErrEncoded)
		require.Nil(t, got)
	}
}

// Redacted JSON is JSON of the same shape, and holds no secret; text likewise.
func FuzzRedact(f *testing.F) {
	f.Add(`{"a":["` + one + `",{"b":"` + two + `\n"}],"c":1e5}`)
	f.Add("plain " + one)
	f.Add(`["\u0000\ud800",0.10,{"":{}}]`)
	g := newGuard(f)
	f.Fuzz(func(t *testing.T, in string) {
		out, err := g.Redact([]byte(in))
		if err != nil {
			require.ErrorIs(t, err, ErrEncoded)
			return
		}
		left, err := g.Judge(out)
		require.NoError(t, err)
		require.Empty(t, left)
		if isJSON([]byte(in)) {
			require.True(t, json.Valid(out))
		}
		again, err := g.Redact(out)
		require.NoError(t, err)
		require.Equal(t, string(out), string(again))
	})
}

func TestRewriteCopies(t *testing.T) {
	for _, in := range []string{
		`{}`, `[]`, `[[],{}]`, `{"a":{"b":[1,2.0,-3e+7,"x"]},"a":null,"":[true,false]}`, `["<&>\"\\\n"]`,
		strings.Repeat("[", 5000) + strings.Repeat("]", 5000),
	} {
		out, err := rewrite([]byte(in), func(_, value string) string { return value })
		require.NoError(t, err)
		require.Equal(t, in, string(out))
	}
}

// No placeholder is taken for a secret, however suspicious the name beside it.
func TestPlaceholdersAreNoSecrets(t *testing.T) {
	p := placeholder("aws-secret-access-key", "0c02ac3b46879e14")
	require.Equal(t, "<shrike-aws-secret-access-key-0c02ac3b>", p)
	found, err := newGuard(t).Judge([]byte(`password = "` + p + `"`))
	require.NoError(t, err)
	require.Empty(t, found)
}
