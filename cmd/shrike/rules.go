package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/shrike-scan/shrike/scanner"
)

func rulesCommand(s streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "rules",
		Short: "List, show, test and explain the rules in force",
		Args:  cobra.ArbitraryArgs,
		RunE:  group,
	}
	var flags scanFlags
	c.PersistentFlags().StringVar(&flags.config, "config", "", "read this configuration `FILE` instead of the .shrike.toml found")
	c.PersistentFlags().BoolVar(&flags.noConfig, "no-config", false, "read no .shrike.toml")
	c.AddCommand(&cobra.Command{
		Use:   "list",
		Short: "List the rules, one a line: id, severity, service and kind",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			e, err := engineHere(s, &flags)
			if err != nil {
				return err
			}
			return listRules(s.out, e.Rules())
		},
	}, &cobra.Command{
		Use:   "show ID",
		Short: "Show one rule: what it looks for, what a leak gives away, how to revoke it",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			e, err := engineHere(s, &flags)
			if err != nil {
				return err
			}
			if r := ruleByID(e, args[0]); r != nil {
				return showRule(s.out, r, e.Literals(r.ID))
			}
			return fmt.Errorf("no rule is called %q; `shrike rules list` names them all", args[0])
		},
	}, rulesTestCommand(s), rulesExplainCommand(s, &flags))
	return c
}

// engineHere is the engine as a scan of the current folder would use it.
func engineHere(s streams, f *scanFlags) (*scanner.Engine, error) {
	c, err := loadConfig(s, f, ".", enclosingRoot("."))
	if err != nil {
		return nil, err
	}
	return newEngine(c)
}

func listRules(w io.Writer, rules []*scanner.Rule) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, r := range rules {
		fmt.Fprintf(t, "%s\t%s\t%s %s\n", r.ID, r.Severity, r.Service, r.Kind)
	}
	return t.Flush()
}

func showRule(w io.Writer, r *scanner.Rule, literals string) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(name, value string) {
		if value != "" {
			fmt.Fprintf(t, "%s\t%s\n", name, value)
		}
	}
	row("id", r.ID)
	row("finds", r.Service+" "+r.Kind)
	row("severity", r.Severity.String())
	row("confidence", r.Confidence.String())
	row("gives away", r.Gives)
	row("revoke", r.Revoke)
	row("regex", r.Regex)
	row("value", r.Value)
	row("literals", literals)
	if r.Entropy > 0 {
		row("entropy", fmt.Sprintf("at least %.1f bits a character", r.Entropy))
	}
	row("check", r.Check)
	asked, err := newRequests()
	if err != nil {
		return err
	}
	request, source := asked.of(r)
	row("verify", request)
	row("documented", source)
	return t.Flush()
}
