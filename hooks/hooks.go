// Package hooks puts shrike into git's hooks, beside whatever is there already,
// takes it out again, and looks at what git would run.
//
// A hook that exists is never lost: it is renamed to NAME.before-shrike and called
// first, or, where a team keeps its hooks under version control, gets a marked block. Nothing here runs a program.
package hooks

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Names are the hooks that shrike can stand in, see githooks(5).
var Names = []string{"pre-commit", "pre-merge-commit", "commit-msg", "pre-push", "pre-receive"}

// Defaults returns the hooks to install where nobody says which.
func Defaults(bare bool) []string {
	if bare {
		return []string{"pre-receive"}
	}
	return []string{"pre-commit", "pre-merge-commit", "commit-msg", "pre-push"}
}

// passed are the hooks that a folder for all repositories must pass on to each
// repository's own, which git looks for no more once core.hooksPath is set. Left
// out are those whose mere presence changes what git does (push-to-checkout,
// proc-receive), and those that git runs many times a command.
var passed = []string{
	"applypatch-msg", "pre-applypatch", "post-applypatch", "prepare-commit-msg", "post-commit", "pre-rebase", "post-checkout",
	"post-merge", "update", "post-receive", "post-update", "pre-auto-gc", "post-rewrite", "sendemail-validate",
}

// aside is what a hook that was there before is called.
const aside = ".before-shrike"

// Folder is where git looks for the hooks of a repository.
type Folder struct {
	Path string
	Own  string // the folder git would look in without core.hooksPath
	From string // the configuration file that sets core.hooksPath; empty where none does

	// Shared is the folder of the scripts where these are files of the work tree,
	// which a team keeps under version control; empty where the hooks are this
	// clone's alone. Mostly it is Path, but husky (https://typicode.github.io/husky)
	// points git to .husky/_ since its version 9, and calls the scripts in .husky.
	Shared string
}

// Shadowed reports whether git overlooks the repository's own folder.
func (f Folder) Shadowed() bool { return f.From != "" && !same(f.Path, f.Own) }

func same(a, b string) bool {
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	if errX == nil && errY == nil {
		return os.SameFile(x, y)
	}
	return filepath.Clean(a) == filepath.Clean(b)
}

// maxHook bounds what is read of a hook, in bytes.
const maxHook = 1 << 20

// read returns a hook's text, empty where there is none.
func read(path string) (text string, exists bool, err error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Lstat(path); err == nil {
			return "", true, nil // a link that leads nowhere
		}
		return "", false, nil
	}
	if err != nil {
		return "", false, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxHook {
		return "", true, fmt.Errorf("read hook %s: not a regular file of at most %d bytes", path, maxHook)
	}
	data, err := os.ReadFile(path)
	return string(data), true, err
}

// write puts text at path whole or not at all.
func write(path, text string, mode fs.FileMode) error {
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	err = errors.Join(err, file.Chmod(mode), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		_ = os.Remove(file.Name())
	}
	return err
}

// shellQuote writes text as one word of a POSIX shell.
func shellQuote(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
