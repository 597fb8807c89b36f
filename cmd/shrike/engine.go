package main

import (
	"slices"
	"time"

	"github.com/shrike-scan/shrike/config"
	"github.com/shrike-scan/shrike/rules"
	"github.com/shrike-scan/shrike/scanner"
	"github.com/shrike-scan/shrike/structured"
)

// newEngine compiles the built-in rules and extractors as the configuration
// changes them, for a scan.
func newEngine(c *config.Config) (*scanner.Engine, error) { return testedEngine(c, false) }

// testedEngine is newEngine for whoever tests the rules, where that is strict: see
// testOwnRules.
func testedEngine(c *config.Config, strict bool) (*scanner.Engine, error) {
	builtin, err := rules.Prepared()
	if err != nil {
		return nil, err
	}
	var extractors []scanner.Extractor
	known := make([]string, 0, len(builtin))
	for i := range builtin {
		known = append(known, builtin[i].ID)
	}
	for _, x := range structured.All() {
		for _, r := range x.Rules() {
			known = append(known, r.ID)
		}
		extractors = append(extractors, adjusted{x, c})
	}
	if err := c.Validate(known); err != nil {
		return nil, err
	}
	if len(c.Policies()) > 0 {
		all := slices.Clone(builtin)
		for _, x := range structured.All() {
			all = append(all, x.Rules()...)
		}
		if err := c.Comply(time.Now(), all); err != nil {
			return nil, err
		}
	}
	all, err := c.Rules(builtin)
	if err != nil {
		return nil, err
	}
	e, err := scanner.Compile(all, scanner.Options{Checks: rules.Checks(), Extractors: extractors})
	if err != nil {
		return nil, c.Locate(err)
	}
	return e, testOwnRules(e, c, strict)
}

// adjusted is an extractor whose rules the configuration may switch off.
type adjusted struct {
	scanner.Extractor
	config *config.Config
}

func (a adjusted) Rules() []scanner.Rule { return a.config.Adjust(a.Extractor.Rules()) }
