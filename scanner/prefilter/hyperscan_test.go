//go:build hyperscan

package prefilter

import (
	"bytes"
	"go/build"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner/prefilter/hyperscan"
)

func TestScanEqualsHyperscan(t *testing.T) {
	set := ruleLiterals(t)
	for _, literals := range [][][]byte{set, moreLiterals(set, 10000)} {
		s, err := Compile(literals, nil)
		require.NoError(t, err)
		other, err := hyperscan.Compile(literals)
		require.NoError(t, err)
		for _, text := range [][]byte{
			source(t, filepath.Join(build.Default.GOROOT, "src"), ".go"), bytes.Join(literals, nil), bytes.Repeat([]byte("aAb"), 1000),
		} {
			var want []Hit
			require.NoError(t, other.Scan(text, func(literal, end int) { want = append(want, Hit{int32(literal), int32(end)}) }))
			require.True(t, slices.Equal(sorted(want), sorted(s.Scan(text, 0, nil))))
		}
	}
}

func BenchmarkHyperscan(b *testing.B) {
	s, err := hyperscan.Compile(ruleLiterals(b))
	require.NoError(b, err)
	text := source(b, filepath.Join(build.Default.GOROOT, "src"), ".go")
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		require.NoError(b, s.Scan(text, func(int, int) {}))
	}
}
