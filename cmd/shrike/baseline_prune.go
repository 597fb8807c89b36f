package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/shrike-scan/shrike/baseline"
	"github.com/shrike-scan/shrike/report"
	"github.com/shrike-scan/shrike/scanner"
)

func pruneCommand(s streams) *cobra.Command {
	var o pruneOptions
	c := &cobra.Command{
		Use:   "prune",
		Short: "Remove the entries that hide nothing any more",
		Long: `Remove the entries of the baseline that hide nothing any more: what they accepted is
neither staged, nor in the history, nor in a file. Each is named. With --dry-run they
are only named, and the exit status is 1 where there are any.

With --verify providers are asked about what the entries accept, and those whose
secret is dead are named too: there is no risk left to accept. They stay all the same
unless --dead is given, for where the secret still stands in the history, a scan
would report it again.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return prune(c.Context(), s, o) },
	}
	c.Flags().BoolVar(&o.dryRun, "dry-run", false, "name the entries, and keep them")
	c.Flags().BoolVar(&o.verify.on, "verify", false, "ask providers too, and name the entries whose secret is dead")
	c.Flags().BoolVar(&o.dead, "dead", false, "with --verify: remove the entries whose secret is dead")
	o.verify.registerWhom(c.Flags())
	return c
}

type pruneOptions struct {
	dryRun, dead bool
	verify       verifyFlags
}

func prune(ctx context.Context, s streams, o pruneOptions) error {
	if o.dead && !o.verify.on {
		return errors.New("--dead: add --verify, for nothing is known to be dead without it")
	}
	a, err := newAcceptor(s)
	if err != nil {
		return err
	}
	defer a.repo.Close()
	b := a.scan.baseline
	if len(b.Entries) == 0 {
		return errors.New("there is no entry to prune: no baseline is here, or it is empty")
	}
	fs, err := a.everything(ctx, false)
	if err != nil {
		return fmt.Errorf("nothing was pruned: %w", err)
	}
	stale := b.Stale(fs)
	stale = slices.DeleteFunc(stale, func(e baseline.Entry) bool { return slices.Contains(e.Paths, "<stdin>") })
	var over []baseline.Entry
	if o.verify.on {
		if over, err = a.over(ctx, fs, o.verify); err != nil {
			return fmt.Errorf("nothing was pruned: %w", err)
		}
	}
	if len(stale) == 0 {
		fmt.Fprintln(s.err, "shrike: every entry hides something still")
	}
	writeEntries(s, stale)
	if len(over) > 0 {
		fmt.Fprintf(s.err, "shrike: stale: the secret of %s is dead, and no risk is left to accept\n", counted(len(over), "line"))
		writeEntries(s, over)
	}
	if o.dead {
		stale = append(stale, over...)
	}
	switch {
	case o.dryRun && len(stale)+len(over) > 0:
		return errFound
	case len(stale) == 0:
		return nil
	}
	b.Remove(stale)
	if err := b.Save(a.path); err != nil {
		return err
	}
	fmt.Fprintf(s.err, "shrike: removed %s that hid nothing any more\n", counted(len(stale), "line"))
	return nil
}

// over returns the entries whose secret a provider says is dead.
func (a *acceptor) over(ctx context.Context, fs []*scanner.Finding, flags verifyFlags) ([]baseline.Entry, error) {
	a.scan.flags.verify = flags
	var accepted, dead []*scanner.Finding
	for _, f := range fs {
		if len(a.scan.baseline.Covering([]*scanner.Finding{f})) > 0 {
			accepted = append(accepted, f)
		}
	}
	read := func(o *scanner.Occurrence) ([]byte, error) {
		if o.Object != "" {
			return a.repo.Object(o.Object)
		}
		onDisk := *o
		onDisk.Path = filepath.Join(a.scan.root, filepath.FromSlash(o.Path))
		return readFile(&onDisk)
	}
	if err := a.scan.verify(ctx, accepted, read); err != nil {
		return nil, err
	}
	for _, f := range accepted {
		if isDead(f) {
			dead = append(dead, f)
		}
	}
	return a.scan.baseline.Covering(dead), nil
}

func writeEntries(s streams, entries []baseline.Entry) {
	var table strings.Builder
	t := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	for _, e := range entries {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", e.Fingerprint, e.Rule, report.Neutral(strings.Join(e.Paths, ",")),
			report.Neutral(e.Reason), report.Neutral(e.Owner), e.Until)
	}
	_ = t.Flush()
	for line := range strings.Lines(table.String()) {
		fmt.Fprintln(s.out, strings.TrimRight(line, " \n"))
	}
}
