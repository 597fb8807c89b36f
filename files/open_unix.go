//go:build unix

package files

import (
	"os"
	"syscall"
)

// openRegular opens a file that was regular when its folder was listed. Should
// it be a link or a named pipe by now, it neither follows nor waits for a writer.
func openRegular(path string, follow bool) (*os.File, error) {
	flags := os.O_RDONLY | syscall.O_NONBLOCK
	if !follow {
		flags |= syscall.O_NOFOLLOW
	}
	return os.OpenFile(path, flags, 0)
}

// openFolder opens a directory, through a link only where follow says so.
func openFolder(path string, follow bool) (*os.File, error) {
	flags := os.O_RDONLY | syscall.O_DIRECTORY
	if !follow {
		flags |= syscall.O_NOFOLLOW
	}
	return os.OpenFile(path, flags, 0)
}
