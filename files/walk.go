package files

import (
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"

	"github.com/shrike-scan/shrike/scanner"
)

// A walk is what the workers of one scan share.
type walk struct {
	ctx          context.Context
	engine       *scanner.Engine
	collector    *scanner.Collector
	options      Options
	queue        *queue
	files, bytes atomic.Int64 // for Progress
}

// A worker lists folders and scans files until none is left.
type worker struct {
	*walk
	scratch *scanner.Scratch
	buffer  []byte // of the file that is read
	globs   globMatcher
	receipt Receipt
}

func (w *worker) run() {
	for {
		t, ok := w.queue.next()
		if !ok {
			return
		}
		w.task(t)
		w.queue.finish()
	}
}

func (w *worker) task(t task) {
	if t.dir {
		w.folder(t)
	} else {
		w.file(t)
	}
}

// batch is how many entries of a folder are held at once.
const batch = 512

func (w *worker) folder(t task) {
	shown := filepath.ToSlash(t.path)
	if t.within.ignored && holdsCacheMark(t.path) {
		w.receipt.skip(CacheFolder, shown)
		return
	}
	dir, err := openFolder(t.path, t.root)
	if err != nil {
		w.receipt.problem(shown, err)
		return
	}
	defer dir.Close()
	if !w.options.All {
		t.within = t.within.enter(t.path, t.root)
	}
	for {
		entries, err := dir.ReadDir(batch)
		tasks := make([]task, 0, len(entries))
		for _, entry := range entries {
			if next, ok := w.entry(&t, entry); ok {
				tasks = append(tasks, next)
			}
		}
		for _, next := range w.queue.offer(tasks) {
			if w.ctx.Err() != nil {
				return
			}
			w.task(next)
		}
		if err == io.EOF {
			return
		}
		if err != nil {
			w.receipt.problem(shown, err)
			return
		}
	}
}

// entry decides on one name in a folder: a task, or a skip.
func (w *worker) entry(t *task, entry fs.DirEntry) (task, bool) {
	name := entry.Name()
	next := task{path: join(t.path, name)}
	switch mode := entry.Type(); {
	case mode.IsDir():
		next.dir = true
	case mode&fs.ModeSymlink != 0:
		w.receipt.skip(SymbolicLink, filepath.ToSlash(next.path))
		return next, false
	case !mode.IsRegular():
		w.receipt.skip(SpecialFile, filepath.ToSlash(next.path))
		return next, false
	}
	if w.options.All {
		return next, true
	}
	within, reason, ok := t.within.below(name, next.dir, &w.globs)
	if reason != "" {
		w.receipt.skip(reason, filepath.ToSlash(next.path))
	}
	next.within = within
	return next, ok
}

// join is filepath.Join for a clean folder and a plain name.
func join(folder, name string) string {
	switch {
	case folder == ".":
		return name
	case os.IsPathSeparator(folder[len(folder)-1]):
		return folder + name
	}
	return folder + string(filepath.Separator) + name
}
