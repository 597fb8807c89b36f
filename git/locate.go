package git

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// locate finds the repository of path, or takes gitDir where it is given. Only
// the folders and WorkTree of the result are set.
func locate(path, gitDir string) (*Repository, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &MissingPathError{path}
	case err != nil:
		return nil, err
	case gitDir != "":
		gitDir = under(path, gitDir)
		if !isGitDir(gitDir) {
			return nil, &NotRepositoryError{gitDir}
		}
		return newRepository(gitDir, workTreeOf(gitDir)), nil
	case !info.IsDir():
		return nil, &NotRepositoryError{path}
	}
	for dir := path; ; dir = filepath.Dir(dir) {
		if r, err := at(dir); r != nil || err != nil {
			return r, err
		}
		if dir == filepath.Dir(dir) {
			return nil, &NotRepositoryError{path}
		}
	}
}

// at returns the repository whose root dir is, nil where it is none.
func at(dir string) (*Repository, error) {
	dotGit := filepath.Join(dir, ".git")
	if info, err := os.Stat(dotGit); err == nil {
		if info.IsDir() && isGitDir(dotGit) {
			return newRepository(dotGit, dir), nil
		}
		if target, ok := readGitFile(dotGit); ok {
			if !isGitDir(target) {
				return nil, &BrokenLinkError{dotGit, target}
			}
			return newRepository(target, dir), nil
		}
	}
	if isGitDir(dir) {
		return newRepository(dir, workTreeOf(dir)), nil
	}
	return nil, nil
}

func newRepository(gitDir, workTree string) *Repository {
	return &Repository{GitDir: gitDir, CommonDir: commonDir(gitDir), WorkTree: workTree}
}

// workTreeOf names the work tree of a .git folder found by itself.
func workTreeOf(gitDir string) string {
	if filepath.Base(gitDir) == ".git" {
		return filepath.Dir(gitDir)
	}
	return ""
}

// readGitFile reads the `gitdir: PATH` of a linked worktree or a submodule.
func readGitFile(file string) (target string, ok bool) {
	text, err := readSmall(file)
	if err != nil {
		return "", false
	}
	target, ok = strings.CutPrefix(strings.TrimRight(text, "\r\n"), "gitdir: ")
	return under(filepath.Dir(file), target), ok && target != ""
}

// commonDir follows a linked worktree's commondir file to what it shares.
func commonDir(gitDir string) string {
	text, err := readSmall(filepath.Join(gitDir, "commondir"))
	if text = strings.TrimRight(text, "\r\n"); err != nil || text == "" {
		return gitDir
	}
	return under(gitDir, text)
}

// isGitDir tells a git folder as git does: HEAD, and objects and refs here or in
// the common folder.
func isGitDir(dir string) bool {
	if _, err := os.Lstat(filepath.Join(dir, "HEAD")); err != nil {
		return false
	}
	common := commonDir(dir)
	return isDir(filepath.Join(common, "objects")) && isDir(filepath.Join(common, "refs"))
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// readSmall reads the first 4 KiB of a file whose honest content is one line.
func readSmall(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return "", fs.ErrInvalid
	}
	var b [4096]byte
	n, err := f.Read(b[:])
	if n == 0 && err != nil {
		return "", err
	}
	return string(b[:n]), nil
}
