package report

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"
)

// junitReporter writes the JUnit XML that CI servers show as test results (the
// shape that Jenkins, GitLab and CodeBuild read). Each finding is a test case that
// failed, a suppressed one a case that was skipped, and each thing that the scan
// could not see an error. A clean scan is one case that passed: some servers
// refuse a suite without any.
type junitReporter struct{}

type junitCase struct {
	XMLName xml.Name    `xml:"testcase"`
	Class   string      `xml:"classname,attr"`
	Name    string      `xml:"name,attr"`
	File    string      `xml:"file,attr,omitempty"`
	Line    int         `xml:"line,attr,omitempty"`
	Time    string      `xml:"time,attr"`
	Failure *junitState `xml:"failure"`
	Error   *junitState `xml:"error"`
	Skipped *junitState `xml:"skipped"`
}

type junitState struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

func (junitReporter) Report(w io.Writer, d *Document) error {
	return buffered(w, "junit", func(b *bufio.Writer) error {
		s := &d.Summary
		failed := len(s.Incomplete) + len(s.Problems)
		total := len(d.Findings) + failed
		if total == 0 {
			total = 1
		}
		counts := fmt.Sprintf(`name="shrike" tests="%d" failures="%d" errors="%d" skipped="%d" time="%.3f"`,
			total, s.Findings, failed, s.Suppressed, s.Seconds)
		if started, err := time.Parse(time.RFC3339, s.Started); err == nil {
			counts += ` timestamp="` + started.UTC().Format(utcTime) + `"` // its schema knows no zones
		}
		fmt.Fprintf(b, "%s<testsuites>\n<testsuite %s>\n", xml.Header, counts)
		e := xml.NewEncoder(b)
		write := func(c *junitCase) error {
			if err := e.Encode(c); err != nil {
				return err
			}
			return b.WriteByte('\n')
		}
		for i := range d.Findings {
			if err := write(junitFinding(&d.Findings[i])); err != nil {
				return err
			}
		}
		for _, list := range [][]string{s.Incomplete, s.Problems} {
			for _, text := range list {
				text = Neutral(text)
				c := junitCase{Class: "shrike.scan", Name: "the scan is complete", Time: "0", Error: &junitState{Message: text, Type: "incomplete"}}
				if err := write(&c); err != nil {
					return err
				}
			}
		}
		if len(d.Findings)+failed == 0 {
			if err := write(&junitCase{Class: "shrike.scan", Name: "no secrets found", Time: "0"}); err != nil {
				return err
			}
		}
		_, err := b.WriteString("</testsuite>\n</testsuites>\n")
		return err
	})
}

func junitFinding(f *Finding) *junitCase {
	c := &junitCase{Class: "shrike." + Neutral(f.Rule), Time: "0"}
	at := "unknown place"
	if places := currentFirst(f.Occurrences); len(places) > 0 {
		o := &places[0]
		at = place(o)
		if o.Path != "" {
			c.File, c.Line = Neutral(o.Path), max(o.StartLine, 1)
		}
	}
	// The fingerprint keeps the names of two cases apart, and one case's the same.
	c.Name = fmt.Sprintf("%s in %s [%s]", Neutral(title(f.Service, f.Kind)), at, Neutral(f.Fingerprint[:min(len(f.Fingerprint), 12)]))
	if f.Suppressed != nil {
		c.Skipped = &junitState{Message: Neutral(hiddenBy(f.Suppressed))}
		return c
	}
	c.Failure = &junitState{Message: Neutral(sentence(f)), Type: Neutral(f.Severity), Text: junitText(f)}
	return c
}

// junitText tells of one finding in plain lines.
func junitText(f *Finding) string {
	var b strings.Builder
	line := func(label, text string) {
		if text != "" {
			fmt.Fprintf(&b, "%s: %s\n", label, Neutral(text))
		}
	}
	b.WriteString("\n")
	line("secret", f.Secret)
	places := currentFirst(f.Occurrences)
	for i := range places[:min(len(places), junitPlaces)] {
		line("where", place(&places[i]))
	}
	if more := len(places) - junitPlaces; more > 0 {
		line("where", "and "+count(more, "more place"))
	}
	if f.Verdict != nil {
		line("verdict", asked(f.Verdict))
	}
	if f.Reopened != nil {
		line("reopened", "accepted in the "+hiddenBy(f.Reopened)+", and live all the same")
	}
	line("gives", f.Gives)
	line("revoke", f.Revoke)
	line("accept", "shrike baseline accept "+f.Fingerprint+" --reason WHY")
	return b.String()
}

// junitPlaces is how many places of a finding are listed.
const junitPlaces = 20

// place is "path:line:column", or what stands for it.
func place(o *Occurrence) string {
	if o.Path == "" {
		return Neutral(pathless(o))
	}
	return fmt.Sprintf("%s:%d:%d", Neutral(o.Path), max(o.StartLine, 1), max(o.StartColumn, 1))
}
