//go:build !amd64 || noasm

package prefilter

func sift(f *filter, data []byte, out *positions) int { return siftGo(f, data, out) }
