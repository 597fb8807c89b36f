package odb

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// packs is what was found in the pack directories. Immutable once stored.
type packs struct {
	list   []*pack
	multi  []*multiIndex
	alone  []*pack // of list, those that no multi-pack index covers
	broken []Problem
	faults []Problem       // multi-pack indexes that are not used
	known  map[string]bool // paths of packs, those of broken ones too
	stamps []stamp         // of each directory when it was listed
}

// add is for packs that are being gathered.
func (now *packs) add(p *pack) {
	now.list, now.alone = append(now.list, p), append(now.alone, p)
}

// find looks an object up: in the multi-pack indexes, then in the packs that none
// covers. Where a multi-pack index is wrong it gives false for an object that
// stands in one of list.
func (now *packs) find(id []byte) (p *pack, i int, ok bool) {
	for _, m := range now.multi {
		if p := m.holder(id); p != nil {
			if i, ok := p.idx.find(id); ok {
				return p, i, true
			}
		}
	}
	return findIn(now.alone, id)
}

// findIn looks an object up in one pack after the other.
func findIn(list []*pack, id []byte) (p *pack, i int, ok bool) {
	for _, p := range list {
		if i, ok := p.idx.find(id); ok {
			return p, i, true
		}
	}
	return nil, 0, false
}

// findPacks opens the packs that came since it last looked and says whether
// there are any that the caller has not seen. A pack that a repack removes between listing and opening makes
// it look again, a little later each time, for the repack has put its objects
// elsewhere.
func (s *Store) findPacks(seen *packs) (found bool, err error) {
	if s.frozen || s.packs.Load().current(s.dirs) {
		return s.more(seen), nil
	}
	s.refresh.Lock()
	defer s.refresh.Unlock()
	const tries = 40
	for try := 1; ; try++ {
		now, paths, err := s.unknown()
		if err != nil {
			return s.more(seen), err
		}
		vanished := false
		var bare []*pack // without an index
		for _, path := range paths {
			p, err := s.openPack(path)
			if errors.Is(err, fs.ErrNotExist) && try < tries {
				vanished = true
				continue
			}
			now.known[path] = true
			switch {
			case err != nil:
				now.broken = append(now.broken, Problem{Path: path, Err: err})
			case p.idx == nil:
				bare = append(bare, p)
			default:
				now.add(p)
			}
		}
		for _, p := range bare {
			p.idx = s.scanPack(p, now)
			now.add(p)
		}
		if vanished {
			now.stamps = nil
		}
		if len(paths) > 0 {
			s.cover(now)
		}
		s.packs.Store(now)
		if !vanished {
			return s.more(seen), nil
		}
		time.Sleep(time.Duration(try) * time.Millisecond)
	}
}

// more reports whether there are packs that the caller has not seen.
func (s *Store) more(seen *packs) bool { return len(s.packs.Load().list) > len(seen.list) }

// unknown lists the packs that are not known yet, and gives a copy of the known
// ones.
func (s *Store) unknown() (now *packs, paths []string, err error) {
	old := s.packs.Load()
	now = &packs{
		list: slices.Clone(old.list), multi: old.multi, alone: slices.Clone(old.alone),
		broken: slices.Clone(old.broken), faults: old.faults, known: maps.Clone(old.known),
	}
	if now.known == nil {
		now.known = map[string]bool{}
	}
	for _, dir := range s.dirs {
		now.stamps = append(now.stamps, newStamp(packDir(dir)))
		names, err := packNames(packDir(dir))
		if err != nil {
			return nil, nil, err
		}
		for _, path := range names {
			if !now.known[path] {
				paths = append(paths, path)
			}
		}
	}
	return now, paths, nil
}

func packDir(objects string) string { return filepath.Join(objects, "pack") }

// stamp tells whether a directory was written to since it was listed.
type stamp struct {
	at   time.Time // of the last write; zero: there is no directory
	sure bool
}

// newStamp is to be taken before the directory is listed. File systems keep times
// in steps, of up to two seconds: a directory just written to may be written to
// again at the same time.
func newStamp(dir string) stamp {
	const step = 3 * time.Second
	at := writtenAt(dir)
	return stamp{at, time.Since(at) > step}
}

func writtenAt(dir string) time.Time {
	if info, err := os.Stat(dir); err == nil {
		return info.ModTime()
	}
	return time.Time{}
}

// current reports whether nothing came into the directories since they were
// listed. A miss costs no more than this.
func (now *packs) current(dirs []string) bool {
	if len(now.stamps) != len(dirs) {
		return false
	}
	for i, dir := range dirs {
		if s := now.stamps[i]; !s.sure || !writtenAt(packDir(dir)).Equal(s.at) {
			return false
		}
	}
	return true
}

// packNames lists the packs of a directory in order of name: what ends in .pack,
// and what has an index only, so that its loss is noticed.
func packNames(dir string) (paths []string, err error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list packs: %w", err)
	}
	for _, e := range entries {
		base, isPack := strings.CutSuffix(e.Name(), ".pack")
		base, isIndex := strings.CutSuffix(base, ".idx")
		if (isPack || isIndex) && strings.HasPrefix(base, "pack-") {
			paths = append(paths, filepath.Join(dir, base+".pack"))
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths), nil
}

// openPack maps a pack and its index.
func (s *Store) openPack(path string) (*pack, error) {
	data, err := mapFile(path)
	if err != nil {
		return nil, err
	}
	file, err := mapFile(strings.TrimSuffix(path, ".pack") + ".idx")
	if err != nil {
		file = nil
	}
	p, err := newPack(path, data, file, s.o.HashSize)
	if err != nil {
		unmap(data)
		unmap(file)
	}
	return p, err
}
