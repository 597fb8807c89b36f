package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/shrike-scan/shrike/git"
	"github.com/shrike-scan/shrike/scanner"
)

func stagedCommand(s streams) *cobra.Command {
	var flags scanFlags
	c := &cobra.Command{
		Use:   "staged",
		Short: "Scan what the next commit would add (pre-commit hook)",
		Long: `Scan what the index would commit: the index's own content, never the work tree, so
that a partially staged file is judged by what is staged.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return scanStaged(c.Context(), s, &flags) },
	}
	flags.register(c.Flags())
	return c
}

func scanStaged(ctx context.Context, s streams, f *scanFlags) error {
	r, err := git.Open(".", git.Environment(s.env))
	if err != nil {
		return err
	}
	defer r.Close()
	r.ReadIndexAhead()
	sc, err := newScan(s, f, repositoryRoot(r), repositoryRoot(r))
	if err != nil {
		return err
	}
	out, err := sc.staged(ctx, r)
	if err != nil {
		return err
	}
	out.hook = true
	out.read = func(o *scanner.Occurrence) ([]byte, error) { return r.Object(o.Object) }
	m := &remedies{streams: s, repo: r, again: "commit"}
	out.next, out.clean = m.staged, m.unstage
	return sc.finish(ctx, out)
}

// staged scans what the index would commit.
func (sc *scan) staged(ctx context.Context, r *git.Repository) (outcome, error) {
	receipt, err := r.Staged(ctx, sc.engine, sc.collector, git.StagedOptions{Workers: sc.flags.jobs})
	if err != nil {
		return outcome{}, err
	}
	out := gitOutcome("staged", receipt)
	out.expose = func(fs []*scanner.Finding) error {
		for _, f := range fs {
			f.Exposure = &scanner.Exposure{State: scanner.ExposedStaged}
		}
		return nil
	}
	return out, nil
}
