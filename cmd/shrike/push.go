package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/shrike-scan/shrike/git"
)

func pushCommand(s streams) *cobra.Command {
	var flags scanFlags
	c := &cobra.Command{
		Use:   "push [REMOTE [URL]]",
		Short: "Scan the commits that a push would publish (pre-push hook)",
		Long: `Scan the commits that a push would publish. The pre-commit framework names them in
PRE_COMMIT_FROM_REF and PRE_COMMIT_TO_REF; git names them on standard input, a line
"LOCAL-REF LOCAL-ID REMOTE-REF REMOTE-ID" for each ref.`,
		Args: cobra.MaximumNArgs(2),
		RunE: func(c *cobra.Command, _ []string) error { return scanPush(c.Context(), s, &flags) },
	}
	flags.register(c.Flags())
	return c
}

func scanPush(ctx context.Context, s streams, f *scanFlags) error {
	ranges, err := pushRanges(s)
	if err != nil {
		return err
	}
	if len(ranges) == 0 {
		return nil // only deletions: nothing is published
	}
	return scanGit(ctx, s, f, ".", git.ScanOptions{Revisions: ranges}, gitExtras{narrowed: (&narrowFlags{ranges: ranges}).given()})
}

// pushRanges says in the words of gitrevisions(7) what a push publishes.
func pushRanges(s streams) ([]string, error) {
	from, to := s.env("PRE_COMMIT_FROM_REF"), s.env("PRE_COMMIT_TO_REF")
	switch {
	case from != "" && to != "":
		return []string{from + ".." + to}, nil
	case to != "": // the framework names no base for a push of a new branch's root
		return []string{zeroID(to) + ".." + to}, nil
	}
	var ranges []string
	lines := bufio.NewScanner(io.LimitReader(s.in, 16<<20))
	for lines.Scan() {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		field := strings.Fields(lines.Text())
		if len(field) != 4 {
			return nil, fmt.Errorf("standard input is not what git gives a pre-push hook: want `LOCAL-REF LOCAL-ID REMOTE-REF REMOTE-ID`, got %q", lines.Text())
		}
		local, remote := field[1], field[3]
		if local != zeroID(local) { // zero: the ref is deleted
			ranges = append(ranges, remote+".."+local)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read what a push would publish: %w", err)
	}
	return ranges, nil
}

// zeroID is the id that git writes for "none", as long as id.
func zeroID(id string) string {
	if len(id) != 64 {
		return strings.Repeat("0", 40)
	}
	return strings.Repeat("0", 64)
}
