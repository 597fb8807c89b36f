package scanner

import (
	"bytes"
	"strings"
	"unicode"
)

// An allow comment accepts a finding where it stands:
//
//	shrike:allow RULE[,RULE] [until=YYYY-MM-DD] [owner=NAME] [reason ...]
//	shrike:allow-next-line RULE[,RULE] [until=YYYY-MM-DD] [owner=NAME] [reason ...]
//
// The marker may follow anything but a letter, digit, '_' or '-'. Rules are
// exact ids; the comma may have spaces after it. The comment ends at the line's
// end or at the first of allowEnds.
const (
	allowMarker   = "shrike:allow"
	allowNextLine = "-next-line"
	allowMaxBytes = 1024 // read after a marker, so that a line of markers costs linear time
)

// What closes a comment, or the string that stands for one in JSON. What follows
// may be the very secret on the same line, which must not get into the reason.
var allowEnds = [...]string{"*/", "-->", "#}", "--}}", "%>", `"`}

// parseAllow reads the first well-formed allow comment of one line. The
// suppression's reason and owner are printable; Until is a date, which may have
// passed (see Suppression.Ended). A comment that names no rule, or whose date is
// no date, allows nothing.
func parseAllow(line []byte) (s Suppression, rules []string, nextLine, ok bool) {
	for {
		i := bytes.Index(line, []byte(allowMarker))
		if i < 0 {
			return Suppression{}, nil, false, false
		}
		glued := i > 0 && (isWordByte(line[i-1]) || line[i-1] == '-')
		line = line[i+len(allowMarker):]
		if glued {
			continue
		}
		rest, nextLine := bytes.CutPrefix(line, []byte(allowNextLine))
		if s, rules, ok := parseAllowed(rest); ok {
			return s, rules, nextLine, true
		}
	}
}

// parseAllowed reads what follows the marker.
func parseAllowed(rest []byte) (s Suppression, rules []string, ok bool) {
	if len(rest) == 0 || rest[0] != ' ' && rest[0] != '\t' {
		return s, nil, false
	}
	words := strings.Fields(allowText(rest))
	for more := true; more; words = words[1:] {
		if len(words) == 0 {
			return s, nil, false
		}
		var list string
		list, more = strings.CutSuffix(words[0], ",")
		for id := range strings.SplitSeq(list, ",") {
			if !isRuleID(id) {
				return s, nil, false
			}
			rules = append(rules, id)
		}
	}
	s.By = "inline"
	for ; len(words) > 0; words = words[1:] {
		if until, found := strings.CutPrefix(words[0], "until="); found {
			if !ValidDate(until) {
				return s, nil, false
			}
			s.Until = until
		} else if owner, found := strings.CutPrefix(words[0], "owner="); found {
			s.Owner = owner
		} else {
			break
		}
	}
	s.Reason = strings.Join(words, " ")
	return s, rules, true
}

// allowText cuts the comment out of rest: whole words up to its end, without
// anything that would not print.
func allowText(rest []byte) string {
	if len(rest) > allowMaxBytes {
		rest = rest[:bytes.LastIndexAny(rest[:allowMaxBytes], " \t")]
	}
	text := string(rest)
	for _, end := range allowEnds {
		text, _, _ = strings.Cut(text, end)
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case r == unicode.ReplacementChar || !unicode.IsPrint(r):
			return -1
		}
		return r
	}, text)
}

func isRuleID(id string) bool {
	for i := range len(id) {
		if c := id[i]; c != '-' && c-'a' >= 26 && c-'0' >= 10 {
			return false
		}
	}
	return id != "" && id[0] != '-'
}
