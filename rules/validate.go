package rules

import (
	"errors"
	"fmt"
	"regexp"

	"github.com/shrike-scan/shrike/scanner"
)

// Validate says whether a rule is sound in itself: an id in kebab-case, exactly
// one of the three forms, regexes that compile and do not match the empty
// string, a known check, samples whose templates expand. Whether every sample
// matches only the engine can tell.
func Validate(r scanner.Rule) error {
	_, err := validate(&r)
	return err
}

const kebab = `^[a-z0-9]+(-[a-z0-9]+)*$`

// validate names the key at fault beside the error.
func validate(r *scanner.Rule) (key string, err error) {
	if r.ID == "" {
		return "id", errors.New("id is missing")
	}
	if !regexp.MustCompile(kebab).MatchString(r.ID) {
		return "id", fmt.Errorf("id %q is not in kebab-case", r.ID)
	}
	if key, err := validateForm(r); err != nil {
		return key, err
	}
	for _, bound := range []struct {
		key   string
		value int
	}{{"before", r.Before}, {"after", r.After}, {"reach", r.Reach}} {
		if bound.value < 0 || bound.value > 1<<16 {
			return bound.key, fmt.Errorf("%s is %d: want 0 to 65536", bound.key, bound.value)
		}
	}
	if r.Entropy < 0 || r.Entropy > 8 {
		return "entropy", fmt.Errorf("entropy is %v: want 0 to 8 bits a character", r.Entropy)
	}
	if r.Check != "" && Checks()[r.Check] == nil {
		return "check", fmt.Errorf("unknown check %q", r.Check)
	}
	for i, sample := range r.Samples {
		if _, err := Expand(r.ID, i, sample); err != nil {
			return "samples", fmt.Errorf("sample %d: %w", i+1, err)
		}
	}
	for i, miss := range r.Misses {
		if _, err := Expand(r.ID, i, miss); err != nil {
			return "misses", fmt.Errorf("miss %d: %w", i+1, err)
		}
	}
	return "", nil
}

func validateForm(r *scanner.Rule) (key string, err error) {
	context := len(r.Context) > 0 || r.Value != ""
	forms := 0
	for _, used := range []bool{r.Regex != "", context, len(r.Keywords) > 0} {
		if used {
			forms++
		}
	}
	if forms != 1 {
		return "id", errors.New("want exactly one of regex, context with value, keywords")
	}
	if r.Regex != "" {
		return "regex", validatePattern(r.Regex)
	}
	if !context {
		return "keywords", validateWords(r.Keywords)
	}
	if r.Value == "" {
		return "context", errors.New("context needs a value")
	}
	if err := validatePattern(r.Value); err != nil {
		return "value", err
	}
	return "context", validateWords(r.Context)
}

func validatePattern(pattern string) error {
	if name := unknownFragment(pattern); name != "" {
		return fmt.Errorf("unknown fragment %s", name)
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return err
	}
	if re.MatchString("") {
		return errors.New("the pattern matches the empty string")
	}
	return nil
}

func validateWords(words []string) error {
	if len(words) == 0 {
		return errors.New("no word given")
	}
	for _, word := range words {
		if len(word) < 3 {
			return fmt.Errorf("word %q is shorter than 3 characters", word)
		}
	}
	return nil
}
