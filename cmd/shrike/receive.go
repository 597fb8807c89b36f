package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/shrike-scan/shrike/git"
)

func receiveCommand(s streams) *cobra.Command {
	var flags scanFlags
	var limit time.Duration
	c := &cobra.Command{
		Use:   "receive",
		Short: "Scan what a push brings, before it is accepted (pre-receive hook)",
		Long: `Scan what a push brings to this repository, before it is accepted. git names it on
standard input, a line "OLD-ID NEW-ID REF" for each ref, and keeps the objects in
quarantine until the hook ends. What any ref holds already is known, and not scanned.
When the time is over, the push is refused.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return within(c.Context(), limit, func(ctx context.Context) error { return scanReceived(ctx, s, &flags) })
		},
	}
	flags.register(c.Flags())
	c.Flags().DurationVar(&limit, "timeout", 30*time.Second, "refuse the push when the scan takes longer; 0: no limit")
	return c
}

// within runs work under a time limit, and turns its excess into a message. What
// was scanned until then counts for nothing: the verdict is "refused".
func within(ctx context.Context, limit time.Duration, work func(context.Context) error) error {
	if limit < 0 {
		return fmt.Errorf("--timeout %s: give a duration such as 30s", limit)
	}
	if limit == 0 {
		return work(ctx)
	}
	timed, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	err := work(timed)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return fmt.Errorf("refused: the scan did not end within %s (--timeout); push less at once, or raise the limit", limit)
	}
	return err
}

func scanReceived(ctx context.Context, s streams, f *scanFlags) error {
	updates, err := readUpdates(s.in, 3, "a pre-receive hook: want `OLD-ID NEW-ID REF`")
	if err != nil {
		return err
	}
	r, err := git.Open(".", git.Environment(s.env))
	if err != nil {
		return err
	}
	defer r.Close()
	known, err := r.Tips("refs/")
	if err != nil {
		return err
	}
	var arrived []string
	for _, u := range updates {
		if id := u[1]; id != zeroID(id) {
			arrived = append(arrived, id)
		}
	}
	if len(arrived) == 0 {
		return nil // only deletions
	}
	return scanPublished(ctx, s, f, r, "receive", arrived, known)
}

// scanPublished scans what the objects of the given ids reach beyond the known ones.
func scanPublished(ctx context.Context, s streams, f *scanFlags, r *git.Repository, command string, ids, known []string) error {
	sc, err := newScan(s, f, repositoryRoot(r), repositoryRoot(r))
	if err != nil {
		return err
	}
	o := git.ScanOptions{Refs: ids, AllowShallow: true}
	for _, id := range known {
		o.Revisions = append(o.Revisions, "^"+id)
	}
	out, err := sc.history(ctx, r, o)
	if err != nil {
		return err
	}
	out.hook = true
	out.command, out.target = command, "."
	out.coverage.Narrowed = []string{command}
	if f.quiet {
		out.notes = nil // that nothing is new is no news in a hook
	}
	m := &remedies{streams: s, repo: r, again: "push"}
	out.next, out.clean = m.history, m.cleanHistory
	if command == "receive" {
		out.next, out.clean = m.refused, m.unpush
	}
	return sc.finish(ctx, out)
}

// readUpdates reads the lines that git gives a hook, each of the given number of
// words. what says in an error what they should have been.
func readUpdates(in io.Reader, words int, what string) ([][]string, error) {
	var list [][]string
	lines := bufio.NewScanner(io.LimitReader(in, 64<<20))
	for lines.Scan() {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		fields := strings.Fields(lines.Text())
		if len(fields) != words {
			return nil, fmt.Errorf("standard input is not what git gives %s, got %q", what, lines.Text())
		}
		list = append(list, fields)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read what git says of the push: %w", err)
	}
	return list, nil
}

// zeroID is the id that git writes for "none", as long as id.
func zeroID(id string) string {
	if len(id) != 64 {
		return strings.Repeat("0", 40)
	}
	return strings.Repeat("0", 64)
}
