package scanner

import "github.com/shrike-scan/shrike/scanner/classify"

// Weigh lowers the severity and the confidence of findings by what the files are
// for that they stand in, and puts them into their order. Call it once, when the
// occurrences are complete: one place in a file that is deployed is enough to
// keep a finding as it is.
//
// A rule gives both values for the kind of credential; its check and the
// classifier refine them. Where every place is a test, an example, documentation or
// code of others:
//
//	what was found                  severity    confidence
//	proven, or half of a pair       as it is    as it is
//	of a format                     as it is    one step lower, medium at least
//	of no format, or a chosen one   one lower   one step lower
//	likewise, in a lock file, a
//	translation or minified code    one lower   low
//
// For a password that a test sets is one all the same, but rarely that of anything
// else; lock files and the like are full of digests and keys of messages.
func Weigh(fs []*Finding) {
	for _, f := range fs {
		if f.Proven || len(f.Parts) > 0 {
			continue
		}
		aside, machine := roles(f.Occurrences)
		switch {
		case !aside:
		case !f.Rule.Generic() && !f.Rule.Chosen:
			if f.Confidence > ConfidenceMedium {
				f.Confidence--
			}
		default:
			f.Severity = max(f.Severity-1, SeverityLow)
			f.Confidence = max(f.Confidence-1, ConfidenceLow)
			if machine {
				f.Confidence = ConfidenceLow
			}
		}
	}
	SortFindings(fs)
}

// roles reports whether all places are aside of what is deployed, and whether
// machines wrote all their files.
func roles(places []Occurrence) (aside, machine bool) {
	aside, machine = len(places) > 0, len(places) > 0
	for _, o := range places {
		if o.Where != InFile || o.Path == "" {
			return false, false
		}
		switch classify.Path(o.Path) {
		case classify.Normal:
			return false, false
		case classify.Lock, classify.Minified, classify.Translation:
		default:
			machine = false
		}
	}
	return aside, machine
}
