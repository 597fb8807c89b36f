package odb

import (
	"math/bits"

	"github.com/shrike-scan/shrike/git/odb/inflate"
)

// buffers is a free list of byte slices, by power of two. One per goroutine.
type buffers struct {
	free  [maxClass + 1][][]byte
	spare int64 // bytes of capacity in free
	limit int64 // of spare
}

const (
	minClass = 9  // 512 bytes
	maxClass = 24 // larger ones go back to the garbage collector
)

// get gives a slice of n bytes with any content, never nil, and with the spare
// capacity that makes inflating fast.
func (b *buffers) get(n int) []byte {
	class := max(bits.Len(uint(n+inflate.Slack-1)), minClass)
	if class > maxClass {
		return make([]byte, n, n+inflate.Slack)
	}
	if list := b.free[class]; len(list) > 0 {
		last := len(list) - 1
		b.free[class] = list[:last]
		b.spare -= 1 << class
		return list[last][:n]
	}
	return make([]byte, n, 1<<class)
}

// put takes back a slice that get gave and that nobody reads any more. Others,
// nil too, are left alone.
func (b *buffers) put(buf []byte) {
	class := bits.Len(uint(cap(buf))) - 1
	if class < minClass || class > maxClass || cap(buf) != 1<<class || b.spare+1<<class > b.limit {
		return
	}
	b.spare += 1 << class
	b.free[class] = append(b.free[class], buf)
}
