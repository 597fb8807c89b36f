package scanner

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// atPath is an extractor that finds one text at a path.
type atPath struct{ text string }

func (atPath) Triggers() []string { return []string{"at path"} }
func (atPath) Rules() []Rule      { return []Rule{{ID: "placed", Confidence: ConfidenceMedium}} }

func (p atPath) Extract(text []byte) []Extract {
	const from = len("at path ")
	return []Extract{{Rule: "placed", Start: from, End: from + len(p.text), Value: []byte(p.text), Details: []Detail{{"path", "a.b"}}}}
}

// A token that stands at a place known for secrets is its provider's, and keeps the
// place's logical path.
func TestProviderBeatsPlace(t *testing.T) {
	rules := testRules()
	rules[0].Confidence = ConfidenceMedium
	e := mustCompile(t, rules, Options{Extractors: []Extractor{atPath{key("")}}})
	found := e.Scan(e.NewScratch(), []byte("at path "+key("")))
	require.Len(t, found, 1)
	require.Equal(t, "aws", found[0].Rule.ID)
	require.Equal(t, []Detail{{"path", "a.b"}}, found[0].Details)

	rules[0].Confidence = ConfidenceLow
	e = mustCompile(t, rules, Options{Extractors: []Extractor{atPath{key("")}}})
	require.Equal(t, "placed", e.Scan(e.NewScratch(), []byte("at path "+key("")))[0].Rule.ID)
}

// What one rule finds by two words of a name is reported as the surer of them has it,
// however many candidates come in whichever order.
func TestSurerOfOneRuleCounts(t *testing.T) {
	rule := &compiled{Rule: &Rule{ID: "r"}, plan: &plan{}}
	var found []candidate
	for at := range 50 {
		for i := range 3 {
			sure := []Confidence{ConfidenceLow, ConfidenceHigh, ConfidenceMedium}[(at+i)%3]
			found = append(found, candidate{rule: rule, start: 10 * at, end: 10*at + 8, result: CheckResult{Confidence: sure}})
		}
	}
	out := resolve(found)
	require.Len(t, out, 50)
	for _, c := range out {
		require.Equal(t, ConfidenceHigh, c.result.Confidence)
	}
}
