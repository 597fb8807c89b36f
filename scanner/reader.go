package scanner

import (
	"bytes"
	"errors"
	"io"
)

// chunk is how much text is scanned at a time when it does not fit in memory.
const chunk = 1 << 20

// ScanReader scans text of any size in overlapping chunks, with memory bounded
// by the chunk. It calls emit with the matches of each chunk, in order of place;
// the slice is valid during the call. It returns the number of bytes read.
//
// The findings are those of Scan on the whole, with two exceptions where a text has
// more than one chunk. Extractors do not run: what they read is the structure of a
// whole file. And an encoding is undone in the chunks that hold one of its telling
// forms, compressed text as far as one chunk reaches.
func (e *Engine) ScanReader(s *Scratch, r io.Reader, emit func([]Match)) (int64, error) {
	in := &countingReader{r: r}
	head := make([]byte, chunk+2*e.margin)
	n, err := io.ReadFull(in, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return in.n, err
	}
	if n < len(head) { // all of it
		emit(e.Scan(s, head[:n]))
		return in.n, nil
	}
	w := &chunks{engine: e, scratch: s, emit: emit, binary: isBinary(head), at: cursor{line: 1, column: 1}}
	src := io.MultiReader(bytes.NewReader(head), in)
	if units, mark := sniffWide(head); units.order != nil {
		w.encoding = units.name
		_, _ = io.CopyN(io.Discard, src, int64(mark))
		src = &wideReader{r: src, wide: units}
		w.binary = false
	}
	err = w.run(src)
	return in.n, err
}

type countingReader struct {
	r io.Reader
	n int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// chunks scans a text piece by piece. The buffer holds
//
//	[ margin already reported | chunk to report | margin looked at ]
//
// Verdicts depend on at most a margin of text to either side, so those on
// matches that start in the middle part are the same as in the whole text.
type chunks struct {
	engine   *Engine
	scratch  *Scratch
	emit     func([]Match)
	binary   bool
	encoding string
	at       cursor // line and column of the buffer's first byte
}

func (w *chunks) run(r io.Reader) error {
	margin := w.engine.margin
	buf := make([]byte, 0, chunk+2*margin)
	from := 0 // matches before it are reported
	for {
		n, err := io.ReadFull(r, buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		last := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !last {
			return err
		}
		to := len(buf) - margin
		if last {
			to = len(buf)
		}
		w.scan(buf, from, to)
		if last {
			return nil
		}
		keep := to - margin
		w.at.text, w.at.offset = buf, 0
		w.at.to(keep)
		buf = buf[:copy(buf, buf[keep:])]
		from = margin
	}
}

// scan reports the matches that start in buf[from:to].
func (w *chunks) scan(buf []byte, from, to int) {
	s := w.scratch
	s.begin()
	w.engine.undo(s, buf, w.engine.candidates(s, buf, w.binary), 0)
	s.out = s.out[:0]
	at := w.at
	at.text, at.offset = buf, 0
	for _, c := range resolve(s.found) {
		if p := c.place(); p >= from && p < to {
			s.out = append(s.out, w.engine.match(c, &at, w.encoding))
		}
	}
	if len(s.out) > 0 {
		w.emit(s.out)
	}
}
