package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/respond"
	"github.com/shrike-scan/shrike/rules"
	"github.com/shrike-scan/shrike/scanner"
)

// Every rule has a whole plan.
func TestEveryRuleHasAPlan(t *testing.T) {
	list, err := rules.Load()
	require.NoError(t, err)
	planner, err := respond.NewPlanner()
	require.NoError(t, err)
	for i := range list {
		steps := planner.Plan(&scanner.Finding{Rule: &list[i]}, respond.Site{}).Filled()
		var seen []scanner.Phase
		for _, s := range steps {
			require.NotEmpty(t, strings.TrimSpace(s.Do), "%s, %s", list[i].ID, s.Phase)
			if len(seen) == 0 || seen[len(seen)-1] != s.Phase {
				seen = append(seen, s.Phase)
			}
		}
		require.Equal(t, []scanner.Phase{"evidence", "contain", "rotate", "clean", "prevent"}, seen, list[i].ID)
	}
}
