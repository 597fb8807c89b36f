package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/shrike-scan/shrike/git"
	"github.com/shrike-scan/shrike/hooks"
	"github.com/shrike-scan/shrike/report"
)

func doctorCommand(s streams) *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Prove that this repository's hooks block a credential",
		Long: `Prove that this repository's hooks block a credential: where git looks for hooks, what
stands there, whether it may run, which program it calls, and whether that program,
with this repository's configuration and baseline, blocks a made-up key that is staged
in a temporary index. Nothing is left behind.

shrike runs no programs, hooks included: a script of its own is proven by its text,
its mode and its place; of another's, doctor says what it cannot prove.

Exit status: 0 the hooks work, 1 something lets a credential pass, 2 it could not be told.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return doctor(c.Context(), s) },
	}
}

// checkup is one run of doctor.
type checkup struct {
	streams
	repo   *git.Repository
	folder hooks.Folder
	stages []string // git hooks in which the pre-commit framework is to run shrike
	failed bool
}

func (c *checkup) ok(format string, args ...any) { c.tell("ok   ", fmt.Sprintf(format, args...), "") }
func (c *checkup) warn(remedy, text string)      { c.tell("warn ", text, remedy) }
func (c *checkup) fail(remedy, text string)      { c.failed = true; c.tell("FAIL ", text, remedy) }
func (c *checkup) tell(label, text, remedy string) {
	fmt.Fprintf(c.out, "%s %s\n", label, report.Neutral(text))
	if remedy != "" {
		fmt.Fprintf(c.out, "      -> %s\n", report.Neutral(remedy))
	}
}

func doctor(ctx context.Context, s streams) error {
	r, err := git.Open(".", git.Environment(s.env))
	if err != nil {
		return err
	}
	defer r.Close()
	settings, err := hooks.ReadSettings(r.CommonDir, r.GitDir, s.env)
	if err != nil {
		return err
	}
	c := &checkup{streams: s, repo: r, folder: settings.Folder(r.CommonDir, r.WorkTree)}
	c.place(settings)
	if err := c.framework(); err != nil {
		return err
	}
	for _, name := range hooks.Defaults(r.WorkTree == "") {
		if err := c.hook(name); err != nil {
			return err
		}
	}
	if err := c.canary(ctx); err != nil {
		return err
	}
	if c.failed {
		fmt.Fprintln(s.out, "A credential can pass: see FAIL above.")
		return errFound
	}
	fmt.Fprintln(s.out, "A commit that holds a credential is blocked here. No hook was run to prove it: see docs/hooks.md.")
	return nil
}

// place tells where git looks for hooks, and what it overlooks.
func (c *checkup) place(settings *hooks.Settings) {
	c.ok("git looks for hooks in %s", c.folder.Path)
	for _, file := range settings.Conditional {
		c.warn("look with `git config --show-origin core.hooksPath`", file+" includes others under conditions, which are not followed")
	}
	if !c.folder.Shadowed() {
		return
	}
	for _, name := range hooks.Names {
		own, err := hooks.Inspect(hooks.Folder{Path: c.folder.Own}, name)
		if err == nil && own.Owner != hooks.Nobody {
			text := fmt.Sprintf("git never runs %s: core.hooksPath in %s sends it to %s", own.Path, c.folder.From, c.folder.Path)
			if now, err := hooks.Inspect(c.folder, name); err == nil && now.Owner != hooks.Nobody {
				c.warn("", text+", where shrike is too")
				continue
			}
			c.fail("`shrike install` puts shrike where git looks; or take core.hooksPath out of "+c.folder.From, text)
		}
	}
}

// framework reads the configuration of the pre-commit framework.
func (c *checkup) framework() error {
	if c.repo.WorkTree == "" {
		return nil
	}
	stages, faults, exists, err := hooks.ReadFramework(c.repo.WorkTree)
	if err != nil || !exists {
		return err
	}
	c.stages = stages
	for _, fault := range faults {
		c.fail("take `stages` out: each hook of shrike has the right ones by itself", fault)
	}
	return nil
}

// hook looks at what git runs before it commits or pushes.
func (c *checkup) hook(name string) error {
	state, err := hooks.Inspect(c.folder, name)
	if err != nil {
		return err
	}
	if state.Exists && !state.Executable && state.Owner != hooks.Nobody {
		c.fail("chmod +x "+state.Path, fmt.Sprintf("%s: git ignores %s: it is not executable", name, state.Path))
		return nil
	}
	switch state.Owner {
	case hooks.Shrike:
		c.script(state)
	case hooks.Block:
		if onPath(c.streams, "shrike") == "" {
			c.fail("put shrike on the PATH", name+": the script calls shrike by name, and the PATH has none")
		} else {
			c.ok("%s: a block calls shrike from the shared script", name)
		}
	case hooks.Framework:
		if slices.Contains(c.stages, name) {
			c.ok("%s: the pre-commit framework runs shrike, as %s says", name, hooks.FrameworkFile)
		} else {
			c.missing(state, fmt.Sprintf("add the hook %s to %s", frameworkID(name), hooks.FrameworkFile))
		}
	case hooks.Lefthook:
		if hooks.LefthookMentions(c.repo.WorkTree, name) {
			c.ok("%s: lefthook's configuration calls shrike", name)
		} else {
			c.missing(state, "call shrike from lefthook's configuration (docs/hooks.md), or `shrike install --hook "+name+"`")
		}
	case hooks.Mention:
		c.warn("try it by a commit", fmt.Sprintf("%s: %s calls shrike in a way of its own, which is not proven", name, state.Path))
	default:
		remedy := "shrike install --hook " + name
		if slices.Contains(c.stages, name) {
			c.fail("pre-commit install -t "+name, fmt.Sprintf("%s: %s has a hook for it that never runs: the framework is not installed there", name, hooks.FrameworkFile))
			return nil
		}
		if state.Lost {
			remedy += " (another program has replaced shrike's script)"
		}
		c.missing(state, remedy)
	}
	return nil
}

// missing tells of a hook in which nothing runs shrike. Without the first of the
// hooks there is no guard at all; the others close gaps.
func (c *checkup) missing(state hooks.State, remedy string) {
	text := state.Name + ": nothing runs shrike"
	if state.Name == "pre-commit" || state.Name == "pre-receive" || state.Lost {
		c.fail(remedy, text)
	} else {
		c.warn(remedy, text)
	}
}

// script judges a script that `shrike install` wrote.
func (c *checkup) script(state hooks.State) {
	program := filepath.FromSlash(state.Program)
	self, err := ownProgram(c.streams)
	switch {
	case !state.Intact:
		c.warn("shrike install", fmt.Sprintf("%s: %s is not as this version writes it, and so is not proven", state.Name, state.Path))
	case isProgram(program) && err == nil && !sameFile(program, self):
		c.warn("run `"+program+" doctor`", fmt.Sprintf("%s: the hook calls %s, which is not the program that speaks here", state.Name, program))
	case isProgram(program):
		c.ok("%s: the hook calls %s", state.Name, program)
	case onPath(c.streams, "shrike") != "":
		c.warn("shrike install", fmt.Sprintf("%s: %s is gone; the hook falls back to the PATH, which other programs may see differently", state.Name, program))
	default:
		c.fail("install shrike, then `shrike install`", fmt.Sprintf("%s: the hook finds no shrike: %s is gone, and the PATH has none; it blocks everything", state.Name, program))
	}
	if state.Before != "" {
		c.ok("%s: %s runs first", state.Name, state.Before)
	}
}

func isProgram(path string) bool {
	return onPath(streams{env: func(string) string { return filepath.Dir(path) }}, strings.TrimSuffix(filepath.Base(path), ".exe")) != ""
}

// frameworkID is the hook to name in the framework's configuration.
func frameworkID(name string) string {
	switch name {
	case "pre-push":
		return "shrike-push"
	case "commit-msg":
		return "shrike-message"
	}
	return "shrike"
}

// canary judges a made-up key as the pre-commit hook judges what is staged.
func (c *checkup) canary(ctx context.Context) error {
	bird, err := hooks.Plant(c.repo.HashSize)
	if bird != nil {
		defer func() { _ = bird.Remove() }()
	}
	if err != nil {
		return err
	}
	var out bytes.Buffer
	s := streams{in: strings.NewReader(""), out: &out, err: &out, env: func(name string) string {
		switch name {
		case "GIT_INDEX_FILE":
			return bird.IndexFile
		case "GIT_OBJECT_DIRECTORY":
			return bird.ObjectDir
		}
		return c.env(name)
	}}
	err = scanStaged(ctx, s, &scanFlags{color: "never", noProgress: true})
	switch {
	case errors.Is(err, errFound):
		c.ok("canary: a made-up key, staged in a temporary index, was blocked; it is gone again")
	case err == nil:
		c.fail("see what .shrike.toml disables or excludes", "canary: a made-up key, staged in a temporary index, passed")
	case errors.Is(err, errIncomplete):
		c.fail("`shrike staged` tells why", "canary: the scan is incomplete, so that nothing can be committed: "+strings.TrimSpace(out.String()))
	default:
		return err
	}
	return bird.Remove()
}
