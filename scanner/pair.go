package scanner

import (
	"cmp"
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
		if half := halves.nearest(f); half != nil {
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
		if whole := owner[halves.nearest(f)]; whole != nil && owner[f] == nil {
			whole.Parts = append(whole.Parts, partOf(f))
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
	near [nearNone]map[string][]*Finding
}

func indexParts(fs []*Finding) *parts {
	p := &parts{}
	for i := range p.near {
		p.near[i] = map[string][]*Finding{}
	}
	for _, f := range fs {
		if f.Rule.Part == "" {
			continue
		}
		p.list = append(p.list, f)
		for i := range f.Occurrences {
			for level, at := range p.near {
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

// nearest returns the half nearest to f, or nil.
func (p *parts) nearest(f *Finding) *Finding {
	for level := range nearNone {
		best, distance := (*Finding)(nil), 0
		for i := range f.Occurrences {
			o := &f.Occurrences[i]
			key := keyOf(o, level)
			if key == "" {
				continue
			}
			for _, half := range p.near[level][key] {
				if half.Rule.Part != f.Rule.Pair || half.Rule.Service != f.Rule.Service {
					continue
				}
				d := linesBetween(o, half, level, key)
				if best == nil || cmp.Or(cmp.Compare(d, distance), cmp.Compare(half.Secret.text, best.Secret.text)) < 0 {
					best, distance = half, d
				}
			}
		}
		if best != nil {
			return best
		}
	}
	return nil
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
