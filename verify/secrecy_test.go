package verify

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

// Whatever holds a credential on its way can be printed by accident.
func TestNothingPrintsACredential(t *testing.T) {
	f := markerFinding()
	c := Credential{Secret: f.Secret, Parts: f.Parts, Others: f.Parts}
	j := &job{credential: c, findings: []*scanner.Finding{f}}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		for _, value := range []any{c, &c, *j, j, f, *f, f.Secret, c.Parts} {
			text := fmt.Sprintf(verb, value)
			require.NotContains(t, text, markerSecret)
			require.NotContains(t, text, markerToken)
			require.NotContains(t, text, fmt.Sprintf("%x", markerSecret))
		}
	}
}

const childCrashes = "SHRIKE_TEST_CRASH"

func TestCrashChild(t *testing.T) {
	if os.Getenv(childCrashes) == "" {
		t.Skip("runs as a child of TestACrashGivesNothingAway")
	}
	v := &fake{answer: func(_ context.Context, c Credential) scanner.Verdict {
		panic(fmt.Sprintf("internal error: %+v", c))
	}}
	_ = NewRunner(map[string]Verifier{STSName: v}, Options{}).Run(t.Context(), []*scanner.Finding{markerFinding()})
}

// A crash prints all goroutines, with what they were called with.
func TestACrashGivesNothingAway(t *testing.T) {
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestCrashChild$")
	child.Env = append(os.Environ(), childCrashes+"=1", "GOTRACEBACK=all")
	out, err := child.CombinedOutput()
	require.Error(t, err)
	require.Contains(t, string(out), "internal error")
	require.Contains(t, string(out), "goroutine")
	require.NotContains(t, string(out), markerSecret)
	require.NotContains(t, string(out), markerToken)
}
