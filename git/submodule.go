package git

import (
	"io/fs"
	"path"
	"path/filepath"
	"strings"
)

// Submodule is a submodule's own repository, as it lies in its superproject's.
type Submodule struct {
	Path   string // of its work tree, slash separated, relative to the superproject's root
	GitDir string
}

// Submodules lists the repositories under modules/ of the common folder, those of
// submodules' submodules too, in order of their folders. They stay there when a
// submodule is removed. A path is that of core.worktree, or the submodule's name
// where that leads out of the work tree.
func (r *Repository) Submodules() []Submodule {
	modules := filepath.Join(r.CommonDir, "modules")
	var list []Submodule
	_ = filepath.WalkDir(modules, func(dir string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() || dir == modules {
			return nil
		}
		if isGitDir(dir) {
			list = append(list, Submodule{r.submodulePath(modules, dir), dir})
		}
		switch d.Name() {
		case "objects", "refs", "logs", "hooks", "info":
			if isGitDir(filepath.Dir(dir)) {
				return fs.SkipDir
			}
		}
		return nil
	})
	return list
}

// submodulePath says where a submodule's files stand in the superproject.
func (r *Repository) submodulePath(modules, dir string) string {
	if s, err := readSettings(filepath.Join(dir, "config")); err == nil && s.workTree != "" && r.WorkTree != "" {
		rel, err := filepath.Rel(realPath(r.WorkTree), realPath(under(dir, s.workTree)))
		if err == nil && filepath.IsLocal(rel) {
			return filepath.ToSlash(rel)
		}
	}
	name, err := filepath.Rel(modules, dir)
	if err != nil {
		return path.Base(filepath.ToSlash(dir))
	}
	return strings.ReplaceAll(filepath.ToSlash(name), "/modules/", "/")
}

// realPath resolves symbolic links where the path exists.
func realPath(p string) string {
	if real, err := filepath.EvalSymlinks(p); err == nil {
		return real
	}
	return filepath.Clean(p)
}
