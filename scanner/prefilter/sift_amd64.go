//go:build !noasm

package prefilter

import "golang.org/x/sys/cpu"

// POPCNT and BMI1 came before AVX2 or with it in every processor, but a virtual
// machine may hide them.
var hasAVX2 = cpu.X86.HasAVX2 && cpu.X86.HasBMI1 && cpu.X86.HasPOPCNT

func sift(f *filter, data []byte, out *positions) int {
	if hasAVX2 {
		return siftAVX2(f, data, out)
	}
	return siftGo(f, data, out)
}

// siftAVX2 is siftGo.
//
//go:noescape
func siftAVX2(f *filter, data []byte, out *positions) int
