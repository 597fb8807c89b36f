package scanner

import (
	"path"
	"slices"
	"strings"

	"github.com/shrike-scan/shrike/scanner/classify"
)

// inTheirFiles leaves out the findings of rules that count in some files alone, unless one
// of their places is such a file: there they are sure. Words beside the name of a secret
// count in no translation: there they are what people read.
func inTheirFiles(fs []*Finding) []*Finding {
	return slices.DeleteFunc(fs, func(f *Finding) bool {
		if f.Rule.Generic() && f.Confidence == ConfidenceLow && len(f.Occurrences) > 0 {
			f.Occurrences = slices.DeleteFunc(f.Occurrences, func(o Occurrence) bool {
				return o.Where == InFile && classify.Path(o.Path) == classify.Translation
			})
			return len(f.Occurrences) == 0
		}
		if len(f.Rule.Files) == 0 {
			return false
		}
		f.Confidence = ConfidenceHigh
		return !slices.ContainsFunc(f.Occurrences, func(o Occurrence) bool { return o.Where == InFile && f.Rule.countsIn(o.Path) })
	})
}

// countsIn reports whether a match counts in the file.
func (r *Rule) countsIn(file string) bool {
	parts := strings.Split(file, "/")
	end := path.Join(parts[max(0, len(parts)-2):]...)
	return slices.ContainsFunc(r.Files, func(pattern string) bool {
		ok, err := path.Match(pattern, end)
		return ok && err == nil
	})
}
