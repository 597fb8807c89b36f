package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/shrike-scan/shrike/scanner"
)

// maxTyped bounds one value that a user gives, in bytes. Keys in one line are
// shorter.
const maxTyped = 64 << 10

// secretReader reads values from a terminal, which does not show them, or one a
// line from standard input.
type secretReader struct {
	streams
	lines *bufio.Reader
}

// read reads the value of that name, and asks for it at a terminal. It may be empty
// unless it is required.
func (r *secretReader) read(ctx context.Context, name string, required bool) (scanner.Secret, error) {
	var line string
	var err error
	if file, ok := r.in.(*os.File); ok && isTerminal(file) {
		line, err = r.hidden(ctx, file, name, required)
	} else {
		line, err = r.line()
	}
	line = strings.TrimSpace(line)
	switch {
	case err != nil:
		return scanner.Secret{}, fmt.Errorf("read the %s: %w", name, err)
	case line == "" && required:
		return scanner.Secret{}, fmt.Errorf("read the %s: nothing was given", name)
	}
	return scanner.NewSecret([]byte(line)), nil
}

// line reads the next line; "" where there is none.
func (r *secretReader) line() (string, error) {
	if r.lines == nil {
		r.lines = bufio.NewReaderSize(r.in, maxTyped)
	}
	line, err := r.lines.ReadSlice('\n')
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		return "", fmt.Errorf("the line is longer than %d bytes", maxTyped)
	case err != nil && err != io.EOF:
		return "", err
	}
	return string(line), nil
}

// hidden asks at the terminal. An interrupt gives the terminal back as it was.
func (r *secretReader) hidden(ctx context.Context, file *os.File, name string, required bool) (string, error) {
	prompt := name
	if !required {
		prompt += " (empty for none)"
	}
	fd := int(file.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return "", err
	}
	fmt.Fprintf(r.err, "%s: ", prompt)
	defer fmt.Fprintln(r.err)
	type answer struct {
		text []byte
		err  error
	}
	typed := make(chan answer, 1)
	go func() {
		text, err := term.ReadPassword(fd)
		typed <- answer{text, err}
	}()
	select {
	case a := <-typed:
		return string(a.text), a.err
	case <-ctx.Done():
		_ = term.Restore(fd, before)
		return "", ctx.Err()
	}
}
