package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/shrike-scan/shrike/report"
	"github.com/shrike-scan/shrike/scanner"
	"github.com/shrike-scan/shrike/verify"
)

func verifyCommand(s streams) *cobra.Command {
	var flags scanFlags
	var rule, in string
	var list bool
	c := &cobra.Command{
		Use:   "verify [REPORT]",
		Short: "Ask providers whether credentials work: those of a report, or one that is typed in",
		Long: `Ask providers whether credentials work, by one read-only request each. The hosts are
printed before the first call.

REPORT is a json or jsonl report of shrike ("-" is standard input). Its secrets are
redacted, so the places that it names are read again: files on disk, and objects of
the repository; with --in, of another than the report says. Only what has the
fingerprint that the report says is asked about.

--rule asks about one credential of that kind. It is typed in without being shown, or
read from standard input, one value a line: the other half first where there is one
(the key id), then the secret. It is never an argument, which other users could see.

--list lists the requests that can be made.

Exit status: 0 no credential is live, 1 one is, 2 it could not be told or done.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			flags.verify.on = true
			given := 0
			for _, is := range []bool{list, rule != "", len(args) > 0} {
				if is {
					given++
				}
			}
			if given != 1 {
				return errors.New("give one of REPORT, --rule and --list; see `shrike verify --help`")
			}
			sc, err := newScan(s, &flags, ".", enclosingRoot("."))
			switch {
			case err != nil:
				return err
			case list:
				return sc.listChecks(s.out)
			case rule != "":
				return sc.verifyTyped(c.Context(), rule)
			}
			return sc.verifyReport(c.Context(), args[0], in)
		},
	}
	flags.registerOutput(c.Flags())
	flags.registerSources(c.Flags())
	flags.verify.registerWhom(c.Flags())
	flags.verify.registerDeep(c.Flags(), "ask")
	c.Flags().BoolVar(&flags.showSecrets, "show-secrets", false, "write the secrets themselves into the reports")
	c.Flags().StringVar(&rule, "rule", "", "ask about one credential of the kind that the rule `ID` finds")
	c.Flags().StringVar(&in, "in", "", "read the report's places again in this `REPO` or folder")
	c.Flags().BoolVar(&list, "list", false, "list the requests that can be made, and where they are documented")
	return c
}

// listChecks lists what is asked, a rule a line.
func (sc *scan) listChecks(w io.Writer) error {
	asked, err := newRequests()
	if err != nil {
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "RULE\tSERVICE\tREQUEST  DOCUMENTATION") // not in columns: a request with many hosts is long
	for _, r := range sc.engine.Rules() {
		if request, source := asked.of(r); request != "" {
			fmt.Fprintf(t, "%s\t%s\t%s  %s\n", r.ID, report.Neutral(r.Service), request, source)
		}
	}
	return t.Flush()
}

// requests are the built-in checks by rule id.
type requests map[string]*scanner.HTTPCheck

func newRequests() (requests, error) {
	checks, err := verify.Checks()
	if err != nil {
		return nil, err
	}
	asked := requests{}
	for i := range checks {
		for _, id := range checks[i].Rules {
			asked[id] = &checks[i].HTTPCheck
		}
	}
	return asked, nil
}

// of says what is asked about what a rule finds, and where that is documented; ""
// where nothing can be.
func (q requests) of(r *scanner.Rule) (request, source string) {
	if r.Verify == verify.STSName {
		return "sts:GetCallerIdentity", "https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html"
	}
	check := cmp.Or(r.HTTP, q[cmp.Or(r.Verify, r.ID)])
	if check == nil {
		return "", ""
	}
	url := check.URL
	if len(check.Hosts) > 0 {
		url = strings.Replace(url, "{host}", strings.Join(check.Hosts, "|"), 1)
	}
	return report.Neutral(cmp.Or(check.Method, "GET") + " " + url), report.Neutral(check.Source)
}

// verifyTyped asks about one credential that the user gives.
func (sc *scan) verifyTyped(ctx context.Context, id string) error {
	rule := ruleByID(sc.engine, id)
	if rule == nil {
		return fmt.Errorf("--rule: no rule is called %q; `shrike verify --list` names those that can be verified", id)
	}
	v, err := sc.newVerifier()
	if err != nil {
		return err
	}
	defer v.close()
	f := &scanner.Finding{Rule: rule, Severity: rule.Severity, Confidence: rule.Confidence}
	r := &secretReader{streams: sc.streams}
	first := v.http.NearParts(rule)
	if rule.Pair != "" {
		first = append(first, rule.Pair)
	}
	for _, name := range first {
		value, err := r.read(ctx, name, true)
		if err != nil {
			return err
		}
		f.Parts = append(f.Parts, scanner.Part{Name: name, Value: value, Public: true})
	}
	if f.Secret, err = r.read(ctx, "secret", true); err != nil {
		return err
	}
	for _, name := range furtherParts(sc.engine, rule) {
		value, err := r.read(ctx, name, false)
		if err != nil {
			return err
		}
		if value.Len() > 0 {
			f.Parts = append(f.Parts, scanner.Part{Name: name, Value: value})
		}
	}
	if err := sc.loadBaseline(false); err != nil {
		return err
	}
	fs := []*scanner.Finding{f}
	sc.baseline.Fingerprinter().Identify(fs, 0)
	if err := sc.ask(ctx, v, fs); err != nil {
		return err
	}
	if f.Verdict == nil {
		return fmt.Errorf("no live check is for the rule %q, or the credential has not its shape; `shrike verify --list` names the checks", id)
	}
	doc := report.Build(fs, sc.meta(outcome{command: "verify", target: id}), report.Options{ShowSecrets: sc.flags.showSecrets, Respond: responder(nil)})
	return sc.concludeVerify(doc, fs)
}

func ruleByID(e *scanner.Engine, id string) *scanner.Rule {
	for _, r := range e.Rules() {
		if r.ID == id {
			return r
		}
	}
	return nil
}

// furtherParts names the parts that may complete a pair, such as a session token.
func furtherParts(e *scanner.Engine, rule *scanner.Rule) (names []string) {
	seen := map[string]bool{"": true}
	for _, r := range e.Rules() {
		if rule.Pair != "" && r.Pair == rule.Pair && r.Service == rule.Service && !seen[r.Part] {
			seen[r.Part] = true
			names = append(names, r.Part)
		}
	}
	return names
}

// ask makes the calls and lets severities follow.
func (sc *scan) ask(ctx context.Context, v *verifier, fs []*scanner.Finding) error {
	if err := sc.askWith(ctx, v, fs); err != nil {
		return err
	}
	verify.Weigh(fs)
	sc.config.NameVerdicts(fs)
	return nil
}

// concludeVerify writes the report, and ends with what the verdicts say.
func (sc *scan) concludeVerify(doc *report.Document, fs []*scanner.Finding) error {
	if err := sc.write(doc); err != nil {
		return err
	}
	states := map[string]int{}
	for _, f := range fs {
		if f.Verdict != nil {
			states[f.Verdict.State]++
		}
	}
	switch {
	case states[verify.Live] > 0:
		return errFound
	case states[verify.Unknown] > 0:
		fmt.Fprintln(sc.err, "shrike: of some credentials it could not be told whether they work")
		return errIncomplete
	}
	return nil
}
