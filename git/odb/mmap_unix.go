//go:build unix

package odb

import (
	"os"

	"golang.org/x/sys/unix"
)

// mapOpen maps the first size bytes of an open file.
func mapOpen(f *os.File, size int64) ([]byte, error) {
	data, err := unix.Mmap(int(f.Fd()), 0, int(size), unix.PROT_READ, unix.MAP_SHARED)
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
