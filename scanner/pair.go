package scanner

import (
	"cmp"
	"maps"
	"math"
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
// same service, with its occurrences. Of all halves the two that are nearest to
// one another are joined first, and each is taken once while there are enough. A
// part that is itself secret (a session token) joins the credential that holds the
// same other half. It returns the findings that remain, in stable order, without
// those of rules that count in some files alone (Rule.Files) and stand in others, and
// without words beside the name of a secret in translations.
// Call it once, after attribution.
func Pair(fs []*Finding) []*Finding {
	fs = inTheirFiles(fs)
	halves := indexParts(fs)
	if len(halves.list) == 0 {
		return fs
	}
	near := map[*Finding][]nearby{}
	for _, f := range fs {
		if f.Rule.Pair != "" && f.Rule.Part == "" {
			near[f] = halves.near(f, 1+maxOthers)
		}
	}
	owner := match(fs, near) // half -> the credential that took it over
	for _, f := range fs {
		list := near[f]
		if len(list) == 0 {
			continue
		}
		own := max(0, slices.IndexFunc(list, func(n nearby) bool { return owner[n.half] == f }))
		half := list[own].half
		f.Parts = append(f.Parts, partOf(half))
		f.Details = append(f.Details, half.Details...)
		if owner[half] == f {
			f.adopt(half)
		}
		for _, other := range slices.Delete(list, own, own+1) {
			f.Others = append(f.Others, partOf(other.half))
		}
	}
	for _, f := range fs {
		if f.Rule.Pair == "" || f.Rule.Part == "" {
			continue
		}
		first := halves.near(f, 1)
		if len(first) == 0 || owner[f] != nil {
			continue
		}
		if whole := owner[first[0].half]; whole != nil {
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

// nearby is a half that may complete a credential.
type nearby struct {
	half     *Finding
	level    int
	distance int64
}

// match joins credentials and halves, those that are nearest to one another first,
// and returns for each half that was taken the credential it belongs to. So of
// three keys in a row, each id with its secret, none goes to a neighbour.
func match(fs []*Finding, near map[*Finding][]nearby) map[*Finding]*Finding {
	type claim struct {
		of *Finding
		nearby
	}
	var claims []claim
	for _, f := range fs { // in their order, which decides between equals
		for _, n := range near[f] {
			claims = append(claims, claim{f, n})
		}
	}
	slices.SortStableFunc(claims, func(a, b claim) int {
		return cmp.Or(cmp.Compare(a.level, b.level), cmp.Compare(a.distance, b.distance))
	})
	owner, served := map[*Finding]*Finding{}, map[*Finding]bool{}
	for _, c := range claims {
		if owner[c.half] == nil && !served[c.of] {
			owner[c.half], served[c.of] = c.of, true
		}
	}
	return owner
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
func (p *parts) near(f *Finding, n int) []nearby {
	var list []nearby
	for level := range nearNone {
		distance := map[*Finding]int64{}
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
				if half.Rule.Part != f.Rule.Pair || half.Rule.Service != f.Rule.Service || slices.ContainsFunc(list, func(n nearby) bool { return n.half == half }) {
					continue
				}
				d := distanceTo(o, half, level, key)
				if least, known := distance[half]; !known || d < least {
					distance[half] = d
				}
			}
		}
		for _, half := range slices.SortedFunc(maps.Keys(distance), func(a, b *Finding) int {
			return cmp.Or(cmp.Compare(distance[a], distance[b]), cmp.Compare(a.Secret.Reveal(), b.Secret.Reveal()))
		}) {
			list = append(list, nearby{half, level, distance[half]})
		}
		if len(list) >= n {
			return list[:n]
		}
	}
	return list
}

// distanceTo is the least distance from o to a place of half that shares key: by lines,
// on one line by columns, and where that is equal, a half that stands before o is
// nearer, for ids are written before secrets.
func distanceTo(o *Occurrence, half *Finding, level int, key string) int64 {
	const line = 1 << 20 // columns that count as one
	least := int64(math.MaxInt64)
	for i := range half.Occurrences {
		h := &half.Occurrences[i]
		if keyOf(h, level) != key {
			continue
		}
		d := int64(h.Line-o.Line) * line
		if d == 0 {
			d = min(max(int64(h.Column-o.Column), 1-line), line-1)
		}
		if d > 0 {
			d = 2*d + 1
		}
		least = min(least, max(d, -2*d))
	}
	return least
}
