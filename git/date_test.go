package git

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestParseDate(t *testing.T) {
	zone := time.FixedZone("", -5*60*60)
	now := time.Date(2024, 3, 31, 12, 30, 15, 0, zone)
	tests := []struct{ text, since, until string }{
		{"2024-02-29", "2024-02-29T00:00:00-05:00", "2024-02-29T23:59:59-05:00"},
		{"2024-02-29 14:30", "2024-02-29T14:30:00-05:00", ""},
		{"2024-02-29T14:30:05", "2024-02-29T14:30:05-05:00", ""},
		{"2024-02-29T14:30:05+01:00", "2024-02-29T14:30:05+01:00", ""},
		{" 2024-02-29T14:30:05Z ", "2024-02-29T14:30:05Z", ""},
		{"@0", "1970-01-01T00:00:00Z", ""},
		{"@1709300000", "2024-03-01T13:33:20Z", ""},
		{"now", "2024-03-31T12:30:15-05:00", ""},
		{"today", "2024-03-31T00:00:00-05:00", "2024-03-31T23:59:59-05:00"},
		{"Yesterday", "2024-03-30T00:00:00-05:00", "2024-03-30T23:59:59-05:00"},
		{"90 seconds ago", "2024-03-31T12:28:45-05:00", ""},
		{"1 minute ago", "2024-03-31T12:29:15-05:00", ""},
		{"36.hours.ago", "2024-03-30T00:30:15-05:00", ""},
		{"1 day ago", "2024-03-30T12:30:15-05:00", ""},
		{"2.weeks.ago", "2024-03-17T12:30:15-05:00", ""},
		{"2 months ago", "2024-01-31T12:30:15-05:00", ""},
		{"10 years ago", "2014-03-31T12:30:15-05:00", ""},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			for _, side := range []struct {
				end  bool
				want string
			}{{false, tt.since}, {true, tt.until}} {
				if side.want == "" {
					side.want = tt.since
				}
				got, err := ParseDate(tt.text, now, side.end)
				require.NoError(t, err)
				want, err := time.Parse(time.RFC3339, side.want)
				require.NoError(t, err)
				require.True(t, want.Equal(got), "%s, not %s", got, want)
			}
		})
	}
	for _, text := range []string{
		"", "2024", "2024-02-30", "31.3.2024", "@", "@-1", "@x", "@99999999999999999999", "ago", "2 weeks", "two weeks ago",
		"-1 days ago", "1000000 years ago", "2 fortnights ago", "last tuesday", "1 2 days ago",
	} {
		_, err := ParseDate(text, now, false)
		require.ErrorContains(t, err, "cannot be understood", text)
	}
}

func FuzzParseDate(f *testing.F) {
	for _, seed := range []string{"2024-02-29", "2024-02-29T14:30:05Z", "2.weeks.ago", "@12", "yesterday"} {
		f.Add(seed)
	}
	now := time.Date(2024, 3, 31, 12, 30, 15, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		since, err := ParseDate(text, now, false)
		if err != nil {
			return
		}
		until, err := ParseDate(text, now, true)
		require.NoError(t, err)
		require.False(t, until.Before(since))
	})
}
