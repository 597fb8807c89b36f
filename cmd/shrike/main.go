// Command shrike finds leaked credentials: in the change being committed, in
// every object of a git repository, in files and in streams.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"
)

func main() {
	delayCollection()
	signal.Ignore(syscall.SIGPIPE) // a reader that leaves is an error of writing, not our end
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], streams{in: os.Stdin, out: os.Stdout, err: os.Stderr, env: os.Getenv})
	stop()
	os.Exit(int(status))
}

// delayCollection lets the heap grow to 40 MB before its first collection, from
// when on the usual share holds: most hooks end before they have used that much, and
// collecting would take a tenth of their time.
func delayCollection() {
	const usual, first = 100, 1000 // percent; the runtime starts from 4 MB at 100
	if os.Getenv("GOGC") != "" {
		return
	}
	debug.SetGCPercent(first)
	runtime.AddCleanup(new([16]byte), func(percent int) { debug.SetGCPercent(percent) }, usual)
}

// streams is what a run may read and write, and the environment it sees: tests
// hand in their own.
type streams struct {
	in  io.Reader
	out io.Writer
	err io.Writer
	env func(string) string
}

// run is the whole program.
func run(ctx context.Context, args []string, s streams) status {
	root := newRoot(s)
	root.SetArgs(args)
	return settle(ctx, s, root.ExecuteContext(ctx))
}
