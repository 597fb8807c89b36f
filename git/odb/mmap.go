package odb

import (
	"fmt"
	"io"
	"os"
)

// readMapped stands in for a mapping: it reads the file into memory.
func readMapped(f *os.File, size int64) ([]byte, error) {
	data := make([]byte, size)
	if _, err := io.ReadFull(io.NewSectionReader(f, 0, size), data); err != nil {
		return nil, fmt.Errorf("read %s: %w", f.Name(), err)
	}
	return data, nil
}
