package main

import (
	"fmt"
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/config"
	"github.com/shrike-scan/shrike/rules"
	"github.com/shrike-scan/shrike/scanner"
	"github.com/shrike-scan/shrike/verify"
)

// Every live check is for rules that are there and have no other, and takes the
// other half of a pair where the rule has one.
func TestLiveChecksFitTheRules(t *testing.T) {
	all, err := rules.Load()
	require.NoError(t, err)
	byID := map[string]*scanner.Rule{}
	for i := range all {
		byID[all[i].ID] = &all[i]
	}
	checks, err := verify.Checks()
	require.NoError(t, err)
	for _, c := range checks {
		for _, id := range c.Rules {
			rule := byID[id]
			require.NotNil(t, rule, "a check is for the rule %q, which is not there", id)
			require.Empty(t, rule.Verify, id)
			if rule.Pair != "" {
				require.Contains(t, fmt.Sprintf("%+v", c), "{"+rule.Pair+"}", id)
			}
		}
	}
}

// The manual's example of a check is a sound one.
func TestTheManualsCheckIsSound(t *testing.T) {
	text, err := os.ReadFile("../../docs/verify.md")
	require.NoError(t, err)
	example := regexp.MustCompile("(?s)```toml\n(.*?)```").FindSubmatch(text)
	c, err := config.Decode("verify.md", example[1])
	require.NoError(t, err)
	checks, err := c.OwnChecks(verify.ValidateHTTP)
	require.NoError(t, err)
	require.Len(t, checks["acme-deploy-token"].Examples, 2)
}
