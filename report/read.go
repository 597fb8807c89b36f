package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// maxReportSize bounds what Read takes into memory, in bytes.
const maxReportSize = 1 << 30

var errNoReport = errors.New("it is neither a json nor a jsonl report of shrike")

// Read reads a report in the json or the jsonl format, which it tells apart by the
// first line. What was redacted stays so. It refuses a report that was cut short,
// one of another schema, and one whose findings lack what every format needs.
func Read(r io.Reader) (*Document, error) {
	limited := &io.LimitedReader{R: r, N: maxReportSize}
	b := bufio.NewReaderSize(limited, 64<<10)
	head, err := b.Peek(64)
	if err != nil && err != io.EOF {
		return nil, err
	}
	d := new(Document)
	if bytes.HasPrefix(bytes.TrimLeft(head, " \t\r\n"), []byte(`{"type":`)) {
		err = d.readLines(b)
	} else {
		err = d.readWhole(b)
	}
	if limited.N <= 0 {
		return nil, fmt.Errorf("it is larger than %s", byteSize(maxReportSize))
	}
	if err != nil {
		return nil, err
	}
	for i := range d.Findings {
		if err := d.Findings[i].check(); err != nil {
			return nil, fmt.Errorf("finding %d: %w", i+1, err)
		}
	}
	d.settle()
	return d, nil
}

func (d *Document) readWhole(r io.Reader) error {
	decoder := json.NewDecoder(r)
	if err := decoder.Decode(d); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return errors.New("it is cut short")
		}
		return fmt.Errorf("%w: %w", errNoReport, err)
	}
	if decoder.More() {
		return fmt.Errorf("%w: something follows the report", errNoReport)
	}
	return d.checkSchema()
}

// readLines reads findings up to the summary, which is the last line.
func (d *Document) readLines(r io.Reader) error {
	decoder := json.NewDecoder(r)
	for line := 1; ; line++ {
		var text json.RawMessage
		if err := decoder.Decode(&text); errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return errors.New("it is cut short: the last line is no summary")
		} else if err != nil {
			return fmt.Errorf("%w: line %d: %w", errNoReport, line, err)
		}
		var kind struct {
			Type string `json:"type"`
		}
		if err := json.Unmarshal(text, &kind); err != nil {
			return fmt.Errorf("%w: line %d: %w", errNoReport, line, err)
		}
		var into any
		switch kind.Type {
		case "finding":
			d.Findings = append(d.Findings, Finding{})
			into = &d.Findings[len(d.Findings)-1]
		case "summary":
			into = d
		default:
			return fmt.Errorf("%w: line %d has no known type", errNoReport, line)
		}
		if err := json.Unmarshal(text, into); err != nil {
			return fmt.Errorf("%w: line %d: %w", errNoReport, line, err)
		}
		if kind.Type == "summary" {
			if decoder.More() {
				return fmt.Errorf("%w: something follows the summary in line %d", errNoReport, line)
			}
			return d.checkSchema()
		}
	}
}

func (d *Document) checkSchema() error {
	if d.Schema != Schema {
		return fmt.Errorf("%w: its schema is %q, this version reads %q", errNoReport, d.Schema, Schema)
	}
	return nil
}

func (f *Finding) check() error {
	switch {
	case f.Fingerprint == "":
		return errors.New("the fingerprint is missing")
	case f.Rule == "":
		return errors.New("the rule is missing")
	case !slices.Contains(severities, f.Severity):
		return fmt.Errorf("unknown severity %q", f.Severity)
	case !slices.Contains(confidences, f.Confidence):
		return fmt.Errorf("unknown confidence %q", f.Confidence)
	}
	return nil
}
