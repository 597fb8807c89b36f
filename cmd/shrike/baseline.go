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
	"github.com/shrike-scan/shrike/git"
	"github.com/shrike-scan/shrike/report"
	"github.com/shrike-scan/shrike/scanner"
)

// acceptance is what a person says when accepting findings.
type acceptance struct {
	reason, owner, until string
}

func (a *acceptance) register(c *cobra.Command) {
	c.Flags().StringVar(&a.reason, "reason", "", "why it is accepted (required)")
	c.Flags().StringVar(&a.owner, "owner", "", "who answers for it")
	c.Flags().StringVar(&a.until, "until", "", "last day on which it holds, `YYYY-MM-DD`")
	_ = c.MarkFlagRequired("reason")
}

func baselineCommand(s streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "baseline",
		Short: "Accept findings for a reason, and list what was accepted",
		Args:  cobra.ArbitraryArgs,
		RunE:  group,
	}
	var created, accepted acceptance
	create := &cobra.Command{
		Use:   "create",
		Short: "Accept everything that the repository's history holds today",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return acceptAll(c.Context(), s, created) },
	}
	created.register(create)
	accept := &cobra.Command{
		Use:   "accept FINGERPRINT...",
		Short: "Accept findings by their fingerprints, as the reports show them",
		Long: `Accept findings by their fingerprints (the first 8 digits are enough). They are looked
for in what is staged, then in the history, then in the work tree.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return acceptSome(c.Context(), s, args, accepted) },
	}
	accepted.register(accept)
	list := &cobra.Command{
		Use:   "list",
		Short: "List the accepted findings",
		Args:  cobra.NoArgs,
		RunE:  func(*cobra.Command, []string) error { return listBaseline(s) },
	}
	c.AddCommand(create, accept, list)
	return c
}

// acceptor scans a repository on behalf of its baseline.
type acceptor struct {
	repo *git.Repository
	scan *scan
	path string // of the baseline
}

func newAcceptor(s streams) (*acceptor, error) {
	r, err := git.Open(".", git.Environment(s.env))
	if err != nil {
		return nil, err
	}
	root := repositoryRoot(r)
	sc, err := newScan(s, &scanFlags{color: "never"}, ".", root)
	if err != nil {
		r.Close()
		return nil, err
	}
	if sc.baseline.Salt == nil {
		sc.baseline = baseline.Create()
	}
	return &acceptor{repo: r, scan: sc, path: filepath.Join(root, baseline.FileName)}, nil
}

// findings completes what a source found, without hiding anything.
func (a *acceptor) findings(o outcome) ([]*scanner.Finding, error) {
	if len(o.problems)+len(o.incomplete) > 0 {
		return nil, fmt.Errorf("%s; nothing was accepted", strings.Join(append(o.problems, o.incomplete...), "; "))
	}
	fs := o.findings
	if fs == nil {
		fs = a.scan.collector.Findings()
	}
	fs = scanner.Pair(fs)
	a.scan.baseline.Fingerprinter().Identify(fs)
	return fs, nil
}

func acceptAll(ctx context.Context, s streams, by acceptance) error {
	a, err := newAcceptor(s)
	if err != nil {
		return err
	}
	defer a.repo.Close()
	out, err := a.scan.history(ctx, a.repo, git.ScanOptions{})
	if err != nil {
		return err
	}
	fs, err := a.findings(out)
	if err != nil {
		return err
	}
	return a.save(s, fs, by)
}

func acceptSome(ctx context.Context, s streams, prefixes []string, by acceptance) error {
	for _, p := range prefixes {
		if len(p) < 8 {
			return fmt.Errorf("fingerprint %q: give at least its first 8 digits", p)
		}
	}
	a, err := newAcceptor(s)
	if err != nil {
		return err
	}
	defer a.repo.Close()
	sources := []func() (outcome, error){
		func() (outcome, error) { return a.scan.staged(ctx, a.repo) },
		func() (outcome, error) { return a.scan.history(ctx, a.repo, git.ScanOptions{AllowShallow: true}) },
		func() (outcome, error) { return a.scan.directory(ctx, []string{a.scan.root}, false) },
	}
	var chosen []*scanner.Finding
	for _, source := range sources {
		a.scan.collector = scanner.NewCollector()
		out, err := source()
		if err != nil {
			return err
		}
		fs, err := a.findings(out)
		if err != nil {
			return err
		}
		restore := a.scan.relativePaths(fs)
		_ = restore // the baseline's paths are relative to the root
		var found []*scanner.Finding
		if found, prefixes, err = pick(fs, prefixes); err != nil {
			return err
		}
		chosen = append(chosen, found...)
		if len(prefixes) == 0 {
			return a.save(s, chosen, by)
		}
	}
	return fmt.Errorf("no finding has the fingerprint %s; `shrike git` and `shrike staged` show those there are", strings.Join(prefixes, ", "))
}

// pick returns the findings that the prefixes name, by this repository's
// fingerprints or by those reports show before there is a baseline, and the
// prefixes that name none.
func pick(fs []*scanner.Finding, prefixes []string) (found []*scanner.Finding, rest []string, err error) {
	public := scanner.NewFingerprinter(nil)
	for _, prefix := range prefixes {
		var hits []*scanner.Finding
		for _, f := range fs {
			if strings.HasPrefix(f.Fingerprint, prefix) || strings.HasPrefix(public.Of([]byte(f.Secret.Reveal())), prefix) {
				hits = append(hits, f)
			}
		}
		switch len(hits) {
		case 0:
			rest = append(rest, prefix)
		case 1:
			if !slices.Contains(found, hits[0]) {
				found = append(found, hits[0])
			}
		default:
			return nil, nil, fmt.Errorf("fingerprint %s names %d findings; give more of its digits", prefix, len(hits))
		}
	}
	return found, rest, nil
}

func (a *acceptor) save(s streams, fs []*scanner.Finding, by acceptance) error {
	if len(fs) == 0 {
		fmt.Fprintln(s.err, "shrike: nothing was found, so nothing is accepted; no baseline is needed")
		return nil
	}
	for _, f := range fs {
		if err := a.scan.baseline.Accept(f, by.reason, by.owner, by.until, a.scan.started); err != nil {
			return err
		}
	}
	if err := a.scan.baseline.Save(a.path); err != nil {
		return err
	}
	_, err := fmt.Fprintf(s.out, "accepted %d finding(s) in %s; commit that file\n", len(fs), a.path)
	return err
}

func listBaseline(s streams) error {
	b, err := loadBaseline(&scanFlags{}, enclosingRoot("."))
	if err != nil {
		return err
	}
	if b.Salt == nil {
		return errors.New("there is no baseline here; `shrike baseline create` or `accept` makes one")
	}
	t := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	for _, e := range b.Entries {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", e.Fingerprint, e.Rule, report.Neutral(strings.Join(e.Paths, ",")),
			report.Neutral(e.Reason), report.Neutral(e.Owner), e.Until)
	}
	return t.Flush()
}
