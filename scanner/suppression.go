package scanner

import "time"

// Ended reports whether s no longer hides at now: its date has passed. The date
// itself still hides; days are those of UTC, so that all machines agree.
func (s *Suppression) Ended(now time.Time) bool {
	return s.Until != "" && now.UTC().Format(time.DateOnly) > s.Until
}

// ValidDate reports whether text is a calendar date as Until holds it.
func ValidDate(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}

// Hide asks covers for each occurrence what hides it, nil for nothing. Hidden
// occurrences are dropped; when all are hidden they stay, and the finding is
// suppressed by what hides the first. A finding that is suppressed already, or
// that has no occurrence, is left alone.
func (f *Finding) Hide(covers func(*Occurrence) *Suppression) {
	if f.Suppressed != nil {
		return
	}
	var first *Suppression
	var open []Occurrence // those that nothing hides, from when on something is hidden
	for i := range f.Occurrences {
		by := covers(&f.Occurrences[i])
		switch {
		case by == nil && first != nil:
			open = append(open, f.Occurrences[i])
		case by != nil && first == nil:
			first = by
			open = append(open, f.Occurrences[:i]...)
		}
	}
	switch {
	case first == nil:
	case len(open) == 0:
		f.Suppressed = first
	default:
		f.Occurrences = open
	}
}
