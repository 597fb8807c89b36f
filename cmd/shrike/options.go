package main

import (
	"errors"
	"fmt"
	"runtime"
	"strings"

	"github.com/spf13/pflag"

	"github.com/shrike-scan/shrike/report"
)

// scanFlags are the flags every scanning command has, as given.
type scanFlags struct {
	formats     []string
	showSecrets bool
	verbose     bool
	explain     bool
	suppressed  bool
	quiet       bool
	color       string
	noProgress  bool
	jobs        int
	config      string
	noConfig    bool
	policies    []string
	baseline    string
	filterRepo  string
	noBaseline  bool
	receipt     string
	verify      verifyFlags
	threshold   thresholdFlags
}

func (f *scanFlags) register(fs *pflag.FlagSet) {
	f.registerOutput(fs)
	f.threshold.register(fs)
	fs.BoolVar(&f.showSecrets, "show-secrets", false, "write the secrets themselves into the reports")
	fs.BoolVar(&f.noProgress, "no-progress", false, "no progress on standard error")
	fs.IntVarP(&f.jobs, "jobs", "j", 0, "scan with `N` workers (default one a CPU)")
	f.registerSources(fs)
	fs.StringVar(&f.receipt, "receipt", "", "write what was scanned, and what was not, to this JSON `FILE`")
	f.verify.register(fs)
}

// registerSources adds the flags that say which settings count.
func (f *scanFlags) registerSources(fs *pflag.FlagSet) {
	fs.StringVar(&f.config, "config", "", "read this configuration `FILE` instead of the .shrike.toml found")
	fs.BoolVar(&f.noConfig, "no-config", false, "read no .shrike.toml")
	f.registerPolicy(fs)
	fs.StringVar(&f.baseline, "baseline", "", "read this baseline `FILE` instead of the .shrike-baseline.toml found")
	fs.BoolVar(&f.noBaseline, "no-baseline", false, "report accepted findings too")
}

func (f *scanFlags) registerPolicy(fs *pflag.FlagSet) {
	fs.StringArrayVar(&f.policies, "policy", nil, "obey the policy in `FILE` or at URL#sha256=DIGEST, beside that of SHRIKE_POLICY; may be repeated")
}

// registerOutput adds the flags that say what is written, and where.
func (f *scanFlags) registerOutput(fs *pflag.FlagSet) {
	fs.StringArrayVarP(&f.formats, "format", "f", nil,
		"report as `FORMAT[=FILE]`: "+strings.Join(report.Formats(), ", ")+"; may be repeated (default text)")
	fs.BoolVarP(&f.verbose, "verbose", "v", false, "text: list every place, every ref and what is hidden")
	fs.BoolVar(&f.explain, "explain", false, "text: say of each finding, step by step, what to do now")
	fs.BoolVar(&f.suppressed, "suppressed", false, "sarif: with the findings that are accepted, marked as suppressions")
	fs.BoolVarP(&f.quiet, "quiet", "q", false, "text: write nothing where nothing was found")
	fs.StringVar(&f.color, "color", "auto", "text: colour `WHEN`: auto, always or never")
}

// validate checks what can be checked without looking at the world.
func (f *scanFlags) validate() error {
	if f.jobs < 0 {
		return fmt.Errorf("--jobs %d: give a number of workers of at least 1", f.jobs)
	}
	if f.jobs == 0 {
		f.jobs = runtime.GOMAXPROCS(0)
	}
	switch f.color {
	case "auto", "always", "never":
	default:
		return fmt.Errorf("--color %q: give auto, always or never", f.color)
	}
	if f.config != "" && f.noConfig {
		return fmt.Errorf("--config and --no-config exclude each other")
	}
	if f.baseline != "" && f.noBaseline {
		return fmt.Errorf("--baseline and --no-baseline exclude each other")
	}
	if f.verify.deep && !f.verify.on {
		return errors.New("--deep: add --verify, which it goes on from")
	}
	if err := f.threshold.validate(f.verify.on); err != nil {
		return err
	}
	if err := f.verify.validate(); err != nil {
		return err
	}
	_, err := f.outputs()
	return err
}
