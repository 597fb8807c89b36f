package files

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path/filepath"
	"slices"

	"github.com/shrike-scan/shrike/scanner"
)

var (
	errChanged    = errors.New("changed while it was read: scan it again")
	errNotRegular = errors.New("is no longer a regular file")
)

// file scans one regular file.
func (w *worker) file(t task) {
	shown := filepath.ToSlash(t.path)
	f, err := openRegular(t.path, t.root)
	if err != nil {
		w.receipt.problem(shown, err)
		return
	}
	defer f.Close()
	before, err := f.Stat()
	if err == nil && !before.Mode().IsRegular() {
		err = errNotRegular
	}
	if err != nil {
		w.receipt.problem(shown, err)
		return
	}
	n, err := w.stream(scanner.Place{Where: scanner.InFile, Path: shown}, f, before.Size())
	switch {
	case w.ctx.Err() != nil:
		return
	case err != nil:
		w.receipt.problem(shown, err)
		return
	}
	// Files of size 0 that yield bytes are made up by the kernel (/proc): their
	// times say nothing.
	if after, err := f.Stat(); before.Size() > 0 &&
		(err != nil || n != after.Size() || !after.ModTime().Equal(before.ModTime())) {
		w.receipt.problem(shown, errChanged)
	}
	w.done(n)
}

// stream scans a text to its end and returns its length in bytes. What fits into
// Options.Whole is scanned in one piece, as some rules read a file's structure; the rest in
// chunks. The size is a hint.
func (w *worker) stream(place scanner.Place, r io.Reader, size int64) (int64, error) {
	r = contextReader{w.ctx, r}
	if err := w.fill(r, size); errors.Is(err, io.EOF) {
		w.add(place, w.engine.Scan(w.scratch, w.buffer))
		w.collector.Note(place, w.scratch.Notes())
		return int64(len(w.buffer)), nil
	} else if err != nil {
		return int64(len(w.buffer)), err
	}
	return w.engine.ScanReader(w.scratch, io.MultiReader(bytes.NewReader(w.buffer), r), func(ms []scanner.Match) {
		w.add(place, ms)
	})
}

// fill reads up to Options.Whole bytes into the worker's buffer. It returns
// io.EOF when that is all there is, or when it has read size bytes: that they were
// all is for the caller to see, and a read that yields nothing is saved.
func (w *worker) fill(r io.Reader, size int64) error {
	whole := int(w.options.Whole)
	w.buffer = slices.Grow(w.buffer[:0], max(512, int(min(size, w.options.Whole))+1))
	for len(w.buffer) <= whole {
		if len(w.buffer) == cap(w.buffer) {
			w.buffer = slices.Grow(w.buffer, 1)
		}
		n, err := r.Read(w.buffer[len(w.buffer):min(cap(w.buffer), whole+1)])
		w.buffer = w.buffer[:len(w.buffer)+n]
		if err == nil && size > 0 && int64(len(w.buffer)) == size {
			err = io.EOF
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *worker) add(place scanner.Place, ms []scanner.Match) {
	if len(ms) > 0 {
		w.collector.Add(place, ms)
	}
}

// done counts one file that was scanned.
func (w *worker) done(n int64) {
	w.receipt.Files++
	w.receipt.Bytes += n
	if w.options.Progress != nil {
		w.options.Progress(w.files.Add(1), w.bytes.Add(n))
	}
}

// contextReader fails once its context ends, so that a scan of a large or an
// endless file can be stopped.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
