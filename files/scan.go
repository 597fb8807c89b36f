package files

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/shrike-scan/shrike/scanner"
)

// Options narrow and tune a scan; the zero value is a good default.
type Options struct {
	// All scans what is skipped otherwise: ignored files and folders, and the
	// inside of .git folders.
	All bool

	// Workers is the number of goroutines that list and scan; 0 means one a CPU.
	// Findings do not depend on it.
	Workers int

	// Whole is the size in bytes up to which a file is held in memory whole, for
	// each worker; larger files are scanned as a stream. 0 means 8 MiB.
	Whole int64

	// Progress, when set, hears after each file how many files and bytes were
	// scanned so far. It is called by several goroutines at once.
	Progress func(files, bytes int64)
}

const defaultWhole = 8 << 20

func (o Options) withDefaults() Options {
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.Whole <= 0 {
		o.Whole = defaultWhole
	}
	return o
}

// Scan scans the paths, files or directories, and adds what it finds to c. An
// occurrence's path is the argument's path joined with the path below it, slash
// separated; an absolute argument below the working directory is made relative
// to it. A path given as an argument is scanned even where an ignore rule names it, and is followed
// where it is a symbolic link.
//
// Every path must exist, or nothing is scanned and the error names the one that does not. What
// cannot be read later is a Problem in the receipt, and the scan goes on. The
// receipt is valid, if incomplete, when ctx ends and Scan returns its error.
func Scan(ctx context.Context, paths []string, e *scanner.Engine, c *scanner.Collector, o Options) (Receipt, error) {
	w := &walk{
		ctx:       ctx,
		engine:    e,
		collector: c,
		options:   o.withDefaults(),
		queue:     newQueue(),
	}
	roots, err := w.roots(paths)
	if err != nil {
		return Receipt{}, err
	}
	w.queue.offer(roots)

	stop := context.AfterFunc(ctx, w.queue.stop)
	defer stop()
	workers := make([]*worker, w.options.Workers)
	var running sync.WaitGroup
	for i := range workers {
		workers[i] = &worker{walk: w, scratch: e.NewScratch()}
		running.Go(workers[i].run)
	}
	running.Wait()

	var receipt Receipt
	for _, each := range workers {
		receipt.merge(&each.receipt)
	}
	return receipt, ctx.Err()
}

// Stdin scans one stream of text, without a path.
func Stdin(ctx context.Context, r io.Reader, e *scanner.Engine, c *scanner.Collector, o Options) (Receipt, error) {
	w := &worker{
		walk:    &walk{ctx: ctx, engine: e, collector: c, options: o.withDefaults()},
		scratch: e.NewScratch(),
	}
	n, err := w.stream(scanner.Place{Where: scanner.InStdin}, r, 0)
	if err != nil {
		return w.receipt, fmt.Errorf("read standard input after %d bytes: %w", n, err)
	}
	w.done(n)
	return w.receipt, nil
}

// roots turns the arguments into the first tasks, in reverse, as the queue
// hands out the last one first.
func (w *walk) roots(paths []string) ([]task, error) {
	var tasks []task
	seen := map[string]bool{}
	for _, path := range paths {
		path = shorten(filepath.Clean(path))
		if seen[path] {
			continue
		}
		seen[path] = true
		info, err := os.Stat(path)
		if err != nil {
			return nil, fmt.Errorf("scan %s: %w", path, cause(err))
		}
		t := task{path: path, root: true}
		switch {
		case info.IsDir():
			t.dir = true
			if !w.options.All {
				t.within = enclosing(path)
			}
		case !info.Mode().IsRegular():
			return nil, fmt.Errorf("scan %s: %s is not a file or a directory: pipe its content to shrike stdin", path, kind(info.Mode()))
		}
		tasks = append(tasks, t)
	}
	slices.Reverse(tasks)
	return tasks, nil
}

// shorten makes an absolute path relative where it is below the working directory.
func shorten(path string) string {
	if !filepath.IsAbs(path) {
		return path
	}
	here, err := os.Getwd()
	if err != nil {
		return path
	}
	below, err := filepath.Rel(here, path)
	if err != nil || below == ".." || strings.HasPrefix(below, ".."+string(filepath.Separator)) {
		return path
	}
	return below
}

func kind(mode fs.FileMode) string {
	switch {
	case mode&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	}
	return "a device"
}
