package scanner

import (
	"cmp"
	"maps"
	"path"
	"slices"
)

// Nearness of two halves of a credential, nearest first. Within one blob the
// distance is in lines.
const (
	nearSameBlob = iota
	nearSamePath
	nearSameCommit
	nearSameFolder
	nearNone
)

// maxOthers bounds how many further halves a credential keeps.
const maxOthers = 3

// maxNeighbours bounds how many halves in one folder or commit are compared, so
// that a folder full of keys costs no product of all with all.
const maxNeighbours = 64

// Pair joins the halves of credentials: a finding whose rule names a part it
// needs (Rule.Pair) takes over the nearest finding of that part (Rule.Part) of the
// same service, with its occurrences. A part that is itself secret (a session token) joins the
// credential that holds the same other half. It returns the findings that
// remain, in stable order. Call it once, after attribution.
func Pair(fs []*Finding) []*Finding {
	halves := indexParts(fs)
	if len(halves.list) == 0 {
		return fs
	}
	owner := map[*Finding]*Finding{} // half -> the credential that took it over
	for _, f := range fs {
		if f.Rule.Pair == "" || f.Rule.Part != "" {
			continue
		}
		near := halves.near(f, 1+maxOthers)
		for _, other := range near[min(len(near), 1):] {
			f.Others = append(f.Others, partOf(other))
		}
		if len(near) > 0 {
			half := near[0]
			f.Parts = append(f.Parts, partOf(half))
			f.Details = append(f.Details, half.Details...)
			if owner[half] == nil {
				owner[half] = f
				f.adopt(half)
			}
		}
	}
	for _, f := range fs {
		if f.Rule.Pair == "" || f.Rule.Part == "" {
			continue
		}
		near := halves.near(f, 1)
		if len(near) == 0 || owner[f] != nil {
			continue
		}
		if whole := owner[near[0]]; whole != nil {
			whole.Parts = append(whole.Parts, partOf(f))
			whole.Details = append(whole.Details, f.Details...)
			owner[f] = whole
			whole.adopt(f)
		}
	}
	out := fs[:0:0]
	for _, f := range fs {
		if owner[f] == nil {
			out = append(out, f)
		}
	}
	SortFindings(out)
	return out
}

func partOf(half *Finding) Part {
	return Part{Name: half.Rule.Part, Value: half.Secret, Public: half.Rule.Public}
}

// adopt takes over a half's occurrences, after its own.
func (f *Finding) adopt(half *Finding) {
	for _, o := range half.Occurrences {
		o.Part = half.Rule.Part
		f.Occurrences = append(f.Occurrences, o)
	}
	SortOccurrences(f.Occurrences)
}

// parts indexes the findings that complete others by where they stand.
type parts struct {
	list []*Finding
	at   [nearNone]map[string][]*Finding
}

func indexParts(fs []*Finding) *parts {
	p := &parts{}
	for i := range p.at {
		p.at[i] = map[string][]*Finding{}
	}
	for _, f := range fs {
		if f.Rule.Part == "" {
			continue
		}
		p.list = append(p.list, f)
		for i := range f.Occurrences {
			for level, at := range p.at {
				key := keyOf(&f.Occurrences[i], level)
				if list := at[key]; key != "" && len(list) < maxNeighbours && !slices.Contains(list, f) {
					at[key] = append(list, f)
				}
			}
		}
	}
	return p
}

// keyOf names what an occurrence shares with those so near it; empty for nothing.
func keyOf(o *Occurrence, level int) string {
	switch {
	case level == nearSameBlob:
		return cmp.Or(o.Object, o.Path)
	case level == nearSamePath:
		return o.Path
	case level == nearSameCommit && o.Commit != nil:
		return o.Commit.ID
	case level == nearSameFolder && o.Path != "":
		return path.Dir(o.Path)
	}
	return ""
}

// near returns at most n halves that may complete f, nearest first.
func (p *parts) near(f *Finding, n int) []*Finding {
	var list []*Finding
	for level := range nearNone {
		distance := map[*Finding]int{}
		places := f.Occurrences
		if len(list) > 0 { // these are a reserve, and not worth much
			places = places[:min(len(places), maxNeighbours)]
		}
		for i := range places {
			o := &f.Occurrences[i]
			key := keyOf(o, level)
			if key == "" {
				continue
			}
			for _, half := range p.at[level][key] {
				if half.Rule.Part != f.Rule.Pair || half.Rule.Service != f.Rule.Service || slices.Contains(list, half) {
					continue
				}
				d := linesBetween(o, half, level, key)
				if least, known := distance[half]; !known || d < least {
					distance[half] = d
				}
			}
		}
		list = append(list, slices.SortedFunc(maps.Keys(distance), func(a, b *Finding) int {
			return cmp.Or(cmp.Compare(distance[a], distance[b]), cmp.Compare(a.Secret.text, b.Secret.text))
		})...)
		if len(list) >= n {
			return list[:n]
		}
	}
	return list
}

// linesBetween is the least distance in lines to a place of half that shares key.
func linesBetween(o *Occurrence, half *Finding, level int, key string) int {
	least := unbounded
	for i := range half.Occurrences {
		h := &half.Occurrences[i]
		if keyOf(h, level) == key {
			least = min(least, max(o.Line-h.Line, h.Line-o.Line))
		}
	}
	return least
}
