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
	File     string
	position        // of the key or value at fault
	Message  string // lower case, one sentence
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
}

// position is a place in a text. Lines and columns count from 1; columns are
// Unicode code points.
type position struct{ Line, Column int }

const maxProblems = 20 // a reader mends no more at a time

type problem struct {
	at      position
	message string
}

type problems []problem

func (p *problems) full() bool { return len(*p) >= maxProblems }

func (p *problems) add(at position, format string, args ...any) {
	if !p.full() {
		*p = append(*p, problem{at, fmt.Sprintf(format, args...)})
	}
}

// errors joins the problems in the file's order; nil without any.
func (p problems) errors(file string) error {
	slices.SortStableFunc(p, func(a, b problem) int {
		return cmp.Or(
			cmp.Compare(a.at.Line, b.at.Line),
			cmp.Compare(a.at.Column, b.at.Column),
			strings.Compare(a.message, b.message),
		)
	})
	list := make([]error, len(p))
	for i, q := range p {
		list[i] = &Error{file, q.at, q.message}
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
