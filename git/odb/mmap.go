package odb

import (
	"fmt"
	"io"
	"os"
)

// mapFile gives the content of a file for reading, mapped where the system can.
// It stays valid when the file is renamed or removed, as a repack does. unmap it
// once.
func mapFile(path string) (data []byte, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	size := info.Size()
	if size == 0 || !info.Mode().IsRegular() {
		return nil, fmt.Errorf("map %s: not a file with content", path)
	}
	if int64(int(size)) != size {
		return nil, fmt.Errorf("map %s: %d bytes are more than this system can address", path, size)
	}
	return mapOpen(f, size)
}

// readMapped stands in for a mapping: it reads the file into memory.
func readMapped(f *os.File, size int64) ([]byte, error) {
	data := make([]byte, size)
	if _, err := io.ReadFull(io.NewSectionReader(f, 0, size), data); err != nil {
		return nil, fmt.Errorf("read %s: %w", f.Name(), err)
	}
	return data, nil
}
