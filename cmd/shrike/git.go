package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/shrike-scan/shrike/git"
	"github.com/shrike-scan/shrike/git/odb"
	"github.com/shrike-scan/shrike/report"
	"github.com/shrike-scan/shrike/respond"
	"github.com/shrike-scan/shrike/scanner"
)

func gitCommand(s streams) *cobra.Command {
	var flags scanFlags
	var narrow narrowFlags
	var cache cacheFlags
	var allowShallow, submodules, whole bool
	c := &cobra.Command{
		Use:   "git [REPO]",
		Short: "Scan every object of a git repository, or what a range of commits introduces",
		Long: `Scan every object of a repository: all refs, tags, notes, the stash, the reflog and
unreachable objects, merges, and the messages and identities of commits and tags.
REPO is a work tree or a folder in it, a bare repository, a linked worktree or a
file of git bundle; the default is the current folder.

--range, --ref, --since, --until and --path narrow the scan to what some commits
introduce: each blob that a commit's tree has at a path where no parent's tree has
it, and the commits' texts. They combine: --range and --ref add up as arguments of
git rev-list do, the others leave out. Without --range and --ref the commits are all
that are stored. Dates are the committer's; one without a zone is local, and
"N seconds|minutes|hours|days|weeks|months|years ago" counts back from now.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			path := "."
			if len(args) > 0 {
				path = args[0]
			}
			if err := narrow.resolveAuto(s, path); err != nil {
				return err
			}
			o, err := narrow.options(time.Now())
			if err != nil {
				return err
			}
			if submodules && len(o.Revisions)+len(o.Refs) > 0 {
				return errors.New("--submodules does not go with --range and --ref: what they name is in one repository alone")
			}
			o.AllowShallow, o.Whole = allowShallow, whole
			if o.Cache, err = cache.folder(s.env); err != nil {
				return err
			}
			o.CacheSalt = cacheSalt()
			return scanGit(c.Context(), s, &flags, path, o, gitExtras{narrow.given(), submodules})
		},
	}
	flags.register(c.Flags())
	narrow.register(c.Flags())
	cache.register(c.Flags())
	c.Flags().StringVar(&flags.filterRepo, "filter-repo", "", "write the secrets to `FILE`, as git filter-repo --replace-text reads them")
	c.Flags().BoolVar(&submodules, "submodules", false, "scan the submodules' repositories in .git/modules too")
	c.Flags().BoolVar(&allowShallow, "allow-shallow", false, "accept that a shallow or partial clone hides history")
	c.Flags().BoolVar(&whole, "whole-blobs", false, "scan every blob whole instead of what its delta inserts: slow, same findings")
	_ = c.Flags().MarkHidden("whole-blobs") // for bench/equal.sh
	return c
}

// gitExtras are what a scan of a repository needs besides git.ScanOptions.
type gitExtras struct {
	narrowed   []string // options that leave something out, for the receipt
	submodules bool
}

func scanGit(ctx context.Context, s streams, f *scanFlags, path string, o git.ScanOptions, x gitExtras) error {
	r, err := git.Open(path, gitOptions(s, path))
	if err != nil {
		return err
	}
	defer r.Close()
	r.ReadAhead(o)
	sc, err := newScan(s, f, configDir(r, path), repositoryRoot(r))
	if err != nil {
		return err
	}
	spendMemory()
	out, err := sc.history(ctx, r, o)
	if err != nil {
		return err
	}
	if x.submodules {
		if err := sc.submodules(ctx, r, o, &out); err != nil {
			return err
		}
	}
	out.target, out.coverage.Narrowed = path, x.narrowed
	m := &remedies{streams: s, repo: r, again: "scan"}
	out.next, out.clean = m.history, m.cleanHistory
	var saving sync.WaitGroup // while the report is written
	var unsaved error
	saving.Go(func() { unsaved = r.Remember() })
	err = sc.finish(ctx, out)
	if saving.Wait(); unsaved != nil {
		fmt.Fprintf(s.err, "shrike: note: %s\n", report.Neutral(unsaved.Error()))
	}
	return err
}

// history scans a repository's objects and attributes what it finds. Fingerprints
// are computed meanwhile: much of attribution runs on one processor, which is left to
// it. What it learned for the next scan is left to Remember.
func (sc *scan) history(ctx context.Context, r *git.Repository, o git.ScanOptions) (outcome, error) {
	o.Workers = sc.flags.jobs
	if o.Cache != "" {
		go sc.engine.Hash() // for the cache's key; refs and packs are looked up meanwhile
	}
	progress, clear := sc.progress("scanning objects")
	o.Progress = progress
	receipt, err := r.Scan(ctx, sc.engine, sc.collector, o)
	clear()
	if err != nil {
		return outcome{}, err
	}
	found := sc.collector.Findings()
	spareMemory(len(found))
	if len(found) > 0 {
		if err := sc.loadBaseline(false); err != nil {
			return outcome{}, err
		}
		var naming sync.WaitGroup
		naming.Go(func() {
			sc.identify(found, max(1, runtime.GOMAXPROCS(0)-1))
			_, _ = respond.NewPlanner() // the report will want the playbooks
		})
		defer naming.Wait()
	}
	var unread []string
	err = r.Attribute(ctx, found, git.AttributeOptions{
		Workers: sc.flags.jobs,
		Problem: func(p odb.Problem) { unread = append(unread, p.Error()) },
	})
	if err != nil {
		return outcome{}, err
	}
	if err := exposeHistory(ctx, r, found, o.Narrowed()); err != nil {
		return outcome{}, err
	}
	out := gitOutcome("git", receipt)
	out.problems = append(out.problems, unread...)
	out.findings = found
	out.read = func(o *scanner.Occurrence) ([]byte, error) { return r.Object(o.Object) }
	switch {
	case receipt.Empty && o.Narrowed():
		out.notes = append(out.notes, "no commit is in what was asked for: nothing was scanned")
	case receipt.Empty:
		out.incomplete = append(out.incomplete, "the repository holds no objects: nothing was scanned")
	}
	return out, nil
}

// gitOptions honours git's variables only for the repository we stand in: hooks
// set them for it.
func gitOptions(s streams, path string) git.Options {
	if path == "." {
		return git.Environment(s.env)
	}
	return git.Options{}
}

// repositoryRoot is the folder that holds .shrike.toml and the baseline.
func repositoryRoot(r *git.Repository) string {
	if r.WorkTree != "" {
		return r.WorkTree
	}
	return r.GitDir
}

// configDir is where the search for .shrike.toml starts: the given folder, if it
// is one in the work tree.
func configDir(r *git.Repository, path string) string {
	if info, err := os.Stat(path); err == nil && info.IsDir() && r.WorkTree != "" {
		return path
	}
	return repositoryRoot(r)
}

func gitOutcome(command string, receipt git.Receipt) outcome {
	out := outcome{command: command, incomplete: receipt.Incomplete, notes: receipt.Notes, coverage: gitCoverage(receipt)}
	for kind := range receipt.Objects {
		out.objects += receipt.Objects[kind]
		out.known += receipt.Known[kind]
		out.bytes += receipt.Bytes[kind]
	}
	out.problems = problemTexts(receipt.Problems, receipt.ProblemCount)
	return out
}

func problemTexts[P interface{ Error() string }](list []P, count int64) []string {
	var out []string
	for _, p := range list {
		out = append(out, p.Error())
	}
	if more := count - int64(len(list)); more > 0 {
		out = append(out, fmt.Sprintf("and %d more problems", more))
	}
	return out
}
