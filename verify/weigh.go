package verify

import "github.com/shrike-scan/shrike/scanner"

// Weigh lets the severity of findings follow their verdicts, and puts the half that
// worked in the place of one that did not. Call it once, after Run:
//
//	live, with every right in an account     critical
//	live, of an AWS user without policies    high
//	live                                     one step higher, up to high
//	dead                                     low
//	unknown, canary                          as it is
func Weigh(fs []*scanner.Finding) {
	for _, f := range fs {
		if f.Verdict == nil {
			continue
		}
		takeWorkingHalf(f)
		switch f.Verdict.State {
		case Live:
			switch {
			case detail(f.Verdict.Details, "root") != "", detail(f.Verdict.Details, RightsDetail) != "":
				f.Severity = scanner.SeverityCritical
			case detail(f.Verdict.Details, "policies") == noPolicies:
				f.Severity = scanner.SeverityHigh
			case f.Severity < scanner.SeverityHigh:
				f.Severity++
			}
		case Dead:
			f.Severity = scanner.SeverityLow
		}
	}
}

// takeWorkingHalf exchanges the key id for that of the others with which the
// provider accepted the secret.
func takeWorkingHalf(f *scanner.Finding) {
	id := detail(f.Verdict.Details, "key id")
	if f.Verdict.State != Live || id == "" {
		return
	}
	for i := range f.Parts {
		for j := range f.Others {
			if f.Parts[i].Name == f.Others[j].Name && f.Others[j].Value.Reveal() == id {
				f.Parts[i], f.Others[j] = f.Others[j], f.Parts[i]
				return
			}
		}
	}
}
