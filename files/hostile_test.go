//go:build unix

package files

import (
	"context"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

func TestArgumentErrors(t *testing.T) {
	tree(t, map[string]string{"good": key(1)})
	require.NoError(t, os.Symlink("loop", "loop"))
	require.NoError(t, os.Symlink("nowhere", "dangling"))
	tests := []struct{ name, path, want string }{
		{"missing", "missing", "scan missing: no such file or directory"},
		{"below a file", "good/x", "scan good/x: not a directory"},
		{"link to itself", "loop", "scan loop: too many levels of symbolic links"},
		{"link to nothing", "dangling", "scan dangling: no such file or directory"},
		{"device", os.DevNull, "scan /dev/null: a device is not a file or a directory: pipe its content to shrike stdin"},
		{"empty folder", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := scanner.NewCollector()
			receipt, err := Scan(t.Context(), []string{"good", tt.path}, engine(t), c, Options{})
			if tt.want == "" {
				require.NoError(t, err)
				return
			}
			require.EqualError(t, err, tt.want)
			require.Zero(t, receipt.Files, "nothing is scanned when an argument is wrong")
		})
	}
}

func TestEmptyFolder(t *testing.T) {
	tree(t, map[string]string{"d/": ""})
	_, receipt := scan(t, Options{}, "d")
	require.Equal(t, Receipt{}, receipt)
}

func TestLinksAreNotFollowed(t *testing.T) {
	tree(t, map[string]string{"d/f": key(1), "elsewhere/g": key(2)})
	for link, to := range map[string]string{
		"d/loop": ".", "d/up": "..", "d/self": "self", "d/out": "../elsewhere", "d/file": "../elsewhere/g", "d/none": "nowhere",
		"start": "d",
	} {
		require.NoError(t, os.Symlink(to, link))
	}
	c, receipt := scan(t, Options{}, "start")
	require.Equal(t, []string{"start/f:1 " + key(1)}, places(c), "a link is followed as an argument only")
	require.Equal(t, map[Reason][]string{
		SymbolicLink: {"start/file", "start/loop", "start/none", "start/out", "start/self", "start/up"},
	}, skipped(receipt))
	require.Zero(t, receipt.Unread)
}

func TestHostileNames(t *testing.T) {
	names := []string{"new\nline", "\x1b[31mred", "tab\t", "not\xffutf8", "-rf", " ", "a\\b", strings.Repeat("n", 255)}
	content := map[string]string{}
	for _, name := range names {
		content[name] = key(1)
	}
	tree(t, content)
	c, receipt := scan(t, Options{}, ".")
	require.Zero(t, receipt.Unread)
	var paths []string
	for _, o := range c.Findings()[0].Occurrences {
		paths = append(paths, o.Path)
	}
	require.ElementsMatch(t, names, paths)
}

// TestChangedBetweenListingAndReading runs tasks for paths that are no longer
// what a listing said.
func TestChangedBetweenListingAndReading(t *testing.T) {
	tree(t, map[string]string{"file": key(1), "folder/": ""})
	require.NoError(t, os.Symlink("file", "link"))
	require.NoError(t, os.Symlink("folder", "links"))
	makePipe(t, "pipe")
	tests := []struct {
		name string
		task task
		want string
	}{
		{"vanished", task{path: "gone"}, "read gone: no such file or directory"},
		{"folder vanished", task{path: "gone", dir: true}, "read gone: no such file or directory"},
		{"now a link", task{path: "link"}, "read link: too many levels of symbolic links"},
		{"folder now a link", task{path: "links", dir: true}, "read links: not a directory"},
		{"now a named pipe", task{path: "pipe"}, "read pipe: is no longer a regular file"},
		{"now a folder", task{path: "folder"}, "read folder: is no longer a regular file"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := engine(t)
			w := &worker{
				walk:    &walk{ctx: t.Context(), engine: e, collector: scanner.NewCollector(), queue: newQueue()},
				scratch: e.NewScratch(),
			}
			w.task(tt.task)
			require.Len(t, w.receipt.Problems, 1)
			require.EqualError(t, w.receipt.Problems[0], tt.want)
			require.Zero(t, w.receipt.Files)
		})
	}
}

