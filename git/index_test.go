package git

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	gogit "github.com/go-git/go-git/v5/plumbing/format/index"
	"github.com/stretchr/testify/require"
)

// listed shows an index as `git ls-files --stage` does.
func (idx *index) listed() string {
	var b strings.Builder
	for _, e := range idx.entries {
		fmt.Fprintf(&b, "%06o %s %d\t%s\n", e.mode, e.id, e.stage, e.path)
	}
	return strings.TrimSpace(b.String())
}

// indexFixture has names that are long, that share beginnings, and that stand
// at the borders of the padding.
func indexFixture(t *testing.T, initArgs ...string) *fixture {
	f := newFixture(t, initArgs...)
	for n := range 24 {
		f.write(fmt.Sprintf("d%d/%s", n%3, strings.Repeat("n", n+1)), fmt.Sprint(n))
	}
	f.write(strings.Repeat(strings.Repeat("x", 99)+"/", 35)+"long", "x")
	f.commit("first")
	return f
}

func TestReadIndex(t *testing.T) {
	tests := []struct {
		name string
		init []string
		make func(f *fixture)
	}{
		{name: "version 2", make: func(f *fixture) { f.git("update-index", "--index-version", "2") }},
		{name: "version 3", make: func(f *fixture) { f.write("new", "new"); f.git("add", "-N", "new") }},
		{name: "version 4", make: func(f *fixture) { f.git("update-index", "--index-version", "4") }},
		{name: "SHA-256", init: []string{"--object-format=sha256"}, make: func(*fixture) {}},
		{name: "no checksum", make: func(f *fixture) {
			f.git("-c", "index.skipHash=true", "update-index", "--force-write-index")
		}},
		{name: "split", make: func(f *fixture) {
			f.git("update-index", "--split-index")
			f.write("d0/added", "x")
			f.write("d1/nn", "changed")
			f.remove("d0/n")
			f.git("add", "-A")
		}},
		{name: "conflict", make: func(f *fixture) {
			blob := f.git("rev-parse", "HEAD:d0/n")
			f.gitIn(fmt.Sprintf("100644 %[1]s 1\tc\n100644 %[1]s 2\tc\n100644 %[1]s 3\tc\n", blob), "update-index", "--index-info")
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := indexFixture(t, tt.init...)
			tt.make(f)
			r := open(t, f.dir)
			idx, err := readIndex(r.indexFile, r.HashSize)
			require.NoError(t, err)
			require.Equal(t, f.git("-c", "core.quotePath=false", "ls-files", "--stage"), idx.listed())
		})
	}
}

// go-git reads the same entries, where it reads the file at all.
func TestReadIndexAsGoGit(t *testing.T) {
	f := indexFixture(t)
	data, err := os.ReadFile(filepath.Join(f.dir, ".git", "index"))
	require.NoError(t, err)
	idx, _, err := parseIndex(data, 20)
	require.NoError(t, err)
	var other gogit.Index
	require.NoError(t, gogit.NewDecoder(bytes.NewReader(data)).Decode(&other))
	require.Len(t, idx.entries, len(other.Entries))
	for i, e := range other.Entries {
		require.Equal(t, e.Name, string(idx.entries[i].path))
		require.Equal(t, e.Hash.String(), idx.entries[i].id.String())
	}
	require.Equal(t, other.Cache.Entries[0].Hash.String(), idx.tree.id.String())
}

func TestCacheTree(t *testing.T) {
	f := indexFixture(t)
	blob := f.git("rev-parse", "HEAD:d0/n")
	f.git("update-index", "--add", "--cacheinfo", "100644,"+blob+",d1/new") // invalidates the root and d1
	r := open(t, f.dir)
	idx, err := readIndex(r.indexFile, r.HashSize)
	require.NoError(t, err)
	require.Negative(t, idx.tree.entries)
	require.Equal(t, f.git("rev-parse", "HEAD:d0"), idx.tree.folder([]byte("d0")).id.String())
	require.Negative(t, idx.tree.folder([]byte("d1")).entries)
	require.Equal(t, f.git("rev-parse", "HEAD:d2"), idx.tree.folder([]byte("d2")).id.String())
}

// A damaged index is an error at every length, and never a panic.
func TestTruncatedIndex(t *testing.T) {
	f := indexFixture(t)
	f.git("update-index", "--split-index")
	data, err := os.ReadFile(filepath.Join(f.dir, ".git", "index"))
	require.NoError(t, err)
	for n := range data {
		_, _, err := parseIndex(data[:n], 20)
		require.Error(t, err)
	}
	data[len(data)/2] ^= 1
	_, _, err = parseIndex(data, 20)
	require.ErrorContains(t, err, "checksum")
}

func FuzzParseIndex(f *testing.F) {
	f.Add([]byte("DIRC\x00\x00\x00\x02\x00\x00\x00\x00" + strings.Repeat("\x00", 20)))
	f.Add([]byte("DIRC\x00\x00\x00\x04\x00\x00\x00\x01" + strings.Repeat("\x00", 62) + "\x00name\x00" + "TREE\x00\x00\x00\x06\x00-1 0\n" + strings.Repeat("\x00", 20)))
	f.Add([]byte("DIRC\x00\x00\x00\x02\x00\x00\x00\x00link\x00\x00\x00\x14" + strings.Repeat("\x01", 20) + strings.Repeat("\x00", 20)))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, hashSize := range []int{20, 32} {
			idx, link, err := parseIndex(data, hashSize)
			if err != nil {
				continue
			}
			require.LessOrEqual(t, len(idx.entries), len(data))
			if link != nil {
				_ = link.merge(idx, &index{entries: make([]indexEntry, 3)})
			}
		}
	})
}

func FuzzParseEWAH(f *testing.F) {
	const limit = 1000
	f.Add([]byte("\x00\x00\x00\x40\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x00"))
	f.Add([]byte("\x00\x00\x00\x10\x00\x00\x00\x02\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x12\x34\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		ones, _, err := parseEWAH(data, limit)
		if err != nil {
			return
		}
		for i := range ones {
			require.Less(t, ones[i], uint32(limit))
			require.True(t, i == 0 || ones[i] > ones[i-1])
		}
	})
}
