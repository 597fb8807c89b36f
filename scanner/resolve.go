package scanner

import (
	"bytes"
	"cmp"
	"slices"
)

// resolve keeps, of candidates that share bytes, the best. A candidate falls
// when any better one overlaps it, whether or not that one falls too: so the
// verdict on each depends on its neighbours alone, not on a chain of them. The
// result is in order of place and aliases found. Of what one rule found twice, by two
// words of a name, the surer counts.
func resolve(found []candidate) []candidate {
	slices.SortFunc(found, func(a, b candidate) int {
		return cmp.Or(
			cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end), cmp.Compare(a.rule.index, b.rule.index),
			compareBool(b.example, a.example), cmp.Compare(b.result.Proof, a.result.Proof), cmp.Compare(b.result.Confidence, a.result.Confidence),
		)
	})
	found = slices.CompactFunc(found, func(a, b candidate) bool {
		return a.start == b.start && a.end == b.end && a.rule == b.rule
	})
	beaten := make([]bool, len(found))
	for i := range found {
		for j := i + 1; j < len(found) && found[j].start < found[i].end; j++ {
			better, worse := i, j
			if rank(&found[i], &found[j]) < 0 {
				better, worse = j, i
			}
			beaten[worse] = true
			found[better].adopt(&found[worse])
		}
	}
	n := 0
	for i := range found {
		if !beaten[i] && !found[i].example {
			found[n] = found[i]
			n++
		}
	}
	return found[:n]
}

// adopt takes over where in its file's structure an extractor found the same value:
// a token in a template is its provider's, and has a logical path all the same.
func (a *candidate) adopt(b *candidate) {
	if b.rule.form == formExtract && a.rule.form != formExtract && bytes.Equal(a.value, b.value) {
		a.result.Details = slices.Concat(a.result.Details, b.result.Details)
	}
}

// rank is above zero when a beats b: a published example beats all, so that it
// is never reported under another name; then a proven structure, a more
// distinctive form, what is encoded in the other, a surer rule, a longer secret, an earlier rule, an earlier place.
func rank(a, b *candidate) int {
	return cmp.Or(
		compareBool(a.example, b.example),
		compareBool(a.result.Proof == Proven, b.result.Proof == Proven),
		compareBool(a.rule.form != formKeyword, b.rule.form != formKeyword),
		compareBool(a.inside(b), b.inside(a)),
		cmp.Compare(a.rule.Confidence, b.rule.Confidence),
		compareBool(a.rule.form != formExtract, b.rule.form != formExtract),
		cmp.Compare(a.rule.form, b.rule.form),
		cmp.Compare(a.end-a.start, b.end-b.start),
		cmp.Compare(b.rule.index, a.rule.index),
		cmp.Compare(b.start, a.start),
	)
}

// inside reports whether a is what b encodes, and both are no more than assigned
// values: a password in base64 rather than the base64.
func (a *candidate) inside(b *candidate) bool {
	return a.encoding != "" && a.rule.form == formKeyword && b.rule.form == formKeyword &&
		a.encoded.min <= b.start && b.end <= a.encoded.max
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}
