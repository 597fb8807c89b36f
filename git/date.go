package git

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ParseDate reads a date as people give it to `git log --since`, in the part of
// git's grammar that has one reading only:
//
//	2024-03-01                      the day's first second, or with end its last
//	2024-03-01 14:30[:05]           with a space or a T between
//	2024-03-01T14:30:05Z            RFC 3339
//	@1709300000                     seconds since 1970
//	now, today, yesterday           today and yesterday as the day's date
//	2 weeks ago, 2.weeks.ago        seconds, minutes, hours, days, weeks, months, years
//
// Without a zone it is local time, that of now.
func ParseDate(text string, now time.Time, end bool) (time.Time, error) {
	day := func(t time.Time) time.Time {
		t = time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, now.Location())
		if end {
			t = t.AddDate(0, 0, 1).Add(-time.Second)
		}
		return t
	}
	text = strings.TrimSpace(text)
	switch strings.ToLower(text) {
	case "now":
		return now, nil
	case "today":
		return day(now), nil
	case "yesterday":
		return day(now.AddDate(0, 0, -1)), nil
	}
	if t, err := time.ParseInLocation(time.DateOnly, text, now.Location()); err == nil {
		return day(t), nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", time.DateTime, "2006-01-02 15:04"} {
		if t, err := time.ParseInLocation(layout, text, now.Location()); err == nil {
			return t, nil
		}
	}
	if digits, ok := strings.CutPrefix(text, "@"); ok {
		if seconds, err := strconv.ParseInt(digits, 10, 48); err == nil && seconds >= 0 {
			return time.Unix(seconds, 0), nil
		}
	}
	if t, ok := ago(text, now); ok {
		return t, nil
	}
	return time.Time{}, fmt.Errorf("date %q cannot be understood: give 2024-03-01, 2024-03-01T14:30:00Z, yesterday or `2 weeks ago`", text)
}

// maxAgo bounds the number of units, so that no date leaves the calendar.
const maxAgo = 100_000

// ago reads `N UNIT[s] ago`, with dots or spaces between.
func ago(text string, now time.Time) (time.Time, bool) {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r == ' ' || r == '.' })
	if len(words) != 3 || words[2] != "ago" {
		return now, false
	}
	n, err := strconv.Atoi(words[0])
	if err != nil || n < 0 || n > maxAgo {
		return now, false
	}
	switch strings.TrimSuffix(words[1], "s") {
	case "second":
		return now.Add(time.Duration(-n) * time.Second), true
	case "minute":
		return now.Add(time.Duration(-n) * time.Minute), true
	case "hour":
		return now.Add(time.Duration(-n) * time.Hour), true
	case "day":
		return now.AddDate(0, 0, -n), true
	case "week":
		return now.AddDate(0, 0, -7*n), true
	case "month":
		return now.AddDate(0, -n, 0), true
	case "year":
		return now.AddDate(-n, 0, 0), true
	}
	return now, false
}
