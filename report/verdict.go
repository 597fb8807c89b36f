package report

import (
	"cmp"
	"slices"

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

// AddVerdicts gives the findings of a report that was read the verdicts of fs, the
// severities that followed from them, and what to do now, by fingerprint.
func (d *Document) AddVerdicts(fs []*scanner.Finding, respond Responder) {
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
		if d.Findings[i].Suppressed != nil || respond == nil {
			continue
		}
		if plan := respond(f, b.text); plan != nil {
			d.Findings[i].replan(steps(plan.Filled()))
		}
	}
	d.settle()
}

// replan takes over steps, but for those of cleaning: who wrote the report stood in
// the repository, and knew how.
func (f *Finding) replan(list []Step) {
	isClean := func(s Step) bool { return s.Phase == string(scanner.PhaseClean) }
	known := slices.DeleteFunc(f.response(), func(s Step) bool { return !isClean(s) })
	if at := slices.IndexFunc(list, isClean); at >= 0 && len(known) > 0 {
		list = slices.Insert(slices.DeleteFunc(list, isClean), at, known...)
	}
	f.plan, f.Respond = nil, list
}
