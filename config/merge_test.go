package config

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

func TestRules(t *testing.T) {
	builtin := []scanner.Rule{
		{ID: "aws-key", Severity: scanner.SeverityHigh, Entropy: 3},
		{ID: "generic-password", Severity: scanner.SeverityMedium},
		{ID: "slack-webhook"},
	}
	c := mustDecode(t, full)
	require.NoError(t, c.Validate([]string{"slack-webhook", "generic-password", "aws-key"}))
	rules, err := c.Rules(builtin)
	require.NoError(t, err)
	type row struct {
		id       string
		severity scanner.Severity
		entropy  float64
	}
	var got []row
	for _, r := range rules {
		got = append(got, row{r.ID, r.Severity, r.Entropy})
	}
	require.Equal(t, []row{
		{"aws-key", scanner.SeverityLow, 3.5},
		{"generic-password", scanner.SeverityMedium, 4},
		{"acme-token", scanner.SeverityCritical, 3.5},
		{"acme-password", scanner.SeverityHigh, 3.5},
	}, got)
	require.Equal(t, 3.0, builtin[0].Entropy, "the caller's rules stay as they were")
}

func TestRulesRefuseABuiltInID(t *testing.T) {
	c := mustDecode(t, "disable = ['a']\n[[rules]]\nid = 'a'\nregex = 'abc'")
	_, err := c.Rules([]scanner.Rule{{ID: "a"}})
	require.EqualError(t, err, `f:3:1: rule "a" is built in: choose another id`)
}

func TestValidate(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"disable", "disable = ['aws-key',\n  'aws-kye']", `f:2:3: unknown rule "aws-kye"; did you mean "aws-key"?`},
		{"entropy", "[entropy]\naws-kex = 1", `f:2:1: unknown rule "aws-kex"; did you mean "aws-key"?`},
		{"severity", "[severity]\nall = 'low'", `f:2:1: unknown rule "all"`},
		{"allow", "[[allow]]\nreason = 'r'\nrules = ['acme', 'acmee']\n[[rules]]\nid = 'acme'\nregex = 'abc'",
			`f:3:18: unknown rule "acmee"; did you mean "acme"?`},
		{"all in order", "disable = ['x1']\n[[allow]]\nreason = 'r'\nrules = ['x2']",
			"f:1:12: unknown rule \"x1\"\nf:4:10: unknown rule \"x2\""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			require.EqualError(t, mustDecode(t, tt.text).Validate([]string{"generic-password", "aws-key"}), tt.want)
		})
	}
}

func TestEditDistance(t *testing.T) {
	tests := []struct {
		a, b string
		want int
	}{{"", "", 0}, {"a", "", 1}, {"", "ab", 2}, {"kitten", "sitting", 3}, {"paths", "pahts", 2}, {"same", "same", 0}}
	for _, tt := range tests {
		require.Equal(t, tt.want, editDistance(tt.a, tt.b))
		require.Equal(t, tt.want, editDistance(tt.b, tt.a))
	}
}
