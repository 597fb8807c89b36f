package files

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/shrike-scan/shrike/scanner"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// key is a credential of the test's only rule; number tells keys apart.
func key(number int) string { return fmt.Sprintf("SHRIKE-%012d", number) }

func engine(t testing.TB) *scanner.Engine {
	t.Helper()
	e, err := scanner.Compile([]scanner.Rule{{
		ID: "test-key", Severity: scanner.SeverityHigh, Confidence: scanner.ConfidenceHigh, Regex: `SHRIKE-[0-9]{12}`,
	}}, scanner.Options{})
	require.NoError(t, err)
	return e
}

// tree writes files into a new folder and makes it the working directory. A name
// that ends in a slash is a folder.
func tree(t *testing.T, content map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range content {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.FromSlash(name)+"x"), 0o755))
		if !strings.HasSuffix(name, "/") {
			require.NoError(t, os.WriteFile(filepath.FromSlash(name), []byte(text), 0o644))
		}
	}
}

// places lists "path:line key" for every occurrence, sorted.
func places(c *scanner.Collector) []string {
	list := []string{}
	for _, f := range c.Findings() {
		for _, o := range f.Occurrences {
			list = append(list, fmt.Sprintf("%s:%d %s", o.Path, o.Line, f.Secret.Reveal()))
		}
	}
	slices.Sort(list)
	return list
}

func scan(t *testing.T, o Options, paths ...string) (*scanner.Collector, Receipt) {
	t.Helper()
	c := scanner.NewCollector()
	receipt, err := Scan(t.Context(), paths, engine(t), c, o)
	require.NoError(t, err)
	return c, receipt
}

func skipped(r Receipt) map[Reason][]string {
	m := map[Reason][]string{}
	for _, s := range r.Skipped {
		m[s.Reason] = s.Paths
	}
	return m
}

func TestScan(t *testing.T) {
	tree(t, map[string]string{
		"a.txt":      "x\n" + key(1) + "\n",
		"d/b.txt":    key(2),
		"d/e/c.bin":  "\x00\x01" + key(3),
		"d/empty":    "",
		"d/utf16":    "\xff\xfe" + strings.Join(strings.Split(key(4), ""), "\x00") + "\x00",
		"other/file": key(5),
	})
	c, receipt := scan(t, Options{}, "a.txt", "d", "./d/", "a.txt")
	require.Equal(t, []string{
		"a.txt:2 " + key(1), "d/b.txt:1 " + key(2), "d/e/c.bin:1 " + key(3), "d/utf16:1 " + key(4),
	}, places(c))
	require.EqualValues(t, 5, receipt.Files)
	require.EqualValues(t, 22+19+21+0+40, receipt.Bytes)
	require.Zero(t, receipt.Unread)
}

func TestPathsInOccurrences(t *testing.T) {
	tree(t, map[string]string{"in/side/f": key(1), "outside/f": key(2)})
	top, err := os.Getwd()
	require.NoError(t, err)
	require.NoError(t, os.Chdir("in"))
	outside := filepath.Join(top, "outside")
	for argument, want := range map[string]string{
		".":                              "side/f",
		"side":                           "side/f",
		"./side/../side/f":               "side/f",
		"../in":                          "../in/side/f",
		filepath.Join(top, "in", "side"): "side/f",
		filepath.Join(top, "in") + "/":   "side/f",
		outside:                          filepath.ToSlash(outside) + "/f",
		filepath.Join("..", "outside/f"): "../outside/f",
	} {
		c, _ := scan(t, Options{}, argument)
		require.Len(t, c.Findings(), 1, argument)
		require.Equal(t, want, c.Findings()[0].Occurrences[0].Path, argument)
	}
}

func TestWorkersAgree(t *testing.T) {
	content := map[string]string{}
	for i := range 700 {
		content[fmt.Sprintf("d%d/e%d/f%d", i%7, i%31, i)] = strings.Repeat("text\n", i) + key(i%50) + "\n"
	}
	for i := range 40 {
		content[fmt.Sprintf("d1/e%d/.git/HEAD", i)] = ""
	}
	tree(t, content)
	c, want := scan(t, Options{Workers: 1}, ".")
	require.Len(t, places(c), 700)
	require.Len(t, want.Skipped[0].Paths, maxSkippedPaths)
	for _, workers := range []int{2, 3, 16} {
		other, receipt := scan(t, Options{Workers: workers}, ".")
		require.Equal(t, c.Findings(), other.Findings(), "%d workers", workers)
		require.Equal(t, want, receipt)
	}
}

