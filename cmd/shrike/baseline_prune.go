package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/shrike-scan/shrike/baseline"
	"github.com/shrike-scan/shrike/report"
)

func pruneCommand(s streams) *cobra.Command {
	var dryRun bool
	c := &cobra.Command{
		Use:   "prune",
		Short: "Remove the entries that hide nothing any more",
		Long: `Remove the entries of the baseline that hide nothing any more: what they accepted is
neither staged, nor in the history, nor in a file. Each is named. With --dry-run they
are only named, and the exit status is 1 where there are any.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return prune(c.Context(), s, dryRun) },
	}
	c.Flags().BoolVar(&dryRun, "dry-run", false, "name the entries, and keep them")
	return c
}

func prune(ctx context.Context, s streams, dryRun bool) error {
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
	if len(stale) == 0 {
		fmt.Fprintln(s.err, "shrike: every entry hides something still")
		return nil
	}
	writeEntries(s, stale)
	if dryRun {
		return errFound
	}
	b.Remove(stale)
	if err := b.Save(a.path); err != nil {
		return err
	}
	fmt.Fprintf(s.err, "shrike: removed %s that hid nothing any more\n", counted(len(stale), "line"))
	return nil
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
