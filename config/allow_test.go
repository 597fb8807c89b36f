package config

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

func mustDecode(t *testing.T, text string) *Config {
	t.Helper()
	c, err := Decode("f", []byte(text))
	require.NoError(t, err)
	return c
}

func day(t *testing.T, text string) time.Time {
	t.Helper()
	d, err := time.Parse(time.DateOnly, text)
	require.NoError(t, err)
	return d
}

func TestAllow(t *testing.T) {
	const fingerprint = "00112233445566778899aabbccddeeff"
	all := []string{"a/x.go", "b/x.go", ""}
	tests := []struct {
		name, entry string
		open        []string // paths of what is left, all: nothing hidden, nil: suppressed
	}{
		{"rule", "rules = ['acme-token']", nil},
		{"one of the rules", "rules = ['other', 'acme-token']", nil},
		{"other rule", "rules = ['acme-toke']", all},
		{"path", "paths = ['/a/']", []string{"b/x.go", ""}},
		{"one of the paths", "paths = ['/c/', 'b/*']", []string{"a/x.go", ""}},
		{"every path leaves what has none", "paths = ['**']", []string{""}},
		{"other path", "paths = ['/c/']", all},
		{"regex", "regexes = ['^s3cr3t-EX']", nil},
		{"other regex", "regexes = ['^3cr3t']", all},
		{"stop word in another case", "stopwords = ['Example']", nil},
		{"other stop word", "stopwords = ['examples']", all},
		{"fingerprint", "fingerprints = ['" + fingerprint + "']", nil},
		{"neighbour's fingerprint", "fingerprints = ['" + strings.Replace(fingerprint, "0", "1", 1) + "']", all},
		{"kinds are joined by and", "rules = ['acme-token']\nstopwords = ['nope']", all},
		{"all kinds", "rules = ['acme-token']\nstopwords = ['example']\nregexes = ['s3']\nfingerprints = ['" + fingerprint + "']", nil},
		{"rule and path", "rules = ['acme-token']\npaths = ['b']", []string{"a/x.go", ""}},
		{"other rule and path", "rules = ['other']\npaths = ['b']", all},
		{"last day", "rules = ['acme-token']\nuntil = 2027-01-31", nil},
		{"ended", "rules = ['acme-token']\nuntil = 2027-01-30", all},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := mustDecode(t, "[[allow]]\nreason = 'why'\nowner = 'jo'\n"+tt.entry)
			f := &scanner.Finding{
				Rule: &scanner.Rule{ID: "acme-token"}, Secret: scanner.NewSecret([]byte("s3cr3t-EXAMPLE")), Fingerprint: fingerprint,
				Occurrences: []scanner.Occurrence{{Path: "a/x.go"}, {Path: "b/x.go"}, {Where: scanner.InStdin}},
			}
			ended := c.Allow(day(t, "2027-01-31"), []*scanner.Finding{f})
			require.Equal(t, tt.name == "ended", len(ended) == 1)
			if tt.open == nil {
				require.NotNil(t, f.Suppressed)
				require.Equal(t, "config", f.Suppressed.By)
				require.Equal(t, "why", f.Suppressed.Reason)
				require.Equal(t, "jo", f.Suppressed.Owner)
				require.Len(t, f.Occurrences, 3)
				return
			}
			require.Nil(t, f.Suppressed)
			var open []string
			for _, o := range f.Occurrences {
				open = append(open, o.Path)
			}
			require.Equal(t, tt.open, open)
		})
	}
}

func TestAllowJoinsEntries(t *testing.T) {
	c := mustDecode(t, "[scan]\nexclude = ['c']\n[[allow]]\npaths = ['a']\nreason = 'one'\n[[allow]]\npaths = ['b']\nreason = 'two'")
	f := &scanner.Finding{Rule: &scanner.Rule{}, Occurrences: []scanner.Occurrence{{Path: "b"}, {Path: "a"}, {Path: "c"}}}
	done := &scanner.Finding{Rule: &scanner.Rule{}, Suppressed: &scanner.Suppression{By: "inline"}, Occurrences: []scanner.Occurrence{{Path: "a"}}}
	require.Empty(t, c.Allow(time.Time{}, []*scanner.Finding{f, done}))
	require.Equal(t, "two", f.Suppressed.Reason)
	require.Equal(t, "inline", done.Suppressed.By)
	require.True(t, c.Excludes("x/c/y"))
	require.False(t, c.Excludes("x/cc"))
}

func TestZeroConfigChangesNothing(t *testing.T) {
	var c Config
	f := &scanner.Finding{Rule: &scanner.Rule{}, Occurrences: []scanner.Occurrence{{Path: "a"}}}
	require.Empty(t, c.Allow(time.Now(), []*scanner.Finding{f}))
	require.Nil(t, f.Suppressed)
	require.False(t, c.Excludes("a"))
	require.NoError(t, c.Validate(nil))
	rules, err := c.Rules([]scanner.Rule{{ID: "a", Entropy: 2}})
	require.NoError(t, err)
	require.Equal(t, []scanner.Rule{{ID: "a", Entropy: 2}}, rules)
}

func TestNameAccounts(t *testing.T) {
	c := mustDecode(t, "[accounts]\n'123456789012' = { name = 'prod', owner = 'ops' }\n'210987654321' = { name = 'dev' }")
	f := &scanner.Finding{Details: []scanner.Detail{
		{Name: "aws account", Value: "123456789012"}, {Name: "other", Value: "123456789012"},
		{Name: "aws account", Value: "210987654321"}, {Name: "aws account", Value: "000000000000"},
	}}
	c.NameAccounts([]*scanner.Finding{f})
	require.Equal(t, []scanner.Detail{
		{Name: "aws account", Value: "123456789012"}, {Name: "account name", Value: "prod"}, {Name: "account owner", Value: "ops"},
		{Name: "other", Value: "123456789012"},
		{Name: "aws account", Value: "210987654321"}, {Name: "account name", Value: "dev"},
		{Name: "aws account", Value: "000000000000"},
	}, f.Details)
}

func TestNameVerdicts(t *testing.T) {
	c := mustDecode(t, "[accounts]\n'123456789012' = { name = 'prod', cloudtrail = 'security.trail' }")
	told := func() *scanner.Verdict {
		return &scanner.Verdict{Details: []scanner.Detail{{Name: "account", Value: "123456789012"}, {Name: "arn", Value: "x"}}}
	}
	old := &scanner.Finding{Verdict: told()}
	known := &scanner.Finding{Verdict: told(), Details: []scanner.Detail{{Name: "aws account", Value: "123456789012"}}}
	unasked := &scanner.Finding{}
	c.NameVerdicts([]*scanner.Finding{old, known, unasked})
	require.Equal(t, []scanner.Detail{
		{Name: "account", Value: "123456789012"}, {Name: "account name", Value: "prod"}, {Name: "cloudtrail table", Value: "security.trail"}, {Name: "arn", Value: "x"},
	}, old.Verdict.Details)
	require.Len(t, known.Verdict.Details, 2, "its account is named already")
}
