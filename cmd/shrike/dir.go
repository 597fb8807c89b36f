package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/shrike-scan/shrike/files"
	"github.com/shrike-scan/shrike/git"
	"github.com/shrike-scan/shrike/scanner"
)

func dirCommand(s streams) *cobra.Command {
	var flags scanFlags
	var all bool
	c := &cobra.Command{
		Use:   "dir PATH...",
		Short: "Scan files and directories as they are on disk",
		Long: `Scan files and directories as they are on disk. Inside a git work tree, build and
cache folders and other files that git ignores are left out, but not the ignored
files that hold credentials by their nature (.env, *.pem, .npmrc ...).`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return scanDir(c.Context(), s, &flags, args, all)
		},
	}
	flags.register(c.Flags())
	c.Flags().BoolVar(&all, "all", false, "scan ignored files and .git folders too")
	return c
}

func scanDir(ctx context.Context, s streams, f *scanFlags, paths []string, all bool) error {
	root := enclosingRoot(paths[0])
	sc, err := newScan(s, f, folder(paths[0]), root)
	if err != nil {
		return err
	}
	out, err := sc.directory(ctx, paths, all)
	if err != nil {
		return err
	}
	out.expose = sc.onDisk
	return sc.finish(ctx, out)
}

// directory scans files and directories on disk.
func (sc *scan) directory(ctx context.Context, paths []string, all bool) (outcome, error) {
	update, clear := sc.progress("scanning files")
	o := files.Options{All: all, Workers: sc.flags.jobs}
	if update != nil {
		o.Progress = func(files, _ int64) { update(files, -1) }
	}
	receipt, err := files.Scan(ctx, paths, sc.engine, sc.collector, o)
	clear()
	if err != nil {
		return outcome{}, err
	}
	out := filesOutcome("dir", strings.Join(paths, " "), receipt)
	out.read = readFile
	if receipt.Files == 0 && len(out.problems) == 0 {
		out.incomplete = append(out.incomplete, "no file was scanned: "+strings.Join(paths, ", ")+" holds none that is not ignored; --all scans ignored ones too")
	}
	return out, nil
}

// enclosingRoot is the work tree that path stands in, else path's own folder.
func enclosingRoot(path string) string {
	if r, err := git.Open(path, git.Options{}); err == nil {
		defer r.Close()
		if r.WorkTree != "" {
			return r.WorkTree
		}
	}
	return folder(path)
}

// folder is path itself, or the folder that holds it where it is a file.
func folder(path string) string {
	if info, err := os.Stat(path); err == nil && !info.IsDir() {
		if i := strings.LastIndexByte(path, os.PathSeparator); i >= 0 {
			return path[:i+1]
		}
		return "."
	}
	return path
}

func filesOutcome(command, target string, receipt files.Receipt) outcome {
	return outcome{
		command: command, target: target, files: receipt.Files, bytes: receipt.Bytes,
		problems: problemTexts(receipt.Problems, receipt.Unread),
		coverage: filesCoverage(receipt),
	}
}

func stdinCommand(s streams) *cobra.Command {
	var flags scanFlags
	c := &cobra.Command{
		Use:   "stdin",
		Short: "Scan standard input",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			sc, err := newScan(s, &flags, ".", ".")
			if err != nil {
				return err
			}
			receipt, err := files.Stdin(c.Context(), s.in, sc.engine, sc.collector, files.Options{Workers: flags.jobs})
			if err != nil {
				return err
			}
			return sc.finish(c.Context(), filesOutcome("stdin", "", receipt))
		},
	}
	flags.register(c.Flags())
	return c
}

func messageCommand(s streams) *cobra.Command {
	var flags scanFlags
	c := &cobra.Command{
		Use:   "message FILE",
		Short: "Scan a commit message (commit-msg hook)",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			sc, err := newScan(s, &flags, ".", enclosingRoot("."))
			if err != nil {
				return err
			}
			text, err := os.Open(args[0])
			if err != nil {
				return fmt.Errorf("read commit message: %w", err)
			}
			defer text.Close()
			n, err := sc.engine.ScanReader(sc.engine.NewScratch(), text, func(ms []scanner.Match) {
				sc.collector.Add(scanner.Place{Where: scanner.InCommitMessage}, ms)
			})
			if err != nil {
				return fmt.Errorf("read commit message: %w", err)
			}
			return sc.finish(c.Context(), outcome{
				command: "message", target: args[0], files: 1, bytes: n, hook: true,
				next: (&remedies{streams: s, again: "commit"}).message(args[0]),
			})
		},
	}
	flags.register(c.Flags())
	return c
}
