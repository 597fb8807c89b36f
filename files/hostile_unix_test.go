//go:build unix

package files

import (
	"context"
	"net"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

func makePipe(t *testing.T, path string) {
	t.Helper()
	require.NoError(t, syscall.Mkfifo(path, 0o600))
}

// changeOnRead is a context whose every look at Err calls change: contextReader
// looks before each read.
type changeOnRead struct {
	context.Context
	change func()
}

func (c changeOnRead) Err() error {
	c.change()
	return c.Context.Err()
}

func TestSpecialFilesAreSkipped(t *testing.T) {
	tree(t, map[string]string{"f": key(1)})
	makePipe(t, "pipe")
	listener, err := net.Listen("unix", "socket")
	require.NoError(t, err)
	defer listener.Close()

	c, receipt := scan(t, Options{All: true}, ".")
	require.Equal(t, []string{"f:1 " + key(1)}, places(c))
	require.Equal(t, map[Reason][]string{SpecialFile: {"pipe", "socket"}}, skipped(receipt))

	for path, kind := range map[string]string{"pipe": "a named pipe", "socket": "a socket"} {
		_, err := Scan(t.Context(), []string{path}, engine(t), nil, Options{})
		require.ErrorContains(t, err, kind+" is not a file")
	}
}
