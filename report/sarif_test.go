package report

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/owenrumney/go-sarif/v2/sarif"
	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

func parseSARIF(t *testing.T, text string) *sarif.Run {
	t.Helper()
	r, err := sarif.FromString(text)
	require.NoError(t, err)
	require.Len(t, r.Runs, 1)
	return r.Runs[0]
}

func TestSARIFSchema(t *testing.T) {
	schema := compileSchema(t, "testdata/sarif-schema-2.1.0.json")
	for name, d := range documents() {
		for _, suppressed := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/suppressed=%v", name, suppressed), func(t *testing.T) {
				text := render(t, "sarif", FormatOptions{Suppressed: suppressed}, d)
				validate(t, schema, text)
				var value any
				require.NoError(t, json.Unmarshal([]byte(text), &value))
				requireNoEmptyStrings(t, "sarif", value)
			})
		}
	}
}

// GitHub refuses empty strings.
func requireNoEmptyStrings(t *testing.T, path string, value any) {
	t.Helper()
	switch value := value.(type) {
	case string:
		require.NotEmpty(t, value, path)
	case []any:
		for _, v := range value {
			requireNoEmptyStrings(t, path+"[]", v)
		}
	case map[string]any:
		for name, v := range value {
			requireNoEmptyStrings(t, path+"."+name, v)
		}
	case nil:
		t.Errorf("%s is null", path)
	}
}

func TestSARIFSuppressionsOnAllOrNone(t *testing.T) {
	d := documents()["rich"]
	without := render(t, "sarif", FormatOptions{}, d)
	require.Zero(t, strings.Count(without, `"suppressions"`))
	require.Len(t, parseSARIF(t, without).Results, d.Summary.Findings)

	with := render(t, "sarif", FormatOptions{Suppressed: true}, d)
	require.Equal(t, len(d.Findings), strings.Count(with, `"suppressions"`))
	require.Equal(t, 1, strings.Count(with, `"status":"accepted"`))
}

func TestSARIFShowsSecretsWhenAsked(t *testing.T) {
	run := parseSARIF(t, render(t, "sarif", FormatOptions{}, documents()["shown"]))
	require.Equal(t, awsSecret, run.Results[0].Properties["secret"])
	run = parseSARIF(t, render(t, "sarif", FormatOptions{}, documents()["rich"]))
	require.NotContains(t, run.Results[0].Properties, "secret")
}

func TestSARIFRules(t *testing.T) {
	d := documents()["rich"]
	run := parseSARIF(t, render(t, "sarif", FormatOptions{}, d))
	for _, rule := range run.Tool.Driver.Rules {
		require.NotEmpty(t, *rule.ShortDescription.Text)
		require.NotEmpty(t, *rule.FullDescription.Text)
		require.NotEmpty(t, *rule.Help.Text)
		require.NotEmpty(t, *rule.Help.Markdown)
		require.Contains(t, []string{"9.5", "8.0", "5.5", "2.0"}, rule.Properties["security-severity"])
		require.Contains(t, rule.Properties["tags"], "security")
		require.Contains(t, []string{"high", "medium", "low"}, rule.Properties["precision"])
	}
	for _, result := range run.Results {
		require.Equal(t, *result.RuleID, run.Tool.Driver.Rules[*result.RuleIndex].ID)
		require.Regexp(t, `^[0-9a-f]{16}:1$`, result.PartialFingerprints["primaryLocationLineHash"])
	}
	require.Equal(t, "AWS secret access key ("+awsKeyID+", account 581039954779) leaked in 40 places, "+
		"first in commit abc1234 of 2014-02-03, still at HEAD, verified: live", *run.Results[0].Message.Text)
	require.False(t, *run.Invocations[0].ExecutionSuccessful)
	require.Len(t, run.Invocations[0].ToolExecutionNotifications, 2)
}

// manyPlaces is n findings, each milder than or as bad as the one before, with
// places places each.
func manyPlaces(n, places int) []*scanner.Finding {
	list := make([]*scanner.Finding, n)
	for i := range list {
		f := &scanner.Finding{
			Rule: githubRule, Secret: secret(fmt.Sprintf("value-number-%08d-of-many", i)),
			Fingerprint: fmt.Sprintf("%032x", i), Severity: scanner.SeverityLow, Confidence: scanner.ConfidenceHigh,
		}
		if i >= n/2 { // the worst come last in the input
			f.Severity = scanner.SeverityCritical
		}
		for j := range places {
			f.Occurrences = append(f.Occurrences, scanner.Occurrence{
				Where: scanner.InFile, Path: fmt.Sprintf("dir/%d.txt", j), Line: j + 1, Column: 1, EndLine: j + 1, EndColumn: 9,
			})
		}
		list[i] = f
	}
	return list
}

