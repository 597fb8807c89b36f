package main

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is set by the release build; a build by `go install` carries the
// module's version instead.
var version = ""

func programVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

// newRoot builds the command tree. Commands only parse flags into their options
// and call the function that does the work.
func newRoot(s streams) *cobra.Command {
	root := &cobra.Command{
		Use:   "shrike",
		Short: "Find leaked credentials in git history, commits and files",
		Long: `shrike finds leaked credentials: in the change being committed, in every object of
a git repository, in files and in streams. It says whose they are, since when they
have leaked, and what to do.

Exit status: 0 nothing found, 1 something found, 2 the scan failed or was incomplete.`,
		Version:       programVersion(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
		RunE:          group,
	}
	root.SetIn(s.in)
	root.SetOut(s.out)
	root.SetErr(s.err)
	root.SetVersionTemplate("shrike {{.Version}}\n")
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return fmt.Errorf("%w; see `%s --help`", err, c.CommandPath())
	})
	root.AddCommand(
		gitCommand(s), stagedCommand(s), pushCommand(s), receiveCommand(s), messageCommand(s), dirCommand(s), stdinCommand(s),
		baselineCommand(s), rulesCommand(s), configCommand(s),
		installCommand(s), uninstallCommand(s), doctorCommand(s), reportCommand(s), verifyCommand(s), uploadCommand(s), guardCommand(s),
	)
	return root
}

// group runs a command that only holds others: it shows their list, or says that
// there is no such one.
func group(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return c.Help()
	}
	return fmt.Errorf("unknown command %q; `%s --help` lists them", args[0], c.CommandPath())
}
