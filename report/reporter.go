package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Reporter writes a Document in one format. It keeps no state between calls, so
// one Reporter may be used by several goroutines. It buffers its writes, and
// returns the writer's first error (wrapped), such as that of a closed pipe.
type Reporter interface {
	Report(w io.Writer, d *Document) error
}

// FormatOptions are choices that only some formats know.
type FormatOptions struct {
	Color      bool // text: colour, whatever the environment says
	Verbose    bool // text: every place, every ref, and the suppressed findings
	Explain    bool // text: all that there is to do about each finding
	Suppressed bool // sarif: with the suppressed findings, marked as such
}

// formats lists the formats in the order in which messages name them.
var formats = []struct {
	name string
	make func(FormatOptions) Reporter
}{
	{"text", func(o FormatOptions) Reporter {
		return textReporter{color: o.Color, verbose: o.Verbose, explain: o.Explain}
	}},
	{"json", func(FormatOptions) Reporter { return jsonReporter{} }},
	{"jsonl", func(FormatOptions) Reporter { return jsonlReporter{} }},
	{"sarif", func(o FormatOptions) Reporter { return newSARIF(o.Suppressed) }},
	{"junit", func(FormatOptions) Reporter { return junitReporter{} }},
	{"gitlab", func(FormatOptions) Reporter { return gitlabReporter{} }},
	{"csv", func(FormatOptions) Reporter { return csvReporter{} }},
	{"markdown", func(FormatOptions) Reporter { return markdownReporter{} }},
	{"html", func(FormatOptions) Reporter { return htmlReporter{} }},
}

// New returns the Reporter of a format, one of Formats.
func New(format string, o FormatOptions) (Reporter, error) {
	for _, f := range formats {
		if f.name == format {
			return f.make(o), nil
		}
	}
	return nil, fmt.Errorf("unknown format %q: want one of %s", format, strings.Join(Formats(), ", "))
}

// Formats names the known formats.
func Formats() []string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = f.name
	}
	return names
}

// buffered runs write on a buffer before w and flushes it. The buffer keeps its
// first error, so write need not look at each one; it should look at some where
// the output is long, to stop early.
func buffered(w io.Writer, format string, write func(*bufio.Writer) error) error {
	b := bufio.NewWriterSize(w, 64<<10)
	err := write(b)
	if err == nil {
		err = b.Flush()
	}
	if err != nil {
		return fmt.Errorf("write %s report: %w", format, err)
	}
	return nil
}
