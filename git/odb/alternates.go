package odb

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// git follows alternates of alternates five deep.
const maxAlternates = 5

// directories lists the objects directories behind roots, each once: the roots,
// then what their info/alternates name (gitrepository-layout(5)): one directory
// a line, relative to the objects directory, "#" for comments, optionally in C
// quotes. A root that cannot be read is an error, an alternate is a Problem.
func directories(roots []string) (dirs []string, problems []Problem, err error) {
	seen := map[string]bool{}
	visit := func(dir string) (bool, error) {
		real, err := filepath.EvalSymlinks(dir)
		if err != nil {
			return false, err
		}
		info, err := os.Stat(real)
		if err != nil {
			return false, err
		}
		if !info.IsDir() {
			return false, &fs.PathError{Op: "open", Path: dir, Err: errors.New("not a directory")}
		}
		if abs, err := filepath.Abs(real); err == nil {
			real = abs
		}
		first := !seen[real]
		seen[real] = true
		return first, nil
	}
	for _, root := range roots {
		first, err := visit(root)
		if err != nil {
			return nil, nil, fmt.Errorf("open object store: %w", err)
		}
		if first {
			dirs = append(dirs, root)
		}
	}
	level := dirs
	for depth := 0; len(level) > 0; depth++ {
		var next []string
		for _, dir := range level {
			file := filepath.Join(dir, "info", "alternates")
			names, err := alternates(file)
			if err != nil {
				problems = append(problems, Problem{Path: file, Err: err})
			}
			for _, name := range names {
				if !filepath.IsAbs(name) {
					name = filepath.Join(dir, name)
				}
				first, err := visit(name)
				switch {
				case err != nil:
					err = fmt.Errorf("open alternate object store: %w: mount it, or copy its objects with `git repack -a`", err)
					problems = append(problems, Problem{Path: file, Err: err})
				case first && depth == maxAlternates:
					err = fmt.Errorf("alternates are nested more than %d deep: %s is not read", maxAlternates, name)
					problems = append(problems, Problem{Path: file, Err: err})
				case first:
					next = append(next, name)
				}
			}
		}
		dirs = append(dirs, next...)
		level = next
	}
	return dirs, problems, nil
}

// alternates reads the lines of one info/alternates, which need not exist.
func alternates(file string) (names []string, err error) {
	text, err := readSmall(file)
	if err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, len(text)+1)
	for lines.Scan() {
		line := lines.Text()
		if line == "" || line[0] == '#' {
			continue
		}
		if line[0] == '"' {
			if name, err := strconv.Unquote(line); err == nil {
				line = name
			}
		}
		names = append(names, filepath.FromSlash(strings.TrimSuffix(line, "/")))
	}
	return names, lines.Err()
}
