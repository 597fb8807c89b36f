package verify

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/BurntSushi/toml"

	"github.com/shrike-scan/shrike/scanner"
)

//go:embed checks/*.toml
var embedded embed.FS

// Check is a built-in live check and the rules whose credentials it is for.
type Check struct {
	Rules []string `toml:"rules"`
	scanner.HTTPCheck
}

// Checks reads the built-in checks, in the order of their files' names and then as
// written. It takes milliseconds, and so is for those who verify.
func Checks() ([]Check, error) {
	names, err := fs.Glob(embedded, "checks/*.toml")
	if err != nil {
		return nil, fmt.Errorf("list live checks: %w", err)
	}
	var all []Check
	for _, name := range names {
		text, err := embedded.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read live checks: %w", err)
		}
		checks, err := decodeChecks(name, string(text))
		if err != nil {
			return nil, err
		}
		all = append(all, checks...)
	}
	return all, nil
}

// decodeChecks reads [[check]] tables. Errors name file, line and column. What
// ValidateHTTP judges it leaves alone.
func decodeChecks(name, text string) ([]Check, error) {
	var doc struct {
		Check []Check `toml:"check"`
	}
	meta, err := toml.Decode(text, &doc)
	if parse, ok := errors.AsType[toml.ParseError](err); ok {
		return nil, fmt.Errorf("%s:%d:%d: %s", name, parse.Position.Line, max(parse.Position.Col, 1), parse.Message)
	}
	if err != nil {
		return nil, fmt.Errorf("read live checks %s: %w", name, err)
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		key := unknown[0][len(unknown[0])-1]
		line, column := findKey(text, key)
		return nil, fmt.Errorf("%s:%d:%d: unknown key %q", name, line, column, key)
	}
	for i := range doc.Check {
		if len(doc.Check[i].Rules) == 0 {
			return nil, fmt.Errorf("read live checks %s: check %d names no rules", name, i+1)
		}
	}
	return doc.Check, nil
}

// findKey returns where a key is set first: it is unknown wherever it stands.
func findKey(text, key string) (line, column int) {
	for s := range strings.SplitSeq(text, "\n") {
		line++
		for at := 0; ; {
			i := strings.Index(s[at:], key)
			if i < 0 {
				break
			}
			before, after := s[:at+i], strings.TrimLeft(s[at+i+len(key):], "\" \t")
			if strings.HasPrefix(after, "=") && strings.Trim(before[max(0, len(before)-1):], " \t{,\"") == "" || strings.HasPrefix(after, "]") && strings.HasPrefix(s, "[") {
				return line, at + i + 1
			}
			at += i + len(key)
		}
	}
	return 1, 1
}
