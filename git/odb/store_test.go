package odb

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func hashSize(format string) int {
	if format == "sha256" {
		return sha256Size
	}
	return sha1Size
}

// TestSameAsGit compares every object of stores in many states with what git
// reads from them.
func TestSameAsGit(t *testing.T) {
	states := []struct {
		name string
		make func(r *repo)
	}{
		{"empty", func(*repo) {}},
		{"loose", func(r *repo) { r.commits(1, 20, true) }},
		{"imported pack", func(r *repo) { r.commits(1, 60, false) }},
		{"deep chains", func(r *repo) {
			r.commits(1, 120, false)
			r.git(nil, "repack", "-adfq", "--depth=4000", "--window=50")
		}},
		{"ref deltas", func(r *repo) {
			r.commits(1, 60, false)
			r.git(nil, "-c", "repack.useDeltaBaseOffset=false", "repack", "-adfq", "--depth=50")
		}},
		{"no deltas", func(r *repo) {
			r.commits(1, 20, false)
			r.git(nil, "repack", "-adfq", "--depth=0", "--window=0")
		}},
		{"index of version 1", func(r *repo) {
			r.commits(1, 40, false)
			r.git(nil, "-c", "pack.indexVersion=1", "repack", "-adfq")
		}},
		{"large offsets", func(r *repo) {
			r.commits(1, 40, false)
			for _, p := range r.packs() {
				_ = os.Remove(strings.TrimSuffix(p, ".pack") + ".idx")
				r.git(nil, "index-pack", "--index-version=2,0x100", p)
			}
		}},
		{"no index", func(r *repo) {
			r.commits(1, 60, false)
			r.git(nil, "repack", "-adfq", "--depth=50")
			for _, p := range r.packs() {
				require.NoError(r.t, os.Rename(strings.TrimSuffix(p, ".pack")+".idx", p+".away"))
			}
		}},
		{"no index and ref deltas", func(r *repo) {
			r.commits(1, 60, false)
			r.git(nil, "-c", "repack.useDeltaBaseOffset=false", "repack", "-adfq", "--depth=50")
			for _, p := range r.packs() {
				require.NoError(r.t, os.Rename(strings.TrimSuffix(p, ".pack")+".idx", p+".away"))
			}
		}},
		{"packs, loose and copies", func(r *repo) {
			r.commits(1, 30, false)
			r.commits(2, 30, false)
			for _, p := range r.packs()[:1] {
				text, err := os.ReadFile(p)
				require.NoError(r.t, err)
				require.NoError(r.t, os.Rename(p, p+".away"))
				require.NoError(r.t, os.Rename(strings.TrimSuffix(p, ".pack")+".idx", p+".idx.away"))
				r.git(text, "unpack-objects", "-q")
			}
			r.git(nil, "repack", "-q", "-a") // keeps the old pack
			r.commits(3, 10, true)
		}},
	}
	for _, format := range []string{"sha1", "sha256"} {
		for _, state := range states {
			t.Run(format+" "+state.name, func(t *testing.T) {
				t.Parallel()
				r := newRepo(t, format)
				state.make(r)
				// Without an index git sees nothing: put it back for the comparison.
				away, _ := filepath.Glob(filepath.Join(r.objects, "pack", "*.pack.away"))
				for _, a := range away {
					if strings.HasPrefix(state.name, "no index") {
						require.NoError(t, os.Rename(a, strings.TrimSuffix(a, ".pack.away")+".idx"))
					}
				}
				want := r.all()
				if strings.HasPrefix(state.name, "no index") {
					for _, p := range r.packs() {
						require.NoError(t, os.Remove(strings.TrimSuffix(p, ".pack")+".idx"))
					}
				}
				for _, o := range []Options{{Verify: true}, {WalkBytes: 1, CacheBytes: 1}, {Large: 100}, {WalkBytes: 20_000, Verify: true}} {
					o.HashSize = hashSize(format)
					requireSame(t, want, open(t, o, r.objects))
				}
			})
		}
	}
}

func TestKinds(t *testing.T) {
	r := newRepo(t, "sha1")
	r.commits(1, 30, false)
	r.commits(2, 5, true)
	want := r.all()
	s := open(t, Options{}, r.objects)
	for _, kinds := range [][]Kind{{Blob}, {Commit, Tag}, {Tree}, {Commit, Tree, Blob, Tag}} {
		n := 0
		for _, c := range want {
			if slices.Contains(kinds, c.kind) {
				n++
			}
		}
		var done, total int64
		got := walkAll(t, s, WalkOptions{Kinds: kinds, Progress: func(d, t int64) { done, total = d, t }})
		require.Len(t, got.objects, n)
		require.Equal(t, total, done)
		require.GreaterOrEqual(t, total, int64(n))
		for id, c := range got.objects {
			require.Equal(t, want[id], c)
			require.Contains(t, kinds, c.kind)
		}
		var counted int64
		for _, k := range kinds {
			counted += got.stats.Objects[k]
		}
		require.Equal(t, int64(n), counted)
	}
}

func TestAlternates(t *testing.T) {
	base, middle, top := newRepo(t, "sha1"), newRepo(t, "sha1"), newRepo(t, "sha1")
	base.commits(1, 10, false)
	middle.commits(2, 10, true)
	top.commits(3, 10, false)
	relative, err := filepath.Rel(top.objects, middle.objects)
	require.NoError(t, err)
	alternate := func(r *repo, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(r.objects, "info", "alternates"), []byte(text), 0o644))
	}
	alternate(top, "# comment\n\n"+relative+"\n")
	alternate(middle, `"`+base.objects+`/"`+"\n")
	want := top.all()
	require.Greater(t, len(want), len(base.all()))
	alternate(base, top.objects+"\n") // a cycle, which git does not mind either
	requireSame(t, want, open(t, Options{Verify: true}, top.objects))
	requireSame(t, want, open(t, Options{Verify: true}, base.objects, middle.objects))

	alternate(base, filepath.Join(t.TempDir(), "gone")+"\n")
	got := walkAll(t, open(t, Options{}, top.objects), WalkOptions{})
	require.Equal(t, want, got.objects)
	require.Len(t, got.problems, 1)
	require.ErrorContains(t, got.problems[0].Err, "no such file")
}

