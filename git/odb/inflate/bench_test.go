package inflate

import (
	"bytes"
	stdzlib "compress/zlib"
	"fmt"
	"io"
	"testing"

	"github.com/klauspost/compress/zlib"
	"github.com/stretchr/testify/require"
)

func BenchmarkZlib(b *testing.B) {
	for _, n := range []int{200, 2_000, 20_000, 200_000} {
		content := contents()["text"][:n]
		src := deflated(b, content, 6)
		dst := make([]byte, n, n+Slack)
		b.Run(fmt.Sprintf("own/%d", n), func(b *testing.B) {
			var f Inflater
			b.SetBytes(int64(n))
			for b.Loop() {
				if _, _, err := f.Zlib(dst, src, true); err != nil {
					b.Fatal(err)
				}
			}
		})
		for _, other := range []struct {
			name string
			open func(io.Reader) (io.ReadCloser, error)
		}{{"klauspost", zlib.NewReader}, {"standard", stdzlib.NewReader}} {
			b.Run(fmt.Sprintf("%s/%d", other.name, n), func(b *testing.B) {
				r := bytes.NewReader(src)
				z, err := other.open(r)
				require.NoError(b, err)
				b.SetBytes(int64(n))
				for b.Loop() {
					r.Reset(src)
					_ = z.(interface {
						Reset(io.Reader, []byte) error
					}).Reset(r, nil)
					if _, err := io.ReadFull(z, dst); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
