package report

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

func TestNewNamesTheFormats(t *testing.T) {
	_, err := New("yaml", FormatOptions{})
	require.EqualError(t, err, `unknown format "yaml": want one of `+strings.Join(Formats(), ", "))
}

var errClosed = errors.New("pipe closed")

// closedPipe fails after some bytes.
type closedPipe struct{ left int }

func (p *closedPipe) Write(b []byte) (int, error) {
	if p.left -= len(b); p.left < 0 {
		return 0, errClosed
	}
	return len(b), nil
}

func TestWriteErrors(t *testing.T) {
	d := Build(manyPlaces(3000, 1), Meta{}, Options{}) // more than one buffer
	for _, format := range Formats() {
		for _, left := range []int{0, len(render(t, format, FormatOptions{}, d)) / 2} {
			r, err := New(format, FormatOptions{})
			require.NoError(t, err)
			err = r.Report(&closedPipe{left}, d)
			require.ErrorIs(t, err, errClosed)
			require.ErrorContains(t, err, "write "+format+" report: ")
		}
	}
}

func TestWorstFirst(t *testing.T) {
	finding := func(name string, s scanner.Severity, c scanner.Confidence, alive, hidden bool) *scanner.Finding {
		f := &scanner.Finding{Rule: githubRule, Fingerprint: name, Severity: s, Confidence: c, Alive: alive}
		if hidden {
			f.Suppressed = &scanner.Suppression{By: "config"}
		}
		return f
	}
	findings := []*scanner.Finding{
		finding("6", scanner.SeverityCritical, scanner.ConfidenceHigh, true, true),
		finding("5", scanner.SeverityLow, scanner.ConfidenceHigh, true, false),
		finding("2", scanner.SeverityHigh, scanner.ConfidenceHigh, false, false),
		finding("3", scanner.SeverityHigh, scanner.ConfidenceHigh, false, false),
		finding("4", scanner.SeverityHigh, scanner.ConfidenceLow, true, false),
		finding("1", scanner.SeverityHigh, scanner.ConfidenceHigh, true, false),
	}
	given := slices.Clone(findings)
	d := Build(findings, Meta{}, Options{})
	var order []string
	for _, f := range d.Findings {
		order = append(order, f.Fingerprint)
	}
	require.Equal(t, []string{"1", "2", "3", "4", "5", "6"}, order)
	require.Equal(t, given, findings, "the input keeps its order")
	require.Equal(t, Counts{High: 4, Low: 1}, d.Summary.Severities)
	require.Equal(t, 5, d.Summary.Findings)
	require.Equal(t, 1, d.Summary.Suppressed)
}

// A finding that a caller left half empty is reported all the same.
func TestZeroFinding(t *testing.T) {
	d := Build([]*scanner.Finding{{}}, Meta{}, Options{})
	for _, format := range Formats() {
		require.NotEmpty(t, render(t, format, FormatOptions{Verbose: true, Suppressed: true}, d))
	}
}

func TestFormatTime(t *testing.T) {
	for _, tt := range []struct {
		name string
		in   time.Time
		want string
	}{
		{"none", time.Time{}, ""},
		{"with its zone", time.Date(2014, 2, 3, 4, 5, 6, 0, time.FixedZone("", -5400)), "2014-02-03T04:05:06-01:30"},
		{"a zone of days", time.Date(2014, 2, 3, 4, 5, 6, 0, time.FixedZone("", 99*3600)), "2014-01-30T01:05:06Z"},
		{"a year of five digits", time.Date(12345, 1, 1, 0, 0, 0, 0, time.UTC), ""},
	} {
		t.Run(tt.name, func(t *testing.T) { require.Equal(t, tt.want, formatTime(tt.in)) })
	}
}

func TestLife(t *testing.T) {
	c := &Commit{ID: "0123456789", Date: "2020-01-02T03:04:05Z"}
	for _, tt := range []struct {
		want string
		in   Finding
	}{
		{"", Finding{Alive: true}},
		{"", Finding{}},
		{"still at HEAD", Finding{Introduced: c, Alive: true}},
		{"removed in commit 0123456 of 2020-01-02", Finding{Introduced: c, Removed: c}},
		{"no longer at HEAD", Finding{Introduced: c, Reach: "ref"}},
		{"only in the stash", Finding{Introduced: c, Reach: "stash"}},
		{"only in the reflog", Finding{Introduced: c, Reach: "reflog"}},
		{"only in unreachable objects", Finding{Reach: "unreachable"}},
	} {
		require.Equal(t, tt.want, life(&tt.in))
	}
}

func TestWords(t *testing.T) {
	require.Equal(t, "AWS secret access key", title("AWS", "secret access key"))
	require.Equal(t, "npm access token", title("npm", "npm access token"))
	require.Equal(t, "Private key", title("", "private key"))
	require.Empty(t, title("", ""))
	require.Equal(t, "1 place", count(1, "place"))
	require.Equal(t, "1,234,567 places", count(1234567, "place"))
	require.Equal(t, "-123", grouped(-123))
	require.Equal(t, "999 B", byteSize(999))
	require.Equal(t, "1 kB", byteSize(1000))
	require.Equal(t, "1 MB", byteSize(999_999))
	require.Equal(t, "5.53 GB", byteSize(5_527_000_000))
	require.Equal(t, []string{"a bb", "cccccc", "d"}, wrap("a  bb cccccc d", 5))
	require.Equal(t, "abcd…", cut("abcdefg", 5))
}
