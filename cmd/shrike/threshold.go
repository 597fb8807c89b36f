package main

import (
	"errors"
	"fmt"

	"github.com/spf13/pflag"

	"github.com/shrike-scan/shrike/config"
	"github.com/shrike-scan/shrike/report"
	"github.com/shrike-scan/shrike/scanner"
)

// thresholdFlags say what is worth a report, and what is worth a failure.
type thresholdFlags struct {
	minSeverity   string
	minConfidence string
	failOn        string
}

func (f *thresholdFlags) register(fs *pflag.FlagSet) {
	f.registerLeast(fs)
	f.registerFailOn(fs)
}

func (f *thresholdFlags) registerLeast(fs *pflag.FlagSet) {
	fs.StringVar(&f.minSeverity, "min-severity", "", "report nothing milder than `SEVERITY`: low, medium, high or critical")
	fs.StringVar(&f.minConfidence, "min-confidence", "", "report nothing less sure than `CONFIDENCE`: low, medium or high")
}

func (f *thresholdFlags) registerFailOn(fs *pflag.FlagSet) {
	fs.StringVar(&f.failOn, "fail-on", "", "exit 1 only for findings of this `SEVERITY` or worse; live: only for those a provider says work (default low)")
}

// onlyLive is the value of --fail-on that asks for a provider's verdict.
const onlyLive = "live"

func (f *thresholdFlags) validate(verifies bool) error {
	if _, err := parsed[scanner.Severity]("--min-severity", f.minSeverity); err != nil {
		return err
	}
	if _, err := parsed[scanner.Confidence]("--min-confidence", f.minConfidence); err != nil {
		return err
	}
	if f.failOn == onlyLive {
		if !verifies {
			return errors.New("--fail-on live: add --verify, for nothing is known to be live without it")
		}
		return nil
	}
	_, err := parsed[scanner.Severity]("--fail-on", f.failOn)
	return err
}

// parsed reads a level, the zero one where none is given.
func parsed[L any, P interface {
	*L
	UnmarshalText([]byte) error
}](flag, text string) (L, error) {
	var level L
	if text == "" {
		return level, nil
	}
	if err := P(&level).UnmarshalText([]byte(text)); err != nil {
		return level, fmt.Errorf("%s: %w", flag, err)
	}
	return level, nil
}

// wants reports whether a finding is worth a report. The flags have been validated;
// where they say nothing, the configuration does.
func (f *thresholdFlags) wants(c *config.Config, x *scanner.Finding) bool {
	severity, _ := parsed[scanner.Severity]("", f.minSeverity)
	confidence, _ := parsed[scanner.Confidence]("", f.minConfidence)
	return c.Wants(x, severity, confidence)
}

// keep leaves out what is below the thresholds, and says in a note how many those
// were: nothing disappears unsaid.
func (sc *scan) keep(fs []*scanner.Finding) (kept []*scanner.Finding, notes []string) {
	left := 0
	for _, x := range fs {
		if sc.wants(x) {
			kept = append(kept, x)
		} else if x.Suppressed == nil {
			left++
		}
	}
	if left > 0 {
		notes = []string{fmt.Sprintf("left out below --min-severity or --min-confidence: %d", left)}
	}
	return kept, notes
}

// fails reports whether a finding of the document is worth exit status 1.
func (f *thresholdFlags) fails(c *config.Config, doc *report.Document) bool {
	least := c.FailOn
	switch f.failOn {
	case "":
	case onlyLive:
		least = scanner.SeverityLow
	default:
		least, _ = parsed[scanner.Severity]("", f.failOn)
	}
	for i := range doc.Findings {
		x := &doc.Findings[i]
		severity, _ := parsed[scanner.Severity]("", x.Severity)
		live := x.Verdict != nil && x.Verdict.State == onlyLive
		if x.Suppressed == nil && severity >= least && (live || f.failOn != onlyLive) {
			return true
		}
	}
	return false
}
