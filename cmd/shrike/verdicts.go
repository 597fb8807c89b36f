package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/shrike-scan/shrike/report"
	"github.com/shrike-scan/shrike/scanner"
	"github.com/shrike-scan/shrike/verify"
)

// judge asks providers about what a user would want to know of, and lets the rest
// of the report follow from the verdicts. What an inline comment or the
// configuration hides is no credential, so nobody is asked; what the baseline
// accepts is one, and comes back if it is live.
func (sc *scan) judge(ctx context.Context, fs []*scanner.Finding, o *outcome) error {
	fs = slices.DeleteFunc(slices.Clone(fs), func(f *scanner.Finding) bool {
		return f.Suppressed != nil && f.Suppressed.By != "baseline"
	})
	if err := sc.verify(ctx, fs, o.read); err != nil {
		return err
	}
	verify.Weigh(fs)
	sc.config.NameVerdicts(fs)
	for _, f := range fs {
		s := f.Suppressed
		switch {
		case s == nil || f.Verdict == nil:
		case f.Verdict.State == verify.Live:
			f.Suppressed, f.Reopened = nil, s
			o.notes = append(o.notes, fmt.Sprintf("the baseline accepts %s (%s), but it is live, says %s: reported again", shortPrint(f), s.Reason, f.Verdict.Call))
		case isDead(f):
			o.notes = append(o.notes, fmt.Sprintf("the baseline accepts %s (%s), which is dead now, says %s: the entry is stale, see `shrike baseline prune --verify`", shortPrint(f), s.Reason, f.Verdict.Call))
		}
	}
	return nil
}

// isDead reports whether a provider said so of the secret itself: a secret that does
// not belong to the key id near it may live with another.
func isDead(f *scanner.Finding) bool {
	return f.Verdict != nil && f.Verdict.State == verify.Dead &&
		!slices.ContainsFunc(f.Verdict.Details, func(d scanner.Detail) bool { return d.Name == verify.LiveKeyID })
}

func shortPrint(f *scanner.Finding) string { return report.Neutral(short(f.Fingerprint)) }

// How much is read to learn where a key belongs.
const (
	maxPlaces    = 8       // of a finding
	maxPlaceText = 1 << 20 // bytes of a file
)

// placeKeys adds the AWS region that stands nearest to each key that a region is not
// known of, for it suggests which part of AWS to ask.
func placeKeys(fs []*scanner.Finding, read reader) {
	if read == nil {
		return
	}
	for _, f := range fs {
		if f.Rule.Verify != verify.STSName || slices.ContainsFunc(f.Details, func(d scanner.Detail) bool { return d.Name == "region" }) {
			continue
		}
		for i := range f.Occurrences[:min(len(f.Occurrences), maxPlaces)] {
			o := &f.Occurrences[i]
			text, err := read(o)
			if err != nil {
				continue // no hint, then
			}
			if region := verify.RegionNear(text[:min(len(text), maxPlaceText)], o.Line); region != "" {
				f.Details = append(f.Details, scanner.Detail{Name: "region", Value: region})
				break
			}
		}
	}
}

// reader returns the text that an occurrence stands in.
type reader func(*scanner.Occurrence) ([]byte, error)

// placeParts adds what a live check takes from the text around a credential, as
// the address of the shop that a token is for.
func placeParts(fs []*scanner.Finding, read reader, http *verify.HTTP) {
	if read == nil {
		return
	}
	for _, f := range fs {
		if len(http.NearParts(f.Rule)) == 0 {
			continue
		}
		for i := range f.Occurrences[:min(len(f.Occurrences), maxPlaces)] {
			o := &f.Occurrences[i]
			text, err := read(o)
			if err != nil {
				continue
			}
			if parts, others := http.PartsNear(f.Rule, text[:min(len(text), maxPlaceText)], o.Line); len(parts) > 0 {
				f.Parts, f.Others = append(f.Parts, parts...), append(f.Others, others...)
				break
			}
		}
	}
}

// readFile reads the beginning of the file on disk that an occurrence stands in.
func readFile(o *scanner.Occurrence) ([]byte, error) {
	if o.Where != scanner.InFile || o.Path == "" {
		return nil, os.ErrNotExist
	}
	if info, err := os.Stat(o.Path); err != nil || !info.Mode().IsRegular() {
		return nil, os.ErrNotExist
	}
	file, err := os.Open(o.Path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, maxPlaceText))
}
