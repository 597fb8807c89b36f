package report

import (
	"cmp"

	"github.com/shrike-scan/shrike/scanner"
)

func (b *builder) verdict(v *scanner.Verdict) *Verdict {
	if v == nil {
		return nil
	}
	return &Verdict{
		State:   v.State,
		Reason:  b.text(v.Reason),
		Call:    b.text(v.Call),
		At:      formatTime(v.At),
		Details: b.details(v.Details),
	}
}

// AddVerdicts gives the findings of a report that was read the verdicts of fs, and
// the severities that followed from them, by fingerprint.
func (d *Document) AddVerdicts(fs []*scanner.Finding) {
	b := builder{scrub: newScrubber(fs), cleaned: make(map[string]string)}
	byPrint := make(map[string]*scanner.Finding, len(fs))
	for _, f := range fs {
		byPrint[f.Fingerprint] = f
	}
	for i := range d.Findings {
		f := byPrint[d.Findings[i].Fingerprint]
		if f == nil || f.Verdict == nil {
			continue
		}
		d.Findings[i].Verdict = b.verdict(f.Verdict)
		d.Findings[i].Severity = cmp.Or(f.Severity.String(), d.Findings[i].Severity)
	}
	d.settle()
}
