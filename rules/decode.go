package rules

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"github.com/shrike-scan/shrike/scanner"
)

// Error is a fault in a file of rules. Line and Column count from 1.
type Error struct {
	File         string
	Line, Column int
	Rule         string // its id, where known
	Err          error
}

func (e *Error) Error() string {
	if e.Rule == "" {
		return fmt.Sprintf("%s:%d:%d: %v", e.File, e.Line, e.Column, e.Err)
	}
	return fmt.Sprintf("%s:%d:%d: rule %s: %v", e.File, e.Line, e.Column, e.Rule, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// Decode reads rules from TOML: an array of [[rule]] tables whose keys are those
// of scanner.Rule. name is the file's name for error messages. An unknown key, a
// value of the wrong type, a rule that Validate refuses and an id given twice
// are each an *Error with file, line and column.
func Decode(name string, text []byte) ([]scanner.Rule, error) {
	rules, err := decode(name, text)
	if err != nil {
		return nil, err
	}
	seen := make(map[string]bool, len(rules))
	for i := range rules {
		r := &rules[i]
		key, err := validate(r)
		if err == nil && seen[r.ID] {
			key, err = "id", errors.New("an earlier rule has this id")
		}
		if err != nil {
			return nil, locate(name, text, i, key, r.ID, err)
		}
		seen[r.ID] = true
	}
	return rules, nil
}

// decode reads rules without validating them. Each table is decoded key by key,
// since the decoder's own positions name the last table of an array, and it has
// none for unknown keys.
func decode(name string, text []byte) ([]scanner.Rule, error) {
	var doc struct {
		Rule []map[string]toml.Primitive `toml:"rule"`
	}
	meta, err := toml.Decode(string(text), &doc)
	if err != nil {
		return nil, syntaxError(name, err)
	}
	for _, key := range meta.Keys() {
		if len(key) > 0 && key[0] != "rule" {
			line, column := position(text, -1, key[0])
			return nil, &Error{File: name, Line: line, Column: column, Err: fmt.Errorf("unknown key %q: rules are [[rule]] tables", key[0])}
		}
	}
	rules := make([]scanner.Rule, len(doc.Rule))
	for i, table := range doc.Rule {
		if key, err := decodeRule(&meta, table, &rules[i]); err != nil {
			return nil, locate(name, text, i, key, rules[i].ID, err)
		}
	}
	expandFragments(rules)
	return rules, nil
}

// decodeRule fills r from its table, and names the key at fault.
func decodeRule(meta *toml.MetaData, table map[string]toml.Primitive, r *scanner.Rule) (key string, err error) {
	known := 0
	for _, f := range fields(r) {
		value, ok := table[f.key]
		if !ok {
			continue
		}
		known++
		if err := meta.PrimitiveDecode(value, f.into); err != nil {
			return f.key, shortError(err)
		}
	}
	if known == len(table) {
		return "", nil
	}
	var unknown []string
	for key := range table {
		if !slices.ContainsFunc(fields(r), func(f field) bool { return f.key == key }) {
			unknown = append(unknown, key)
		}
	}
	key = slices.Min(unknown)
	return key, fmt.Errorf("unknown key %q", key)
}

type field struct {
	key  string
	into any
}

// fields lists the keys of a rule's table, the id first so that later errors
// can name the rule.
func fields(r *scanner.Rule) []field {
	return []field{
		{"id", &r.ID}, {"service", &r.Service}, {"kind", &r.Kind},
		{"severity", &r.Severity}, {"confidence", &r.Confidence},
		{"gives", &r.Gives}, {"revoke", &r.Revoke},
		{"regex", &r.Regex},
		{"context", &r.Context}, {"value", &r.Value}, {"before", &r.Before}, {"after", &r.After},
		{"keywords", &r.Keywords},
		{"literals", &r.Literals}, {"reach", &r.Reach},
		{"entropy", &r.Entropy}, {"check", &r.Check}, {"verify", &r.Verify},
		{"pair", &r.Pair}, {"part", &r.Part}, {"public", &r.Public}, {"chosen", &r.Chosen},
		{"samples", &r.Samples}, {"misses", &r.Misses},
	}
}

func syntaxError(name string, err error) error {
	var parse toml.ParseError
	if errors.As(err, &parse) {
		return &Error{File: name, Line: parse.Position.Line, Column: max(parse.Position.Col, 1), Err: errors.New(parse.Message)}
	}
	return &Error{File: name, Line: 1, Column: 1, Err: shortError(err)}
}

// shortError drops the decoder's own idea of the place.
func shortError(err error) error {
	var parse toml.ParseError
	if errors.As(err, &parse) {
		return errors.New(parse.Message)
	}
	message := err.Error()
	if strings.HasPrefix(message, "toml: ") {
		if _, rest, ok := strings.Cut(message, "): "); ok {
			message = rest
		}
	}
	return errors.New(message)
}

func locate(name string, text []byte, rule int, key, id string, err error) *Error {
	line, column := position(text, rule, key)
	return &Error{File: name, Line: line, Column: column, Rule: id, Err: err}
}

// position finds where a key of the n-th [[rule]] table is set, counting from 0;
// n < 0 stands for the top level. Without such a line it is the table's header.
// It reads lines, not TOML, which is enough to point a reader at the place.
func position(text []byte, n int, key string) (line, column int) {
	line, column = 1, 1
	table := -1
	for i, s := range strings.Split(string(text), "\n") {
		trimmed := strings.TrimLeft(s, " \t")
		at := len(s) - len(trimmed) + 1
		switch header := strings.Join(strings.Fields(trimmed), ""); {
		case strings.HasPrefix(header, "[[rule]]"):
			if table++; table == n {
				line, column = i+1, at
			}
		case n < 0 && strings.HasPrefix(strings.TrimLeft(header, `["'`), key):
			return i + 1, at
		case table == n && setsKey(trimmed, key):
			return i + 1, at
		}
	}
	return line, column
}

func setsKey(line, key string) bool {
	name, _, ok := strings.Cut(line, "=")
	return ok && key != "" && strings.Trim(strings.TrimSpace(name), `"'`) == key
}
