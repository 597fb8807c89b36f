package report

import (
	"strings"
	"time"

	"github.com/shrike-scan/shrike/scanner"
)

// Secrets of the fixtures, assembled so that no file holds one.
var (
	awsSecret  = strings.Join([]string{"wJal", "rXUtnFEMI/K7MDENG/bPxRfiCY", "EXAMPLEKEY"}, "")
	awsKeyID   = "AK" + "IA" + "IOSFODNN7" + "EXAMPLE"
	githubPAT  = "gh" + "p_" + strings.Repeat("a1B2c3", 6)
	slackHook  = "https://hooks." + "slack.com/services/" + "T00000000/B00000000/" + strings.Repeat("x", 24)
	dbPassword = "hunter2" + "-staging!"
	pemKey     = "-----BEGIN " + "PRIVATE KEY-----\n" +
		strings.Repeat("MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n", 4) +
		"-----END " + "PRIVATE KEY-----\n"
)

var (
	awsRule = &scanner.Rule{
		ID: "aws-secret-access-key", Service: "AWS", Kind: "secret access key",
		Severity: scanner.SeverityCritical, Confidence: scanner.ConfidenceHigh,
		Gives:  "All that the policies of its IAM user allow, from anywhere, until it is deactivated.",
		Revoke: "`aws iam update-access-key --status Inactive --access-key-id ID`, then delete it; see the IAM console under Security credentials.",
	}
	githubRule = &scanner.Rule{
		ID: "github-personal-access-token", Service: "GitHub", Kind: "personal access token",
		Severity: scanner.SeverityHigh, Confidence: scanner.ConfidenceHigh,
		Gives:  "The repositories and scopes its owner chose.",
		Revoke: "https://github.com/settings/tokens",
	}
	slackRule = &scanner.Rule{
		ID: "slack-incoming-webhook", Service: "Slack", Kind: "incoming webhook",
		Severity: scanner.SeverityMedium, Confidence: scanner.ConfidenceMedium,
	}
	passwordRule = &scanner.Rule{
		ID: "generic-password", Kind: "password", Keywords: []string{"password"},
		Severity: scanner.SeverityLow, Confidence: scanner.ConfidenceLow,
	}
	keyRule = &scanner.Rule{
		ID: "private-key", Kind: "private key",
		Severity: scanner.SeverityHigh, Confidence: scanner.ConfidenceHigh,
	}
)

// twoSteps responds to AWS keys, with what only a hostile file could hold.
func twoSteps(f *scanner.Finding, scrub func(string) string) *scanner.Plan {
	if f.Rule != awsRule {
		return nil
	}
	return &scanner.Plan{Values: []scanner.Detail{{Name: "key-id", Value: awsKeyID}}, Steps: []scanner.Step{
		{Phase: scanner.PhaseEvidence, Do: "Ask the logs what the key did, all of it, since the day on which it leaked:",
			Query: "SELECT eventname\nFROM logs\nWHERE useridentity.accesskeyid = '{key-id}'"},
		{Phase: scanner.PhaseContain, Do: "Switch it off:", See: "https://console.example/" + scrub(awsSecret),
			Run: []string{"aws iam update-access-key --access-key-id {key-id} --status Inactive", "echo \x1b[2J"}},
		{Phase: scanner.PhaseContain, Do: "Look again, {}."},
	}}
}

func secret(s string) scanner.Secret { return scanner.NewSecret([]byte(s)) }

