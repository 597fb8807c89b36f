package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"github.com/shrike-scan/shrike/git"
	"github.com/shrike-scan/shrike/hooks"
	"github.com/shrike-scan/shrike/report"
)

// installOptions say which hooks, and for which repositories.
type installOptions struct {
	names    []string
	global   bool
	template bool
}

func (o *installOptions) register(c *cobra.Command) {
	c.Flags().BoolVar(&o.global, "global", false, "for every repository of yours, through core.hooksPath")
	c.Flags().BoolVar(&o.template, "template", false, "for repositories made or cloned from now on, through init.templateDir")
	c.MarkFlagsMutuallyExclusive("global", "template")
}

func installCommand(s streams) *cobra.Command {
	var o installOptions
	c := &cobra.Command{
		Use:   "install",
		Short: "Put shrike into git's hooks, beside whatever is there",
		Long: `Put shrike into git's hooks: pre-commit, pre-merge-commit, commit-msg and pre-push,
in a bare repository pre-receive. A hook that is there already is kept and runs first;
a script that the team shares, as husky's, gets a marked block. To install again
changes nothing. ` + "`shrike doctor`" + ` proves that it works, ` + "`shrike uninstall`" + ` restores what was.`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return install(s, &o) },
	}
	o.register(c)
	c.Flags().StringSliceVar(&o.names, "hook", nil, "install these `HOOKS` only: "+strings.Join(hooks.Names, ", "))
	return c
}

func uninstallCommand(s streams) *cobra.Command {
	var o installOptions
	c := &cobra.Command{
		Use:   "uninstall",
		Short: "Take shrike out of git's hooks and restore what was there",
		Args:  cobra.NoArgs,
		RunE:  func(*cobra.Command, []string) error { return uninstall(s, &o) },
	}
	o.register(c)
	return c
}

func install(s streams, o *installOptions) error {
	program, err := ownProgram(s)
	if err != nil {
		return err
	}
	t, err := installTarget(s, o)
	if err != nil {
		return err
	}
	t.Program = program
	names := o.names
	if len(names) == 0 {
		names = hooks.Defaults(t.bare)
	}
	for _, name := range names {
		done, err := t.Install(name)
		if err != nil {
			return err
		}
		fmt.Fprintln(s.out, report.Neutral(done))
	}
	if t.Global {
		if err := t.PassOn(); err != nil {
			return err
		}
	}
	if t.key != "" && !t.pointed {
		if err := hooks.Point(t.file, t.key, t.points); err != nil {
			return err
		}
		fmt.Fprintf(s.out, "%s in %s now names %s\n", t.key, report.Neutral(t.file), report.Neutral(t.points))
	}
	if o.global {
		fmt.Fprintln(s.err, "shrike: note: a repository with a core.hooksPath of its own, as husky sets it, overrides this one; `shrike doctor` tells")
	}
	if lefthook, _ := filepath.Glob(filepath.Join(t.root, "*lefthook*.y*ml")); t.root != "" && len(lefthook) > 0 {
		fmt.Fprintln(s.err, "shrike: note: `lefthook install` replaces hooks; to be safe from that, call `shrike staged` and `shrike push` from its configuration (docs/hooks.md)")
	}
	return nil
}

func uninstall(s streams, o *installOptions) error {
	t, err := installTarget(s, o)
	if err != nil {
		return err
	}
	nothing := true
	if t.key != "" {
		found, err := hooks.PointNoMore(t.file, t.key)
		if err != nil {
			return err
		}
		if nothing = !found; found {
			fmt.Fprintf(s.out, "took %s out of %s\n", t.key, report.Neutral(t.file))
		}
	}
	for _, name := range hooks.Names {
		done, err := t.Uninstall(name)
		if err != nil {
			return err
		}
		if done != "" {
			nothing = false
			fmt.Fprintln(s.out, report.Neutral(done))
		}
	}
	if t.key != "" {
		if err := t.PassNoMore(); err != nil {
			return err
		}
	}
	if nothing {
		fmt.Fprintln(s.err, "shrike: it was not installed in "+report.Neutral(t.Folder.Path))
	}
	return nil
}

// target is where to install: a folder, and what of the user's configuration has
// to name it.
type target struct {
	hooks.Installer
	bare    bool
	root    string // of the one repository; empty for many
	file    string // the user's configuration
	key     string // "core.hooksPath", "init.templateDir"; empty where nothing has to be set
	points  string // its value
	pointed bool   // it has that already
}

func installTarget(s streams, o *installOptions) (*target, error) {
	switch {
	case o.global:
		return forAll(s, "core.hooksPath", filepath.Join(hooks.OwnFolder(s.env), "hooks"))
	case o.template:
		return forAll(s, "init.templateDir", filepath.Join(hooks.OwnFolder(s.env), "template"))
	}
	r, err := git.Open(".", git.Environment(s.env))
	if err != nil {
		return nil, err
	}
	defer r.Close()
	settings, err := hooks.ReadSettings(r.CommonDir, r.GitDir, s.env)
	if err != nil {
		return nil, err
	}
	users, err := hooks.ReadSettings("", "", s.env)
	if err != nil {
		return nil, err
	}
	if path := settings.HooksPath; path == users.HooksPath && filepath.IsAbs(path.Value) {
		return nil, fmt.Errorf("core.hooksPath in %s sends git to %s in all your repositories, past the hooks of this one; `--global` works on that folder", path.From, path.Value)
	}
	t := &target{bare: r.WorkTree == "", root: repositoryRoot(r)}
	t.Folder = settings.Folder(r.CommonDir, r.WorkTree)
	return t, nil
}

// forAll is the folder for many repositories that key names already, else own.
func forAll(s streams, key, own string) (*target, error) {
	settings, err := hooks.ReadSettings("", "", s.env)
	if err != nil {
		return nil, err
	}
	t := &target{file: hooks.UserFile(s.env), points: own}
	set := settings.HooksPath
	if key == "init.templateDir" {
		set = settings.TemplateDir
	}
	switch {
	case set.Value == "" || set.Value == filepath.ToSlash(own) || set.Value == own:
		t.key, t.pointed = key, set.Value != ""
		t.Global = key == "core.hooksPath"
	case !filepath.IsAbs(set.Value):
		return nil, fmt.Errorf("%s in %s is %s, a folder of each repository: install there, without --global or --template", key, set.From, set.Value)
	default:
		t.points = set.Value
	}
	t.Folder.Path = t.points
	if key == "init.templateDir" {
		t.Folder.Path = filepath.Join(t.points, "hooks")
	}
	return t, nil
}

// ownProgram is the path that hooks call this program by: its name on the PATH,
// which outlives an upgrade, else the file itself.
func ownProgram(s streams) (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("find shrike's own program: %w", err)
	}
	if strings.Contains(filepath.ToSlash(self), "/go-build") {
		return "", errors.New("this is a build of `go run`, which is gone when it ends: build or `go install` shrike, and install hooks with that")
	}
	if found := onPath(s, "shrike"); found != "" && sameFile(found, self) {
		return found, nil
	}
	return self, nil
}

// onPath looks a program up as a shell does; empty where the PATH has none.
func onPath(s streams, name string) string {
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	for _, dir := range filepath.SplitList(s.env("PATH")) {
		path := filepath.Join(dir, name)
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && filepath.IsAbs(path) && (runtime.GOOS == "windows" || info.Mode()&0o111 != 0) {
			return path
		}
	}
	return ""
}

func sameFile(a, b string) bool {
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}
