// Command shrike finds leaked credentials: in the change being committed, in
// every object of a git repository, in files and in streams.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	delayCollection()
	signal.Ignore(syscall.SIGPIPE) // a reader that leaves is an error of writing, not our end
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	done := make(chan status, 1)
	go func() {
		done <- run(ctx, os.Args[1:], streams{in: os.Stdin, out: os.Stdout, err: os.Stderr, env: os.Getenv})
	}()
	select {
	case status := <-done:
		os.Exit(int(status))
	case <-ctx.Done():
	}
	stop() // whoever asks twice does not want to wait
	const grace = 2 * time.Second
	select {
	case status := <-done:
		os.Exit(int(status))
	case <-time.After(grace): // it reads from someone who writes nothing
		fmt.Fprintln(os.Stderr, "shrike: interrupted")
		os.Exit(int(statusError))
	}
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
	if completes(args) {
		addCompletions(s, root)
	}
	return settle(ctx, s, root.ExecuteContext(ctx))
}
