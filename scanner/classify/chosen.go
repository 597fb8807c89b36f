package classify

import "github.com/shrike-scan/shrike/scanner/assign"

// chosen judges a value that a person may have chosen as a password.
func chosen(c Candidate, s shape, bits float64) Verdict {
	if s.length < 3 {
		return Verdict{Placeholder, 0.05, "too short"}
	}
	if c.Form == assign.Argument && c.Op == assign.Space && bits < 0 {
		return Verdict{Prose, 0.1, "a quoted word behind a name"}
	}
	if s.kinds() >= 3 || s.digits > 0 && s.letters > 0 {
		return Verdict{Secret, 0.45, "a password of several kinds of characters"}
	}
	return Verdict{Secret, 0.3, "a word as a password"}
}
