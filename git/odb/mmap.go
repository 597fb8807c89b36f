package odb

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// mapFile gives the content of a file for reading, mapped where the system can.
// It stays valid when the file is renamed or removed, as a repack does. unmap it
// once.
func mapFile(path string) (data []byte, err error) {
	f, size, err := openFile(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if size == 0 {
		return nil, fmt.Errorf("map %s: %w", path, errNoFile)
	}
	if int64(int(size)) != size {
		return nil, fmt.Errorf("map %s: %d bytes are more than this system can address", path, size)
	}
	return mapOpen(f, size)
}

var errNoFile = errors.New("not a file with content")

// openFile opens a regular file. It looks before it opens: the open of a named
// pipe would wait for somebody to write into it.
func openFile(path string) (f *os.File, size int64, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, 0, err
	}
	if !info.Mode().IsRegular() {
		return nil, 0, fmt.Errorf("open %s: %w", path, errNoFile)
	}
	if f, err = os.Open(path); err != nil {
		return nil, 0, err
	}
	if info, err = f.Stat(); err != nil {
		f.Close()
		return nil, 0, err
	}
	return f, info.Size(), nil
}

// readSmall reads a file of at most a megabyte; nil where there is none.
func readSmall(path string) ([]byte, error) {
	const most = 1 << 20
	f, size, err := openFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if size > most {
		return nil, fmt.Errorf("read %s: %d bytes are more than the %d that it may have", path, size, most)
	}
	return io.ReadAll(io.LimitReader(f, most))
}

// readMapped stands in for a mapping: it reads the file into memory.
func readMapped(f *os.File, size int64) ([]byte, error) {
	data := make([]byte, size)
	if _, err := io.ReadFull(io.NewSectionReader(f, 0, size), data); err != nil {
		return nil, fmt.Errorf("read %s: %w", f.Name(), err)
	}
	return data, nil
}
