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

// TestCollectorBoundsPlaces fills one file with places of three secrets, in several
// calls, while others come from elsewhere.
func TestCollectorBoundsPlaces(t *testing.T) {
	rule := &Rule{ID: "generic-password"}
	at := func(secret string, line int) Match {
		return Match{Rule: rule, Secret: NewSecret([]byte(secret)), Line: line}
	}
	c := NewCollector()
	full, other := Place{Where: InFile, Path: "full"}, Place{Where: InFile, Path: "other"}
	line := 0
	for range 30 {
		var ms []Match
		for range mostListed / 20 {
			line++
			ms = append(ms, at("often", line))
		}
		c.Add(full, ms)
		c.Add(other, []Match{at("often", line)})
	}
	allowed := at("often", line+1)
	allowed.Allow = &Suppression{}
	c.Add(full, []Match{at("late", line), at("late", line+1), allowed, allowed})

	listed := map[string]int{}
	for _, f := range c.Findings() {
		for _, o := range f.Occurrences {
			listed[f.Secret.Reveal()+" in "+o.Path]++
		}
	}
	require.Equal(t, map[string]int{"often in full": mostListed + 1, "often in other": 30, "late in full": 1}, listed)
	require.Equal(t, []string{"5002 more places of these secrets are not listed, after the first 10000 of a file: full"}, c.Notes())
}
