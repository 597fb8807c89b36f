package main

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/shrike-scan/shrike/scanner"
)

// leastReplaced is the length in bytes below which a secret is not replaced: a short
// one is part of innocent text in every corner of a history.
const leastReplaced = 8

// writeReplacements writes what `git filter-repo --replace-text` reads, a line
// "literal:SECRET==>***REMOVED***" for each secret. A secret of several lines, which
// that form cannot hold, becomes a regex. The file must not exist, is readable by its
// owner alone, and holds the secrets. notes tell what it cannot remove.
func writeReplacements(path string, fs []*scanner.Finding) (notes []string, err error) {
	var lines []string
	encoded, brief := 0, 0
	for _, f := range fs {
		values := []string{f.Secret.Reveal()}
		for _, p := range f.Parts {
			if !p.Public {
				values = append(values, p.Value.Reveal())
			}
		}
		for _, v := range values {
			if len(v) < leastReplaced {
				brief++
				continue
			}
			lines = append(lines, replacement(v))
		}
		if slices.ContainsFunc(f.Occurrences, func(o scanner.Occurrence) bool { return o.Encoding != "" }) {
			encoded++
		}
	}
	if brief > 0 {
		notes = append(notes, fmt.Sprintf("%s left out of %s: shorter than %d bytes, it would be replaced in innocent text too", counted(brief, "secret"), path, leastReplaced))
	}
	if encoded > 0 {
		notes = append(notes, fmt.Sprintf("%s stand encoded in some place, which replacing does not reach: remove those files by `git filter-repo --invert-paths --path FILE`", counted(encoded, "finding")))
	}
	slices.Sort(lines)
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("write replacements: %w", err)
	}
	_, err = file.WriteString(strings.Join(slices.Compact(lines), ""))
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return nil, fmt.Errorf("write replacements: %w", err)
	}
	return append(notes, path+" holds the secrets themselves: delete it when the history is clean"), nil
}

func replacement(secret string) string {
	if !strings.ContainsAny(secret, "\r\n") {
		return "literal:" + secret + "==>***REMOVED***\n"
	}
	var quoted []string
	for line := range strings.Lines(secret) {
		quoted = append(quoted, regexp.QuoteMeta(strings.TrimRight(line, "\r\n")))
	}
	return "regex:" + strings.Join(quoted, `\r?\n`) + "==>***REMOVED***\n"
}
