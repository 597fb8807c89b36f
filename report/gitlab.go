package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"
)

// GitLab's secret detection report, version 15 of the security report schemas
// (gitlab.com/gitlab-org/security-products/security-report-schemas). How GitLab
// reads it:
//
//   - The first identifier and the location are a vulnerability's identity, so a
//     finding is shown at one place: the most current one. Details list the others.
//   - A location must have a commit. A scan of files has none, and writes the one
//     that GitLab's own analyzer writes without git.
//   - Times are UTC and have no zone.
//   - The excerpt of the source is left out: it would hold the secret.
const (
	gitlabVersion  = "15.0.7"
	gitlabNoCommit = "0000000"
	gitlabName     = 255  // runes of a name
	gitlabSolution = 7000 // runes of a solution
	gitlabPlaces   = 100  // further places; our own limit
)

// gitlabReporter leaves suppressed findings out: the schema has no word for them.
type gitlabReporter struct{}

type gitlabScan struct {
	Analyzer gitlabTool      `json:"analyzer"`
	Scanner  gitlabTool      `json:"scanner"`
	Type     string          `json:"type"`
	Start    string          `json:"start_time"`
	End      string          `json:"end_time"`
	Status   string          `json:"status"`
	Messages []gitlabMessage `json:"messages"`
}

type gitlabTool struct {
	ID      string       `json:"id"`
	Name    string       `json:"name"`
	URL     string       `json:"url"`
	Version string       `json:"version"`
	Vendor  gitlabVendor `json:"vendor"`
}

type gitlabVendor struct {
	Name string `json:"name"`
}

type gitlabMessage struct {
	Level string `json:"level"` // info, warn, fatal
	Value string `json:"value"`
}

type gitlabVulnerability struct {
	ID          string                  `json:"id"`
	Name        string                  `json:"name"`
	Description string                  `json:"description"`
	Severity    string                  `json:"severity"`
	Solution    string                  `json:"solution"`
	Identifiers []gitlabIdentifier      `json:"identifiers"`
	Location    gitlabLocation          `json:"location"`
	Details     map[string]gitlabDetail `json:"details"`
}

type gitlabIdentifier struct {
	Type  string `json:"type"`
	Name  string `json:"name"`
	Value string `json:"value"`
}

type gitlabLocation struct {
	File      string       `json:"file,omitempty"`
	StartLine int          `json:"start_line,omitempty"`
	EndLine   int          `json:"end_line,omitempty"`
	Commit    gitlabCommit `json:"commit"`
}

type gitlabCommit struct {
	SHA     string `json:"sha"`
	Author  string `json:"author,omitempty"`
	Date    string `json:"date,omitempty"`
	Message string `json:"message,omitempty"`
}

// gitlabDetail is a named field of type text, or a list of such.
type gitlabDetail struct {
	Name  string         `json:"name,omitempty"`
	Type  string         `json:"type"`
	Value string         `json:"value,omitempty"`
	Items []gitlabDetail `json:"items,omitempty"`
}

func (gitlabReporter) Report(w io.Writer, d *Document) error {
	return buffered(w, "gitlab", func(b *bufio.Writer) error {
		e := newJSONWriter(b)
		e.raw(`{"version":`)
		e.value(gitlabVersion)
		e.raw(`,"scan":`)
		e.value(gitlabScanOf(d))
		e.raw(`,"vulnerabilities":[`)
		written := 0
		for i := range d.Findings {
			f := &d.Findings[i]
			if f.Suppressed != nil {
				continue
			}
			if written > 0 {
				e.raw(",")
			}
			e.raw("\n")
			e.value(gitlabFinding(f))
			if e.err != nil {
				return e.err
			}
			written++
		}
		e.raw("\n]}\n")
		return e.err
	})
}

