package report

import (
	"cmp"
	"slices"
)

// rule describes a rule that has findings, for formats that list rules apart.
type rule struct {
	id, service, kind, severity, confidence, gives, revoke string
}

// severities and confidences from the mildest to the worst, from the least sure to
// the surest.
var (
	severities  = []string{"low", "medium", "high", "critical"}
	confidences = []string{"low", "medium", "high"}
)

// tally counts the findings.
func (s *Summary) tally(findings []Finding) {
	s.Findings, s.Suppressed, s.Severities = 0, 0, Counts{}
	for i := range findings {
		f := &findings[i]
		if f.Suppressed != nil {
			s.Suppressed++
			continue
		}
		s.Findings++
		switch f.Severity {
		case "critical":
			s.Severities.Critical++
		case "high":
			s.Severities.High++
		case "medium":
			s.Severities.Medium++
		default:
			s.Severities.Low++
		}
	}
}

// rulesOf describes the rules of the findings, sorted by id. A rule is listed with
// the worst severity and the best confidence of its findings, for formats that
// know these of rules only.
func rulesOf(findings []Finding) []rule {
	index := make(map[string]int)
	var rules []rule
	for i := range findings {
		f := &findings[i]
		at, ok := index[f.Rule]
		if !ok {
			index[f.Rule] = len(rules)
			rules = append(rules, rule{f.Rule, f.Service, f.Kind, f.Severity, f.Confidence, f.Gives, f.Revoke})
			continue
		}
		r := &rules[at]
		r.severity = upper(severities, r.severity, f.Severity)
		r.confidence = upper(confidences, r.confidence, f.Confidence)
	}
	slices.SortFunc(rules, func(a, b rule) int { return cmp.Compare(a.id, b.id) })
	return rules
}

// upper returns the one of a and b that stands later on the scale.
func upper(scale []string, a, b string) string {
	if slices.Index(scale, b) > slices.Index(scale, a) {
		return b
	}
	return a
}
