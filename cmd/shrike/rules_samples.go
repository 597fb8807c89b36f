package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/shrike-scan/shrike/config"
	"github.com/shrike-scan/shrike/rules"
	"github.com/shrike-scan/shrike/scanner"
)

func rulesTestCommand(s streams) *cobra.Command {
	var flags scanFlags
	c := &cobra.Command{
		Use:   "test FILE",
		Short: "Run the samples and misses of the rules in a .shrike.toml",
		Long: `Run the samples and misses of the [[rules]] in a configuration: each sample must be
reported by its rule, beside all others, and no miss may be. Every failure is named by
file, line and column.

Exit status: 0 all pass, 2 one does not, or the file has a fault.`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			flags.config = args[0]
			cfg, err := loadConfig(s, &flags, ".", enclosingRoot("."))
			if err != nil {
				return err
			}
			if _, err := testedEngine(cfg, true); err != nil {
				return err
			}
			samples, misses, bare := 0, 0, 0
			for i := range cfg.Own {
				r := &cfg.Own[i]
				samples, misses = samples+len(r.Samples), misses+len(r.Misses)
				if len(r.Samples) == 0 {
					bare++
				}
			}
			fmt.Fprintf(s.out, "%d rules: %d samples are found, %d misses are not\n", len(cfg.Own), samples, misses)
			if bare > 0 {
				fmt.Fprintf(s.out, "%d rules have no samples: nothing shows that they find anything\n", bare)
			}
			return nil
		},
	}
	return c
}

// testOwnRules runs the samples of the configuration's own rules. A scan, which does so
// before it starts, lets another rule report a sample: rules that come with a new
// version must not break it. Whoever tests the rules wants to know: strict.
func testOwnRules(e *scanner.Engine, cfg *config.Config, strict bool) error {
	var errs []error
	for i := range cfg.Own {
		r := &cfg.Own[i]
		if slices.Contains(cfg.Disable, r.ID) {
			continue
		}
		at := func(list string, j int) config.Place { return cfg.Where(fmt.Sprintf("rules[%d].%s[%d]", i, list, j)) }
		for j, template := range r.Samples {
			if fault := testText(e, r.ID, j, template, true, strict); fault != "" {
				errs = append(errs, fmt.Errorf("%v: rule %s: %s", at("samples", j), r.ID, fault))
			}
		}
		for j, template := range r.Misses {
			if fault := testText(e, r.ID, len(r.Samples)+j, template, false, strict); fault != "" {
				errs = append(errs, fmt.Errorf("%v: rule %s: %s", at("misses", j), r.ID, fault))
			}
		}
	}
	return errors.Join(errs...)
}

// testText says what is wrong with a sample or a miss, without quoting it.
func testText(e *scanner.Engine, id string, number int, template string, wanted, strict bool) string {
	text, err := rules.Expand(id, number, template)
	if err != nil {
		return err.Error()
	}
	by := ""
	for _, m := range e.Scan(e.NewScratch(), []byte(text)) {
		if by = m.Rule.ID; by == id {
			break
		}
	}
	switch {
	case !wanted && by == id:
		return "it reports this miss"
	case wanted && by == "":
		return "nothing reports this sample; `shrike rules explain -` says why"
	case wanted && by != id && strict:
		return fmt.Sprintf("the rule %s reports this sample in its place", by)
	}
	return ""
}
