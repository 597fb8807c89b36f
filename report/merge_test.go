package report

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

// A report that was read is written in every format as the original is. Bytes that
// are not UTF-8 are the exception: JSON has no way to write them.
func TestReadGivesBackWhatWasWritten(t *testing.T) {
	for name, d := range documents() {
		for _, format := range []string{"json", "jsonl"} {
			back, err := Read(strings.NewReader(render(t, format, FormatOptions{}, d)))
			require.NoError(t, err, name)
			if name == "hostile" {
				continue
			}
			for _, other := range Formats() {
				o := FormatOptions{Suppressed: true, Verbose: true}
				require.True(t, render(t, other, o, d) == render(t, other, o, back), "%s through %s as %s", name, format, other)
			}
		}
	}
}

func TestReadRefuses(t *testing.T) {
	d := documents()["rich"]
	whole, lines := render(t, "json", FormatOptions{}, d), render(t, "jsonl", FormatOptions{}, d)
	finding := func(old, with string) string { return strings.Replace(lines, old, with, 1) }
	for _, tt := range []struct{ name, in, want string }{
		{"nothing", "", errNoReport.Error()},
		{"another tool's", `[{"RuleID":"x"}]`, errNoReport.Error()},
		{"another schema", strings.Replace(whole, Schema, "shrike/report/9", 1), `its schema is "shrike/report/9"`},
		{"sarif", render(t, "sarif", FormatOptions{}, d), errNoReport.Error()},
		{"json cut short", whole[:len(whole)/2], "it is cut short"},
		{"jsonl cut at a line", lines[:strings.LastIndex(lines, `{"type":"summary"`)], "the last line is no summary"},
		{"jsonl cut in a line", lines[:len(lines)-40], "the last line is no summary"},
		{"two reports", whole + whole, "something follows"},
		{"two jsonl reports", lines + lines, "something follows"},
		{"an unknown line", `{"type":"other"}` + "\n" + lines, "line 1 has no known type"},
		{"an unknown severity", finding(`"severity":"high"`, `"severity":"bad"`), `unknown severity "bad"`},
		{"an unknown confidence", finding(`"confidence":"high"`, `"confidence":""`), `unknown confidence ""`},
		{"no fingerprint", finding(`"fingerprint":"`+strings.Repeat("a1", 16), `"fingerprint":"`), "finding 1: the fingerprint is missing"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Read(strings.NewReader(tt.in))
			require.ErrorContains(t, err, tt.want)
		})
	}
}

func TestMerge(t *testing.T) {
	place := func(path string) scanner.Occurrence {
		return scanner.Occurrence{Where: scanner.InFile, Path: path, Line: 1, Column: 1, EndLine: 1, EndColumn: 9}
	}
	finding := func(s scanner.Severity, hidden, alive bool, paths ...string) *scanner.Finding {
		f := &scanner.Finding{Rule: githubRule, Fingerprint: "same", Secret: secret(githubPAT), Severity: s, Alive: alive}
		for _, p := range paths {
			f.Occurrences = append(f.Occurrences, place(p))
		}
		if hidden {
			f.Suppressed = &scanner.Suppression{By: "baseline"}
		}
		return f
	}
	other := finding(scanner.SeverityCritical, true, true, "z")
	other.Fingerprint = "other"
	a := Build([]*scanner.Finding{finding(scanner.SeverityMedium, true, false, "a", "b")}, Meta{Command: "git", Objects: 3}, Options{})
	b := Build([]*scanner.Finding{finding(scanner.SeverityHigh, false, true, "b", "c"), other},
		Meta{Command: "dir", Files: 2, Problems: []string{"open x: denied"}}, Options{})

	d := Merge(a, b)
	require.Len(t, d.Findings, 2)
	same := d.Findings[0]
	require.Equal(t, "same", same.Fingerprint, "open ones first")
	require.Nil(t, same.Suppressed, "what one report shows, the merged one shows")
	require.Equal(t, "high", same.Severity)
	require.True(t, same.Alive)
	var paths []string
	for _, o := range same.Occurrences {
		paths = append(paths, o.Path)
	}
	require.Equal(t, []string{"a", "b", "c"}, paths)
	require.Equal(t, Summary{
		Command: "git, dir", Findings: 1, Severities: Counts{High: 1}, Suppressed: 1,
		Objects: 3, Files: 2, Problems: []string{"open x: denied"},
	}, d.Summary)
}

func FuzzRead(f *testing.F) {
	f.Add(`{"type":"finding","fingerprint":"a","rule":"b","severity":"low","confidence":"low"}` + "\n" +
		`{"type":"summary","schema":"shrike/report/1","summary":{}}`)
	f.Add(`{"schema":"shrike/report/1","findings":[{"fingerprint":"a","rule":"b","severity":"high","confidence":"low","occurrences":[{}],"introduced":{}}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		d, err := Read(strings.NewReader(text))
		if err != nil {
			return
		}
		for _, format := range Formats() {
			require.NotEmpty(t, render(t, format, FormatOptions{Verbose: true, Suppressed: true}, d))
		}
	})
}