func TestSARIFSplitsManyLocations(t *testing.T) {
	run := parseSARIF(t, render(t, "sarif", FormatOptions{}, Build(manyPlaces(1, 2500), Meta{}, Options{})))
	require.Len(t, run.Results, 3)
	seen := make(map[string]bool)
	for i, result := range run.Results {
		require.LessOrEqual(t, len(result.Locations), sarifMaxLocations)
		require.Equal(t, run.Results[0].PartialFingerprints["shrikeFingerprint/v1"], result.PartialFingerprints["shrikeFingerprint/v1"])
		require.Regexp(t, fmt.Sprintf(":%d$", i+1), result.PartialFingerprints["primaryLocationLineHash"])
		for _, l := range result.Locations {
			seen[*l.PhysicalLocation.ArtifactLocation.URI] = true
		}
	}
	require.Len(t, seen, 2500)
	require.True(t, *run.Invocations[0].ExecutionSuccessful)
}

func TestSARIFKeepsTheWorst(t *testing.T) {
	d := Build(manyPlaces(10, 1), Meta{}, Options{})
	for name, r := range map[string]sarifReporter{
		"by number": {maxResults: 5, maxLocations: 10, maxCompressed: 1 << 20},
		// The compressor hands its output on in blocks: the first one is over.
		"by size": {maxResults: 1000, maxLocations: 10, maxCompressed: 20 << 10},
	} {
		t.Run(name, func(t *testing.T) {
			d := d
			if name == "by size" {
				d = Build(manyPlaces(2000, 1), Meta{}, Options{})
			}
			var out strings.Builder
			require.NoError(t, r.Report(&out, d))
			run := parseSARIF(t, out.String())
			require.NotEmpty(t, run.Results)
			for _, result := range run.Results[:min(len(run.Results), len(d.Findings)/2)] {
				require.Equal(t, "error", *result.Level)
			}
			notes := run.Invocations[0].ToolExecutionNotifications
			require.Len(t, notes, 1)
			require.Contains(t, *notes[0].Message.Text,
				fmt.Sprintf("%s findings left out", grouped(int64(len(d.Findings)-len(run.Results)))))
		})
	}
}

func TestEscapePath(t *testing.T) {
	for _, tt := range []struct{ path, want string }{
		{"src/main.go", "src/main.go"},
		{"a b/ü#?.yml", "a%20b/%C3%BC%23%3F.yml"},
		{"100%.txt", "100%25.txt"},
		{"c:evil", "c%3Aevil"},
		{"line\nbreak", "line%0Abreak"},
		{"not\xffUTF-8", "not%FFUTF-8"},
		{"[x](y)", "%5Bx%5D%28y%29"},
	} {
		got := escapePath(tt.path)
		require.Equal(t, tt.want, got)
		u, err := url.Parse(got)
		require.NoError(t, err)
		require.Equal(t, tt.path, u.Path)
		require.Empty(t, u.Scheme)
	}
}

func TestSARIFRegion(t *testing.T) {
	for _, tt := range []struct {
		name string
		in   Occurrence
		want [4]int
	}{
		{"as given", Occurrence{StartLine: 3, StartColumn: 4, EndLine: 5, EndColumn: 1}, [4]int{3, 4, 5, 1}},
		{"unknown", Occurrence{}, [4]int{1, 1, 1, 2}},
		{"empty", Occurrence{StartLine: 2, StartColumn: 9, EndLine: 2, EndColumn: 9}, [4]int{2, 9, 2, 10}},
		{"backwards", Occurrence{StartLine: 7, StartColumn: 9, EndLine: 2, EndColumn: 3}, [4]int{7, 9, 7, 10}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := sarifRegion(&tt.in)
			require.Equal(t, tt.want, [4]int{*r.StartLine, *r.StartColumn, *r.EndLine, *r.EndColumn})
		})
	}
}