// TestStackFull runs more tasks than the queue holds at once.
func TestStackFull(t *testing.T) {
	q := newQueue()
	require.Len(t, q.offer(make([]task, maxTasks+7)), 7)
	require.Len(t, q.offer(make([]task, 1)), 1)
	_, ok := q.next()
	require.True(t, ok)
	require.Empty(t, q.offer(make([]task, 1)))
	q.stop()
	_, ok = q.next()
	require.False(t, ok)
}

func TestStreamAgreesWithWhole(t *testing.T) {
	text := strings.Repeat("line of text\n", 1000) + key(1) + strings.Repeat("\nmore", 1000) + key(2)
	tree(t, map[string]string{"f": text})
	c, _ := scan(t, Options{}, "f")
	for _, whole := range []int64{1, 100, int64(len(text)) - 1, int64(len(text)), int64(len(text)) + 1} {
		other, receipt := scan(t, Options{Whole: whole}, "f")
		require.Equal(t, places(c), places(other), "whole up to %d", whole)
		require.EqualValues(t, len(text), receipt.Bytes)
	}
}

// TestChunkEdges moves a key over every offset around the edge at which a file
// stops being read whole.
func TestChunkEdges(t *testing.T) {
	tree(t, nil)
	e := engine(t)
	const whole = 4096
	for at := whole - 25; at < whole+5; at++ {
		text := bytes.Repeat([]byte{'.'}, 3*whole)
		copy(text[at:], key(at))
		require.NoError(t, os.WriteFile("f", text, 0o644))
		c := scanner.NewCollector()
		_, err := Scan(t.Context(), []string{"f"}, e, c, Options{Whole: whole})
		require.NoError(t, err)
		require.Equal(t, []string{"f:1 " + key(at)}, places(c))
	}
}

func TestSparseFile(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 2 GB")
	}
	tree(t, nil)
	const size = 2 << 30
	f, err := os.Create("sparse")
	require.NoError(t, err)
	_, err = f.WriteAt([]byte(key(1)), size-20)
	require.NoError(t, err)
	require.NoError(t, f.Close())
	c, receipt := scan(t, Options{}, ".")
	require.Equal(t, []string{"sparse:1 " + key(1)}, places(c))
	require.EqualValues(t, size-1, receipt.Bytes)
}

func TestStdin(t *testing.T) {
	c := scanner.NewCollector()
	text := strings.Repeat("x", 3000) + "\n" + key(1)
	receipt, err := Stdin(t.Context(), iotest.OneByteReader(strings.NewReader(text)), engine(t), c, Options{Whole: 1000})
	require.NoError(t, err)
	require.EqualValues(t, 1, receipt.Files)
	require.EqualValues(t, len(text), receipt.Bytes)
	require.Equal(t, scanner.InStdin, c.Findings()[0].Occurrences[0].Where)
	require.Equal(t, []string{":2 " + key(1)}, places(c))

	broken := io.MultiReader(strings.NewReader("abc"), iotest.ErrReader(errors.New("torn")))
	_, err = Stdin(t.Context(), broken, engine(t), c, Options{})
	require.EqualError(t, err, "read standard input after 3 bytes: torn")
}

func TestCancelled(t *testing.T) {
	tree(t, map[string]string{"a": key(1), "b/c": key(2)})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Scan(ctx, []string{"."}, engine(t), scanner.NewCollector(), Options{})
	require.ErrorIs(t, err, context.Canceled)
	_, err = Stdin(ctx, strings.NewReader("x"), engine(t), scanner.NewCollector(), Options{})
	require.ErrorIs(t, err, context.Canceled)
}

func TestProgress(t *testing.T) {
	tree(t, map[string]string{"a": "1", "b": "22", "c": "333"})
	var files, read int64
	scan(t, Options{Workers: 1, Progress: func(f, b int64) { files, read = f, b }}, ".")
	require.EqualValues(t, 3, files)
	require.EqualValues(t, 6, read)
}

func BenchmarkScanTree(b *testing.B) {
	b.Chdir(b.TempDir())
	for i := range 2000 {
		folder := fmt.Sprintf("d%d", i/50)
		require.NoError(b, os.MkdirAll(folder, 0o755))
		text := strings.Repeat("some text of a source file\n", 400)
		require.NoError(b, os.WriteFile(fmt.Sprintf("%s/f%d", folder, i), []byte(text), 0o644))
	}
	require.NoError(b, os.Mkdir(".git", 0o755))
	require.NoError(b, os.WriteFile(".gitignore", []byte("*.o\n/build\nfoo*bar\n"), 0o644))
	e := engine(b)
	b.ReportAllocs()
	for b.Loop() {
		receipt, err := Scan(b.Context(), []string{"."}, e, scanner.NewCollector(), Options{})
		require.NoError(b, err)
		b.SetBytes(receipt.Bytes)
	}
}
