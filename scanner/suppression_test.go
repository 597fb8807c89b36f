package scanner

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestSuppressionEnded(t *testing.T) {
	at := func(text string) time.Time {
		now, err := time.Parse(time.RFC3339, text)
		require.NoError(t, err)
		return now
	}
	tests := []struct {
		name, until, now string
		ended            bool
	}{
		{"no end", "", "2027-01-31T12:00:00Z", false},
		{"the day before", "2027-01-31", "2027-01-30T12:00:00Z", false},
		{"the last second", "2027-01-31", "2027-01-31T23:59:59Z", false},
		{"the next day", "2027-01-31", "2027-02-01T00:00:00Z", true},
		{"another zone's next day", "2027-01-31", "2027-02-01T00:30:00+02:00", false},
		{"years later", "2027-01-31", "2031-01-01T00:00:00Z", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, tt.ended, (&Suppression{Until: tt.until}).Ended(at(tt.now)))
		})
	}
}

func TestFindingHide(t *testing.T) {
	a, b := &Suppression{Reason: "a"}, &Suppression{Reason: "b"}
	tests := []struct {
		name       string
		covers     map[string]*Suppression
		open       []string
		suppressed *Suppression
	}{
		{"nothing", nil, []string{"x", "y"}, nil},
		{"one", map[string]*Suppression{"x": a}, []string{"y"}, nil},
		{"all, by two", map[string]*Suppression{"x": a, "y": b}, []string{"x", "y"}, a},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := &Finding{Occurrences: []Occurrence{{Path: "x"}, {Path: "y"}}}
			f.Hide(func(o *Occurrence) *Suppression { return tt.covers[o.Path] })
			var open []string
			for _, o := range f.Occurrences {
				open = append(open, o.Path)
			}
			require.Equal(t, tt.open, open)
			require.Same(t, tt.suppressed, f.Suppressed)
		})
	}
}
