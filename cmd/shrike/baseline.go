package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/shrike-scan/shrike/baseline"
	"github.com/shrike-scan/shrike/git"
	"github.com/shrike-scan/shrike/scanner"
)

// acceptance is what a person says when accepting findings.
type acceptance struct {
	reason, owner, until string
}

func (a *acceptance) register(c *cobra.Command) {
	c.Flags().StringVar(&a.reason, "reason", "", "why it is accepted (required)")
	a.registerRest(c)
	_ = c.MarkFlagRequired("reason")
}

func (a *acceptance) registerRest(c *cobra.Command) {
	c.Flags().StringVar(&a.owner, "owner", "", "who answers for it")
	c.Flags().StringVar(&a.until, "until", "", "last day on which it holds, `YYYY-MM-DD`")
}

func baselineCommand(s streams) *cobra.Command {
	c := &cobra.Command{
		Use:   "baseline",
		Short: "Accept findings for a reason, and keep the list of them true",
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
	c.AddCommand(create, accept, list, pruneCommand(s), auditCommand(s), importCommand(s))
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
	if err := sc.loadBaseline(false); err != nil {
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
	a.scan.baseline.Fingerprinter().Identify(fs, 0)
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
	var chosen []*scanner.Finding
	for fs, err := range a.sources(ctx, true) {
		if err != nil {
			return err
		}
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

// sources scans what is staged, then the history, then the files on disk, and yields
// what each has, with paths relative to the root.
func (a *acceptor) sources(ctx context.Context, allowShallow bool) iter.Seq2[[]*scanner.Finding, error] {
	list := []func() (outcome, error){
		func() (outcome, error) { return a.scan.staged(ctx, a.repo) },
		func() (outcome, error) {
			return a.scan.history(ctx, a.repo, git.ScanOptions{AllowShallow: allowShallow})
		},
		func() (outcome, error) {
			out, err := a.scan.directory(ctx, []string{a.scan.root}, false)
			if out.files == 0 {
				out.incomplete = nil // an empty work tree is no fault here
			}
			return out, err
		},
	}
	if a.repo.WorkTree == "" {
		list = list[1:2]
	}
	return func(yield func([]*scanner.Finding, error) bool) {
		for _, source := range list {
			a.scan.collector = scanner.NewCollector()
			out, err := source()
			var fs []*scanner.Finding
			if err == nil {
				fs, err = a.findings(out)
			}
			a.scan.relativePaths(fs) // for good: the baseline's paths are relative to the root
			if !yield(fs, err) {
				return
			}
		}
	}
}

// everything merges what all sources have: a secret is one finding.
func (a *acceptor) everything(ctx context.Context, allowShallow bool) ([]*scanner.Finding, error) {
	var all []*scanner.Finding
	for fs, err := range a.sources(ctx, allowShallow) {
		if err != nil {
			return nil, err
		}
		all = mergeFindings(all, fs)
	}
	return all, nil
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
		if err := a.accept(f, by); err != nil {
			return err
		}
	}
	if err := a.scan.baseline.Save(a.path); err != nil {
		return err
	}
	_, err := fmt.Fprintf(s.out, "accepted %s in %s; commit that file\n", counted(len(fs), "finding"), a.path)
	return err
}

// accept adds an entry, if the policies allow it.
func (a *acceptor) accept(f *scanner.Finding, by acceptance) error {
	entry := baseline.Entry{Reason: by.reason, Owner: by.owner, Until: by.until}
	if err := complyEntry(a.scan.config, &entry, a.scan.started); err != nil {
		return err
	}
	return a.scan.baseline.Accept(f, by.reason, by.owner, by.until, a.scan.started)
}

func listBaseline(s streams) error {
	b, err := loadBaseline(&scanFlags{}, enclosingRoot("."))
	if err != nil {
		return err
	}
	if b.Salt == nil {
		return errors.New("there is no baseline here; `shrike baseline create` or `accept` makes one")
	}
	writeEntries(s, b.Entries)
	return nil
}
