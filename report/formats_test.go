package report

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCSVNeutralisesFormulas(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"},
		{"+1", "'+1"}, {"-1", "'-1"}, {"@SUM(A1)", "'@SUM(A1)"},
		{"＝1", "'＝1"}, {"\t=1", `\t=1`}, {"\r=1", `\r=1`},
		{"a=b", "a=b"}, {"", ""},
	} {
		require.Equal(t, tt.want, cell(tt.in))
	}
}

func TestCSVParses(t *testing.T) {
	for name, d := range documents() {
		rows, err := csv.NewReader(strings.NewReader(render(t, "csv", FormatOptions{}, d))).ReadAll()
		require.NoError(t, err, name) // every row has as many cells as the first
		places := 0
		for _, f := range d.Findings {
			places += max(len(f.Occurrences), 1)
		}
		require.Len(t, rows, 1+places+len(d.Summary.Problems)+len(d.Summary.Incomplete), name)
	}
}

// The counts of the suite are those of its cases, and all of it is XML.
func TestJUnitCounts(t *testing.T) {
	for name, d := range documents() {
		text := render(t, "junit", FormatOptions{}, d)
		var suites struct {
			Suite struct {
				Tests    int `xml:"tests,attr"`
				Failures int `xml:"failures,attr"`
				Errors   int `xml:"errors,attr"`
				Skipped  int `xml:"skipped,attr"`
				Cases    []struct {
					Name    string    `xml:"name,attr"`
					Failure *struct{} `xml:"failure"`
					Error   *struct{} `xml:"error"`
					Skipped *struct{} `xml:"skipped"`
				} `xml:"testcase"`
			} `xml:"testsuite"`
		}
		require.NoError(t, xml.Unmarshal([]byte(text), &suites), name)
		var failures, errors, skipped int
		for _, c := range suites.Suite.Cases {
			require.NotEmpty(t, c.Name)
			if c.Failure != nil {
				failures++
			}
			if c.Error != nil {
				errors++
			}
			if c.Skipped != nil {
				skipped++
			}
		}
		s := suites.Suite
		require.NotEmpty(t, s.Cases, "some servers refuse an empty suite")
		require.Equal(t, []int{len(s.Cases), failures, errors, skipped}, []int{s.Tests, s.Failures, s.Errors, s.Skipped}, name)
		require.Equal(t, d.Summary.Findings, failures, name)
	}
}

// What version 15.0.7 of GitLab's schema requires of a secret detection report.
func TestGitLabRequirements(t *testing.T) {
	timeForm := regexp.MustCompile(`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$`)
	for name, d := range documents() {
		t.Run(name, func(t *testing.T) {
			decoder := json.NewDecoder(strings.NewReader(render(t, "gitlab", FormatOptions{}, d)))
			decoder.DisallowUnknownFields() // nothing but what the types below say
			var r struct {
				Version         string                `json:"version"`
				Scan            gitlabScan            `json:"scan"`
				Vulnerabilities []gitlabVulnerability `json:"vulnerabilities"`
			}
			require.NoError(t, decoder.Decode(&r))
			_, err := decoder.Token()
			require.ErrorIs(t, err, io.EOF)
			require.NotNil(t, r.Vulnerabilities)
			require.Len(t, r.Vulnerabilities, d.Summary.Findings)
			require.Regexp(t, timeForm, r.Scan.Start)
			require.Regexp(t, timeForm, r.Scan.End)
			require.Equal(t, "secret_detection", r.Scan.Type)
			require.Equal(t, d.Summary.Complete, r.Scan.Status == "success")
			for _, tool := range []gitlabTool{r.Scan.Analyzer, r.Scan.Scanner} {
				require.NotContains(t, []string{tool.ID, tool.Name, tool.Version, tool.Vendor.Name}, "")
			}
			ids := map[string]bool{}
			for _, v := range r.Vulnerabilities {
				require.False(t, ids[v.ID], "ids are unique")
				ids[v.ID] = true
				require.Contains(t, []string{"Low", "Medium", "High", "Critical"}, v.Severity)
				require.LessOrEqual(t, runes(v.Name), 255)
				require.LessOrEqual(t, runes(v.Solution), 7000)
				require.LessOrEqual(t, len(v.Description), 1<<20)
				require.NotEmpty(t, v.Identifiers)
				for _, id := range v.Identifiers {
					require.NotContains(t, []string{id.Type, id.Name, id.Value}, "")
				}
				require.NotEmpty(t, v.Location.Commit.SHA)
				for key, detail := range v.Details {
					require.NotEmpty(t, detail.Name, key)
					requireGitLabDetail(t, detail)
				}
			}
			for _, m := range r.Scan.Messages {
				require.Contains(t, []string{"info", "warn", "fatal"}, m.Level)
				require.NotEmpty(t, m.Value)
			}
		})
	}
}

// A text must have a value, a list items: one that is left out is refused.
func requireGitLabDetail(t *testing.T, d gitlabDetail) {
	t.Helper()
	switch d.Type {
	case "text":
		require.NotEmpty(t, d.Value)
	case "list":
		require.NotEmpty(t, d.Items)
		for _, item := range d.Items {
			requireGitLabDetail(t, item)
		}
	default:
		t.Errorf("unknown type %q", d.Type)
	}
}

func TestLiteralMarkdown(t *testing.T) {
	require.Equal(t, `\!\[x\]\(http://h/\) \<b\> \@all a.b`, literalMarkdown("![x](http://h/) <b> @all a.b"))
}
