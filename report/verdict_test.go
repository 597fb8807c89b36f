package report

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

// A report that was read takes over verdicts, and what to do follows, but for the
// steps of cleaning, which knew the repository.
func TestAddVerdicts(t *testing.T) {
	findings, meta := rich()
	d, err := Read(strings.NewReader(render(t, "json", FormatOptions{}, Build(findings, meta, Options{
		Respond: func(*scanner.Finding, func(string) string) *scanner.Plan {
			return &scanner.Plan{Steps: []scanner.Step{
				{Phase: scanner.PhaseContain, Do: "old"}, {Phase: scanner.PhaseClean, Do: "git rebase"}, {Phase: scanner.PhasePrevent, Do: "old"},
			}}
		},
	}))))
	require.NoError(t, err)
	asked := findings[2]
	asked.Verdict = &scanner.Verdict{State: "dead", Call: "GET /user", Details: []scanner.Detail{{Name: "note", Value: githubPAT}}}
	asked.Severity = scanner.SeverityLow
	d.AddVerdicts([]*scanner.Finding{asked}, func(*scanner.Finding, func(string) string) *scanner.Plan {
		return &scanner.Plan{Steps: []scanner.Step{
			{Phase: scanner.PhaseContain, Do: "new"}, {Phase: scanner.PhaseClean, Do: "somehow"}, {Phase: scanner.PhasePrevent, Do: "new"},
		}}
	})
	for i := range d.Findings {
		f := &d.Findings[i]
		if f.Fingerprint != asked.Fingerprint {
			require.NotEqual(t, "new", append(f.response(), Step{})[0].Do)
			continue
		}
		require.Equal(t, "dead", f.Verdict.State)
		require.Equal(t, "low", f.Severity)
		require.NotContains(t, f.Verdict.Details[0].Value, githubPAT)
		require.Equal(t, []Step{{Phase: "contain", Do: "new"}, {Phase: "clean", Do: "git rebase"}, {Phase: "prevent", Do: "new"}}, f.response())
	}
}
