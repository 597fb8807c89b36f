package config

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

func TestDemand(t *testing.T) {
	now := day(t, "2027-01-01")
	tests := []struct {
		name                 string
		demand               Demand
		reason, owner, until string
		want                 string
	}{
		{"nothing", Demand{}, "", "", "", ""},
		{"reason", Demand{Require: []string{"reason"}}, " ", "o", "", "a reason"},
		{"owner", Demand{Require: []string{"owner", "reason"}}, "r", "", "", "an owner"},
		{"until", Demand{Require: []string{"until"}}, "r", "", "", "an end date (until)"},
		{"until far away", Demand{Require: []string{"until"}}, "r", "", "2999-01-01", ""},
		{"days without an end", Demand{MaxDays: 30}, "r", "", "", "an end date (until)"},
		{"last day", Demand{MaxDays: 30}, "r", "", "2027-01-31", ""},
		{"a day too late", Demand{MaxDays: 30}, "r", "", "2027-02-01", "an end date (until) of 2027-01-31 at the latest"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, tt.want, tt.demand.Missing(now, tt.reason, tt.owner, tt.until))
		})
	}
}

func TestComply(t *testing.T) {
	rules := []scanner.Rule{
		{ID: "aws-key", Severity: scanner.SeverityHigh, Entropy: 3},
		{ID: "generic-password", Severity: scanner.SeverityMedium},
	}
	tests := []struct{ name, policy, text, want string }{
		{"no demand", "", "disable = ['aws-key']", ""},
		{"other rule", "required_rules = ['aws-*']", "disable = ['generic-password']\nentropy = { generic-password = 5 }\nseverity = { generic-password = 'low' }", ""},
		{"disabled", "required_rules = ['aws-*']", "disable = ['generic-password', 'aws-key']",
			`f:1:32: the policy P (p.toml) requires the rule "aws-key"`},
		{"worse and surer is stricter", "required_rules = ['*']", "severity = { aws-key = 'critical' }\nentropy = { aws-key = 2 }", ""},
		{"milder", "required_rules = ['*']", "severity = { aws-key = 'low' }",
			`f:1:14: the policy P (p.toml) requires the rule "aws-key", whose severity is high`},
		{"entropy", "required_rules = ['aws-key']", "entropy = { all = 3.5 }",
			`f:1:13: the policy P (p.toml) requires the rule "aws-key", whose threshold is 3.0`},
		{"in an override", "required_rules = ['aws-key']", "[[override]]\npaths = ['x']\ndisable = ['aws-key']",
			`f:3:12: the policy P (p.toml) requires the rule "aws-key"`},
		{"override's threshold", "min_severity_at_most = 'low'", "[[override]]\npaths = ['x']\nmin_severity = 'medium'",
			`f:3:1: the policy P (p.toml) allows at most "low"`},
		{"confidence", "min_confidence_at_most = 'low'", "min_confidence = 'medium'", `f:1:1: the policy P (p.toml) allows at most "low"`},
		{"no overrides", "forbid = ['override']", "[[override]]\npaths = ['x']\ndisable = ['aws-key']", `f:1:3: the policy P (p.toml) forbids overrides`},
		{"no allow entries", "forbid = ['allow']", "[[allow]]\npaths = ['x']\nreason = 'r'", `f:1:3: the policy P (p.toml) forbids allow entries`},
		{"unknown rule", "required_rules = ['nope']", "", `p.toml:2:19: no built-in rule is called "nope"; a newer shrike may know it`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := DecodePolicy("p.toml", []byte("name = 'P'\n"+tt.policy))
			require.NoError(t, err)
			c := mustDecode(t, tt.text)
			c.policies = []*Policy{p}
			err = c.Comply(day(t, "2027-01-01"), rules)
			if tt.want == "" {
				require.NoError(t, err)
				return
			}
			require.EqualError(t, err, tt.want)
		})
	}
}

func FuzzDecodePolicy(f *testing.F) {
	f.Add("name = 'x'\nforbid = ['inline']\nrequired_rules = ['aws-*']\n[allow]\nmax_days = 3\nrequire = ['owner']\n")
	f.Fuzz(func(_ *testing.T, text string) { _, _ = DecodePolicy("f", []byte(text)) })
}
