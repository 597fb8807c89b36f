package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/shrike-scan/shrike/baseline"
	"github.com/shrike-scan/shrike/report"
	"github.com/shrike-scan/shrike/scanner"
)

// maxImport bounds, in bytes, what is read of another tool's file.
const maxImport = 64 << 20

func importCommand(s streams) *cobra.Command {
	var by acceptance
	var from string
	c := &cobra.Command{
		Use:   "import FILE",
		Short: "Accept what another tool's ignore file, baseline or report lists",
		Long: `Accept what another tool's file lists, where a scan of the repository finds it too:
a .gitleaksignore or a JSON report of gitleaks, a baseline of detect-secrets, JSON lines
of trufflehog, or SARIF. A finding is known by its secret where the file has that or its
hash, else by its place. What matches nothing, or more than one finding, and what the
other tool knows to be a true secret, is listed and not accepted.`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return importBaseline(c.Context(), s, args[0], from, by) },
	}
	c.Flags().StringVar(&from, "from", "", "`TOOL` that wrote it: "+strings.Join(baseline.ImportFormats(), ", ")+" (required)")
	c.Flags().StringVar(&by.reason, "reason", "", "why these are accepted (default \"imported from TOOL\")")
	by.registerRest(c)
	_ = c.MarkFlagRequired("from")
	return c
}

func importBaseline(ctx context.Context, s streams, path, from string, by acceptance) error {
	claims, err := readClaims(path, from)
	if err != nil {
		return err
	}
	a, err := newAcceptor(s)
	if err != nil {
		return err
	}
	defer a.repo.Close()
	fs, err := a.everything(ctx, true)
	if err != nil {
		return err
	}
	translate(claims, fs)
	if by.reason == "" {
		by.reason = "imported from " + from
	}
	var chosen []*scanner.Finding
	left := 0
	for i := range claims {
		named, why := resolveClaim(&claims[i], fs)
		if why != "" {
			left++
			fmt.Fprintf(s.err, "shrike: not accepted: %s: %s\n", report.Neutral(claims[i].String()), why)
			continue
		}
		chosen = append(chosen, named...)
	}
	if left > 0 {
		fmt.Fprintf(s.err, "shrike: %d of %s in %s not accepted\n", left, counted(len(claims), "finding"), report.Neutral(path))
	}
	return a.save(s, chosen, by)
}

// translate replaces fingerprints that a report of ours carries from a time without
// a baseline by those of this one.
func translate(claims []baseline.Claim, fs []*scanner.Finding) {
	if !slices.ContainsFunc(claims, func(c baseline.Claim) bool { return c.Fingerprint != "" }) {
		return
	}
	public := scanner.NewFingerprinter(nil)
	own := make(map[string]string, len(fs))
	for _, f := range fs {
		own[public.Of([]byte(f.Secret.Reveal()))] = f.Fingerprint
	}
	for i := range claims {
		if now, ok := own[claims[i].Fingerprint]; ok {
			claims[i].Fingerprint = now
		}
	}
}

// resolveClaim gives the findings that a claim names, or says why none is accepted.
func resolveClaim(c *baseline.Claim, fs []*scanner.Finding) (named []*scanner.Finding, why string) {
	if c.Real {
		return nil, "the file says that it is a true secret; rotate it, or accept it by its fingerprint"
	}
	for _, f := range fs {
		if hit := c.Of(f); hit != nil {
			named = append(named, hit)
		}
	}
	switch {
	case len(named) == 0:
		return nil, "shrike finds nothing there"
	case len(named) > 1 && !c.Certain():
		var ids []string
		for _, f := range named {
			ids = append(ids, short(f.Fingerprint)+" ("+f.Rule.ID+")")
		}
		return nil, "more than one finding stands there; accept by fingerprint: " + strings.Join(ids, ", ")
	}
	return named, ""
}

func readClaims(path, from string) ([]baseline.Claim, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("import: %w", err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxImport+1))
	if err != nil {
		return nil, fmt.Errorf("import: %w", err)
	}
	if len(text) > maxImport {
		return nil, fmt.Errorf("import %s: larger than %d bytes", path, maxImport)
	}
	claims, err := baseline.Import(from, text)
	if err != nil {
		return nil, fmt.Errorf("import %s: %w", path, err)
	}
	return claims, nil
}
