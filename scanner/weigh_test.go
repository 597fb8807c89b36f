package scanner

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWeigh(t *testing.T) {
	generic := &Rule{ID: "g", Keywords: []string{"password"}}
	chosen := &Rule{ID: "c", Chosen: true}
	format := &Rule{ID: "f"}
	file := func(paths ...string) (list []Occurrence) {
		for _, p := range paths {
			list = append(list, Occurrence{Where: InFile, Path: p})
		}
		return list
	}
	for _, tt := range []struct {
		name       string
		finding    Finding
		severity   Severity
		confidence Confidence
	}{
		{"deployed", Finding{Rule: generic, Occurrences: file("config/prod.yaml")}, SeverityHigh, ConfidenceHigh},
		{"test", Finding{Rule: generic, Occurrences: file("pkg/testdata/a.yaml")}, SeverityMedium, ConfidenceMedium},
		{"chosen, example", Finding{Rule: chosen, Occurrences: file("examples/a.sh")}, SeverityMedium, ConfidenceMedium},
		{"format, test", Finding{Rule: format, Occurrences: file("a_test.go")}, SeverityHigh, ConfidenceMedium},
		{"proven, test", Finding{Rule: format, Proven: true, Occurrences: file("a_test.go")}, SeverityHigh, ConfidenceHigh},
		{"pair, test", Finding{Rule: format, Parts: []Part{{}}, Occurrences: file("a_test.go")}, SeverityHigh, ConfidenceHigh},
		{"test and deployed", Finding{Rule: generic, Occurrences: file("a_test.go", "a.go")}, SeverityHigh, ConfidenceHigh},
		{"lock file", Finding{Rule: generic, Occurrences: file("yarn.lock", "po/de.po")}, SeverityMedium, ConfidenceLow},
		{"lock file and test", Finding{Rule: generic, Occurrences: file("yarn.lock", "a_test.go")}, SeverityMedium, ConfidenceMedium},
		{"message", Finding{Rule: generic, Occurrences: []Occurrence{{Where: InCommitMessage}}}, SeverityHigh, ConfidenceHigh},
		{"nowhere", Finding{Rule: generic}, SeverityHigh, ConfidenceHigh},
	} {
		f := tt.finding
		f.Severity, f.Confidence = SeverityHigh, ConfidenceHigh
		Weigh([]*Finding{&f})
		require.Equal(t, tt.severity, f.Severity, tt.name)
		require.Equal(t, tt.confidence, f.Confidence, tt.name)
	}
	low := &Finding{Rule: generic, Severity: SeverityLow, Confidence: ConfidenceLow, Occurrences: file("a_test.go")}
	Weigh([]*Finding{low})
	require.Equal(t, SeverityLow, low.Severity)
	require.Equal(t, ConfidenceLow, low.Confidence)
}
