package odb

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// cover opens the multi-pack indexes, for which one pack more is reason enough to
// have been written anew.
func (s *Store) cover(now *packs) {
	now.multi, now.faults, now.alone = nil, nil, now.list
	if len(now.list) < 2 {
		return
	}
	for _, dir := range s.dirs {
		files, err := multiFiles(packDir(dir), s.o.HashSize)
		if err != nil {
			now.faults = append(now.faults, Problem{Path: packDir(dir), Err: err})
		}
		for _, file := range files {
			switch data, err := mapFile(file); {
			case errors.Is(err, fs.ErrNotExist):
			case err != nil:
				now.faults = append(now.faults, Problem{Path: file, Err: err})
			default:
				// It stays mapped until the store is closed, as look-ups may
				// be under way when the next one takes its place.
				s.mapped = append(s.mapped, data)
				now.coverBy(file, packDir(dir), data, s.o.HashSize)
			}
		}
	}
}

// coverBy takes the bytes of one multi-pack index of the packs in dir.
func (now *packs) coverBy(file, dir string, data []byte, hash int) {
	m, err := parseMultiIndex(data, hash)
	if errors.Is(err, errMultiVersion) {
		return
	}
	if err != nil {
		now.faults = append(now.faults, Problem{Path: file, Err: fmt.Errorf("multi-pack index %w", err)})
		return
	}
	m.path = file
	byPath, covered := make(map[string]*pack, len(now.list)), make(map[*pack]bool)
	for _, p := range now.list {
		byPath[p.path] = p
	}
	for _, name := range m.names {
		p := byPath[filepath.Join(dir, name+".pack")]
		m.packs, covered[p] = append(m.packs, p), true
	}
	now.multi = append(now.multi, m)
	now.alone = slices.DeleteFunc(slices.Clone(now.alone), func(p *pack) bool { return covered[p] })
}

// multiFiles lists the multi-pack indexes of a pack directory: the one, or else
// those of a chain, whose file names a checksum a line
// (git: Documentation/technical/multi-pack-index).
func multiFiles(dir string, hash int) ([]string, error) {
	one := filepath.Join(dir, "multi-pack-index")
	if _, err := os.Stat(one); err == nil {
		return []string{one}, nil
	}
	return chainFiles(filepath.Join(dir, "multi-pack-index.d", "multi-pack-index-chain"), "multi-pack-index-", ".midx", hash)
}
