package config

import (
	"errors"
	"regexp"
	"regexp/syntax"
)

var errTooLarge = errors.New("the patterns of the file are too large together: shorten them or their repetitions")

// patterns compiles regular expressions while some of their weight is left. RE2
// matches in linear time; its program, though, can be a thousand times as large
// as the text of the pattern.
type patterns struct{ left int }

// compile returns errors that do not quote the pattern, which may hold a secret.
func (p *patterns) compile(pattern string) (*regexp.Regexp, error) {
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		var fault *syntax.Error
		if errors.As(err, &fault) {
			return nil, errors.New(string(fault.Code))
		}
		return nil, errors.New("not a regular expression")
	}
	if !p.charge(weight(tree)) {
		return nil, errTooLarge
	}
	return regexp.Compile(pattern)
}

// charge takes w from what is left, and reports whether there was enough.
func (p *patterns) charge(w int) bool {
	p.left = max(-1, p.left-w)
	return p.left >= 0
}

// weight is about the number of instructions in a pattern's program, capped
// above every budget.
func weight(re *syntax.Regexp) int {
	w := 1 + len(re.Rune)
	for _, sub := range re.Sub {
		w = min(w+weight(sub), 1<<20)
	}
	if re.Op == syntax.OpRepeat {
		w *= max(1, re.Min, re.Max)
	}
	return min(w, 1<<20)
}
