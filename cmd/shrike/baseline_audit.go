package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/shrike-scan/shrike/report"
	"github.com/shrike-scan/shrike/scanner"
)

// auditOptions choose findings, and how they are decided on.
type auditOptions struct {
	rules       []string
	paths       []string
	list        bool
	accept      bool
	showSecrets bool
	by          acceptance
}

func auditCommand(s streams) *cobra.Command {
	var o auditOptions
	c := &cobra.Command{
		Use:   "audit",
		Short: "Go through the findings and decide on each",
		Long: `Go through the findings of what is staged, the history and the files, leaving out what
is accepted already, and decide on each by one key: accept, skip, real (it stays
reported, and is to be revoked), quit. Every decision is kept at once. Answers are
lines on standard input, so that a script can give them; --list and --accept ask
nothing.

Exit status: 0 nothing is left, 1 some findings stay reported.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return audit(c.Context(), s, &o) },
	}
	f := c.Flags()
	f.StringSliceVar(&o.rules, "rule", nil, "only findings of these `RULES`")
	f.StringSliceVar(&o.paths, "path", nil, "only findings in paths that these `GLOBS` match, or below these folders")
	f.BoolVar(&o.list, "list", false, "list the findings that are not decided on, and ask nothing")
	f.BoolVar(&o.accept, "accept", false, "accept all of them for --reason, and ask nothing")
	f.BoolVar(&o.showSecrets, "show-secrets", false, "show the secrets themselves")
	f.StringVar(&o.by.reason, "reason", "", "why they are accepted, in place of asking")
	o.by.registerRest(c)
	c.MarkFlagsMutuallyExclusive("list", "accept")
	return c
}

func audit(ctx context.Context, s streams, o *auditOptions) error {
	if o.accept && o.by.reason == "" {
		return errors.New("--accept wants a --reason")
	}
	for _, glob := range o.paths {
		if _, err := path.Match(glob, ""); err != nil {
			return fmt.Errorf("--path %q: %w", glob, err)
		}
	}
	a, err := newAcceptor(s)
	if err != nil {
		return err
	}
	defer a.repo.Close()
	all, err := a.everything(ctx, true)
	if err != nil {
		return err
	}
	a.scan.hide(all, &outcome{})
	open := slices.DeleteFunc(unhidden(all), func(f *scanner.Finding) bool { return !o.wants(f) })
	slices.SortStableFunc(open, func(a, b *scanner.Finding) int { return int(b.Severity) - int(a.Severity) })
	switch {
	case len(open) == 0:
		fmt.Fprintln(s.err, "shrike: nothing is left to decide on")
		return nil
	case o.list:
		doc := report.Build(open, report.Meta{}, report.Options{})
		for i := range doc.Findings {
			f := &doc.Findings[i]
			fmt.Fprintf(s.out, "%s\t%s\t%s\n", f.Fingerprint, f.Rule, report.Neutral(firstPlace(f)))
		}
		return errFound
	case o.accept:
		return a.save(s, open, o.by)
	}
	return a.ask(s, open, o)
}

// wants reports whether a finding is one of those asked for.
func (o *auditOptions) wants(f *scanner.Finding) bool {
	if len(o.rules) > 0 && !slices.Contains(o.rules, f.Rule.ID) {
		return false
	}
	return len(o.paths) == 0 || slices.ContainsFunc(f.Occurrences, func(place scanner.Occurrence) bool {
		return slices.ContainsFunc(o.paths, func(glob string) bool {
			matched, _ := path.Match(glob, place.Path)
			return matched || strings.HasPrefix(place.Path, strings.TrimSuffix(glob, "/")+"/")
		})
	})
}

// ask decides on findings one by one.
func (a *acceptor) ask(s streams, open []*scanner.Finding, o *auditOptions) error {
	in := bufio.NewScanner(s.in)
	answer := func(question string) (string, bool) {
		fmt.Fprint(s.out, question)
		if !in.Scan() {
			fmt.Fprintln(s.out)
			return "", false
		}
		return strings.TrimSpace(in.Text()), true
	}
	left, accepted := len(open), 0
	for i := 0; i < len(open); i++ {
		f := open[i]
		fmt.Fprintf(s.out, "[%d/%d] ", i+1, len(open))
		a.show(s, f, o.showSecrets)
		key, more := answer("accept, skip, real, quit? [a/s/r/q] ")
		if !more || key == "q" {
			break
		}
		switch key {
		case "s":
		case "r":
			fmt.Fprintf(s.out, "It stays reported. To revoke it: %s\n", report.Neutral(cmp.Or(f.Rule.Revoke, "ask who issued it")))
		case "a":
			by, more := o.by, true
			for _, field := range []struct {
				value    *string
				question string
			}{{&by.reason, "reason: "}, {&by.owner, "owner (may be empty): "}, {&by.until, "until, YYYY-MM-DD (may be empty): "}} {
				if *field.value == "" && more {
					*field.value, more = answer(field.question)
				}
			}
			if err := a.accept(f, by); err != nil {
				fmt.Fprintf(s.out, "%v\n", err)
				if more {
					i--
				}
				continue
			}
			if err := a.scan.baseline.Save(a.path); err != nil {
				return err
			}
			left--
			accepted++
		default:
			i--
		}
	}
	fmt.Fprintf(s.out, "%d accepted, %d left\n", accepted, left)
	if left > 0 {
		return errFound
	}
	return nil
}

// show writes what a person needs to decide.
func (a *acceptor) show(s streams, f *scanner.Finding, secrets bool) {
	doc := report.Build([]*scanner.Finding{f}, report.Meta{}, report.Options{ShowSecrets: secrets})
	d := &doc.Findings[0]
	fmt.Fprintf(s.out, "%s  %s %s, %s confidence, rule %s\n", strings.ToUpper(d.Severity), report.Neutral(d.Service), report.Neutral(d.Kind), d.Confidence, d.Rule)
	fmt.Fprintf(s.out, "  secret  %s\n", report.Neutral(d.Secret))
	fmt.Fprintf(s.out, "  where   %s", report.Neutral(firstPlace(d)))
	if more := len(f.Occurrences) - 1; more > 0 {
		fmt.Fprintf(s.out, " and %s", counted(more, "more place"))
	}
	fmt.Fprintf(s.out, "\n  id      %s\n", d.Fingerprint)
}

// firstPlace names where a finding stands first, by a path where any place has one.
func firstPlace(f *report.Finding) string {
	if len(f.Occurrences) == 0 {
		return "unknown place"
	}
	for i := range f.Occurrences {
		if o := &f.Occurrences[i]; o.Path != "" {
			return fmt.Sprintf("%s:%d", o.Path, o.StartLine)
		}
	}
	return "<" + f.Occurrences[0].Where + ">"
}
