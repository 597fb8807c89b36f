package scanner

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestCollectorDoesNotDependOnArrival adds matches of one rule whose details tell of
// different places, as those of a container's environment do, in both orders.
func TestCollectorDoesNotDependOnArrival(t *testing.T) {
	rule := &Rule{ID: "container-environment-secret"}
	at := func(place string) Match {
		return Match{Rule: rule, Secret: NewSecret([]byte("marigold")), Details: []Detail{{Name: "path", Value: place}}}
	}
	details := func(places ...string) []Detail {
		c := NewCollector()
		for _, p := range places {
			c.Add(Place{Where: InFile, Path: p}, []Match{at(p)})
		}
		return c.Findings()[0].Details
	}
	require.Equal(t, details("a", "b"), details("b", "a"))
}
