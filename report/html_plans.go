package report

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// htmlPlans collects what there is to do for the findings of a page. They share most
// of their steps, so that the page holds each list of steps once, with a mark where
// what names the one credential stands, and of a finding what the marks stand for.
type htmlPlans struct {
	lists [][]Step
	index map[string]int // texts of a list -> its place in lists
}

// htmlFinding is a finding with its plan in the place of the steps.
type htmlFinding struct {
	*Finding
	Respond *htmlPlan `json:"respond,omitempty"`
}

type htmlPlan struct {
	Of     int      `json:"of"` // index into the lists
	Values []string `json:"values"`
}

// A mark is a number between two of markEnd, which no text of ours holds. One of a
// hostile text is replaced as well, by one of the same finding's values.
const markEnd = "\x01"

func (p *htmlPlans) finding(f *Finding) any {
	list := slices.Clone(f.response())
	if len(list) == 0 {
		return f
	}
	values := identities(f) // in an order that is the same for findings of one kind
	longestFirst := slices.SortedStableFunc(slices.Values(values), func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	var pairs []string
	for _, v := range longestFirst {
		pairs = append(pairs, v, markEnd+strconv.Itoa(slices.Index(values, v))+markEnd)
	}
	mark := strings.NewReplacer(pairs...).Replace
	var texts strings.Builder
	for i := range list {
		s := &list[i]
		s.Do, s.Query, s.See, s.Run = mark(s.Do), mark(s.Query), mark(s.See), slices.Clone(s.Run)
		for j := range s.Run {
			s.Run[j] = mark(s.Run[j])
		}
		texts.WriteString(strings.Join(append([]string{s.Phase, s.Do, s.Query, s.See}, s.Run...), "\x00") + "\x02")
	}
	at, known := p.index[texts.String()]
	if !known {
		at = len(p.lists)
		p.index[texts.String()] = at
		p.lists = append(p.lists, list)
	}
	for len(values) > 0 && !strings.Contains(texts.String(), markEnd+strconv.Itoa(len(values)-1)+markEnd) {
		values = values[:len(values)-1]
	}
	return htmlFinding{f, &htmlPlan{at, values}}
}
