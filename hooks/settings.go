package hooks

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/go-git/gcfg"
)

// Settings are what git's configuration says of hooks, see git-config(1). A later
// file wins over an earlier one: the system's, the user's, the repository's, the
// work tree's, then the environment.
type Settings struct {
	HooksPath    Setting   // core.hooksPath
	TemplateDir  Setting   // init.templateDir
	Conditional  []string  // files with includeIf sections, which are not followed
	Remotes      []Setting // From is the remote's name, Value its URL
	worktreeFile bool      // extensions.worktreeConfig
	getenv       func(string) string
}

// Setting is a value and where it comes from.
type Setting struct{ Value, From string }

// ReadSettings reads the configuration as git does for a repository, or with empty
// folders what holds for all of them. getenv is os.Getenv, or a stand-in.
func ReadSettings(commonDir, gitDir string, getenv func(string) string) (*Settings, error) {
	s := &Settings{getenv: getenv}
	var list []string
	if !isTrue(getenv("GIT_CONFIG_NOSYSTEM")) {
		list = append(list, orElse(getenv("GIT_CONFIG_SYSTEM"), "/etc/gitconfig"))
	}
	list = append(list, userFiles(getenv)...)
	if commonDir != "" {
		list = append(list, filepath.Join(commonDir, "config"))
	}
	for _, file := range list {
		if err := s.readFile(file, 0); err != nil {
			return nil, err
		}
	}
	if s.worktreeFile && gitDir != "" {
		if err := s.readFile(filepath.Join(gitDir, "config.worktree"), 0); err != nil {
			return nil, err
		}
	}
	count, _ := strconv.Atoi(getenv("GIT_CONFIG_COUNT"))
	for i := range min(count, 1000) {
		key := getenv(fmt.Sprintf("GIT_CONFIG_KEY_%d", i))
		section, name, _ := strings.Cut(key, ".")
		s.set(section, "", name, getenv(fmt.Sprintf("GIT_CONFIG_VALUE_%d", i)), "the variable GIT_CONFIG_COUNT")
	}
	return s, nil
}

// userFiles lists the files of `git config --global`, the first of lowest rank.
func userFiles(getenv func(string) string) []string {
	if file := getenv("GIT_CONFIG_GLOBAL"); file != "" {
		return []string{file}
	}
	return []string{filepath.Join(configHome(getenv), "git", "config"), filepath.Join(home(getenv), ".gitconfig")}
}

// UserFile is the file that `git config --global` writes to.
func UserFile(getenv func(string) string) string {
	list := userFiles(getenv)
	last := list[len(list)-1]
	if len(list) == 2 && !fileExists(last) && fileExists(list[0]) {
		return list[0]
	}
	return last
}

// OwnFolder is where hooks and templates for all repositories are kept.
func OwnFolder(getenv func(string) string) string {
	return filepath.Join(configHome(getenv), "shrike")
}

func configHome(getenv func(string) string) string {
	return orElse(getenv("XDG_CONFIG_HOME"), filepath.Join(home(getenv), ".config"))
}

func home(getenv func(string) string) string { return orElse(getenv("HOME"), getenv("USERPROFILE")) }

func orElse(text, other string) string {
	if text != "" {
		return text
	}
	return other
}

// maxIncludes is git's own bound on files that include files.
const maxIncludes = 10

func (s *Settings) readFile(file string, depth int) error {
	text, err := os.ReadFile(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("read git's configuration: %w", err)
	case depth > maxIncludes:
		return fmt.Errorf("read git's configuration %s: included too deep", file)
	}
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	var nested error
	err = gcfg.ReadWithCallback(bytes.NewReader(text), func(section, subsection, key, value string, _ bool) error {
		if strings.EqualFold(section, "include") && strings.EqualFold(key, "path") {
			path := s.expand(value)
			if !filepath.IsAbs(path) {
				path = filepath.Join(filepath.Dir(file), path)
			}
			nested = errors.Join(nested, s.readFile(path, depth+1))
			return nil
		}
		s.set(section, subsection, key, value, file)
		return nil
	})
	if err != nil {
		return fmt.Errorf("read git's configuration %s: %w", file, err)
	}
	return nested
}

