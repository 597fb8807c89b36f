// Package rules holds the detectors that shrike ships, as data: one TOML file
// a category, each rule with samples that must match and near misses that must
// not. It also holds the offline checks that rules name (see Checks), and the
// template language of the samples (see Expand).
//
// Users' own rules are written in the same schema and read by Decode.
package rules

import (
	"embed"
	"fmt"
	"io/fs"

	"github.com/shrike-scan/shrike/scanner"
)

//go:embed *.toml
var embedded embed.FS

// Load decodes the embedded rules, in the order of their files' names and then
// as written. They are read by a small reader of their own and not validated:
// the package's tests do that, and a commit hook must start fast. The caller
// owns the result.
func Load() ([]scanner.Rule, error) {
	names, err := fs.Glob(embedded, "*.toml")
	if err != nil {
		return nil, fmt.Errorf("list embedded rules: %w", err)
	}
	var all []scanner.Rule
	for _, name := range names {
		text, err := embedded.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read embedded rules: %w", err)
		}
		rules, ok := decodePlain(string(text))
		if !ok {
			if rules, err = decode(name, text); err != nil {
				return nil, err
			}
		}
		all = append(all, rules...)
	}
	return all, nil
}
