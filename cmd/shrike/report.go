package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/shrike-scan/shrike/config"
	"github.com/shrike-scan/shrike/report"
)

func reportCommand(s streams) *cobra.Command {
	var flags scanFlags
	c := &cobra.Command{
		Use:   "report FILE...",
		Short: "Convert json or jsonl reports into other formats, and merge several into one",
		Long: `Read reports that shrike wrote as json or jsonl ("-" is standard input) and write them
as one in any format. Findings with one fingerprint become one; it is suppressed only
if every report says so. What was redacted stays so.

Exit status: 0 the reports were complete, whatever they hold; 2 one could not be read
or is of an incomplete scan. With --fail-on, 1 if they hold such findings.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return convert(s, &flags, args) },
	}
	flags.registerOutput(c.Flags())
	flags.threshold.registerFailOn(c.Flags())
	return c
}

func convert(s streams, f *scanFlags, files []string) error {
	f.verify.on = true // the reports bring their verdicts along
	if err := f.validate(); err != nil {
		return err
	}
	var documents []*report.Document
	for _, file := range files {
		d, err := readReport(s, file)
		if err != nil {
			return fmt.Errorf("read report %s: %w", file, err)
		}
		documents = append(documents, d)
	}
	doc := report.Merge(documents...)
	sc := &scan{streams: s, flags: f, config: &config.Config{}}
	if err := sc.write(doc); err != nil {
		return err
	}
	if f.threshold.failOn == "" && doc.Summary.Complete {
		return nil
	}
	return sc.settle(doc)
}

func readReport(s streams, file string) (*report.Document, error) {
	in := s.in
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	return report.Read(in)
}
