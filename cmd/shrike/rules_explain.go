package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/shrike-scan/shrike/report"
	"github.com/shrike-scan/shrike/scanner"
)

func rulesExplainCommand(s streams, flags *scanFlags) *cobra.Command {
	var verbose bool
	c := &cobra.Command{
		Use:   "explain FILE:LINE | FILE | - | RULE-ID",
		Short: "Say why a line is found or not, and what hides it; or what a rule is about",
		Long: `Say what every rule made of one line of a file: found, and why with this severity and
confidence, and what hides it (a comment, an allow entry, the baseline, a threshold);
beaten by a better rule; refused by a check or by the classifier; or no match around
the rule's literal. FILE without a line explains each line that some rule looked at, and
- reads standard input. RULE-ID shows a rule instead. Secrets are never printed.

Exit status: 0 nothing on the lines is reported, 1 something is, 2 it could not be said.`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return explain(s, flags, args[0], verbose) },
	}
	c.Flags().BoolVarP(&verbose, "verbose", "v", false, "give the reason for every rule that does not match")
	return c
}

func explain(s streams, f *scanFlags, what string, verbose bool) error {
	path, line, err := splitPlace(what)
	if err != nil {
		return err
	}
	dir, root := ".", enclosingRoot(".")
	if path != "-" && line == 0 {
		e, err := engineHere(s, f)
		if err != nil {
			return err
		}
		if r := ruleByID(e, path); r != nil {
			return showRule(s.out, r, e.Literals(r.ID))
		}
	}
	if path != "-" {
		dir, root = folder(path), enclosingRoot(path)
	}
	f.color = "never"
	sc, err := newScan(s, f, dir, root)
	if err != nil {
		return err
	}
	text, err := readExplained(s, path)
	if err != nil {
		if line == 0 && path != "-" && errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("%s is neither a file nor a rule; `shrike rules list` names the rules", path)
		}
		return err
	}
	x := &explanations{scan: sc, path: path, verbose: verbose}
	if err := x.findings(text); err != nil {
		return err
	}
	x.said = x.engine.Explain(text)
	return x.write(text, line)
}

// splitPlace reads FILE:LINE; line 0 stands for none.
func splitPlace(what string) (path string, line int, err error) {
	i := strings.LastIndexByte(what, ':')
	if i < 0 || i == 1 && filepath.VolumeName(what) != "" {
		return what, 0, nil
	}
	line, err = strconv.Atoi(what[i+1:])
	if err != nil || line < 1 {
		return "", 0, fmt.Errorf("%s: want FILE:LINE, with a line of at least 1", what)
	}
	return what[:i], line, nil
}

