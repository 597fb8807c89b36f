package report

import (
	"bufio"
	"compress/flate"
	"fmt"
	"io"
	"time"

	"github.com/owenrumney/go-sarif/v2/sarif"
)

// GitHub refuses a SARIF file beyond these limits, so the report stays within
// them: it keeps the worst findings and says how many it left out.
const (
	sarifMaxResults    = 25_000
	sarifMaxLocations  = 1_000            // a result
	sarifMaxCompressed = 10<<20 - 256<<10 // bytes of deflated results; the rest is for rules and notes
	sarifMaxRefs       = 20               // a result; our own limit
	sarifSchema        = "https://json.schemastore.org/sarif-2.1.0.json"
	sarifProject       = "https://github.com/shrike-scan/shrike"
	sarifCategory      = "shrike/" // GitHub takes what stands before the last slash
	sarifRoot          = "%SRCROOT%"
)

// sarifReporter writes SARIF 2.1.0 (OASIS, with errata 01) as GitHub code scanning
// and editors read it. What they really do with it:
//
//   - Severity belongs to the rule: properties.security-severity, a string.
//   - The first location alone decides where an alert shows.
//   - Only partialFingerprints.primaryLocationLineHash keeps an alert's identity;
//     ours is derived from the finding's fingerprint, so a moved line is no new alert.
//   - Columns are counted as columnKind says: ours are code points.
//   - A URI must be relative to the repository to become a link.
//
// The types are those of go-sarif. The envelope is written member by member, since
// a run of 25,000 results must not be held as text as a whole.
type sarifReporter struct {
	suppressed    bool // with the suppressed findings
	maxResults    int
	maxLocations  int
	maxCompressed int64
}

func newSARIF(suppressed bool) sarifReporter {
	return sarifReporter{suppressed, sarifMaxResults, sarifMaxLocations, sarifMaxCompressed}
}

func (r sarifReporter) Report(w io.Writer, d *Document) error {
	return buffered(w, "sarif", func(b *bufio.Writer) error {
		e := newJSONWriter(b)
		e.raw(`{"$schema":`)
		e.value(sarifSchema)
		e.raw(`,"version":"2.1.0","runs":[{` + "\n" + `"tool":`)
		e.value(sarif.NewTool(sarifDriver(d)))
		e.raw(`,` + "\n" + `"automationDetails":`)
		e.value(sarif.NewRunAutomationDetails().WithID(sarifCategory))
		e.raw(`,` + "\n" + `"columnKind":"unicodeCodePoints","originalUriBaseIds":`)
		e.value(map[string]*sarif.ArtifactLocation{
			sarifRoot: sarif.NewArtifactLocation().WithDescription(
				sarif.NewTextMessage("The root of the repository, or the scanned folder.")),
		})
		e.raw(`,` + "\n" + `"results":[`)
		dropped, err := r.results(e, d)
		if err != nil {
			return err
		}
		e.raw("\n" + `],"invocations":`)
		e.value([]*sarif.Invocation{sarifInvocation(&d.Summary, dropped)})
		e.raw("}]}\n")
		return e.err
	})
}

// results writes the results while the limits allow, and returns the number of
// findings that were left out, whole or in part.
func (r sarifReporter) results(e *jsonWriter, d *Document) (dropped int, err error) {
	size := newDeflatedSize()
	maker := newResultMaker(d, r.suppressed, r.maxLocations)
	written := 0
	for i := range d.Findings {
		f := &d.Findings[i]
		if f.Suppressed != nil && !r.suppressed {
			continue
		}
		if dropped > 0 { // findings come worst first: nothing milder may follow
			dropped++
			continue
		}
		for result := range maker.results(f) {
			text := e.marshal(result)
			if e.err != nil {
				return dropped, e.err
			}
			if written == r.maxResults || size.with(text) > r.maxCompressed {
				dropped++
				break
			}
			if written > 0 {
				e.raw(",")
			}
			e.raw("\n")
			e.bytes(text)
			written++
		}
	}
	return dropped, e.err
}

// deflatedSize tells how large text gets under gzip, within a few per cent.
type deflatedSize struct {
	total int64
	w     *flate.Writer
}

func newDeflatedSize() *deflatedSize {
	s := new(deflatedSize)
	s.w, _ = flate.NewWriter(s, flate.BestSpeed) // fails on an unknown level only
	return s
}

func (s *deflatedSize) Write(p []byte) (int, error) {
	s.total += int64(len(p))
	return len(p), nil
}

// with adds text and returns the size so far, which lags by what the compressor
// still holds.
func (s *deflatedSize) with(text []byte) int64 {
	_, _ = s.w.Write(text) // its writer is this counter, which never fails
	return s.total
}

// sarifInvocation tells how the scan went. A scan that could not see everything
// was no success: a reader must not take it for a clean one.
func sarifInvocation(s *Summary, dropped int) *sarif.Invocation {
	ok := s.Complete
	in := &sarif.Invocation{ExecutionSuccessful: &ok}
	if start, err := time.Parse(time.RFC3339, s.Started); err == nil {
		start = start.UTC()
		end := start.Add(time.Duration(s.Seconds * float64(time.Second)))
		in.StartTimeUTC, in.EndTimeUTC = &start, &end
	}
	for _, text := range s.Incomplete {
		in.ToolExecutionNotifications = append(in.ToolExecutionNotifications, notification("error", "incomplete: "+text))
	}
	for _, text := range s.Problems {
		in.ToolExecutionNotifications = append(in.ToolExecutionNotifications, notification("error", text))
	}
	if dropped > 0 {
		in.ToolExecutionNotifications = append(in.ToolExecutionNotifications, notification("warning", fmt.Sprintf(
			"%s left out, the mildest, in whole or in part: code scanning takes %s results and 10 MB. The json format has them all.",
			count(dropped, "finding"), grouped(sarifMaxResults))))
	}
	return in
}

func notification(level, text string) *sarif.Notification {
	n := sarif.NewNotification()
	n.Level = level
	n.Message = sarif.NewTextMessage(sarifText(text))
	return n
}
