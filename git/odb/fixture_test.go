package odb

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// repo is a bare repository made with the real git, which the host's
// configuration does not reach.
type repo struct {
	t       testing.TB
	dir     string
	objects string
}

func newRepo(t testing.TB, format string) *repo {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git to make fixtures with")
	}
	r := &repo{t: t, dir: filepath.Join(t.TempDir(), "r.git")}
	r.objects = filepath.Join(r.dir, "objects")
	require.NoError(t, os.Mkdir(r.dir, 0o755))
	r.git(nil, "init", "-q", "--bare", "--object-format="+format)
	return r
}

func (r *repo) git(stdin []byte, args ...string) []byte {
	r.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = r.dir
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + r.dir, "GIT_CONFIG_GLOBAL=" + os.DevNull, "GIT_CONFIG_SYSTEM=" + os.DevNull,
		"GIT_DIR=" + r.dir, "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@b", "GIT_AUTHOR_DATE=1700000000 +0000",
		"GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@b", "GIT_COMMITTER_DATE=1700000000 +0000",
	}
	cmd.Stdin = bytes.NewReader(stdin)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(r.t, err, "git %v: %s", args, stderr.String())
	return out
}

// commits adds n commits of several files that grow and change, through
// fast-import, loose or in one pack.
func (r *repo) commits(seed uint64, n int, loose bool) {
	r.t.Helper()
	rnd := rand.New(rand.NewPCG(seed, 0))
	lines := make([][]string, 4)
	var in bytes.Buffer
	for c := range n {
		fmt.Fprintf(&in, "commit refs/heads/b%d\ncommitter a <a@b> %d +0000\ndata 5\nc%04d", seed, 1700000000+c, c)
		fmt.Fprintln(&in)
		for f := range lines {
			for range 1 + rnd.IntN(3) {
				at := rnd.IntN(len(lines[f]) + 1)
				line := fmt.Sprintf("line %d of %x\n", c, rnd.Uint64())
				lines[f] = append(lines[f][:at:at], append([]string{line}, lines[f][at:]...)...)
			}
			text := strings.Join(lines[f], "")
			fmt.Fprintf(&in, "M 100644 inline dir%d/file\ndata %d\n%s\n", f, len(text), text)
		}
		fmt.Fprintln(&in)
	}
	fmt.Fprintf(&in, "tag t%d\nfrom refs/heads/b%d\ntagger a <a@b> 1700000000 +0000\ndata 3\ntag\n", seed, seed)
	limit := "0"
	if loose {
		limit = "1000000"
	}
	r.git(in.Bytes(), "-c", "fastimport.unpackLimit="+limit, "fast-import", "--quiet")
}

// content is an object as git or a Store gives it.
type content struct {
	kind Kind
	data string
}

// all is what git cat-file says of every object in the repository.
func (r *repo) all() map[ID]content {
	r.t.Helper()
	out := bufio.NewReader(bytes.NewReader(r.git(nil, "-c", "core.multiPackIndex=false", "cat-file", "--batch-all-objects", "--batch")))
	all := map[ID]content{}
	for {
		line, err := out.ReadString('\n')
		if err == io.EOF {
			return all
		}
		require.NoError(r.t, err)
		f := strings.Fields(line)
		require.Len(r.t, f, 3, line)
		id, err := ParseID(f[0])
		require.NoError(r.t, err)
		kind, ok := parseKind(f[1])
		require.True(r.t, ok)
		size, err := strconv.Atoi(f[2])
		require.NoError(r.t, err)
		data := make([]byte, size+1)
		_, err = io.ReadFull(out, data)
		require.NoError(r.t, err)
		all[id] = content{kind, string(data[:size])}
	}
}

func (r *repo) packs() []string {
	paths, err := filepath.Glob(filepath.Join(r.objects, "pack", "*.pack"))
	require.NoError(r.t, err)
	return paths
}

func open(t testing.TB, o Options, dirs ...string) *Store {
	t.Helper()
	s, err := Open(dirs, o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

// walked is the outcome of a walk.
type walked struct {
	objects  map[ID]content
	problems []Problem
	stats    Stats
}

func walkAll(t testing.TB, s *Store, o WalkOptions) walked {
	t.Helper()
	var mu sync.Mutex
	w := walked{objects: map[ID]content{}}
	keep := func(id ID, k Kind, data []byte) error {
		mu.Lock()
		defer mu.Unlock()
		if _, twice := w.objects[id]; twice {
			return fmt.Errorf("%s is visited twice", id)
		}
		w.objects[id] = content{k, string(data)}
		return nil
	}
	stats, err := s.Walk(context.Background(), o, Visitor{
		Object: func(_ int, o *Object) error { return keep(o.ID, o.Kind, o.Data) },
		Large: func(_ int, id ID, k Kind, size int64, r io.Reader) error {
			data, err := io.ReadAll(r)
			if err != nil {
				return err
			}
			return keep(id, k, data)
		},
		Problem: func(p Problem) { w.problems = append(w.problems, p) },
	})
	require.NoError(t, err)
	w.stats = stats
	return w
}

// requireSame compares a walk and reads of a store with what git says.
func requireSame(t testing.TB, want map[ID]content, s *Store) {
	t.Helper()
	for _, workers := range []int{1, 3} {
		got := walkAll(t, s, WalkOptions{Workers: workers})
		require.Empty(t, got.problems)
		require.Equal(t, len(want), len(got.objects))
		require.Equal(t, want, got.objects)
	}
	for id, c := range want {
		require.True(t, s.Has(id))
		k, data, err := s.Read(id)
		require.NoError(t, err)
		require.Equal(t, c, content{k, string(data)})
	}
}
