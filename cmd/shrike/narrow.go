package main

import (
	"fmt"
	"time"

	"github.com/spf13/pflag"

	"github.com/shrike-scan/shrike/config"
	"github.com/shrike-scan/shrike/git"
)

// narrowFlags are the flags that leave part of a repository out, as given.
type narrowFlags struct {
	ranges, refs, paths []string
	since, until        string
}

func (f *narrowFlags) register(fs *pflag.FlagSet) {
	fs.StringArrayVar(&f.ranges, "range", nil, "scan only what the commits of `A..B` introduce (see gitrevisions(7)); may be repeated; auto: what started this pipeline brings")
	fs.StringArrayVar(&f.refs, "ref", nil, "scan only what `REF` reaches, all of its history; may be repeated")
	fs.StringVar(&f.since, "since", "", "leave out commits with a committer's date before `DATE`: 2024-03-01, RFC 3339, \"2 weeks ago\"")
	fs.StringVar(&f.until, "until", "", "leave out commits with a committer's date after `DATE`; a day counts whole")
	fs.StringArrayVar(&f.paths, "path", nil, "scan only files whose path matches this `GLOB`, which reads as a line of .gitignore, and no messages; may be repeated")
}

// options resolves the flags. now is what relative dates are counted from.
func (f *narrowFlags) options(now time.Time) (o git.ScanOptions, err error) {
	o.Revisions, o.Refs = f.ranges, f.refs
	if f.since != "" {
		if o.Since, err = git.ParseDate(f.since, now, false); err != nil {
			return o, fmt.Errorf("--since: %w", err)
		}
	}
	if f.until != "" {
		if o.Until, err = git.ParseDate(f.until, now, true); err != nil {
			return o, fmt.Errorf("--until: %w", err)
		}
	}
	if len(f.paths) > 0 {
		if o.Paths, err = config.MatchPaths(f.paths); err != nil {
			return o, fmt.Errorf("--path: %w", err)
		}
	}
	return o, nil
}

// given lists the flags for the receipt.
func (f *narrowFlags) given() (list []string) {
	for _, flag := range []struct {
		name   string
		values []string
	}{
		{"--range", f.ranges}, {"--ref", f.refs}, {"--since", []string{f.since}}, {"--until", []string{f.until}}, {"--path", f.paths},
	} {
		for _, value := range flag.values {
			if value != "" {
				list = append(list, flag.name+" "+value)
			}
		}
	}
	return list
}
