//go:build !unix

package files

import "os"

func openRegular(path string, _ bool) (*os.File, error) { return os.Open(path) }

func openFolder(path string, _ bool) (*os.File, error) { return os.Open(path) }
