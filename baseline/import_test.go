package baseline

import (
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

// importKey is assembled, so that no file holds it.
func importKey(n int) string { return fmt.Sprintf("AK"+"IA"+"Q3ZT7KX2MLPN5RW%c", 'A'+n) }

func importFinding(n int, places ...scanner.Occurrence) *scanner.Finding {
	return &scanner.Finding{Rule: &scanner.Rule{ID: "r", Regex: "x"}, Secret: scanner.NewSecret([]byte(importKey(n))), Fingerprint: strings.Repeat(fmt.Sprint(n), 32), Occurrences: places}
}

func TestImport(t *testing.T) {
	commit := strings.Repeat("c", 40)
	now := scanner.Occurrence{Path: "a/b.txt", Line: 3}
	then := scanner.Occurrence{Path: "a/b.txt", Line: 7, Commit: &scanner.Commit{ID: commit}}
	sum := sha1.Sum([]byte(importKey(1)))
	hash := hex.EncodeToString(sum[:])
	tests := []struct {
		name, format, text string
		want               []int // occurrences of finding 1 that each claim names
	}{
		{"ignore line", "gitleaks", "# why\n\na/b.txt:rule:3 # here\n", []int{1}},
		{"ignore line of a commit", "gitleaks", commit + ":a/b.txt:rule:7\n", []int{1}},
		{"another commit", "gitleaks", strings.Repeat("d", 40) + ":a/b.txt:rule:7\n", []int{0}},
		{"another line", "gitleaks", "a/b.txt:rule:4\na/b.txt:rule:7\n", []int{0, 0}},
		{"gitleaks report", "gitleaks", `[{"RuleID":"x","File":"a/b.txt","StartLine":99,"Secret":"` + importKey(1) + `","Commit":"` + commit + `"}]`, []int{2}},
		{"redacted report", "gitleaks", `[{"RuleID":"x","File":"a/b.txt","StartLine":7,"Secret":"REDACTED","Commit":"` + commit + `"}]`, []int{1}},
		{"another secret in that place", "gitleaks", `[{"RuleID":"x","File":"a/b.txt","StartLine":3,"Secret":"` + importKey(2) + `"}]`, []int{0}},
		{"detect-secrets", "detect-secrets", `{"results":{"a/b.txt":[{"type":"AWS","hashed_secret":"` + hash + `","line_number":1}],"c":[{"hashed_secret":"` + hash + `"}]}}`, []int{2, 0}},
		{"trufflehog", "trufflehog", `{"level":"info"}` + "\n" + `{"DetectorName":"AWS","Raw":"x","RawV2":"` + importKey(1) + `:more","SourceMetadata":{"Data":{"Filesystem":{"file":"/src/a/b.txt","line":3}}}}`, []int{2}},
		{"SARIF", "sarif", `{"runs":[{"results":[{"ruleId":"x","locations":[{"physicalLocation":{"artifactLocation":{"uri":"a/%62.txt"},"region":{"startLine":3}}}]}]}]}`, []int{1}},
		{"our own SARIF", "sarif", `{"runs":[{"results":[{"partialFingerprints":{"shrikeFingerprint/v1":"` + strings.Repeat("1", 32) + `"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"a/b.txt"}}}]}]}]}`, []int{2}},
		{"Windows path", "gitleaks", `.\a\b.txt:rule:3`, []int{1}},
		{"nothing", "gitleaks", "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			claims, err := Import(tt.format, []byte(tt.text))
			require.NoError(t, err)
			var got []int
			for _, c := range claims {
				require.NotContains(t, c.String(), importKey(1))
				require.Nil(t, c.Of(importFinding(5, scanner.Occurrence{Path: "other", Line: 3})))
				n := 0
				if f := c.Of(importFinding(1, now, then)); f != nil {
					n = len(f.Occurrences)
				}
				got = append(got, n)
			}
			require.Equal(t, tt.want, got)
		})
	}
}

func TestImportOfRealSecrets(t *testing.T) {
	claims, err := Import("detect-secrets", []byte(`{"results":{"a":[{"hashed_secret":"00","is_secret":true}]}}`))
	require.NoError(t, err)
	require.True(t, claims[0].Real)
	claims, err = Import("trufflehog", []byte(`{"DetectorName":"AWS","Verified":true}`))
	require.NoError(t, err)
	require.True(t, claims[0].Real)
}

func TestImportErrors(t *testing.T) {
	tests := []struct{ format, text, want string }{
		{"gitleaks", "nonsense", "line 1: want [COMMIT:]FILE:RULE:LINE"},
		{"gitleaks", "a:b:c", "line 1: want"},
		{"gitleaks", "[{", "no JSON at byte 2"},
		{"gitleaks", `[{"File":3}]`, "another shape"},
		{"detect-secrets", "{}", "no results"},
		{"trufflehog", "nonsense", "--json output near byte"},
		{"sarif", "{}", "no runs"},
		{"nonsense", "", `unknown format "nonsense": want one of gitleaks, detect-secrets, trufflehog, sarif`},
	}
	for _, tt := range tests {
		_, err := Import(tt.format, []byte(tt.text))
		require.ErrorContains(t, err, tt.want)
	}
}

func FuzzImport(f *testing.F) {
	f.Add("gitleaks", "a:b:3\n")
	f.Add("gitleaks", `[{"File":"a"}]`)
	f.Add("detect-secrets", `{"results":{"a":[{"hashed_secret":"00"}]}}`)
	f.Add("trufflehog", `{"DetectorName":"AWS","SourceMetadata":{"Data":{"Git":{"file":"a","line":1}}}}`)
	f.Add("sarif", `{"runs":[{"results":[{"locations":[{"physicalLocation":{"artifactLocation":{"uri":"a"}}}]}]}]}`)
	f.Fuzz(func(t *testing.T, format, text string) {
		claims, err := Import(format, []byte(text))
		if err != nil {
			return
		}
		finding := importFinding(1, scanner.Occurrence{Path: "a", Line: 1})
		for i := range claims {
			_ = claims[i].String()
			_ = claims[i].Of(finding)
		}
	})
}
