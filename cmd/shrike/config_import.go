package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/shrike-scan/shrike/config"
	"github.com/shrike-scan/shrike/report"
)

func configImportCommand(s streams) *cobra.Command {
	output := config.FileName
	c := &cobra.Command{
		Use:   "import FILE",
		Short: "Write a .shrike.toml that says what a .gitleaks.toml says",
		Long: `Write a .shrike.toml that says what the .gitleaks.toml in FILE says: its rules, allowlists
and disabled rules. What cannot be carried over is told on standard error, and stands
in comments at the top of the result. A file that is there is not overwritten.`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return importConfig(s, args[0], output) },
	}
	c.Flags().StringVarP(&output, "output", "o", output, "write to `FILE`; - is standard output")
	return c
}

func importConfig(s streams, path, output string) error {
	text, err := config.ReadFile(path)
	if err != nil {
		return err
	}
	engine, err := newEngine(&config.Config{})
	if err != nil {
		return err
	}
	var builtin []string
	for _, r := range engine.Rules() {
		builtin = append(builtin, r.ID)
	}
	out, notes, err := config.ImportGitleaks(path, text, builtin)
	for _, note := range notes {
		fmt.Fprintf(s.err, "shrike: note: %s\n", report.Neutral(note))
	}
	if err != nil {
		return err
	}
	if output == "-" {
		_, err = s.out.Write(out)
		return err
	}
	file, err := os.OpenFile(output, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%s is there already: name another file with --output, and join the two by hand or by `extends`", output)
	}
	if err != nil {
		return fmt.Errorf("write configuration: %w", err)
	}
	_, err = file.Write(out)
	if err := errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("write configuration: %w", err)
	}
	_, err = fmt.Fprintf(s.out, "wrote %s; `shrike config check` checks it\n", output)
	return err
}
