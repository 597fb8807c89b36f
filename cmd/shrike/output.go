package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/shrike-scan/shrike/report"
)

// output is one report to write.
type output struct {
	format string
	file   string // empty: standard output
}

// name is what errors call it.
func (out output) name() string {
	if out.format == "receipt" {
		return out.format
	}
	return out.format + " report"
}

// outputs reads the flags that name a format or a file. No two may go to one place.
func (f *scanFlags) outputs() ([]output, error) {
	taken := map[string]bool{}
	take := func(flag, file string) error {
		place, what := file, file
		if file == "" {
			what = "standard output"
		} else if absolute, err := filepath.Abs(file); err == nil {
			place = absolute
		}
		if taken[place] {
			return fmt.Errorf("%s: another report already goes to %s", flag, what)
		}
		taken[place] = true
		return nil
	}
	var out []output
	for _, spec := range f.formats {
		format, file, named := strings.Cut(spec, "=")
		if named && file == "" {
			return nil, fmt.Errorf("--format %s: the file's name is missing after =", spec)
		}
		if file == "-" {
			file = ""
		} else if named {
			file = filepath.Clean(file)
		}
		if _, err := report.New(format, report.FormatOptions{}); err != nil {
			return nil, fmt.Errorf("--format %s: %w", spec, err)
		}
		if err := take("--format "+spec, file); err != nil {
			return nil, err
		}
		out = append(out, output{format, file})
	}
	if len(f.formats) == 0 {
		out = []output{{format: "text"}}
	}
	for _, other := range []struct{ flag, file string }{{"--receipt", f.receipt}, {"--filter-repo", f.filterRepo}} {
		if other.file == "" {
			continue
		}
		if err := take(other.flag+" "+other.file, other.file); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// writable finds out before a long scan, and not after it, that a report has
// nowhere to go.
func (f *scanFlags) writable() error {
	outputs, err := f.outputs()
	if err != nil {
		return err
	}
	if f.receipt != "" {
		outputs = append(outputs, output{"receipt", f.receipt})
	}
	for _, out := range outputs {
		if info, err := os.Stat(out.file); err == nil && info.IsDir() {
			return fmt.Errorf("write %s: %s is a folder", out.name(), out.file)
		}
		if out.file == "" || out.isThrough() {
			continue
		}
		temp, err := out.temp()
		if err != nil {
			return err
		}
		temp.Close()
		os.Remove(temp.Name())
	}
	return nil
}

// writeTo writes a report to its file, which appears whole or not at all, or to
// standard output. What is no regular file, as a device or a named pipe, is
// written to as it stands: a new file in its place would end it.
func (out output) writeTo(stdout io.Writer, write func(io.Writer) error) error {
	if out.file == "" {
		return write(stdout)
	}
	if out.isThrough() {
		return out.writeThrough(write)
	}
	temp, err := out.temp()
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	if err := write(temp); err != nil {
		temp.Close()
		return err
	}
	if err := temp.Chmod(0o600); err != nil {
		temp.Close()
		return fmt.Errorf("write %s: %w", out.name(), err)
	}
	if err := temp.Close(); err != nil {
		return fmt.Errorf("write %s: %w", out.name(), err)
	}
	if err := os.Rename(temp.Name(), out.file); err != nil {
		return fmt.Errorf("write %s: %w", out.name(), err)
	}
	return nil
}

// isThrough reports whether something stands there that is no regular file, or
// stands for a stream as /dev/stdout does. Links elsewhere are replaced: a
// repository may hold one, and must not choose what is written over.
func (out output) isThrough() bool {
	if absolute, err := filepath.Abs(out.file); err == nil && filepath.Dir(absolute) == "/dev" {
		return true
	}
	info, err := os.Stat(out.file)
	return err == nil && !info.Mode().IsRegular()
}

// temp makes the file that becomes the report's, beside it. Its name is nobody's
// business: errors name the report's.
func (out output) temp() (*os.File, error) {
	temp, err := os.CreateTemp(filepath.Dir(out.file), "."+filepath.Base(out.file)+".*")
	if failed, ok := errors.AsType[*fs.PathError](err); ok {
		err = &fs.PathError{Op: failed.Op, Path: out.file, Err: failed.Err}
	}
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", out.name(), err)
	}
	return temp, nil
}

func (out output) writeThrough(write func(io.Writer) error) error {
	file, err := os.OpenFile(out.file, os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("write %s: %w", out.name(), err)
	}
	if err := write(file); err != nil {
		file.Close()
		return err
	}
	if err := file.Close(); err != nil {
		return fmt.Errorf("write %s: %w", out.name(), err)
	}
	return nil
}
