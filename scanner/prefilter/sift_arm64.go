//go:build !noasm

package prefilter

// sift is siftGo. Every arm64 processor has NEON.
//
//go:noescape
func sift(f *filter, data []byte, out *positions) int
