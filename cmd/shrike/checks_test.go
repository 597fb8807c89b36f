package main

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

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
