package rules

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

// TestAssigned reads hex digits and UUIDs in the shapes people write them, and
// leaves hashes and identifiers alone.
func TestAssigned(t *testing.T) {
	t.Parallel()
	rules := []scanner.Rule{
		{ID: "hex", Regex: `(?i:acme)%{assigned}([0-9a-f]{40})%{end}`, Check: "assigned"},
		{ID: "uuid", Regex: `(?i:acme)%{assigned}([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})%{end}`, Check: "assigned"},
		{ID: "english", Regex: `(?:\b|_)(?i:segment)%{keyed}([0-9a-z]{32})%{end}`, Check: "assigned"},
	}
	expandFragments(rules)
	e := engine(t, rules)
	s := e.NewScratch()
	for _, c := range []struct {
		id     string
		text   string
		wanted bool
	}{
		{"hex", `acme = "%{hex:40}"`, true},
		{"hex", `const acmeToken: string = '%{hex:40}'`, true},
		{"hex", "acme:\n  api_key: %{hex:40}\n", true},
		{"hex", `"acme": {"apiKey": "%{hex:40}"}`, true},
		{"hex", `curl https://api.acme.test/v1 -H "Authorization: Bearer %{hex:40}"`, true},
		{"hex", `os.Setenv("ACME_KEY", "%{hex:40}")`, true},
		{"hex", `--acme-token %{hex:40}`, true},
		{"hex", `<acme>%{hex:40}</acme>`, true},
		{"hex", `new AcmeClient("%{hex:32}", "%{hex:40}")`, true},
		{"hex", `Acme::API.new('jane@sample.test', '%{hex:40}')`, true},
		{"hex", `acmeCheck("sample.tgz", "%{hex:40}")`, false},
		{"hex", `  Acme: %{hex:40}`, false},
		{"hex", `acme_commit = "%{hex:40}"`, false},
		{"hex", `acme at %{hex:40}`, false},
		{"hex", `acme-1.0.tgz#%{hex:40}`, false},
		{"hex", `acme key, sha1: %{hex:40}`, false},
		{"hex", `acme_key = "%{hex:41}"`, false},
		{"hex", `acme_key = "%{hex:39}"`, false},
		{"uuid", `ACME_CLIENT_SECRET=%{uuid}`, true},
		{"uuid", `acme: {client_id: %{uuid}, client_secret: %{uuid}}`, true},
		{"uuid", `acme_project_id = "%{uuid}"`, false},
		{"uuid", `acmeUuid: "%{uuid}"`, false},
		{"english", `segment_write_key: %{loweralnum:32}`, true},
		{"english", `segment = "%{loweralnum:32}"`, true},
		{"english", `('segment', '%{loweralnum:32}'),`, true},
		{"english", `require("segment")("%{loweralnum:32}")`, true},
		{"english", `segment config set write-key %{loweralnum:32}`, true},
		{"english", `$config['segment']['key'] = '%{loweralnum:32}';`, true},
		{"english", "<id>segment</id>\n  <secret>%{loweralnum:32}</secret>", true},
		{"english", "<b>segment</b>\n  %{loweralnum:32}", false},
		{"english", `the last segment is %{loweralnum:32}`, false},
		{"english", `segments token = "%{loweralnum:32}"`, false},
	} {
		text, err := Expand(c.id, 0, c.text)
		require.NoError(t, err)
		require.Equal(t, c.wanted, len(e.Scan(s, []byte(text))) > 0, text)
	}
}

func TestUnknownFragment(t *testing.T) {
	t.Parallel()
	_, err := Decode("x.toml", []byte("[[rule]]\nid = \"a\"\nregex = 'abc%{assignment}'\n"))
	require.ErrorContains(t, err, "x.toml:3:1: rule a: unknown fragment %{assignment}")
	require.Equal(t, "", unknownFragment(`[\w.$%{}<>-]+`))
	require.Regexp(t, regexp.MustCompile(`^abc\(`), fragments.Replace("abc%{assigned}"))
}