// TestChangesWhileRead scans a file that is written to at the same time.
func TestChangesWhileRead(t *testing.T) {
	tree(t, map[string]string{"f": strings.Repeat("x", 1<<20)})
	changed := false
	e := engine(t)
	ctx := changeOnRead{t.Context(), func() {
		if !changed {
			changed = true
			require.NoError(t, os.Truncate("f", 1000))
			require.NoError(t, os.Chtimes("f", time.Time{}, time.Unix(1, 0)))
		}
	}}
	w := &worker{
		walk:    &walk{ctx: ctx, engine: e, collector: scanner.NewCollector(), options: Options{}.withDefaults(), queue: newQueue()},
		scratch: e.NewScratch(),
	}
	w.task(task{path: "f"})
	require.Len(t, w.receipt.Problems, 1)
	require.ErrorIs(t, w.receipt.Problems[0], errChanged)
}

func TestUnreadable(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root reads everything")
	}
	tree(t, map[string]string{"shut": key(1), "closed/f": key(2), "open": key(3)})
	require.NoError(t, os.Chmod("shut", 0))
	require.NoError(t, os.Chmod("closed", 0))
	t.Cleanup(func() { _ = os.Chmod("closed", 0o700) })
	c, receipt := scan(t, Options{}, ".")
	require.Equal(t, []string{"open:1 " + key(3)}, places(c), "the scan goes on")
	require.EqualValues(t, 2, receipt.Unread)
	require.Equal(t, "closed", receipt.Problems[0].Path)
	require.ErrorIs(t, receipt.Problems[1], fs.ErrPermission)
}

// TestUnreadableBytes reads a file that anyone may open and nobody may read.
func TestUnreadableBytes(t *testing.T) {
	const path = "/proc/self/mem"
	if runtime.GOOS != "linux" {
		t.Skip("needs " + path)
	}
	_, receipt := scan(t, Options{}, path)
	require.EqualValues(t, 1, receipt.Unread)
	require.Equal(t, path, receipt.Problems[0].Path)
	require.Zero(t, receipt.Files)
}

func TestDeepTree(t *testing.T) {
	tree(t, nil)
	folder := "."
	for range 200 {
		folder = filepath.Join(folder, "d")
	}
	require.NoError(t, os.MkdirAll(folder, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "f"), []byte(key(1)), 0o644))
	c, _ := scan(t, Options{}, ".")
	require.Len(t, places(c), 1)
}

func TestReceiptIsBounded(t *testing.T) {
	var r Receipt
	for i := range 3 * maxProblems {
		r.problem(strings.Repeat("p", 3*maxProblems-i), fs.ErrPermission)
		r.skip(SymbolicLink, strings.Repeat("s", 3*maxProblems-i))
	}
	require.Len(t, r.Problems, maxProblems)
	require.Equal(t, "p", r.Problems[0].Path, "the first in path order are kept")
	require.EqualValues(t, 3*maxProblems, r.Unread)
	require.Len(t, r.Skipped[0].Paths, maxSkippedPaths)
	require.EqualValues(t, 3*maxProblems, r.Skipped[0].Count)
}

// TestHostileIgnoreFiles puts what is no ignore file in the places of one.
func TestHostileIgnoreFiles(t *testing.T) {
	tree(t, map[string]string{
		".git":               "gitdir: /dev\n",
		"f":                  key(1),
		"folder/.gitignore/": "",
		"folder/f":           key(2),
		"link/f":             key(3),
		"rules":              "*\n",
		"pipe/f":             key(4),
		"sub/.git":           "gitdir:",
		"sub/f":              key(5),
	})
	require.NoError(t, os.Symlink("../rules", filepath.Join("link", ".gitignore")))
	makePipe(t, filepath.Join("pipe", ".gitignore"))
	c, _ := scan(t, Options{}, ".")
	require.Len(t, places(c), 5)
}

func makePipe(t *testing.T, path string) {
	t.Helper()
	require.NoError(t, syscall.Mkfifo(path, 0o600))
}

// changeOnRead is a context whose every look at Err calls change: contextReader
// looks before each read.
type changeOnRead struct {
	context.Context
	change func()
}

func (c changeOnRead) Err() error {
	c.change()
	return c.Context.Err()
}

func TestSpecialFilesAreSkipped(t *testing.T) {
	tree(t, map[string]string{"f": key(1)})
	makePipe(t, "pipe")
	listener, err := net.Listen("unix", "socket")
	require.NoError(t, err)
	defer listener.Close()

	c, receipt := scan(t, Options{All: true}, ".")
	require.Equal(t, []string{"f:1 " + key(1)}, places(c))
	require.Equal(t, map[Reason][]string{SpecialFile: {"pipe", "socket"}}, skipped(receipt))

	for path, kind := range map[string]string{"pipe": "a named pipe", "socket": "a socket"} {
		_, err := Scan(t.Context(), []string{path}, engine(t), nil, Options{})
		require.ErrorContains(t, err, kind+" is not a file")
	}
}
