package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/spf13/pflag"
)

// cacheFlags say where scans of a repository leave what the next one can use.
type cacheFlags struct {
	dir string
	off bool
}

func (f *cacheFlags) register(fs *pflag.FlagSet) {
	fs.StringVar(&f.dir, "cache", "", "keep what was learned of the history in `DIR`, for later scans to read only what is new (default shrike in the user's cache folder)")
	fs.BoolVar(&f.off, "no-cache", false, "read every object, and keep nothing")
}

// folder is where the caches are; empty for none.
func (f *cacheFlags) folder(env func(string) string) (string, error) {
	switch {
	case f.off && f.dir != "":
		return "", errors.New("--cache and --no-cache exclude each other")
	case f.off:
		return "", nil
	case f.dir != "":
		return f.dir, nil
	}
	if base := userCache(env); base != "" {
		return filepath.Join(base, "shrike"), nil
	}
	return "", nil
}

// userCache is os.UserCacheDir for a given environment; empty where there is none.
func userCache(env func(string) string) string {
	below := func(name string, parts ...string) string {
		if base := env(name); filepath.IsAbs(base) {
			return filepath.Join(append([]string{base}, parts...)...)
		}
		return ""
	}
	switch runtime.GOOS {
	case "windows":
		return below("LocalAppData")
	case "darwin", "ios":
		return below("HOME", "Library", "Caches")
	}
	if dir := below("XDG_CACHE_HOME"); dir != "" {
		return dir
	}
	return below("HOME", ".cache")
}

// cacheSalt tells builds of the program apart. One that was not released may have
// changed without its version, so its file counts too.
func cacheSalt() string {
	if version != "" {
		return version
	}
	salt := programVersion()
	if path, err := os.Executable(); err == nil {
		if info, err := os.Stat(path); err == nil {
			salt += fmt.Sprintf(" %d %d", info.Size(), info.ModTime().UnixNano())
		}
	}
	return salt
}
