package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/shrike-scan/shrike/git"
	"github.com/shrike-scan/shrike/upload"
)

type uploadFlags struct {
	target upload.Target
	api    string
	noWait bool
}

func uploadCommand(s streams) *cobra.Command {
	var flags uploadFlags
	c := &cobra.Command{
		Use:   "upload FILE.sarif",
		Short: "Send a SARIF file to GitHub code scanning",
		Long: `Send a SARIF file to GitHub code scanning, and wait until GitHub has processed it.
The token is read from GITHUB_TOKEN and goes nowhere but to the API. Repository,
commit and ref are those of the flags, else of GitHub Actions or AWS CodeBuild,
else of the repository in the current folder. "-" reads standard input.

Exit status: 0 the file is uploaded and processed, 2 anything else.`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return sendSARIF(c.Context(), s, &flags, args[0]) },
	}
	fs := c.Flags()
	fs.StringVar(&flags.target.Repository, "repository", "", "upload to `OWNER/NAME`")
	fs.StringVar(&flags.target.Commit, "commit", "", "full `ID` of the commit that was scanned")
	fs.StringVar(&flags.target.Ref, "ref", "", "full `NAME` of what was scanned: refs/heads/main, refs/pull/1/merge, refs/tags/v1")
	fs.StringVar(&flags.api, "api", "", "base `URL` of the REST API (default $GITHUB_API_URL, else https://api.github.com)")
	fs.BoolVar(&flags.noWait, "no-wait", false, "do not wait for the processing")
	return c
}

func sendSARIF(ctx context.Context, s streams, f *uploadFlags, file string) error {
	text, err := readWhole(s, file)
	if err != nil {
		return fmt.Errorf("read SARIF: %w", err)
	}
	analysis, err := upload.Check(text)
	if err != nil {
		return fmt.Errorf("upload %s: %w", file, err)
	}
	target := uploadTarget(s, f.target)
	if err := target.Validate(); err != nil {
		return fmt.Errorf("upload %s: %w", file, err)
	}
	client, err := upload.New(upload.Options{
		BaseURL: cmp.Or(f.api, s.env("GITHUB_API_URL")),
		Token:   s.env("GITHUB_TOKEN"),
		Agent:   "shrike/" + programVersion(),
	})
	if err != nil {
		return fmt.Errorf("upload %s: %w", file, err)
	}
	id, err := client.Send(ctx, target, analysis)
	if err != nil {
		return fmt.Errorf("upload %s: %w", file, err)
	}
	fmt.Fprintf(s.err, "shrike: %s uploaded to %s as %s at %s\n", counted(analysis.Results, "result"), target.Repository, target.Ref, target.Commit[:12])
	if f.noWait {
		return nil
	}
	err = client.Await(ctx, target, id)
	if errors.Is(err, upload.ErrPending) {
		fmt.Fprintf(s.err, "shrike: %v\n", err)
		return nil
	}
	if err != nil {
		return fmt.Errorf("upload %s: %w", file, err)
	}
	fmt.Fprintln(s.err, "shrike: processed")
	return nil
}

// readWhole reads a file, or standard input for "-".
func readWhole(s streams, file string) ([]byte, error) {
	if file == "-" {
		return io.ReadAll(s.in)
	}
	return os.ReadFile(file)
}

// uploadTarget fills what the flags leave open: from the pipeline, then from the
// repository we stand in. What stays open, Validate names.
func uploadTarget(s streams, given upload.Target) upload.Target {
	said := upload.FromEnvironment(s.env)
	here := localTarget(s)
	// A workflow that checks out a pull request's head instead of its merge has
	// scanned that one, and GitHub wants to be told so.
	if base, ok := strings.CutSuffix(said.Ref, "/merge"); ok && here.Commit != "" && here.Commit != said.Commit {
		said.Commit, said.Ref = here.Commit, base+"/head"
	}
	t := given.Or(said)
	if said.Commit == "" {
		t = t.Or(here)
	}
	return t
}

// localTarget reads what the repository in the current folder says; members stay
// empty where there is none.
func localTarget(s streams) upload.Target {
	r, err := git.Open(".", gitOptions(s, "."))
	if err != nil {
		return upload.Target{}
	}
	defer r.Close()
	var t upload.Target
	t.Commit, _ = r.Head()
	t.Ref, _ = r.Branch()
	if address, err := r.RemoteURL("origin"); err == nil {
		t.Repository = upload.RepositoryOf(address)
	}
	return t
}
