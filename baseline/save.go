package baseline

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
)

const header = "# Findings that were accepted in this repository. See docs/baseline.md of shrike.\n"

const maxBytes = 64 << 20

// Load reads the file at path; without one the baseline is empty and has no salt.
func Load(path string) (*Baseline, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return &Baseline{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read baseline: %w", err)
	}
	if !info.Mode().IsRegular() { // before opening: a pipe would wait for a writer
		return nil, fmt.Errorf("read baseline %s: not a regular file", path)
	}
	if info.Size() > maxBytes {
		return nil, fmt.Errorf("read baseline %s: larger than %d bytes", path, maxBytes)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read baseline: %w", err)
	}
	defer file.Close()
	var text strings.Builder // not bytes: entries share its memory
	text.Grow(int(info.Size()))
	if _, err := io.Copy(&text, file); err != nil {
		return nil, fmt.Errorf("read baseline: %w", err)
	}
	return decode(path, text.String())
}

// Encode writes the file's text: the same entries give the same bytes, in
// whatever order they were added.
func (b *Baseline) Encode() []byte {
	lines := make([]string, len(b.Entries))
	for i := range b.Entries {
		lines[i] = b.Entries[i].line()
	}
	slices.Sort(lines)
	var out strings.Builder
	fmt.Fprintf(&out, "%sversion = 1\nsalt = \"%s\"\naccept = [\n", header, hex.EncodeToString(b.Salt))
	for _, line := range slices.Compact(lines) {
		out.WriteString(line)
	}
	out.WriteString("]\n")
	return []byte(out.String())
}

func (e *Entry) line() string {
	var b strings.Builder
	b.WriteString("  { fingerprint = ")
	quote(&b, e.Fingerprint)
	b.WriteString(", rule = ")
	quote(&b, e.Rule)
	for i, path := range e.Paths {
		if i == 0 {
			b.WriteString(", paths = [")
		} else {
			b.WriteString(", ")
		}
		quote(&b, path)
		if i == len(e.Paths)-1 {
			b.WriteByte(']')
		}
	}
	b.WriteString(", reason = ")
	quote(&b, e.Reason)
	if e.Owner != "" {
		b.WriteString(", owner = ")
		quote(&b, e.Owner)
	}
	if e.Until != "" {
		b.WriteString(", until = ")
		quote(&b, e.Until)
	}
	b.WriteString(" },\n")
	return b.String()
}

// quote writes a TOML basic string. What does not print is escaped, so that a
// file name cannot forge a line in an editor or a terminal.
func quote(b *strings.Builder, text string) {
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case unicode.IsPrint(r):
			b.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(b, `\U%08X`, r)
		default:
			fmt.Fprintf(b, `\u%04X`, r)
		}
	}
	b.WriteByte('"')
}

// Save writes the file whole or not at all, and keeps the mode of the one it
// replaces. A link is replaced by a file: a repository could link to any file.
// A device or a folder is an error.
func (b *Baseline) Save(path string) (err error) {
	if len(b.Salt) != saltBytes {
		return fmt.Errorf("write baseline %s: it has no salt: create it first", path)
	}
	mode := fs.FileMode(0o644)
	switch info, err := os.Lstat(path); {
	case err != nil || info.Mode().Type() == fs.ModeSymlink:
	case info.Mode().IsRegular():
		mode = info.Mode().Perm()
	default: // a file in the place of /dev/null would end it for everybody
		return fmt.Errorf("write baseline %s: it is no regular file", path)
	}
	file, err := os.CreateTemp(filepath.Dir(path), FileName+".*")
	if err != nil {
		return fmt.Errorf("write baseline: %w", err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(file.Name())
			err = fmt.Errorf("write baseline: %w", err)
		}
	}()
	_, err = file.Write(b.Encode())
	err = errors.Join(err, file.Chmod(mode), file.Sync(), file.Close())
	if err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}