func TestNestedAlternatesHaveABound(t *testing.T) {
	root := t.TempDir()
	dir := func(i int) string { return filepath.Join(root, string(rune('a'+i))) }
	for i := range 9 {
		require.NoError(t, os.MkdirAll(filepath.Join(dir(i), "info"), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(dir(i), "info", "alternates"), []byte(dir(i+1)+"\n"), 0o644))
	}
	require.NoError(t, os.Mkdir(dir(9), 0o755))
	dirs, problems, err := directories([]string{dir(0)})
	require.NoError(t, err)
	require.Len(t, dirs, 1+maxAlternates)
	require.Len(t, problems, 1)
	require.ErrorContains(t, problems[0].Err, "nested more than 5 deep")
}

func TestOpenFails(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o644))
	for _, dir := range []string{filepath.Join(t.TempDir(), "no"), file} {
		_, err := Open([]string{dir}, Options{})
		require.Error(t, err)
	}
	_, err := Open(nil, Options{})
	require.Error(t, err)
	_, err = Open([]string{t.TempDir()}, Options{HashSize: 21})
	require.ErrorContains(t, err, "21 bytes")
}

func TestResolve(t *testing.T) {
	r := newRepo(t, "sha1")
	r.commits(1, 30, false)
	r.commits(2, 30, true)
	s := open(t, Options{}, r.objects)
	for id := range r.all() {
		require.Equal(t, []ID{id}, s.Resolve(id.String()))
		require.Equal(t, []ID{id}, s.Resolve(strings.ToUpper(id.String()[:39])))
		require.Contains(t, s.Resolve(id.String()[:4]), id)
		require.Contains(t, s.Resolve(id.String()[:5]), id)
	}
	require.Empty(t, s.Resolve("0123456789012345678901234567890123456789"))
	for _, bad := range []string{"", "abc", "xyzw", strings.Repeat("a", 41)} {
		require.Empty(t, s.Resolve(bad))
	}
}

func TestMissingObject(t *testing.T) {
	r := newRepo(t, "sha1")
	r.commits(1, 3, false)
	s := open(t, Options{}, r.objects)
	id, err := ParseID("0123456789012345678901234567890123456789")
	require.NoError(t, err)
	require.False(t, s.Has(id))
	_, _, err = s.Read(id)
	var missing *MissingError
	require.ErrorAs(t, err, &missing)
	require.Equal(t, id, missing.ID)

	// What comes after Open is found.
	before := r.all()
	r.commits(2, 3, false)
	r.commits(3, 3, true)
	for id := range r.all() {
		if _, old := before[id]; !old {
			require.True(t, s.Has(id))
			_, _, err := s.Read(id)
			require.NoError(t, err)
		}
	}
	requireSame(t, r.all(), s)
	require.NoError(t, s.Close())
}

func TestRepackWhileOpen(t *testing.T) {
	r := newRepo(t, "sha1")
	r.commits(1, 30, false)
	r.commits(2, 10, true)
	want := r.all()
	s := open(t, Options{}, r.objects)
	r.git(nil, "repack", "-adfq")
	r.git(nil, "prune-packed")
	requireSame(t, want, s)
}

// TestRepackWhileWalking walks while another process commits, repacks and prunes.
func TestRepackWhileWalking(t *testing.T) {
	r := newRepo(t, "sha1")
	r.commits(1, 40, true)
	want := r.all()
	const rounds = 8
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range rounds {
			r.commits(uint64(i+2), 5, i%2 == 0)
			r.git(nil, "repack", "-adfq")
			r.git(nil, "prune-packed")
		}
	}()
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
		}
		s, err := Open([]string{r.objects}, Options{Verify: true})
		require.NoError(t, err)
		got := walkAll(t, s, WalkOptions{Workers: 2})
		require.Empty(t, got.problems)
		for id, c := range want {
			require.Equal(t, c, got.objects[id])
			k, data, err := s.Read(id)
			require.NoError(t, err)
			require.Equal(t, c, content{k, string(data)})
		}
		require.NoError(t, s.Close())
	}
}

func TestThinPack(t *testing.T) {
	for _, baseLoose := range []bool{false, true} {
		r := newRepo(t, "sha1")
		r.commits(1, 30, baseLoose)
		tip := strings.TrimSpace(string(r.git(nil, "rev-parse", "refs/heads/b1")))
		thin := r.git([]byte(tip+"\n^"+tip+"~5\n"), "pack-objects", "--revs", "--thin", "--stdout", "-q")
		want := r.all()
		// The quarantine holds the thin pack alone, without an index.
		quarantine := t.TempDir()
		require.NoError(t, os.Mkdir(filepath.Join(quarantine, "pack"), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(quarantine, "pack", "pack-thin.pack"), thin, 0o644))
		requireSame(t, want, open(t, Options{Verify: true}, r.objects, quarantine))
		requireSame(t, want, open(t, Options{Verify: true}, quarantine, r.objects))

		alone := walkAll(t, open(t, Options{}, quarantine), WalkOptions{})
		require.NotEmpty(t, alone.problems)
		require.ErrorContains(t, alone.problems[0].Err, "is missing")
	}
}
