package odb

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// logged is what git says of the commits that refs reach.
func (r *repo) logged() (all []GraphCommit) {
	r.t.Helper()
	for line := range strings.Lines(string(r.git(nil, "log", "--all", "--format=%H %T %ct"))) {
		var id, tree string
		var c GraphCommit
		_, err := fmt.Sscan(line, &id, &tree, &c.Date)
		require.NoError(r.t, err)
		c.ID, err = ParseID(id)
		require.NoError(r.t, err)
		c.Tree, err = ParseID(tree)
		require.NoError(r.t, err)
		all = append(all, c)
	}
	return all
}

func TestCommitGraph(t *testing.T) {
	for _, format := range []string{"sha1", "sha256"} {
		r := newRepo(t, format)
		o := Options{HashSize: hashSize(format)}
		listed := func() []GraphCommit {
			all, err := open(t, o, r.objects).CommitGraph()
			require.NoError(t, err)
			for i, c := range all[:max(len(all)-1, 0)] {
				require.Negative(t, compareID(c.ID, all[i+1].ID))
			}
			return all
		}
		require.Empty(t, listed())
		r.commits(1, 20, false)
		r.git(nil, "commit-graph", "write", "--reachable", "--changed-paths")
		require.ElementsMatch(t, r.logged(), listed())

		// In layers, the upper of which refer to the lower.
		require.NoError(t, os.Remove(filepath.Join(r.objects, "info", "commit-graph")))
		for seed := range uint64(3) {
			r.commits(2+seed, 5, false)
			r.git(nil, "commit-graph", "write", "--reachable", "--split=no-merge")
		}
		layers, err := filepath.Glob(filepath.Join(r.objects, "info", "commit-graphs", "*.graph"))
		require.NoError(t, err)
		require.Len(t, layers, 3)
		require.ElementsMatch(t, r.logged(), listed())

		require.NoError(t, os.Remove(layers[0]))
		_, err = open(t, o, r.objects).CommitGraph()
		require.ErrorContains(t, err, layers[0])
	}
}

// graphed is a small commit-graph.
func graphed(t *testing.T) (r *repo, file string, good []byte) {
	r = newRepo(t, "sha1")
	r.commits(1, 3, false)
	r.git(nil, "commit-graph", "write", "--reachable")
	file = filepath.Join(r.objects, "info", "commit-graph")
	require.NoError(t, os.Chmod(file, 0o644))
	good, err := os.ReadFile(file)
	require.NoError(t, err)
	return r, file, good
}

func TestEveryDamageToACommitGraph(t *testing.T) {
	r, file, good := graphed(t)
	s := open(t, Options{}, r.objects)
	damages(good, func(bad []byte, what string, at int) {
		require.NoError(t, os.WriteFile(file, bad, 0o644))
		_, err := s.CommitGraph()
		require.ErrorContains(t, err, file, "%s at %d", what, at)
	})
	if testing.Short() {
		return
	}
	everyDamage(good, func(bad []byte, what string, at int) {
		table, err := parseCommitGraph(bad, sha1Size)
		if err != nil {
			return
		}
		for i := range table.n {
			_ = table.commit(i)
		}
		if sealed(bad, sha1Size) {
			t.Errorf("%s at %d: passes for sound", what, at)
		}
	})
}

func TestMalformedCommitGraph(t *testing.T) {
	_, _, good := graphed(t)
	bad := func(at int, text string) []byte {
		b := bytes.Clone(good)
		copy(b[at:], text)
		return b
	}
	cases := []struct {
		want string
		data []byte
	}{
		{"truncated", good[:graphHeader]},
		{"no signature", bad(0, "CGPI")},
		{"version 2", bad(4, "\x02")},
		{"another kind of hash", bad(5, "\x02")},
		{"chunks out of place", bad(6, "\x01")},
		{"no fan-out", bad(bytes.Index(good, []byte("OIDF")), "XXXX")},
		{"0 bytes of ids for 3", bad(bytes.Index(good, []byte("OIDL")), "XXXX")},
		{"0 bytes of rows for 3", bad(bytes.Index(good, []byte("CDAT")), "XXXX")},
	}
	for _, c := range cases {
		_, err := parseCommitGraph(c.data, sha1Size)
		require.ErrorContains(t, err, c.want)
	}
}

// TestWalkWithoutKnown: what is known is told where it is stored in a pack, and not
// visited; all else is visited.
func TestWalkWithoutKnown(t *testing.T) {
	r := newRepo(t, "sha1")
	r.commits(1, 20, false)
	r.commits(2, 3, false)
	packed := r.logged()
	r.commits(3, 3, true)
	all := r.all()
	text, err := os.ReadFile(r.packs()[0])
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(packDir(r.objects), "pack-copy.pack"), text, 0o644))
	known := append([]GraphCommit{{ID: ID{}}, {ID: ID{0x80}}}, r.logged()...)
	known = append(known[:10], known[12:]...)
	slices.SortFunc(known, func(a, b GraphCommit) int { return compareID(a.ID, b.ID) })
	var told []GraphCommit
	visited := map[ID]bool{}
	_, err = open(t, Options{}, r.objects).Walk(context.Background(), WalkOptions{Known: known, Workers: 1}, Visitor{
		Known:   func(c *GraphCommit) { told = append(told, *c) },
		Object:  func(_ int, o *Object) error { visited[o.ID] = true; return nil },
		Problem: func(p Problem) { t.Error(p) },
	})
	require.NoError(t, err)
	require.Subset(t, packed, told)
	require.Len(t, told, len(packed)-2)
	for _, c := range told {
		require.False(t, visited[c.ID])
		visited[c.ID] = true
	}
	require.Len(t, visited, len(all))
}

func FuzzCommitGraph(f *testing.F) {
	file := func(hash int, rows int) []byte {
		chunk := func(id string, at int) []byte {
			return append([]byte(id), 0, 0, 0, 0, 0, 0, byte(at>>8), byte(at))
		}
		b := append([]byte("CGPH\x01"), byte(hashKind(hash)), 3, 0)
		at := graphHeader + 4*12
		b = append(b, chunk("OIDF", at)...)
		b = append(b, chunk("OIDL", at+fanSize)...)
		b = append(b, chunk("CDAT", at+fanSize+rows*hash)...)
		b = append(b, chunk("\x00\x00\x00\x00", at+fanSize+rows*(2*hash+graphRow))...)
		b = append(b, bytes.Repeat([]byte{0, 0, 0, byte(rows)}, 256)...)
		return append(b, make([]byte, rows*(2*hash+graphRow)+hash)...)
	}
	f.Add(file(sha1Size, 2))
	f.Add(file(sha256Size, 1))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, hash := range []int{sha1Size, sha256Size} {
			table, err := parseCommitGraph(data, hash)
			if err != nil {
				continue
			}
			for i := range table.n {
				require.Less(t, table.commit(i).Date, int64(1)<<34)
			}
		}
	})
}
