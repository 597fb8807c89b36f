package hooks

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Installer writes hooks into one folder.
type Installer struct {
	Folder  Folder
	Program string // absolute path of shrike
	Global  bool   // a folder for all repositories, which must pass on to the hooks of each
}

// Install puts shrike into one hook and says what was done. Where it is already,
// nothing changes.
func (i *Installer) Install(name string) (done string, err error) {
	if !slices.Contains(Names, name) {
		return "", fmt.Errorf("unknown hook %q: want %s", name, strings.Join(Names, ", "))
	}
	if dir := i.Folder.Shared; dir != "" {
		return intoShared(name, filepath.Join(dir, name))
	}
	return i.put(name)
}

// PassOn writes the scripts that call each repository's own hooks, see Installer.Global.
func (i *Installer) PassOn() error {
	for _, name := range append(slices.Clone(passed), Names...) {
		path := filepath.Join(i.Folder.Path, name)
		if _, exists, err := read(path); err != nil {
			return err
		} else if exists {
			continue
		}
		if err := write(path, passScript(name), 0o755); err != nil {
			return fmt.Errorf("install %s: %w", name, err)
		}
	}
	return nil
}

func (i *Installer) put(name string) (string, error) {
	path := filepath.Join(i.Folder.Path, name)
	if err := os.MkdirAll(i.Folder.Path, 0o755); err != nil {
		return "", fmt.Errorf("install %s: %w", name, err)
	}
	text, exists, err := read(path)
	if err != nil {
		return "", err
	}
	want := script(name, filepath.ToSlash(i.Program), i.Global)
	done := "installed " + path
	switch {
	case text == want && isExecutable(path):
		return "already installed in " + path, nil
	case isOurs(text):
		done = "renewed " + path
	case exists:
		if err := setAside(path, text); err != nil {
			return "", err
		}
		done += "; what was there runs first, as " + name + aside
	}
	if err := write(path, want, 0o755); err != nil {
		return "", fmt.Errorf("install %s: %w", name, err)
	}
	return done, nil
}

// setAside renames a hook. What an earlier one left under the new name is kept
// unless it is the same.
func setAside(path, text string) error {
	old, exists, err := read(path + aside)
	if err != nil {
		return err
	}
	if exists && old != text {
		return fmt.Errorf("install %s: %s and %s both exist: something has replaced the hook since `shrike install`; merge the two or remove one of them",
			filepath.Base(path), path, filepath.Base(path)+aside)
	}
	return os.Rename(path, path+aside)
}

// intoShared puts a block into a script that a team shares.
func intoShared(name, path string) (string, error) {
	text, exists, err := read(path)
	if err != nil {
		return "", err
	}
	if info, err := os.Lstat(path); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		return "", fmt.Errorf("install %s: %s is a link, which a block would not survive; call `shrike %s` from what it leads to", name, path, arguments(name))
	}
	mode := fs.FileMode(0o755)
	switch _, found, _ := withoutBlock(text); {
	case found:
		return "already installed in " + path, nil
	case !exists:
		text = "#!/bin/sh\n" + block(name, true)
	case !isShell(text):
		return "", fmt.Errorf("install %s: %s is no shell script; call `shrike %s` from it", name, path, arguments(name))
	default:
		info, err := os.Stat(path)
		if err != nil {
			return "", err
		}
		mode = info.Mode().Perm()
		text = withBlock(name, text)
	}
	if err := write(path, text, mode); err != nil {
		return "", fmt.Errorf("install %s: %w", name, err)
	}
	return "put a block into " + path + ", which is shared: commit it", nil
}

// Uninstall takes shrike out of one hook and restores what was there, to the byte.
// It says what was done, or nothing where there was nothing to do.
func (i *Installer) Uninstall(name string) (done string, err error) {
	if dir := i.Folder.Shared; dir != "" {
		return outOfShared(name, filepath.Join(dir, name))
	}
	path := filepath.Join(i.Folder.Path, name)
	text, _, err := read(path)
	if err != nil {
		return "", err
	}
	before := fileExists(path + aside)
	switch {
	case isOurs(text) && before:
		if err := os.Rename(path+aside, path); err != nil {
			return "", fmt.Errorf("uninstall %s: %w", name, err)
		}
		return "restored " + path, nil
	case isOurs(text):
		if err := os.Remove(path); err != nil {
			return "", fmt.Errorf("uninstall %s: %w", name, err)
		}
		return "removed " + path, nil
	case before:
		return "", fmt.Errorf("uninstall %s: something has replaced the hook since `shrike install`; %s holds what was there before: keep it or remove it", name, path+aside)
	}
	return "", nil
}

// PassNoMore removes what PassOn wrote, and the folder where that leaves it empty.
func (i *Installer) PassNoMore() error {
	for _, name := range append(slices.Clone(passed), Names...) {
		path := filepath.Join(i.Folder.Path, name)
		if text, _, err := read(path); err != nil {
			return err
		} else if text == passScript(name) {
			if err := os.Remove(path); err != nil {
				return fmt.Errorf("uninstall %s: %w", name, err)
			}
		}
	}
	if left, err := os.ReadDir(i.Folder.Path); err == nil && len(left) == 0 {
		return os.Remove(i.Folder.Path)
	}
	return nil
}

func outOfShared(name, path string) (string, error) {
	text, _, err := read(path)
	if err != nil {
		return "", err
	}
	rest, found, made := withoutBlock(text)
	if !found {
		return "", nil
	}
	if made {
		err = os.Remove(path)
	} else {
		var info fs.FileInfo
		if info, err = os.Stat(path); err == nil {
			err = write(path, rest, info.Mode().Perm())
		}
	}
	if err != nil {
		return "", fmt.Errorf("uninstall %s: %w", name, err)
	}
	return "took the block out of " + path, nil
}

func fileExists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}
