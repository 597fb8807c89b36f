package git

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// maxReftable bounds, in bytes, the tables that are read.
const maxReftable = 1 << 30

// readTables parses the tables of the stack in dir/reftable, the oldest first. A
// repository that is written to meanwhile may merge tables between the reading of
// the list and of the tables: then the list is read again. A stack that is not
// there is empty.
func readTables(dir string, hashSize int) ([]*reftable, error) {
	dir = filepath.Join(dir, "reftable")
	const tries = 4
	for try := 1; ; try++ {
		list, err := os.ReadFile(filepath.Join(dir, "tables.list"))
		if os.IsNotExist(err) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		var tables []*reftable
		for name := range strings.Lines(string(list)) {
			if name = strings.TrimRight(name, "\r\n"); name == "" {
				continue
			}
			if !filepath.IsLocal(name) {
				return nil, fmt.Errorf("read %s: table %q lies elsewhere", filepath.Join(dir, "tables.list"), name)
			}
			t, errTable := readTable(filepath.Join(dir, name), hashSize)
			if err = errTable; err != nil {
				break
			}
			tables = append(tables, t)
		}
		if err == nil || !os.IsNotExist(err) || try == tries {
			return tables, err
		}
	}
}

func readTable(file string, hashSize int) (*reftable, error) {
	if info, err := os.Stat(file); err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() || info.Size() > maxReftable {
		return nil, fmt.Errorf("read reftable %s: it is no file of at most %d bytes", file, maxReftable)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	t, err := parseReftable(data, hashSize)
	if err != nil {
		return nil, fmt.Errorf("read reftable %s: %w", file, err)
	}
	return t, nil
}

// readStack puts the refs of the stack in dir into raw; a later table goes before
// an earlier one.
func readStack(dir string, hashSize int, raw map[string]string) error {
	tables, err := readTables(dir, hashSize)
	if err != nil {
		return err
	}
	for _, t := range tables {
		err := t.refs(func(r refRecord) {
			if r.value == "" {
				delete(raw, r.name)
			} else {
				raw[r.name] = r.value
			}
		})
		if err != nil {
			return fmt.Errorf("read refs in %s: %w", filepath.Join(dir, "reftable"), err)
		}
	}
	return nil
}

// readStackLogs adds the ids that the logs of the stack in dir remember. What is
// damaged only costs attribution its word "reflog".
func readStackLogs(dir string, hashSize int, l reflogs) {
	tables, err := readTables(dir, hashSize)
	if err != nil {
		return
	}
	entries := make(map[string]logRecord)
	for _, t := range tables {
		_ = t.reflog(func(r logRecord) { entries[r.key] = r })
	}
	for _, r := range entries {
		ids := l.ids
		if r.logName() == "refs/stash" {
			ids = l.stash
		}
		if !r.old.IsZero() {
			ids[r.old] = true
		}
		if !r.new.IsZero() {
			ids[r.new] = true
		}
	}
}
