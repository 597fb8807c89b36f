package report

import (
	"bufio"
	"encoding/csv"
	"io"
	"strconv"
	"strings"
)

// csvReporter writes RFC 4180 for spreadsheets: a row for each place of each
// finding, so that one can sort and count by path or author, and a row for all
// that the scan could not see. The first column says which of the two a row is.
//
// A spreadsheet takes a cell that starts with =, +, -, @, a tab or a return for a
// formula (OWASP, CSV injection), and a file's name may well start so: such a cell
// gets a quote in front, which spreadsheets hide.
type csvReporter struct{}

var csvHeader = []string{
	"row", "fingerprint", "severity", "confidence", "rule", "service", "kind", "secret",
	"where", "path", "line", "column", "commit", "date", "author",
	"alive", "introduced", "removed", "reach", "exposure", "verdict", "verdict_call", "verdict_at", "verdict_reason", "suppressed", "message",
}

func (csvReporter) Report(w io.Writer, d *Document) error {
	return buffered(w, "csv", func(b *bufio.Writer) error {
		rows := csv.NewWriter(b)
		write := func(cells ...string) error {
			for i, c := range cells {
				cells[i] = cell(c)
			}
			return rows.Write(cells)
		}
		if err := rows.Write(csvHeader); err != nil {
			return err
		}
		for i := range d.Findings {
			f := &d.Findings[i]
			places := currentFirst(f.Occurrences)
			if len(places) == 0 {
				places = []Occurrence{{}}
			}
			for i := range places {
				if err := write(csvRow(f, &places[i])...); err != nil {
					return err
				}
			}
		}
		for _, said := range []struct {
			row  string
			list []string
		}{{"incomplete", d.Summary.Incomplete}, {"problem", d.Summary.Problems}} {
			for _, message := range said.list {
				cells := make([]string, len(csvHeader))
				cells[0], cells[len(cells)-1] = said.row, message
				if err := write(cells...); err != nil {
					return err
				}
			}
		}
		rows.Flush()
		return rows.Error()
	})
}

func csvRow(f *Finding, o *Occurrence) []string {
	path := o.Path
	if path == "" {
		path = pathless(o)
	}
	by := orEmpty(o.Commit)
	exposure, hidden, reason := "", "", ""
	if f.Exposure != nil {
		exposure = f.Exposure.State
	}
	var v Verdict
	if f.Verdict != nil {
		v = *f.Verdict
	}
	if s := f.Suppressed; s != nil {
		hidden, reason = s.By, hiddenBy(s)
	}
	return []string{
		"finding", f.Fingerprint, f.Severity, f.Confidence, f.Rule, f.Service, f.Kind, f.Secret,
		o.Where, path, position(o.StartLine), position(o.StartColumn), by.ID, by.Date, by.Author,
		strconv.FormatBool(f.Alive), orEmpty(f.Introduced).Date, orEmpty(f.Removed).Date, f.Reach, exposure,
		v.State, v.Call, v.At, v.Reason, hidden, reason,
	}
}

// orEmpty spares its callers the question whether there is a commit.
func orEmpty(c *Commit) Commit {
	if c == nil {
		return Commit{}
	}
	return *c
}

// position leaves out what is unknown.
func position(n int) string {
	if n < 1 {
		return ""
	}
	return strconv.Itoa(n)
}

// cell makes text harmless in a terminal and in a spreadsheet.
func cell(text string) string {
	text = Neutral(text)
	if strings.IndexAny(text, "=+-@") == 0 || strings.IndexAny(text, "＝＋－＠") == 0 {
		return "'" + text
	}
	return text
}