// rich is a scan of a repository that shows every member at least once, hostile
// strings included.
func rich() ([]*scanner.Finding, Meta) {
	first := &scanner.Commit{
		ID: "abc1234def5678abc1234def5678abc1234def56", Author: "Jane Doe", Email: "jane@example.org",
		Date: time.Date(2014, 2, 3, 4, 5, 6, 0, time.FixedZone("", 3600)), Subject: "Add the deployment scripts for staging",
	}
	second := &scanner.Commit{
		ID: "0123456789abcdef0123456789abcdef01234567", Author: "Mallory \x1b[2J\u202e", Email: "m@example.org",
		Date:    time.Date(2019, 7, 1, 12, 0, 0, 0, time.UTC),
		Subject: "Oops, token " + githubPAT + " and \x1b]0;owned\x07 a long subject that goes on past the right edge",
	}
	var many []scanner.Occurrence
	for i := range 40 {
		many = append(many, scanner.Occurrence{
			Where: scanner.InFile, Path: "deploy/" + string(rune('a'+i%26)) + "/prod.env",
			Line: 12 + i, Column: 15, EndLine: 12 + i, EndColumn: 55,
			Object: "1111111111111111111111111111111111111111", Commit: first,
		})
	}
	many[3].Part = "access-key-id"
	many[20].Alive = true
	many[39].Commit = second

	return []*scanner.Finding{
			{
				Rule: passwordRule, Secret: secret(dbPassword), Fingerprint: strings.Repeat("5e", 16),
				Severity: scanner.SeverityLow, Confidence: scanner.ConfidenceLow, Alive: true,
				Occurrences: []scanner.Occurrence{
					{Where: scanner.InFile, Path: "docs/\u202egnp.conf\n:1", Line: 3, Column: 7, EndLine: 3, EndColumn: 23, Encoding: "utf-16le", Alive: true},
					{Where: scanner.InStdin, Line: 1, Column: 1, EndLine: 1, EndColumn: 17},
				},
				Verdict: &scanner.Verdict{State: "unknown", Reason: "no verifier for this kind"},
			},
			{
				Rule: awsRule, Secret: secret(awsSecret), Fingerprint: strings.Repeat("a1", 16),
				Severity: scanner.SeverityCritical, Confidence: scanner.ConfidenceHigh, Proven: true,
				Details:     []scanner.Detail{{Name: "account", Value: "581039954779"}},
				Parts:       []scanner.Part{{Name: "access-key-id", Value: secret(awsKeyID), Public: true}, {Name: "session-token", Value: secret(strings.Repeat("Fwo9", 60))}},
				Occurrences: many, Introduced: first, Alive: true,
				Refs:  []string{"refs/heads/main", "refs/heads/release/1.0", "refs/remotes/origin/main", "refs/tags/v1.0", "refs/tags/v1.1"},
				Reach: "ref",
				Verdict: &scanner.Verdict{
					State: "live", Call: "sts:GetCallerIdentity", At: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
					Details: []scanner.Detail{{Name: "arn", Value: "arn:aws:iam::581039954779:user/deploy"}},
				},
				Reopened: &scanner.Suppression{By: "baseline", Reason: "rotation is under way", Owner: "jane"},
			},
			{
				Rule: githubRule, Secret: secret(githubPAT), Fingerprint: strings.Repeat("c3", 16),
				Severity: scanner.SeverityHigh, Confidence: scanner.ConfidenceHigh, Proven: true,
				Occurrences: []scanner.Occurrence{
					{Where: scanner.InCommitMessage, Line: 1, Column: 13, EndLine: 1, EndColumn: 53, Object: second.ID, Commit: second},
					{Where: scanner.InFile, Path: "tokens/" + githubPAT + ".txt", Line: 1, Column: 1, EndLine: 1, EndColumn: 41, Object: "2222222222222222222222222222222222222222", Commit: second},
					{Where: scanner.InTagMessage, Line: 2, Column: 1, EndLine: 2, EndColumn: 41, Object: "3333333333333333333333333333333333333333"},
				},
				Introduced: second, Removed: first, Refs: []string{"refs/tags/v1.1"}, Reach: "ref",
			},
			{
				Rule: keyRule, Secret: secret(pemKey), Fingerprint: strings.Repeat("d4", 16),
				Severity: scanner.SeverityHigh, Confidence: scanner.ConfidenceHigh,
				Occurrences: []scanner.Occurrence{
					{Where: scanner.InFile, Line: 1, Column: 1, EndLine: 7, EndColumn: 1, Object: "4444444444444444444444444444444444444444"},
				},
				Reach: "unreachable",
			},
			{
				Rule: slackRule, Secret: secret(slackHook), Fingerprint: strings.Repeat("e5", 16),
				Severity: scanner.SeverityMedium, Confidence: scanner.ConfidenceMedium, Alive: true,
				Occurrences: []scanner.Occurrence{
					{Where: scanner.InFile, Path: "test data/ü#1.yml", Line: 9, Column: 2, EndLine: 9, EndColumn: 80},
				},
				Suppressed: &scanner.Suppression{By: "baseline", Reason: "revoked in 2020", Owner: "jane", Until: "2027-01-01"},
			},
		}, Meta{
			Version: "1.2.3", Command: "git", Target: ".",
			Objects: 12345, Bytes: 5_527_000_000, Inherited: 5_100_000_000,
			Started: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Duration: 3712 * time.Millisecond,
			Problems:   []string{"read pack pack-1.pack at offset 12: object is corrupt"},
			Incomplete: []string{"the clone is shallow: history before 2014-02-03 is not here; fetch it with git fetch --unshallow"},
		}
}
