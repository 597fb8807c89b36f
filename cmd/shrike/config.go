package main

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/shrike-scan/shrike/config"
	"github.com/shrike-scan/shrike/report"
)

func configCommand(s streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "config",
		Short: "Check the configuration, show what holds, take over another tool's",
		Args:  cobra.ArbitraryArgs,
		RunE:  group,
	}
	c.AddCommand(configCheckCommand(s), configImportCommand(s))
	return c
}

type configCheck struct {
	flags             scanFlags
	effective, unused bool
}

func configCheckCommand(s streams) *cobra.Command {
	var k configCheck
	c := &cobra.Command{
		Use:   "check [FILE]",
		Short: "Name every fault of the configuration by file, line and column",
		Long: `Read the .shrike.toml that a scan here would read, or FILE, with all that it extends and the
policies that it must obey; compile its rules, and run their samples. Every fault is
named by file, line and column.

--effective prints each value that holds, and where it is written. --unused scans what
is staged, the history and the work tree for what the allow entries hide, and names
those that hide nothing.

Exit status: 0 no fault, 1 an allow entry hides nothing (with --unused), 2 a fault.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				k.flags.config = args[0]
			}
			return k.run(c.Context(), s)
		},
	}
	c.Flags().BoolVar(&k.effective, "effective", false, "print each value that holds, and where it is written")
	c.Flags().BoolVar(&k.unused, "unused", false, "name the allow entries that hide nothing")
	k.flags.registerPolicy(c.Flags())
	return c
}

func (k *configCheck) run(ctx context.Context, s streams) error {
	cfg, err := loadConfig(s, &k.flags, ".", enclosingRoot("."))
	if err != nil {
		return err
	}
	if len(cfg.Files()) == 0 {
		_, err := fmt.Fprintf(s.out, "no %s here or above, and no policy: the built-in rules hold as they are\n", config.FileName)
		return err
	}
	engine, err := testedEngine(cfg, true)
	if err != nil {
		return err
	}
	for _, name := range cfg.Files() {
		fmt.Fprintf(s.out, "read %s\n", name)
	}
	fmt.Fprintf(s.out, "no fault: %d rules of %d are in force, %d of them your own; %d allow entries, %d overrides, %d policies\n",
		len(engine.Rules()), len(engine.Rules())+len(cfg.Disable), len(cfg.Own), len(cfg.Allows), len(cfg.Overrides), len(cfg.Policies()))
	for i := range cfg.Allows {
		if a := &cfg.Allows[i]; string(a.Until) != "" && string(a.Until) < time.Now().UTC().Format(time.DateOnly) {
			fmt.Fprintf(s.out, "%v: ended on %s and hides nothing any more\n", cfg.Where(fmt.Sprintf("allow[%d]", i)), a.Until)
		}
	}
	if k.effective {
		if err := showSettings(s, cfg); err != nil {
			return err
		}
	}
	if k.unused {
		return k.nameUnused(ctx, s, cfg)
	}
	return nil
}

// showSettings prints what holds and where it is written.
func showSettings(s streams, cfg *config.Config) error {
	t := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	show := func(list []config.Setting) {
		for _, x := range list {
			fmt.Fprintf(t, "%s = %s\t# %v\n", x.Key, report.Neutral(x.Value), x.Place)
		}
	}
	show(cfg.Settings())
	for _, p := range cfg.Policies() {
		fmt.Fprintf(t, "# %s\n", report.Neutral(p.String()))
		show(p.Settings())
	}
	return t.Flush()
}

func (k *configCheck) nameUnused(ctx context.Context, s streams, cfg *config.Config) error {
	a, err := newAcceptor(s)
	if err != nil {
		return fmt.Errorf("look for what allow entries hide: %w", err)
	}
	defer a.repo.Close()
	a.scan.config = cfg
	if a.scan.engine, err = newEngine(cfg); err != nil {
		return err
	}
	found, err := a.everything(ctx, false)
	if err != nil {
		return errors.Join(errors.New("which allow entries hide nothing is not known"), err)
	}
	unused := cfg.Unused(found)
	for _, u := range unused {
		fmt.Fprintf(s.out, "%v: the allow entry %q hides nothing\n", u.Place, report.Neutral(u.Reason))
	}
	if len(unused) > 0 {
		return errFound
	}
	return nil
}
