package inflate

import (
	"bytes"
	stdflate "compress/flate"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/adler32"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// contents are texts of many kinds, from empty to larger than any window.
func contents() map[string][]byte {
	r := rand.New(rand.NewPCG(1, 2))
	random := make([]byte, 100_000)
	for i := range random {
		random[i] = byte(r.Uint32())
	}
	words := []string{"func ", "return ", "err", " != ", "nil", "{\n", "\t", "}\n", "static int ", "struct ", "0x1f"}
	var text bytes.Buffer
	for text.Len() < 200_000 {
		text.WriteString(words[r.IntN(len(words))])
		if r.IntN(9) == 0 {
			fmt.Fprintf(&text, "%x", r.Uint64())
		}
	}
	skewed := make([]byte, 300_000) // long codes, and so second tables
	for i := range skewed {
		skewed[i] = byte(min(r.ExpFloat64()*6, 255))
	}
	all := map[string][]byte{
		"empty": {}, "one": {'x'}, "random": random, "text": text.Bytes(), "skewed": skewed,
		"zeros": make([]byte, 100_000), "period 3": bytes.Repeat([]byte("abc"), 999), "period 7": bytes.Repeat([]byte("abcdefg"), 999),
		"random and text": append(bytes.Clone(random[:70_000]), text.Bytes()...),
	}
	for _, n := range []int{2, 9, 100, 273, 274, 275, 600, 2000} {
		all[fmt.Sprintf("text of %d", n)] = text.Bytes()[:n]
	}
	return all
}

func deflated(t testing.TB, content []byte, level int) []byte {
	var b bytes.Buffer
	z, err := zlib.NewWriterLevel(&b, level)
	require.NoError(t, err)
	_, err = z.Write(content)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return b.Bytes()
}

func TestZlib(t *testing.T) {
	var f Inflater
	for name, content := range contents() {
		for level := zlib.HuffmanOnly; level <= zlib.BestCompression; level++ {
			t.Run(fmt.Sprintf("%s at %d", name, level), func(t *testing.T) {
				src := deflated(t, content, level)
				for _, spare := range []int{0, 1, 100, Slack, 4 * Slack} {
					for _, after := range []int{0, 1, 100} {
						dst := make([]byte, len(content), len(content)+spare)
						n, used, err := f.Zlib(dst, append(bytes.Clone(src), make([]byte, after)...), true)
						require.NoError(t, err)
						require.Equal(t, len(content), n)
						require.Equal(t, len(src), used)
						require.True(t, bytes.Equal(content, dst))
					}
				}
			})
		}
	}
}

func TestSizesThatLie(t *testing.T) {
	var f Inflater
	for name, content := range contents() {
		for _, level := range []int{0, 1, 6, zlib.HuffmanOnly} {
			src := deflated(t, content, level)
			for _, less := range []int{1, 2, 3, 300} {
				if less > len(content) {
					continue
				}
				for _, spare := range []int{0, 2 * Slack} {
					short := len(content) - less
					dst := make([]byte, short, short+spare)
					n, _, err := f.Zlib(dst, src, true)
					require.ErrorIs(t, err, ErrOverflow, "%s at %d less %d", name, level, less)
					require.Equal(t, short, n)
					require.True(t, bytes.Equal(content[:short], dst))
				}
			}
			dst := make([]byte, len(content)+1000)
			n, used, err := f.Zlib(dst, src, true)
			require.NoError(t, err)
			require.Equal(t, len(content), n)
			require.Equal(t, len(src), used)
		}
	}
}

func TestEveryTruncationAndEveryFlip(t *testing.T) {
	var f Inflater
	content := contents()["text of 600"]
	for _, level := range []int{0, 1, 9, zlib.HuffmanOnly} {
		src := deflated(t, content, level)
		dst := make([]byte, len(content))
		for n := range src {
			_, _, err := f.Zlib(dst, src[:n], true)
			require.Error(t, err)
		}
		for i := range src {
			for bit := range 8 {
				bad := bytes.Clone(src)
				bad[i] ^= 1 << bit
				n, _, err := f.Zlib(dst, bad, true)
				if err == nil { // the bits that pad the last block
					require.True(t, bytes.Equal(content, dst[:n]))
				}
			}
		}
	}
}

// oracle expands a raw deflate stream with the standard library.
func oracle(src []byte, limit int) (content []byte, used int, err error) {
	r := bytes.NewReader(src)
	content, err = io.ReadAll(io.LimitReader(stdflate.NewReader(r), int64(limit)+1))
	return content, len(src) - r.Len(), err
}

func FuzzZlib(f *testing.F) {
	f.Add([]byte{}, uint16(0))
	for _, name := range []string{"text of 600", "period 3", "one", "empty"} {
		for _, level := range []int{0, 1, 9, zlib.HuffmanOnly} {
			src := deflated(f, contents()[name], level)
			f.Add(src[2:len(src)-4], uint16(len(contents()[name])))
		}
	}
	var inf Inflater
	f.Fuzz(func(t *testing.T, raw []byte, spare uint16) {
		const limit = 1 << 17
		want, used, oracleErr := oracle(raw, limit)
		body := raw
		if oracleErr == nil {
			body = raw[:used]
		}
		src := append([]byte{0x78, 0x9c}, body...)
		src = binary.BigEndian.AppendUint32(src, adler32.Checksum(want))
		size := min(len(want), limit)
		dst := make([]byte, size, size+int(spare))
		n, got, err := inf.Zlib(dst, src, oracleErr == nil)
		switch {
		case len(want) > limit:
			require.Error(t, err)
		case oracleErr == nil:
			require.NoError(t, err)
			require.Equal(t, len(src), got)
			require.True(t, bytes.Equal(want, dst[:n]))
		case errors.Is(oracleErr, io.ErrUnexpectedEOF):
			// The four bytes that follow may complete the stream.
		default:
			require.Error(t, err)
		}
	})
}
