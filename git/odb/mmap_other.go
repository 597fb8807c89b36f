//go:build !unix

package odb

import (
	"fmt"
	"os"
)

// mapFile reads a whole file where the system has no memory mapping that
// survives a concurrent repack.
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
	if size == 0 || !info.Mode().IsRegular() || int64(int(size)) != size {
		return nil, fmt.Errorf("read %s: not a file with content", path)
	}
	return readMapped(f, size)
}

func unmap([]byte) {}
