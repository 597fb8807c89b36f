//go:build !unix

package odb

import "os"

// mapOpen reads the whole file where the system has no memory mapping that
// survives a concurrent repack.
func mapOpen(f *os.File, size int64) ([]byte, error) { return readMapped(f, size) }

func unmap([]byte) {}
