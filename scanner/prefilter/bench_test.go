package prefilter

import (
	"bytes"
	"encoding/base64"
	"go/build"
	"io/fs"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// ruleLiterals reads the literals of the program's rules, as they were once.
func ruleLiterals(tb testing.TB) [][]byte {
	text, err := os.ReadFile("testdata/literals.txt")
	require.NoError(tb, err)
	var out [][]byte
	for line := range strings.Lines(string(text)) {
		lit, err := strconv.Unquote(strings.TrimSpace(line))
		require.NoError(tb, err)
		out = append(out, []byte(lit))
	}
	return out
}

// moreLiterals adds literals up to n, each made of the start of one and the end of
// another of the same length, so that lengths and letters stay as they are.
func moreLiterals(set [][]byte, n int) [][]byte {
	rng := rand.New(rand.NewSource(1))
	bySize := map[int][][]byte{}
	seen := map[string]bool{}
	for _, lit := range set {
		bySize[len(lit)] = append(bySize[len(lit)], lit)
		seen[string(lit)] = true
	}
	out := slices.Clone(set)
	for len(out) < n {
		start := set[rng.Intn(len(set))]
		end := bySize[len(start)][rng.Intn(len(bySize[len(start)]))]
		cut := 1 + rng.Intn(len(start)-1)
		if lit := string(start[:cut]) + string(end[cut:]); !seen[lit] {
			seen[lit] = true
			out = append(out, []byte(lit))
		}
	}
	return out
}

// source reads up to 8 MB of the files below a folder whose names end so.
func source(tb testing.TB, dir, suffix string) []byte {
	const size = 8 << 20
	var out []byte
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, suffix) {
			return err
		}
		text, err := os.ReadFile(path)
		if out = append(out, text...); len(out) >= size {
			return fs.SkipAll
		}
		return err
	})
	if err != nil || len(out) == 0 {
		tb.Skipf("no %s files below %s", suffix, dir)
	}
	return out
}

// shuffled writes literals at random, one a line.
func shuffled(literals [][]byte, size int) (text []byte) {
	rng := rand.New(rand.NewSource(1))
	for len(text) < size {
		text = append(append(text, literals[rng.Intn(len(literals))]...), '\n')
	}
	return text
}

const (
	piece   = 64 << 10 // as the engine scans
	context = 64
)

func scanPieces(s *Set, text []byte, hits []Hit) (found int) {
	for at := 0; at < len(text); at += piece {
		base := max(0, at-context)
		found += len(s.Scan(text[base:min(len(text), at+piece)], at-base, hits[:0]))
	}
	return found
}

// BenchmarkScan measures the matcher alone on one core. Memory is the yardstick:
// looking for one byte in the same text.
func BenchmarkScan(b *testing.B) {
	rules := ruleLiterals(b)
	random := make([]byte, 3<<20)
	rand.New(rand.NewSource(1)).Read(random)
	texts := []struct {
		name string
		text func(testing.TB) []byte
	}{
		{"go", func(tb testing.TB) []byte { return source(tb, filepath.Join(build.Default.GOROOT, "src"), ".go") }},
		{"c", func(tb testing.TB) []byte { return source(tb, "/usr/include", ".h") }},
		{"base64", func(testing.TB) []byte { return base64.StdEncoding.AppendEncode(nil, random) }},
		{"one-character", func(testing.TB) []byte { return bytes.Repeat([]byte("a"), 4<<20) }},
		{"own-literals", func(testing.TB) []byte { return shuffled(rules, 4<<20) }},
	}
	sets := []struct {
		name     string
		literals [][]byte
	}{{"rules", rules}, {"10000", moreLiterals(rules, 10000)}}
	for _, tt := range texts {
		b.Run(tt.name, func(b *testing.B) {
			text := tt.text(b)
			for _, set := range sets {
				s, err := Compile(set.literals, nil)
				require.NoError(b, err)
				hits := make([]Hit, 0, 2*piece)
				b.Run(set.name, func(b *testing.B) {
					b.SetBytes(int64(len(text)))
					b.ReportAllocs()
					found := 0
					for b.Loop() {
						found = scanPieces(s, text, hits)
					}
					b.ReportMetric(1000*float64(found)/float64(len(text)), "hits/KB")
				})
			}
			b.Run("memory", func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				for b.Loop() {
					bytes.IndexByte(text, 0xFF)
				}
			})
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	rules := ruleLiterals(b)
	b.ReportAllocs()
	for b.Loop() {
		_, err := Compile(rules, nil)
		require.NoError(b, err)
	}
}

// BenchmarkSift measures the sift alone, in assembly where there is one, and in Go.
func BenchmarkSift(b *testing.B) {
	s, err := Compile(ruleLiterals(b), nil)
	require.NoError(b, err)
	text := source(b, filepath.Join(build.Default.GOROOT, "src"), ".go")
	for name, f := range map[string]func(*filter, []byte, *positions) int{"machine": sift, "go": siftGo} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			var out positions
			passed := 0
			for b.Loop() {
				passed = 0
				for at := 0; at+siftMost+lookahead <= len(text); at += siftMost {
					passed += f(&s.filter, text[at:at+siftMost+lookahead], &out)
				}
			}
			b.ReportMetric(1000*float64(passed)/float64(len(text)), "passed/KB")
		})
	}
}
