package verify

import (
	"bytes"
	"cmp"
	"regexp"
	"slices"

	"github.com/shrike-scan/shrike/scanner"
)

// maxNear bounds how many values of a part are tried.
const maxNear = 4

// nearPattern finds a part in the text around a credential: the name of a shop in
// its address.
type nearPattern struct {
	name    string
	pattern *regexp.Regexp
}

// NearParts names the parts that the check of what a rule finds takes from the text
// around it, sorted.
func (h *HTTP) NearParts(rule *scanner.Rule) (names []string) {
	if c := h.byRule[nameOf(rule)]; c != nil {
		for _, n := range c.near {
			names = append(names, n.name)
		}
	}
	return names
}

// PartsNear returns the parts that a check takes from the text around a credential
// at a line (from 1): the nearest ones, and further ones that may be its own. Linear in
// the text.
func (h *HTTP) PartsNear(rule *scanner.Rule, text []byte, line int) (parts, others []scanner.Part) {
	c := h.byRule[nameOf(rule)]
	if c == nil {
		return nil, nil
	}
	for _, n := range c.near {
		for i, value := range n.values(text, line) {
			part := scanner.Part{Name: n.name, Value: scanner.NewSecret([]byte(value)), Public: true}
			if i == 0 {
				parts = append(parts, part)
			} else {
				others = append(others, part)
			}
		}
	}
	return parts, others
}

// values are the different values in a text, the nearest to a line first.
func (n nearPattern) values(text []byte, line int) []string {
	type found struct {
		value string
		away  int
	}
	var list []found
	at, counted := 1, 0 // the line of text[counted]
	for _, span := range n.pattern.FindAllSubmatchIndex(text, -1) {
		if span[2] < 0 {
			continue
		}
		at += bytes.Count(text[counted:span[2]], []byte("\n"))
		counted = span[2]
		value := string(text[span[2]:span[3]])
		away := max(at-line, line-at)
		if i := slices.IndexFunc(list, func(f found) bool { return f.value == value }); i >= 0 {
			list[i].away = min(list[i].away, away)
		} else if list = append(list, found{value, away}); len(list) > 4*maxNear { // enough to choose from, however long the text
			slices.SortStableFunc(list, func(a, b found) int { return cmp.Compare(a.away, b.away) })
			list = list[:2*maxNear]
		}
	}
	slices.SortStableFunc(list, func(a, b found) int { return cmp.Compare(a.away, b.away) })
	var values []string
	for _, f := range list[:min(len(list), maxNear)] {
		values = append(values, f.value)
	}
	return values
}