func gitlabScanOf(d *Document) gitlabScan {
	s := &d.Summary
	version := d.Tool.Version
	if version == "" {
		version = "unknown"
	}
	tool := gitlabTool{ID: "shrike", Name: "shrike", URL: sarifProject, Version: Neutral(version), Vendor: gitlabVendor{"shrike"}}
	start, err := time.Parse(time.RFC3339, s.Started)
	if err != nil {
		start = time.Unix(0, 0) // a time is wanted, and this one is plainly none
	}
	scan := gitlabScan{
		Analyzer: tool, Scanner: tool, Type: "secret_detection", Status: "success", Messages: []gitlabMessage{},
		Start: start.UTC().Format(utcTime),
		End:   start.Add(time.Duration(s.Seconds * float64(time.Second))).UTC().Format(utcTime),
	}
	if !s.Complete {
		scan.Status = "failure"
	}
	for _, list := range [][]string{s.Incomplete, s.Problems} {
		for _, text := range list {
			scan.Messages = append(scan.Messages, gitlabMessage{"fatal", Neutral(text)})
		}
	}
	for _, text := range s.Notes {
		scan.Messages = append(scan.Messages, gitlabMessage{"info", Neutral(text)})
	}
	return scan
}

func gitlabFinding(f *Finding) *gitlabVulnerability {
	name := Neutral(title(f.Service, f.Kind))
	solution := literalMarkdown(strings.TrimSpace("Revoke it first, then remove it: the history keeps it. " + Neutral(f.Revoke)))
	v := &gitlabVulnerability{
		ID:          derivedGUID("gitlab\x00" + f.Fingerprint),
		Name:        cut(name, gitlabName),
		Description: literalMarkdown(Neutral(sentence(f) + ". " + f.Gives)),
		Severity:    gitlabSeverity(f.Severity),
		Solution:    cut(solution, gitlabSolution),
		Identifiers: []gitlabIdentifier{
			{"shrike_rule_id", "shrike rule " + Neutral(f.Rule), Neutral(f.Rule)},
			{"shrike_fingerprint", "shrike fingerprint", Neutral(f.Fingerprint)},
		},
		Location: gitlabLocation{Commit: gitlabCommit{SHA: gitlabNoCommit}},
		Details: map[string]gitlabDetail{
			"secret":     {Name: "Secret", Type: "text", Value: Neutral(f.Secret)},
			"confidence": {Name: "Confidence", Type: "text", Value: Neutral(f.Confidence)},
		},
	}
	if f.Verdict != nil {
		v.Details["verdict"] = gitlabDetail{Name: "Verdict", Type: "text", Value: asked(f.Verdict)}
	}
	places := currentFirst(f.Occurrences)
	if len(places) == 0 {
		return v
	}
	v.Location = gitlabPlace(&places[0])
	if v.Location.Commit.SHA == gitlabNoCommit && f.Introduced != nil {
		v.Location.Commit = gitlabCommitOf(f.Introduced)
	}
	var others []gitlabDetail
	for i := range places[1:] {
		if i == gitlabPlaces {
			others = append(others, gitlabDetail{Type: "text", Value: fmt.Sprintf("and %s", count(len(places)-1-i, "more place"))})
			break
		}
		others = append(others, gitlabDetail{Type: "text", Value: place(&places[1+i])})
	}
	if len(others) > 0 {
		v.Details["places"] = gitlabDetail{Name: "Also in", Type: "list", Items: others}
	}
	return v
}

func gitlabPlace(o *Occurrence) gitlabLocation {
	l := gitlabLocation{File: Neutral(o.Path), Commit: gitlabCommitOf(o.Commit)}
	if o.Path != "" {
		l.StartLine = max(o.StartLine, 1)
		l.EndLine = max(o.EndLine, l.StartLine)
	}
	return l
}

func gitlabCommitOf(c *Commit) gitlabCommit {
	if c == nil || c.ID == "" {
		return gitlabCommit{SHA: gitlabNoCommit}
	}
	return gitlabCommit{SHA: Neutral(c.ID), Author: Neutral(c.Author), Date: Neutral(c.Date), Message: Neutral(c.Subject)}
}

// literalMarkdown escapes what GitLab's Markdown would obey: a detail that was read
// out of a hostile file must not become an image or a mention.
func literalMarkdown(text string) string {
	var b strings.Builder
	for _, r := range text {
		if strings.ContainsRune("\\`*{}[]()<>#+!|~@$&", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// gitlabSeverity spells a severity as GitLab does.
func gitlabSeverity(s string) string {
	switch s {
	case "critical":
		return "Critical"
	case "high":
		return "High"
	case "medium":
		return "Medium"
	case "low":
		return "Low"
	}
	return "Unknown"
}
