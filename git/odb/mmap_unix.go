//go:build unix

package odb

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// mapFile maps a whole file for reading. The mapping stays valid when the file
// is renamed or removed, as a repack does. unmap it once.
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
	data, err = unix.Mmap(int(f.Fd()), 0, int(size), unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return readMapped(f, size) // some network and FUSE file systems cannot map
	}
	return data, nil
}

func unmap(data []byte) {
	if data != nil {
		_ = unix.Munmap(data) // fails only for memory that readMapped allocated
	}
}
