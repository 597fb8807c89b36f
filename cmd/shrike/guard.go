package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/shrike-scan/shrike/guard"
	"github.com/shrike-scan/shrike/report"
	"github.com/shrike-scan/shrike/scanner"
)

type guardFlags struct {
	scan   scanFlags
	hook   bool
	redact bool
}

func guardCommand(s streams) *cobra.Command {
	flags := guardFlags{scan: scanFlags{color: "never"}}
	c := &cobra.Command{
		Use:   "guard",
		Short: "Judge a text or a tool call on standard input: for coding assistants and scripts",
		Long: `Read a text, or a tool call as JSON, on standard input and say on standard output, as
one line of JSON, whether it may pass. --redact writes a copy instead in which each
secret is a placeholder. --hook speaks the language of coding assistants' hooks:
nothing on standard output, and exit status 2 with the reason on standard error.

The configuration and the baseline of the current folder count; comments in the
input do not: whoever writes the input could write the comment too.

Exit status: 0 it may pass, 1 it may not, 2 it could not be judged. With --hook, 2 is
both of the latter, so that a guard that fails blocks.`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return judge(s, &flags) },
	}
	fs := c.Flags()
	fs.BoolVar(&flags.hook, "hook", false, "block as the hooks of coding assistants do: exit status 2, the reason on standard error")
	fs.BoolVar(&flags.redact, "redact", false, "write a copy of the input with placeholders for secrets")
	c.MarkFlagsMutuallyExclusive("hook", "redact")
	flags.scan.registerSources(fs)
	flags.scan.threshold.registerLeast(fs)
	return c
}

// maxGuarded bounds the input, in bytes: no prompt and no tool call is as long.
const maxGuarded = 32 << 20

func judge(s streams, f *guardFlags) error {
	input, err := io.ReadAll(io.LimitReader(s.in, maxGuarded+1))
	if err != nil {
		return fmt.Errorf("read standard input: %w", err)
	}
	if len(input) > maxGuarded {
		return fmt.Errorf("the input is larger than %d bytes", maxGuarded)
	}
	g, err := newGuard(s, &f.scan)
	if err != nil {
		return err
	}
	if f.redact {
		out, err := g.Redact(input)
		if err != nil {
			return err
		}
		_, err = s.out.Write(out)
		return err
	}
	found, err := g.Judge(input)
	if err != nil {
		return err
	}
	if f.hook {
		return blocked(found)
	}
	if err := writeVerdict(s.out, found); err != nil {
		return err
	}
	if len(found) > 0 {
		return errFound
	}
	return nil
}

// newGuard wires the engine and what is accepted in the current folder.
func newGuard(s streams, f *scanFlags) (*guard.Guard, error) {
	sc, err := newScan(s, f, ".", enclosingRoot("."))
	if err != nil {
		return nil, err
	}
	if err := sc.loadBaseline(false); err != nil {
		return nil, err
	}
	accepted := sc.baseline
	return &guard.Guard{
		Engine: sc.engine,
		By:     accepted.Fingerprinter(),
		Hide: func(fs []*scanner.Finding) {
			now := time.Now()
			sc.config.Allow(now, fs)
			accepted.Match(now, fs)
		},
		Wants: sc.wants,
	}, nil
}

// writeVerdict answers a script. No byte of a secret is in it.
func writeVerdict(w io.Writer, found []*scanner.Finding) error {
	type secret struct {
		Rule        string `json:"rule"`
		Service     string `json:"service,omitempty"`
		Kind        string `json:"kind"`
		Severity    string `json:"severity"`
		Confidence  string `json:"confidence"`
		Fingerprint string `json:"fingerprint"`
		Placeholder string `json:"placeholder"`
	}
	answer := struct {
		Decision string   `json:"decision"` // allow, block
		Secrets  []secret `json:"secrets"`
	}{"allow", []secret{}}
	for _, f := range found {
		answer.Decision = "block"
		answer.Secrets = append(answer.Secrets, secret{
			f.Rule.ID, f.Rule.Service, f.Rule.Kind, f.Severity.String(), f.Confidence.String(), f.Fingerprint, guard.Placeholder(f),
		})
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(answer)
}

// blocked is the reason that an assistant reads, nil if there is none.
func blocked(found []*scanner.Finding) error {
	if len(found) == 0 {
		return nil
	}
	var names []string
	for _, f := range found {
		names = append(names, strings.TrimSpace(f.Rule.Service+" "+f.Rule.Kind)+" "+guard.Placeholder(f))
	}
	return fmt.Errorf("blocked: this holds a secret: %s. Do not write it out: read it from the environment or a secret store. "+
		"If it is none, a person can accept it: shrike baseline accept %s --reason WHY",
		report.Neutral(strings.Join(names, ", ")), found[0].Fingerprint)
}
