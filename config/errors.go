package config

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Error is one fault of a configuration file. Its message holds keys and rule
// ids, never a pattern or another value that could be a secret.
type Error struct {
	Place          // of the key or value at fault
	Message string // lower case, one sentence
}

func (e *Error) Error() string { return e.Place.String() + ": " + e.Message }

// Place is where something stands: a file as its reader knows it, or a URL. Lines
// and columns count from 1; columns are Unicode code points.
type Place struct {
	File         string
	Line, Column int
}

func (p Place) String() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column) }

const maxProblems = 20 // a reader mends no more at a time

type problems []*Error

func (p *problems) full() bool { return len(*p) >= maxProblems }

func (p *problems) add(at Place, format string, args ...any) {
	if !p.full() {
		*p = append(*p, &Error{at, fmt.Sprintf(format, args...)})
	}
}

// errors joins the problems, those of one file in its order; nil without any.
func (p problems) errors() error {
	slices.SortStableFunc(p, func(a, b *Error) int {
		return cmp.Or(
			strings.Compare(a.File, b.File),
			cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column),
			strings.Compare(a.Message, b.Message),
		)
	})
	list := make([]error, len(p))
	for i, q := range p {
		list[i] = q
	}
	return errors.Join(list...)
}

// hint names the word of known that text most likely misspells, as the end of a
// message; "" when none is near.
func hint(text string, known []string) string {
	if len(text) > 64 {
		return ""
	}
	best, least := "", 1+max(2, len(text)/3)
	for _, word := range known {
		if d := editDistance(text, word); d < least && d < len(word) {
			best, least = word, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

// editDistance is Levenshtein's, in bytes, row by row.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
