package odb

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zlib"
)

// errOverflow says that a zlib stream holds more than its destination takes.
var errOverflow = errors.New("compressed data is longer than the size stated")

// inflater expands zlib streams, reusing its tables. One per goroutine.
type inflater struct {
	src bytes.Reader
	z   io.ReadCloser
}

// inflate expands the zlib stream at the start of src into dst. It gives the
// count of bytes made and of those used up, and errOverflow when the stream goes
// on after dst is full.
func (f *inflater) inflate(dst, src []byte) (n, used int, err error) {
	f.src.Reset(src)
	if f.z == nil {
		f.z, err = zlib.NewReader(&f.src)
	} else {
		err = f.z.(zlib.Resetter).Reset(&f.src, nil)
	}
	if err != nil {
		return 0, 0, fmt.Errorf("inflate: %w", err)
	}
	n, err = io.ReadFull(f.z, dst)
	if err == nil {
		var one [1]byte
		if m, _ := io.ReadFull(f.z, one[:]); m > 0 {
			return n, len(src) - f.src.Len(), errOverflow
		}
		_, err = f.z.Read(one[:])
	}
	used = len(src) - f.src.Len()
	if err == io.EOF || err == io.ErrUnexpectedEOF && f.src.Len() > 0 {
		return n, used, nil
	}
	return n, used, fmt.Errorf("inflate: %w", err)
}

// A byte of a deflate stream makes at most 1,032 (a length code of one bit and a
// distance code of one bit make 258).
const maxRatio = 1032

// expand inflates the stream at the start of src, which states size bytes, into
// a buffer from alloc. What is allocated is in proportion to src, and beyond
// firstGuess to what the stream really holds.
func (f *inflater) expand(size int64, src []byte, alloc func(n int) []byte) ([]byte, int, error) {
	const firstGuess = 4 << 20
	if size/maxRatio > int64(len(src)) {
		return nil, 0, fmt.Errorf("size stated (%d bytes) is more than the compressed data can hold", size)
	}
	for guess := int64(firstGuess); ; guess *= 8 {
		dst := alloc(int(min(size, guess)))
		n, used, err := f.inflate(dst, src)
		switch {
		case err == errOverflow && size > guess:
			continue
		case err != nil:
			return nil, used, err
		case int64(n) != size:
			return nil, used, fmt.Errorf("size stated is %d bytes, the compressed data holds %d", size, n)
		}
		return dst, used, nil
	}
}
