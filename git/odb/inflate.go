package odb

import (
	"fmt"

	"github.com/shrike-scan/shrike/git/odb/inflate"
)

// A byte of a deflate stream makes at most 1,032: a length code of one bit and a
// distance code of one bit make 258.
const maxRatio = 1032

// expand inflates the zlib stream at the start of src, which states size bytes
// and takes at most packed, into a buffer from alloc. It gives the content and the
// count of packed bytes used. What it allocates is in proportion to packed and,
// beyond a first guess, to what the stream really holds. The stream's own
// checksum is compared only when verify is set.
func expand(f *inflate.Inflater, size int64, src []byte, packed int64, verify bool, alloc func(n int) []byte) ([]byte, int64, error) {
	const firstGuess = 4 << 20
	if size/maxRatio > packed {
		return nil, 0, fmt.Errorf("size stated (%d bytes) is more than %d compressed bytes can hold", size, packed)
	}
	for guess := int64(firstGuess); ; guess *= 8 {
		dst := alloc(int(min(size, guess)))
		n, used, err := f.Zlib(dst, src, verify)
		switch {
		case err == inflate.ErrOverflow && size > guess:
			continue
		case err != nil:
			return nil, 0, err
		case int64(n) != size:
			return nil, 0, fmt.Errorf("size stated is %d bytes, the compressed data holds %d", size, n)
		case int64(used) > packed:
			return nil, 0, inflate.ErrTruncated
		}
		return dst, int64(used), nil
	}
}

// makeBytes allocates n bytes that the caller of Read owns.
func makeBytes(n int) []byte { return make([]byte, n, n+inflate.Slack) }
