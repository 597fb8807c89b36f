package report

import (
	"encoding/base64"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

// plant sets every string below v to a text around marker, except the members
// that hold ids or fixed words rather than scanned content.
func plant(v reflect.Value, marker string) {
	fixed := map[string]bool{
		"Fingerprint": true, "ID": true, "Object": true, "Where": true, "Part": true,
		"Encoding": true, "Reach": true, "State": true, "By": true, "Until": true, "Rule": true,
		"Command": true, "Version": true,
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("before " + marker + " after")
	case reflect.Pointer:
		if !v.IsNil() {
			plant(v.Elem(), marker)
		}
	case reflect.Slice:
		for i := range v.Len() {
			plant(v.Index(i), marker)
		}
	case reflect.Struct:
		switch v.Interface().(type) {
		case time.Time, scanner.Secret:
			return
		}
		for i := range v.NumField() {
			name := v.Type().Field(i).Name
			// A part's name is given by the rules; a detail's is not.
			part := v.Type() == reflect.TypeFor[scanner.Part]() && name == "Name"
			if !fixed[name] && !part {
				plant(v.Field(i), marker)
			}
		}
	}
}

// planted is a finding with every member set, and the marker in every string that
// may hold scanned content. The marker is what to look for in the output.
func planted(value, marker string) ([]*scanner.Finding, Meta) {
	commit := func(id string) *scanner.Commit {
		return &scanner.Commit{ID: strings.Repeat(id, 40), Date: time.Unix(1e9, 0).UTC()}
	}
	f := &scanner.Finding{
		Rule: githubRule, Secret: secret(value), Fingerprint: strings.Repeat("0f", 16),
		Severity: scanner.SeverityHigh, Confidence: scanner.ConfidenceHigh,
		Details: make([]scanner.Detail, 2),
		Parts: []scanner.Part{
			{Name: "session-token", Value: secret("part-of-" + value)},
			{Name: "access-key-id", Value: secret(value), Public: true}, // a contradiction: the secret wins
		},
		Occurrences: []scanner.Occurrence{
			{Where: scanner.InFile, Line: 1, Column: 1, EndLine: 1, EndColumn: 9, Commit: commit("1"), Allow: &scanner.Suppression{By: "inline"}},
			{Where: scanner.InCommitMessage, Line: 1, Column: 1, EndLine: 1, EndColumn: 9, Commit: commit("2")},
		},
		Introduced: commit("3"), Removed: commit("4"), Refs: make([]string, 5), Reach: "ref",
		Verdict: &scanner.Verdict{State: "live", At: time.Unix(1e9, 0).UTC(), Details: make([]scanner.Detail, 1)},
	}
	hidden := *f
	hidden.Suppressed = &scanner.Suppression{By: "baseline", Until: "2030-01-01"}
	meta := Meta{Problems: make([]string, 2), Incomplete: make([]string, 1), Notes: make([]string, 1)}
	plant(reflect.ValueOf(f).Elem(), marker)
	plant(reflect.ValueOf(&hidden).Elem(), marker)
	plant(reflect.ValueOf(&meta).Elem(), marker)
	return []*scanner.Finding{f, &hidden}, meta
}

func TestNoFieldLeaks(t *testing.T) {
	value := "Qx7Lm2Vt9Zk4" + `"\` + "Rw8Np3Bs6Hd1Tg5"
	inJSON, err := json.Marshal(value)
	require.NoError(t, err)
	markers := map[string]string{
		"plain":   value,
		"escaped": strings.Trim(string(inJSON), `"`),
		"base64":  base64.StdEncoding.EncodeToString([]byte(value)),
		"twice":   value + value,
	}
	options := map[string]FormatOptions{
		"default": {},
		"verbose": {Verbose: true, Suppressed: true, Color: true},
	}
	for _, format := range Formats() {
		for how, marker := range markers {
			for name, o := range options {
				t.Run(format+"/"+how+"/"+name, func(t *testing.T) {
					findings, meta := planted(value, marker)
					out := render(t, format, o, Build(findings, meta, Options{}))
					require.Contains(t, out, findings[0].Fingerprint)
					// Four characters may show; no run of eight of any form does.
					for _, form := range append(forms(value), marker) {
						for i := 0; i+8 <= len(form); i++ {
							require.NotContains(t, out, form[i:i+8])
						}
					}
				})
			}
		}
		t.Run(format+"/asked for", func(t *testing.T) {
			findings, meta := planted(githubPAT, githubPAT)
			out := render(t, format, FormatOptions{}, Build(findings, meta, Options{ShowSecrets: true}))
			require.Contains(t, out, githubPAT)
			require.NotContains(t, out, "…[")
		})
	}
}

// What is left out is redacted in what is shown.
func TestLeftOutFindingsDoNotLeak(t *testing.T) {
	findings, meta := planted(githubPAT, githubPAT)
	findings[0].Secret = secret("another-secret-altogether")
	keep := func(f *scanner.Finding) bool { return f == findings[0] }
	d := Build(findings, meta, Options{Keep: keep})
	require.Len(t, d.Findings, 1)
	require.NotContains(t, render(t, "json", FormatOptions{}, d), githubPAT[:8])
}

// Every string member of the input is either planted above or known to be fixed;
// this proves that planting reaches deep.
func TestPlantReaches(t *testing.T) {
	findings, meta := planted("some-secret-value", "MARK")
	f := findings[1]
	for _, s := range []string{
		f.Details[1].Value, f.Occurrences[0].Path, f.Occurrences[1].Commit.Subject, f.Occurrences[0].Allow.Reason,
		f.Introduced.Author, f.Removed.Email, f.Refs[4], f.Verdict.Reason, f.Verdict.Details[0].Value,
		f.Suppressed.Owner, meta.Problems[1], meta.Incomplete[0], meta.Target,
	} {
		require.Contains(t, s, "MARK")
	}
}
