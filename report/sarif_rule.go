package report

import (
	"fmt"
	"strings"

	"github.com/owenrumney/go-sarif/v2/sarif"
)

// securitySeverity is the number that GitHub maps to its own names: above 9.0
// critical, from 7.0 high, from 4.0 medium, below low.
var securitySeverity = map[string]string{"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.0"}

// sarifLevel is what editors colour by.
var sarifLevel = map[string]string{"critical": "error", "high": "error", "medium": "warning", "low": "note"}

func sarifDriver(d *Document) *sarif.ToolComponent {
	driver := sarif.NewDriver(d.Tool.Name).WithInformationURI(sarifProject)
	if d.Tool.Version != "" {
		driver.WithVersion(d.Tool.Version)
	}
	for i := range d.rules {
		driver.AddRule(sarifRule(&d.rules[i]))
	}
	return driver
}

func sarifRule(r *rule) *sarif.ReportingDescriptor {
	name := title(r.service, r.kind)
	full := name + " in the scanned content."
	if r.gives != "" {
		full += " It gives: " + r.gives
	}
	return sarif.NewRule(r.id).
		WithShortDescription(sarif.NewMultiformatMessageString(sarifText(name))).
		WithFullDescription(sarif.NewMultiformatMessageString(sarifText(full))).
		WithHelp(sarifHelp(r, name)).
		WithDefaultConfiguration(sarif.NewReportingConfiguration().WithLevel(sarifLevel[r.severity])).
		WithProperties(sarif.Properties{
			"security-severity": securitySeverity[r.severity],
			"precision":         r.confidence,
			"tags":              sarifTags(r),
		})
}

func sarifHelp(r *rule, name string) *sarif.MultiformatMessageString {
	revoke := r.revoke
	if revoke == "" {
		revoke = "Revoke or change it where it was issued."
	}
	accept := "shrike baseline accept FINGERPRINT --reason WHY"
	comment := fmt.Sprintf("shrike:allow %s REASON", r.id)
	if !strings.HasSuffix(revoke, ".") {
		revoke += " ." // apart, for it may end in an address
	}
	text := fmt.Sprintf("%s leaked. Removing it from the files does not help: it stays in the history. "+
		"Revoke it first: %s If it is no secret, accept it: `%s`, or the comment `%s` on its line.",
		name, revoke, accept, comment)

	var md strings.Builder
	fmt.Fprintf(&md, "# Leaked %s\n\n", name)
	if r.gives != "" {
		fmt.Fprintf(&md, "**What it gives away:** %s\n\n", r.gives)
	}
	fmt.Fprintf(&md, "**Revoke it first:** %s\n\n", revoke)
	md.WriteString("Removing it from the files does not help: it stays in the history, in clones and in forks.\n\n")
	fmt.Fprintf(&md, "**If it is no secret**, accept it with a reason:\n\n```\n%s\n```\n\nor with a comment on its line: `%s`\n", accept, comment)
	return sarif.NewMultiformatMessageString(sarifText(text)).WithMarkdown(md.String())
}

// sarifTags lists at most ten tags, as many as GitHub shows. CWE-798 is the use of
// hard-coded credentials.
func sarifTags(r *rule) []string {
	tags := []string{"security", "secret", "external/cwe/cwe-798"}
	if r.service != "" {
		tags = append(tags, strings.ReplaceAll(strings.ToLower(Neutral(r.service)), " ", "-"))
	}
	return tags
}

// sarifText makes a plain text message of text: one harmless line, in which
// nothing reads as an embedded link (SARIF 3.11.6).
func sarifText(text string) string {
	return strings.ReplaceAll(Neutral(text), "](", "] (")
}
