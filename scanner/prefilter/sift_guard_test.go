//go:build linux || darwin

package prefilter

import (
	"os"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// A page that cannot be read follows the data: reading further would crash.
func TestSiftReadsNoFurther(t *testing.T) {
	page := os.Getpagesize()
	room := (siftMost+lookahead+page-1)/page*page + page
	memory, err := syscall.Mmap(-1, 0, room, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, syscall.Munmap(memory)) })
	require.NoError(t, syscall.Mprotect(memory[room-page:], syscall.PROT_NONE))

	for size := 0; size <= siftMost; size += siftStep {
		data := memory[room-page-size-lookahead : room-page : room-page]
		var out positions
		require.Equal(t, size/stride, sift(fullFilter(), data, &out))
	}
}
