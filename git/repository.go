package git

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/shrike-scan/shrike/git/odb"
)

// Options says where parts of a repository are when they are not where its
// folder says. Git sets the variables of the same names for its hooks. Relative
// paths are relative to the path given to Open.
type Options struct {
	GitDir               string   // GIT_DIR: no search is made
	IndexFile            string   // GIT_INDEX_FILE
	ObjectDir            string   // GIT_OBJECT_DIRECTORY
	AlternateObjectDirs  []string // GIT_ALTERNATE_OBJECT_DIRECTORIES
	QuarantineDir        string   // GIT_QUARANTINE_PATH: objects of a push under way
	MaxObject, WalkBytes int64    // bounds on memory, see odb.Options
}

// Environment reads Options from git's variables. getenv is os.Getenv, or a
// stand-in.
func Environment(getenv func(string) string) Options {
	o := Options{
		GitDir:        getenv("GIT_DIR"),
		IndexFile:     getenv("GIT_INDEX_FILE"),
		ObjectDir:     getenv("GIT_OBJECT_DIRECTORY"),
		QuarantineDir: getenv("GIT_QUARANTINE_PATH"),
	}
	if dirs := getenv("GIT_ALTERNATE_OBJECT_DIRECTORIES"); dirs != "" {
		o.AlternateObjectDirs = filepath.SplitList(dirs)
	}
	return o
}

// Repository is an open repository. Its methods may not be called concurrently.
type Repository struct {
	GitDir    string // the own folder: HEAD, index, and the refs of this worktree
	CommonDir string // what all worktrees share: objects, refs, config
	WorkTree  string // root of the files; empty for a bare repository
	HashSize  int    // bytes of an object id: 20 or 32

	indexFile string
	ahead     chan indexRead // what ReadIndexAhead reads; nil without
	opened    chan *opening  // what ReadAhead reads; nil without
	settings  settings
	shallow   map[odb.ID]bool     // commits whose parents were cut off
	grafts    map[odb.ID][]odb.ID // commits that were given other parents
	replaced  map[odb.ID]odb.ID   // objects that others are shown in place of
	store     *odb.Store
	history   *history // what the last Scan walked; Attribute reads it

	bundle    *bundle // the file that this is, nil for a repository of its own
	temporary string  // folder to remove on Close
}

// Open opens the repository that path stands in: the root of a work tree or any
// folder below it, a bare repository, a linked worktree, a submodule, or a .git
// folder itself. Errors are *MissingPathError, *NotRepositoryError,
// *BrokenLinkError, or tell of an unreadable file.
func Open(path string, o Options) (*Repository, error) {
	if isBundle(path) {
		return openBundle(path, o)
	}
	r, err := locate(path, o.GitDir)
	if err != nil {
		return nil, err
	}
	if r.settings, err = readSettings(filepath.Join(r.CommonDir, "config")); err != nil {
		return nil, err
	}
	r.HashSize = r.settings.hashSize
	if err = r.readView(); err != nil {
		return nil, err
	}
	r.indexFile = filepath.Join(r.GitDir, "index")
	if o.IndexFile != "" {
		r.indexFile = under(path, o.IndexFile)
	}
	r.store, err = odb.Open(r.objectDirs(path, o), odb.Options{
		HashSize: r.HashSize, MaxObject: o.MaxObject, WalkBytes: o.WalkBytes,
	})
	if err != nil {
		return nil, fmt.Errorf("open objects of %s: %w", r.CommonDir, err)
	}
	return r, nil
}

// Close releases the object store.
func (r *Repository) Close() error {
	if r.opened != nil {
		<-r.opened // it reads what is released
	}
	err := r.store.Close()
	if r.temporary != "" {
		err = errors.Join(err, os.RemoveAll(r.temporary))
	}
	return err
}

// objectDirs lists the folders that hold objects, each once. The repository's own
// is always among them: in a quarantine the variables name only the new objects'.
func (r *Repository) objectDirs(path string, o Options) []string {
	dirs := []string{filepath.Join(r.CommonDir, "objects")}
	add := func(dir string) {
		if dir == "" {
			return
		}
		dir = under(path, dir)
		for _, have := range dirs {
			if sameFile(have, dir) {
				return
			}
		}
		dirs = append(dirs, dir)
	}
	add(o.ObjectDir)
	add(o.QuarantineDir)
	for _, dir := range o.AlternateObjectDirs {
		add(dir)
	}
	return dirs
}

func sameFile(a, b string) bool {
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}

// under resolves p relative to dir.
func under(dir, p string) string {
	if filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(dir, p)
}
