package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// markdownRows is how many findings each table lists: GitHub's job summary holds
// 1 MiB, and nobody reads as much.
const markdownRows = 200

// markdownReporter writes a summary for a pipeline's page or a comment on a pull
// request. What is only in history has a table of its own: a code scanning service
// shows it at no line of the change, and removing lines does not help there.
type markdownReporter struct{}

func (markdownReporter) Report(w io.Writer, d *Document) error {
	return buffered(w, "markdown", func(b *bufio.Writer) error {
		s := &d.Summary
		switch {
		case s.Findings > 0:
			fmt.Fprintf(b, "### %s found: %s\n\n", count(s.Findings, "secret"), bySeverity(s.Severities))
		case s.Complete:
			fmt.Fprint(b, "### No secrets found\n\n")
		default:
			fmt.Fprint(b, "### No secrets found in what could be scanned\n\n")
		}
		if !s.Complete {
			fmt.Fprint(b, "**The scan is incomplete:** what could not be read may hold more.\n\n")
			for _, list := range [][]string{s.Incomplete, s.Problems} {
				for _, text := range list[:min(len(list), fewProblems)] {
					fmt.Fprintf(b, "- %s\n", literalMarkdown(Neutral(text)))
				}
				if more := len(list) - fewProblems; more > 0 {
					fmt.Fprintf(b, "- and %s more\n", grouped(int64(more)))
				}
			}
			fmt.Fprint(b, "\n")
		}
		var present, past []*Finding
		for i := range d.Findings {
			switch f := &d.Findings[i]; {
			case f.Suppressed != nil:
			case f.Alive || f.Introduced == nil && f.Reach == "":
				present = append(present, f)
			default:
				past = append(past, f)
			}
		}
		markdownTable(b, "Still there", "Revoke it first, then take it out.", present)
		markdownTable(b, "Only in history", "Revoke it: no change of the files helps.", past)
		_, err := fmt.Fprintf(b, "%s%s\n", literalMarkdown(scanned(s)), literalMarkdown(suppressedNote(s)))
		return err
	})
}

func markdownTable(b *bufio.Writer, title, advice string, findings []*Finding) {
	if len(findings) == 0 {
		return
	}
	fmt.Fprintf(b, "#### %s: %s\n\n%s\n\n", title, grouped(int64(len(findings))), advice)
	fmt.Fprint(b, "| severity | secret | place | since | now | fingerprint |\n|---|---|---|---|---|---|\n")
	for _, f := range findings[:min(len(findings), markdownRows)] {
		markdownRow(b, f)
	}
	fmt.Fprint(b, "\n")
	if more := len(findings) - markdownRows; more > 0 {
		fmt.Fprintf(b, "and %s more: the json report has them all.\n\n", grouped(int64(more)))
	}
}

func markdownRow(b *bufio.Writer, f *Finding) {
	where := ""
	if places := currentFirst(f.Occurrences); len(places) > 0 {
		where = place(&places[0])
		if more := len(places) - 1; more > 0 {
			where += " and " + count(more, "more place")
		}
	}
	since := ""
	if c := f.Introduced; c != nil {
		since = strings.TrimSpace(shortID(c.ID) + " " + day(c.Date) + " " + c.Author)
	}
	now := life(f)
	if e := f.Exposure; e != nil {
		now = strings.TrimPrefix(now+", "+exposed(e), ", ")
	}
	if v := f.Verdict; v != nil {
		now = strings.TrimPrefix(now+", "+asked(v), ", ")
	}
	for _, cell := range []string{
		f.Severity, title(f.Service, f.Kind) + " " + f.Secret, where, since, now, f.Fingerprint,
	} {
		fmt.Fprintf(b, "| %s ", literalMarkdown(cut(Neutral(cell), 200)))
	}
	fmt.Fprint(b, "|\n")
}
