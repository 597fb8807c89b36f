package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A page holds a list of steps once, whatever number of keys it is for, and gives it
// back as the json format has it.
func TestHTMLSharesPlans(t *testing.T) {
	findings, meta := rich()
	d := Build(findings, meta, Options{Respond: twoSteps})
	again := d.Findings[0]
	again.Respond, again.plan = again.response(), nil // as one that was read
	again.Parts = []Part{{Name: "access-key-id", Value: "AKIAOTHER", Public: true}}
	for i := range again.Respond {
		again.Respond[i].Query = strings.ReplaceAll(again.Respond[i].Query, awsKeyID, "AKIAOTHER")
		for j := range again.Respond[i].Run {
			again.Respond[i].Run[j] = strings.ReplaceAll(again.Respond[i].Run[j], awsKeyID, "AKIAOTHER")
		}
	}
	shared := &htmlPlans{index: map[string]int{}}
	first, ok := shared.finding(&d.Findings[0]).(htmlFinding)
	require.True(t, ok)
	second, ok := shared.finding(&again).(htmlFinding)
	require.True(t, ok)
	require.Len(t, shared.lists, 1)
	require.Contains(t, first.Respond.Values, awsKeyID)
	require.Contains(t, second.Respond.Values, "AKIAOTHER")
	require.Contains(t, again.Respond[1].Run[0], "AKIAOTHER", "the document is left alone")

	var text bytes.Buffer
	w := bufio.NewWriter(&text)
	newJSONWriter(w).value(second)
	require.NoError(t, w.Flush())
	var back struct{ Respond htmlPlan }
	require.NoError(t, json.Unmarshal(text.Bytes(), &back))
	require.Equal(t, *second.Respond, back.Respond)
}
