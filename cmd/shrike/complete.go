package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/shrike-scan/shrike/baseline"
	"github.com/shrike-scan/shrike/git"
	"github.com/shrike-scan/shrike/report"
)

// completes reports whether a shell asks for the words that could follow.
func completes(args []string) bool {
	return len(args) > 0 && (args[0] == cobra.ShellCompRequestCmd || args[0] == cobra.ShellCompNoDescRequestCmd)
}

// addCompletions says which values flags and arguments take. Only a shell that asks
// pays for it.
func addCompletions(s streams, c *cobra.Command) {
	c.Flags().VisitAll(func(f *pflag.Flag) { addFlagCompletion(s, c, f.Name) })
	c.PersistentFlags().VisitAll(func(f *pflag.Flag) { addFlagCompletion(s, c, f.Name) })
	switch c.CommandPath() {
	case "shrike rules show":
		c.ValidArgsFunction = completeRules(s, cobra.ShellCompDirectiveNoFileComp)
	case "shrike rules explain":
		c.ValidArgsFunction = completeRules(s, cobra.ShellCompDirectiveDefault)
	case "shrike rules test", "shrike config check", "shrike config import":
		c.ValidArgsFunction = tomlFiles
	}
	for _, inner := range c.Commands() {
		addCompletions(s, inner)
	}
}

func addFlagCompletion(s streams, c *cobra.Command, name string) {
	var complete cobra.CompletionFunc
	severities := []string{"low", "medium", "high", "critical"}
	switch name {
	case "format":
		complete = cobra.FixedCompletions(report.Formats(), cobra.ShellCompDirectiveNoFileComp|cobra.ShellCompDirectiveNoSpace)
	case "color":
		complete = cobra.FixedCompletions([]string{"auto", "always", "never"}, cobra.ShellCompDirectiveNoFileComp)
	case "min-severity":
		complete = cobra.FixedCompletions(severities, cobra.ShellCompDirectiveNoFileComp)
	case "fail-on":
		complete = cobra.FixedCompletions(append(severities, onlyLive), cobra.ShellCompDirectiveNoFileComp)
	case "min-confidence":
		complete = cobra.FixedCompletions(severities[:3], cobra.ShellCompDirectiveNoFileComp)
	case "from":
		complete = cobra.FixedCompletions(baseline.ImportFormats(), cobra.ShellCompDirectiveNoFileComp)
	case "rule":
		complete = completeRules(s, cobra.ShellCompDirectiveNoFileComp)
	case "ref", "range":
		complete = completeRefs(s)
	case "config", "baseline", "policy":
		complete = tomlFiles
	default:
		return
	}
	_ = c.RegisterFlagCompletionFunc(name, complete) // fails for a flag that is registered twice
}

func tomlFiles(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return []string{"toml"}, cobra.ShellCompDirectiveFilterFileExt
}

// completeRules completes the ids of the rules in force, with what they find.
func completeRules(s streams, directive cobra.ShellCompDirective) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, begun string) (ids []string, _ cobra.ShellCompDirective) {
		e, err := engineHere(s, &scanFlags{})
		if err != nil {
			return nil, cobra.ShellCompDirectiveError
		}
		for _, r := range e.Rules() {
			if strings.HasPrefix(r.ID, begun) {
				ids = append(ids, r.ID+"\t"+strings.TrimSpace(r.Service+" "+r.Kind))
			}
		}
		return ids, directive
	}
}

// completeRefs completes the names of branches and tags.
func completeRefs(s streams) cobra.CompletionFunc {
	return func(_ *cobra.Command, args []string, begun string) (names []string, _ cobra.ShellCompDirective) {
		path := "."
		if len(args) > 0 {
			path = args[0]
		}
		r, err := git.Open(path, gitOptions(s, path))
		if err != nil {
			return nil, cobra.ShellCompDirectiveError
		}
		defer r.Close()
		before, begun := splitRange(begun)
		all, err := r.RefNames()
		if err != nil {
			return nil, cobra.ShellCompDirectiveError
		}
		for _, full := range all {
			for _, prefix := range []string{"refs/heads/", "refs/tags/", "refs/remotes/"} {
				if short, ok := strings.CutPrefix(full, prefix); ok && strings.HasPrefix(short, begun) {
					names = append(names, before+short)
				}
			}
		}
		slices.Sort(names)
		return slices.Compact(names), cobra.ShellCompDirectiveNoFileComp
	}
}

// splitRange cuts what stands before the last revision of a range.
func splitRange(begun string) (before, last string) {
	i := strings.LastIndex(begun, "..") + len("..")
	if i < len("..") {
		return "", begun
	}
	for i < len(begun) && begun[i] == '.' {
		i++
	}
	return begun[:i], begun[i:]
}
