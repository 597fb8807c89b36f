//go:build noasm || !(amd64 || arm64)

package prefilter

func sift(f *filter, data []byte, out *positions) int { return siftGo(f, data, out) }