// readExplained reads what a scan of chunks need not hold: all of a file.
func readExplained(s streams, path string) ([]byte, error) {
	const most = 64 << 20
	in := s.in
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return nil, fmt.Errorf("read %w", err)
		}
		defer file.Close()
		in = file
	}
	text, err := io.ReadAll(io.LimitReader(in, most+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if len(text) > most {
		return nil, fmt.Errorf("read %s: larger than %d bytes; explain a part of it on standard input", path, most)
	}
	return text, nil
}

type explanations struct {
	*scan
	path    string
	verbose bool
	said    *scanner.Explained
	found   []*scanner.Finding
	shown   int // lines
	open    bool
}

// findings gathers what a scan of the file would report, with what hides it.
func (x *explanations) findings(text []byte) error {
	place := scanner.Place{Where: scanner.InStdin}
	if x.path != "-" {
		place = scanner.Place{Where: scanner.InFile, Path: filepath.ToSlash(x.path)}
	}
	x.collector.Add(place, x.engine.Scan(x.engine.NewScratch(), text))
	x.found = scanner.Pair(x.collector.Findings())
	if err := x.loadBaseline(false); err != nil {
		return err
	}
	x.baseline.Fingerprinter().Identify(x.found, 0)
	var o outcome
	x.hide(x.found, &o)
	for _, note := range o.notes {
		fmt.Fprintf(x.err, "shrike: note: %s\n", report.Neutral(note))
	}
	return nil
}

func (x *explanations) write(text []byte, line int) error {
	if line > 0 {
		if !x.line(line) {
			fmt.Fprintf(x.out, "%s:%d: no rule's literal stands on this line, so none was tried\n", report.Neutral(x.path), line)
		}
	} else {
		for line := 1; line <= 1+strings.Count(string(text), "\n"); line++ {
			x.line(line)
		}
		if x.shown == 0 {
			fmt.Fprintf(x.out, "%s: no rule's literal stands on any line, so none was tried\n", report.Neutral(x.path))
		}
	}
	if x.open {
		return errFound
	}
	return nil
}

// line writes what is to be said about one line, and reports whether there was anything.
func (x *explanations) line(line int) bool {
	list := x.said.Line(line)
	if len(list) == 0 {
		return false
	}
	x.shown++
	fmt.Fprintf(x.out, "%s:%d\n", report.Neutral(x.path), line)
	var unmatched []string
	for _, e := range list {
		if e.Outcome == scanner.Unmatched && !x.verbose {
			unmatched = append(unmatched, e.Rule.ID)
			continue
		}
		secret := ""
		if e.Outcome != scanner.Unmatched {
			secret = "  " + report.Neutral(e.Secret.Redacted())
		}
		fmt.Fprintf(x.out, "  %-9s %s%s\n", e.Outcome, e.Rule.ID, secret)
		if e.Word != "" && e.Outcome != scanner.Found {
			fmt.Fprintf(x.out, "            set off by %q\n", e.Word)
		}
		fmt.Fprintf(x.out, "            %s\n", report.Neutral(e.Reason))
		if e.Outcome == scanner.Found {
			x.fate(&e)
		}
	}
	if len(unmatched) > 0 {
		const most = 8
		more := ""
		if n := len(unmatched) - most; n > 0 {
			unmatched, more = unmatched[:most], fmt.Sprintf(" and %d more", n)
		}
		fmt.Fprintf(x.out, "  no match  %s%s (-v says why)\n", strings.Join(unmatched, ", "), more)
	}
	return true
}

// fate says what became of a match: reported, with what changed on the way, or hidden.
func (x *explanations) fate(e *scanner.Explanation) {
	say := func(format string, args ...any) {
		fmt.Fprintf(x.out, "            %s\n", report.Neutral(fmt.Sprintf(format, args...)))
	}
	f := x.finding(e)
	if f == nil {
		say("not reported: it does not count in a file of this name")
		return
	}
	switch {
	case f.Rule != e.Rule:
		say("belongs to a finding of the rule %s, severity %v, confidence %v", f.Rule.ID, f.Severity, f.Confidence)
	case f.Severity != e.Match.Severity || f.Confidence != e.Match.Confidence:
		say("then severity %v, confidence %v: by what the file is for, by its other half, or by an override", f.Severity, f.Confidence)
	}
	switch h := f.Suppressed; {
	case h != nil:
		say("hidden by %s: %s", hider(h.By), strings.Join(strings.Fields(strings.Join([]string{h.Reason, labelled("owner", h.Owner), labelled("until", h.Until)}, " ")), " "))
	case !x.wants(f):
		say("not reported: below the least severity or confidence asked for")
	default:
		say("reported as %s", f.Fingerprint)
		x.open = true
	}
}

func labelled(name, value string) string {
	if value == "" {
		return ""
	}
	return name + "=" + value
}

// hider names what a suppression comes from.
func hider(by string) string {
	switch by {
	case "inline":
		return "a comment beside it"
	case "config":
		return "the configuration"
	}
	return "the " + by
}

// finding returns the finding that a match went into.
func (x *explanations) finding(e *scanner.Explanation) *scanner.Finding {
	secret := e.Secret.Reveal()
	for _, f := range x.found {
		if f.Secret.Reveal() == secret {
			return f
		}
		for _, p := range f.Parts {
			if p.Value.Reveal() == secret {
				return f
			}
		}
	}
	return nil
}
