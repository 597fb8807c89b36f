package files

import (
	"io"
	"os"
	"path/filepath"
	"strings"
)

// A scope says which names of a folder are scanned. The zero value scans all of
// them, which is what holds outside a git work tree. Immutable.
type scope struct {
	tree    bool        // inside a git work tree, whose ignore files hold
	path    string      // of the folder in the work tree: "" or "a/b/"
	ignores *ignoreList // the rules that hold here; nil for none
	ignored bool        // below an ignored folder: only files that hold credentials
	git     bool        // below a .git folder: only configuration, whose URLs may hold passwords
}

// enclosing is the scope of a folder that is given as an argument: that of the work tree around
// it, if there is one. The folder's own ignore file comes with enter.
func enclosing(folder string) scope {
	real, err := filepath.Abs(folder)
	if err == nil {
		real, err = filepath.EvalSymlinks(real)
	}
	if err != nil {
		return scope{}
	}
	top := real
	for !exists(filepath.Join(top, ".git")) {
		up := filepath.Dir(top)
		if up == top {
			return scope{}
		}
		top = up
	}
	s := treeScope(top)
	below, err := filepath.Rel(top, real)
	if err != nil || below == "." {
		return s
	}
	for element := range strings.SplitSeq(filepath.ToSlash(below), "/") {
		s = s.withIgnoreFile(filepath.Join(top, s.path))
		s.path += element + "/"
	}
	return s
}

// treeScope is the scope of a work tree's top folder. The user's own
// core.excludesFile is left out: it would make findings depend on the machine.
func treeScope(top string) scope {
	s := scope{tree: true}
	rules := parseIgnore(readSmall(filepath.Join(commonDir(top), "info", "exclude")))
	if len(rules) > 0 {
		s.ignores = &ignoreList{rules: rules}
	}
	return s
}

// commonDir is the folder of a work tree's repository: .git itself, or, for linked work
// trees and submodules, where the file .git leads (gitrepository-layout).
func commonDir(top string) string {
	dir := filepath.Join(top, ".git")
	link, ok := strings.CutPrefix(string(readSmall(dir)), "gitdir:")
	if !ok {
		return dir
	}
	dir = resolve(top, strings.TrimSpace(link))
	if common := strings.TrimSpace(string(readSmall(filepath.Join(dir, "commondir")))); common != "" {
		dir = resolve(dir, common)
	}
	return dir
}

func resolve(base, path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(base, path)
}

// enter adds what the folder itself says: another work tree starts where it
// holds .git, and its ignore file comes first.
func (s scope) enter(folder string, root bool) scope {
	if s.ignored || s.git {
		return s
	}
	if !root && exists(filepath.Join(folder, ".git")) {
		s = treeScope(folder)
	}
	if s.tree {
		s = s.withIgnoreFile(folder)
	}
	return s
}

func (s scope) withIgnoreFile(folder string) scope {
	if rules := parseIgnore(readSmall(filepath.Join(folder, ".gitignore"))); len(rules) > 0 {
		s.ignores = &ignoreList{base: s.path, rules: rules, parent: s.ignores}
	}
	return s
}

// below decides on one name in the folder: whether it is scanned, with which
// scope if it is a folder, and a reason if it is to be counted as skipped.
func (s scope) below(name string, dir bool, m *globMatcher) (next scope, reason Reason, ok bool) {
	next = s
	switch {
	case s.git && dir:
		return next, "", !gitStore(name)
	case s.git:
		return next, "", name == "config" || name == "config.worktree"
	case dir && name == ".git":
		return scope{git: true}, GitInternals, true
	}
	if s.tree {
		next.path = s.path + name
	}
	ignored := s.ignored || s.ignores.ignored(next.path, dir, m)
	if dir {
		next.path += "/"
	}
	switch {
	case !ignored:
		return next, "", true
	case !dir && !credentialFile(name):
		return next, IgnoredFile, false
	case !dir:
		return next, "", true
	case credentialFolder(name):
		return scope{}, "", true
	case cacheFolder(name):
		return next, CacheFolder, false
	}
	return scope{ignored: true}, "", true
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// readSmall reads a regular file of at most maxIgnoreFile bytes; nil for anything
// else. Rules that cannot be read hide nothing.
func readSmall(path string) []byte {
	f, err := openRegular(path, false)
	if err != nil {
		return nil
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	text, err := io.ReadAll(io.LimitReader(f, maxIgnoreFile+1))
	if err != nil || len(text) > maxIgnoreFile {
		return nil
	}
	return text
}