func (s *Settings) set(section, subsection, key, value, from string) {
	switch strings.ToLower(section + "." + key) {
	case "core.hookspath":
		s.HooksPath = Setting{s.expand(value), from}
	case "init.templatedir":
		s.TemplateDir = Setting{s.expand(value), from}
	case "extensions.worktreeconfig":
		s.worktreeFile = isTrue(value)
	case "remote.url":
		s.Remotes = append(s.Remotes, Setting{value, subsection})
	case "includeif.path":
		if !slices.Contains(s.Conditional, from) {
			s.Conditional = append(s.Conditional, from)
		}
	}
}

// expand replaces the ~/ of a path.
func (s *Settings) expand(path string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		return filepath.Join(home(s.getenv), rest)
	}
	return path
}

// isTrue reads a boolean of git's; a key without a value is true.
func isTrue(value string) bool {
	switch strings.ToLower(value) {
	case "true", "yes", "on", "1":
		return true
	}
	return false
}

// Folder says where git looks for hooks. A relative core.hooksPath is relative to
// where they run: the root of the work tree, or of the bare repository.
func (s *Settings) Folder(commonDir, workTree string) Folder {
	own := filepath.Join(commonDir, "hooks")
	if s.HooksPath.Value == "" {
		return Folder{Path: own, Own: own}
	}
	f := Folder{Path: filepath.FromSlash(s.HooksPath.Value), Own: own, From: s.HooksPath.From}
	if !filepath.IsAbs(f.Path) {
		f.Path = filepath.Join(orElse(workTree, commonDir), f.Path)
	}
	if workTree != "" && within(workTree, f.Path) && !within(commonDir, f.Path) {
		f.Shared = f.Path
		if filepath.Base(f.Path) == "_" {
			f.Shared = filepath.Dir(f.Path)
		}
	}
	return f
}

func within(dir, path string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && filepath.IsLocal(rel)
}

// A section that shrike adds to the user's configuration, and takes out again.
func sectionStart(key string) string { return "# >>> shrike install: " + key + " >>>\n" }

const sectionEnd = "# <<< shrike install <<<\n"

// Point makes a key of the user's configuration, such as core.hooksPath, name a
// folder, in a marked section at the end of file.
func Point(file, key, folder string) error {
	text, err := readConfig(file)
	if err != nil {
		return err
	}
	section, name, _ := strings.Cut(key, ".")
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(filepath.ToSlash(folder))
	text += fmt.Sprintf("%s[%s]\n\t%s = \"%s\"\n%s", sectionStart(key), section, name, quoted, sectionEnd)
	return writeConfig(file, text)
}

// PointNoMore takes the section that Point wrote out of file, and says whether it
// was there.
func PointNoMore(file, key string) (bool, error) {
	text, err := readConfig(file)
	if err != nil {
		return false, err
	}
	before, after, found := strings.Cut(text, sectionStart(key))
	if !found {
		return false, nil
	}
	_, after, closed := strings.Cut(after, sectionEnd)
	if !closed {
		return false, fmt.Errorf("read git's configuration %s: the section of `shrike install` has lost its end; remove it by hand", file)
	}
	text = before + after
	if text == "" {
		return true, os.Remove(file)
	}
	return true, writeConfig(file, text)
}

func readConfig(file string) (string, error) {
	if info, err := os.Stat(file); err == nil && !info.Mode().IsRegular() { // GIT_CONFIG_GLOBAL=/dev/null
		return "", fmt.Errorf("write git's configuration %s: it is no regular file", file)
	}
	text, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("read git's configuration: %w", err)
	}
	return string(text), nil
}

func writeConfig(file, text string) error {
	if real, err := filepath.EvalSymlinks(file); err == nil {
		file = real // of people who keep it under version control
	}
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(file); err == nil {
		mode = info.Mode().Perm()
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return fmt.Errorf("write git's configuration: %w", err)
	}
	if err := write(file, text, mode); err != nil {
		return fmt.Errorf("write git's configuration %s: %w", file, err)
	}
	return nil
}
