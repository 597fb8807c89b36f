package git

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/git/cache"
	"github.com/shrike-scan/shrike/git/odb"
	"github.com/shrike-scan/shrike/scanner"
)

// all shows everything that is said of findings.
func (r result) all(t testing.TB) string {
	t.Helper()
	text := r.lines()
	for _, f := range r.findings {
		line, err := json.Marshal(struct {
			Rule, Secret        string
			Severity            scanner.Severity
			Confidence          scanner.Confidence
			Proven              bool
			Details             []scanner.Detail
			Occurrences         []scanner.Occurrence
			Introduced, Removed *scanner.Commit
		}{f.Rule.ID, f.Secret.Reveal(), f.Severity, f.Confidence, f.Proven, f.Details, f.Occurrences, f.Introduced, f.Removed})
		require.NoError(t, err)
		text += string(line) + "\n"
	}
	r.receipt.Notes = nil
	r.receipt.Bytes, r.receipt.Known, r.receipt.ScannedBytes, r.receipt.InheritedBytes = [5]int64{}, [5]int64{}, 0, 0
	return text + fmt.Sprintf("%+v", r.receipt)
}

// remembered scans with a cache and writes it.
func remembered(t testing.TB, path, folder string) result {
	t.Helper()
	r, err := Open(path, Options{})
	require.NoError(t, err)
	defer func() { require.NoError(t, r.Close()) }()
	o := ScanOptions{Cache: folder, Workers: 2}
	r.ReadAhead(o)
	got := scan(t, r, o)
	require.NoError(t, r.Remember())
	return got
}

func forgotten(t testing.TB, path string) result {
	t.Helper()
	r, err := Open(path, Options{})
	require.NoError(t, err)
	defer func() { require.NoError(t, r.Close()) }()
	return scan(t, r, ScanOptions{Workers: 2})
}

// TestReadingAhead scans what a walk was begun of, and closes what nobody scans.
func TestReadingAhead(t *testing.T) {
	f := newFixture(t)
	f.write("key", pair(1))
	f.commit("one")
	f.git("repack", "-adq")
	want := forgotten(t, f.dir).all(t)
	for _, o := range []ScanOptions{{}, {Revisions: []string{"HEAD"}}} {
		r, err := Open(f.dir, Options{})
		require.NoError(t, err)
		r.ReadAhead(o)
		if got := scan(t, r, o); !o.Narrowed() {
			require.Equal(t, want, got.all(t))
		}
		r.ReadAhead(o)
		require.NoError(t, r.Close())
	}
}

// requireRemembered wants the same from a scan with a cache as from one without,
// twice, and gives the first.
func requireRemembered(t testing.TB, path, folder string) result {
	t.Helper()
	want := forgotten(t, path).all(t)
	first := remembered(t, path, folder)
	require.Equal(t, want, first.all(t))
	again := remembered(t, path, folder)
	require.Equal(t, want, again.all(t))
	require.Equal(t, [5]int64{}, again.receipt.Bytes, "nothing is read when nothing has changed")
	require.Empty(t, again.receipt.Notes)
	return first
}

// TestScansWithCache goes through what happens to a repository between two scans.
func TestScansWithCache(t *testing.T) {
	for _, format := range []string{"sha1", "sha256"} {
		t.Run(format, func(t *testing.T) {
			f := newFixture(t, "--object-format="+format)
			folder := filepath.Join(t.TempDir(), "cache")
			same := func(what string) result {
				t.Helper()
				t.Log(what)
				return requireRemembered(t, f.dir, folder)
			}
			f.write("README", "nothing\n")
			f.commit("start")
			require.Empty(t, same("no finding").findings)
			f.write("a/key", pair(1))
			f.commit("first")
			same("a first finding")
			f.write("b/key", pair(1)+"more\n")
			f.write("a/key", pair(1)+"shrike"+":allow key-id for a test\n"+keyID(2)+" # shrike"+":allow key-id a reason\n")
			for n := range 3 {
				f.write(fmt.Sprint("allowed", n), fmt.Sprintf("%d\n%s # shrike"+":allow key-id reason %d\n", n, keyID(2), n))
			}
			f.commit("mention " + keyID(3))
			same("a finding in a message, one that is allowed")
			f.git("checkout", "-q", "-b", "side")
			f.write("c", pair(4))
			f.commit("side")
			f.git("checkout", "-q", "main")
			same("a branch")
			f.git("merge", "-q", "--no-ff", "-m", "merge", "side")
			f.git("tag", "-a", "v1", "-m", "has "+keyID(5), "HEAD~1")
			f.git("tag", "light")
			f.git("tag", "tree", "HEAD^{tree}")
			same("a merge, tags")
			f.git("repack", "-q", "-a", "-d")
			got := same("a repack")
			require.NotZero(t, got.receipt.Known)
			f.remove("b/key")
			f.commit("remove")
			f.write("d", pair(6))
			f.git("add", "d")
			same("a finding in the index alone")
			f.commit("with d")
			same("which is then committed")
			f.write("e", pair(7))
			f.git("add", "e")
			f.git("stash", "-q")
			same("a stash")
			f.git("stash", "drop", "-q")
			same("without its stash")
			f.git("worktree", "add", "-q", "-b", "other", filepath.Join(t.TempDir(), "linked"))
			same("a linked worktree")
			f.git("branch", "-D", "-q", "side")
			f.git("reset", "-q", "--hard", "HEAD~1")
			f.write("g", pair(8))
			f.commit("another history")
			same("a branch that was forced elsewhere")
			f.git("reflog", "expire", "--expire=all", "--all")
			same("without reflogs")
			f.git("gc", "-q", "--prune=now")
			same("garbage collected")
			f.git("-c", "core.logAllRefUpdates=false", "commit", "-q", "--allow-empty", "--amend", "-m", "amended "+keyID(9))
			same("amended")
			f.git("prune", "--expire=now")
			same("pruned")
		})
	}
}

// TestPartialClonesAreNotRemembered: blobs may come later that old trees name.
func TestPartialClonesAreNotRemembered(t *testing.T) {
	f := newFixture(t)
	f.write("key", pair(1))
	f.commit("one")
	f.git("config", "remote.origin.promisor", "true")
	folder := filepath.Join(t.TempDir(), "never")
	require.Equal(t, forgotten(t, f.dir).all(t), remembered(t, f.dir, folder).all(t))
	require.NoDirExists(t, folder)
}

// TestFewTreesAreRead has the first finding of a repository, and one more, come
// with a new commit.
func TestFewTreesAreRead(t *testing.T) {
	f := newFixture(t)
	folder := t.TempDir()
	f.write("README", "nothing\n")
	f.commit("start")
	remembered(t, f.dir, folder)
	for n := range 3 {
		f.write(fmt.Sprint("key", n), pair(n))
		f.commit("more")
		r := open(t, f.dir)
		require.NotEmpty(t, scan(t, r, ScanOptions{Cache: folder}).findings)
		require.False(t, r.history.attribution.reread)
		require.NoError(t, r.Remember())
	}
}

// TestBlobsThatComeLate has trees that are scanned before the blobs that they name
// are there, as when a commit is being made, or a damaged repository is mended.
func TestBlobsThatComeLate(t *testing.T) {
	for _, reached := range []bool{false, true} {
		f := newFixture(t)
		folder := t.TempDir()
		f.write("key", pair(1))
		f.commit("one")
		blob := f.gitIn(pair(2), "hash-object", "--stdin")
		tree := f.gitIn("100644 blob "+blob+"\tlate\n", "mktree", "--missing")
		commit := f.gitIn("", "commit-tree", "-m", "early", tree)
		if reached {
			f.git("update-ref", "refs/heads/early", commit)
		}
		requireRemembered(t, f.dir, folder)
		f.gitIn(pair(2), "hash-object", "-w", "--stdin")
		if !reached {
			// Another commit has the blob too, so that it stands somewhere new.
			f.write("also", pair(2))
			f.commit("also")
		}
		f.git("update-ref", "refs/heads/early", commit)
		got := requireRemembered(t, f.dir, folder)
		places := 0
		for _, o := range got.find(t, keyID(2)).Occurrences {
			if o.Path == "late" {
				places++
			}
		}
		require.Equal(t, 1, places, "reached: %t", reached)
	}
}

// TestRandomHistoriesWithCache scans generated repositories again and again while
// they change at random.
func TestRandomHistoriesWithCache(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			folder := t.TempDir()
			rng := rand.New(rand.NewPCG(seed, 5))
			f.write("f0", pair(0))
			f.commit("start")
			branches := 0
			for range 12 {
				for range 1 + rng.IntN(4) {
					change(f, rng, &branches)
				}
				requireRemembered(t, f.dir, folder)
			}
		})
	}
}

// change does one random thing to a repository.
func change(f *fixture, rng *rand.Rand, branches *int) {
	path := fmt.Sprintf("d%d/f%d", rng.IntN(3), rng.IntN(5))
	if rng.IntN(2) == 0 {
		path = fmt.Sprintf("d%d/e%d/g%d/f%d", rng.IntN(3), rng.IntN(2), rng.IntN(2), rng.IntN(2))
	}
	switch rng.IntN(16) {
	default:
		f.write(path, fmt.Sprintf("%s%d\n", pair(rng.IntN(6)), rng.IntN(100)))
		f.commit("write " + keyID(100+rng.IntN(4)))
	case 0:
		f.write(path, fmt.Sprintln("nothing", rng.IntN(100)))
		f.commit("clear")
	case 1:
		*branches++
		f.git("checkout", "-q", "-b", fmt.Sprint("b", *branches))
	case 2:
		f.git("checkout", "-q", "main")
	case 3:
		_, _ = f.try("", "merge", "-q", "-X", "ours", "--no-edit", fmt.Sprint("b", 1+rng.IntN(*branches+1)))
		_, _ = f.try("", "merge", "--abort")
	case 4:
		f.git("repack", "-q", "-a", "-d")
	case 5:
		f.git("reflog", "expire", "--expire=all", "--all")
		f.git("gc", "-q", "--prune=now")
	case 6:
		_, _ = f.try("", "branch", "-q", "-D", fmt.Sprint("b", 1+rng.IntN(*branches+1)))
	case 7:
		_, _ = f.try("", "reset", "-q", "--hard", "HEAD~1")
	case 8:
		f.git("tag", "-f", "-a", "-m", "tag "+keyID(200+rng.IntN(3)), fmt.Sprint("t", rng.IntN(3)))
	case 9:
		f.gitIn(pair(rng.IntN(8)), "hash-object", "-w", "--stdin")
	case 10:
		f.git("repack", "-q", "-d")
	case 11:
		_, _ = f.try("", "mv", "-k", fmt.Sprintf("d%d/e%d", rng.IntN(3), rng.IntN(2)), fmt.Sprintf("d%d/moved", rng.IntN(3)))
		f.commit("move", "--allow-empty")
	}
}

// TestUnusableCaches wants a note and a full scan.
func TestUnusableCaches(t *testing.T) {
	f := newFixture(t)
	f.write("key", pair(1))
	f.commit("one")
	folder := t.TempDir()
	want := remembered(t, f.dir, folder).all(t)
	file := filepath.Join(folder, filepath.Base(open(t, f.dir).cacheFile(folder)))
	good, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NotContains(t, string(good), keyID(1))
	require.NotContains(t, string(good), keySecret(1))

	for name, data := range map[string][]byte{
		"empty":     {},
		"foreign":   []byte("not ours"),
		"truncated": good[:len(good)/2],
		"damaged":   append(append([]byte(nil), good[:len(good)/2]...), make([]byte, len(good)-len(good)/2)...),
	} {
		require.NoError(t, os.WriteFile(file, data, 0o600))
		got := remembered(t, f.dir, folder)
		require.Equal(t, want, got.all(t), name)
		require.Len(t, got.receipt.Notes, 1, name)
		require.Contains(t, got.receipt.Notes[0], file)
		require.Zero(t, got.receipt.Known)
		after, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Equal(t, good, after, "it is written anew")
	}

	r := open(t, f.dir)
	got := scan(t, r, ScanOptions{Cache: folder, CacheSalt: "another version"})
	require.Zero(t, got.receipt.Known, "another version's cache is not used")
	require.Empty(t, got.receipt.Notes, "but that is nothing to worry about")
}

// TestCacheThatLies has a cache with a good checksum and another text's places.
func TestCacheThatLies(t *testing.T) {
	f := newFixture(t)
	f.write("key", pair(1))
	f.commit("one")
	folder := t.TempDir()
	want := remembered(t, f.dir, folder).all(t)
	r := open(t, f.dir)
	key, file := r.cacheKey(testEngine(t), ""), r.cacheFile(folder)
	for name, spoil := range map[string]func(*memory){
		"line":   func(m *memory) { m.objects[0].spots[0].line++ },
		"count":  func(m *memory) { m.objects[0].spots = m.objects[0].spots[:1]; m.kinds = 1 },
		"kind":   func(m *memory) { m.objects[0].spots[1].kind = m.objects[0].spots[0].kind },
		"object": func(m *memory) { m.objects[0].id[5]++ },
	} {
		made, m, err := readMemory(file, r.HashSize)
		require.NoError(t, err)
		require.Equal(t, key, made)
		spoil(m)
		require.NoError(t, cache.Write(file, key, m.format()))
		got := remembered(t, f.dir, folder)
		require.Equal(t, want, got.all(t), name)
		require.Len(t, got.receipt.Notes, 1, name)
	}
}

// TestIncompleteScansAreNotRemembered has a commit whose parent is missing.
func TestIncompleteScansAreNotRemembered(t *testing.T) {
	f := newFixture(t)
	f.write("key", pair(1))
	id := f.commit("one")
	f.commit("two")
	object := filepath.Join(f.dir, ".git", "objects", id[:2], id[2:])
	kept, err := os.ReadFile(object)
	require.NoError(t, err)
	require.NoError(t, os.Remove(object))
	folder := t.TempDir()
	require.NotZero(t, remembered(t, f.dir, folder).receipt.ProblemCount)
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Empty(t, left)
	require.NoError(t, os.WriteFile(object, kept, 0o444))
	requireRemembered(t, f.dir, folder)
	// And the other way round: what was there is gone.
	require.NoError(t, os.Remove(object))
	got := remembered(t, f.dir, folder)
	require.Equal(t, forgotten(t, f.dir).all(t), got.all(t))
	require.Len(t, got.receipt.Notes, 1)
}

// TestDamageIsToldWithCache cuts a pack short that the cache knows.
func TestDamageIsToldWithCache(t *testing.T) {
	f := newFixture(t)
	f.write("key", pair(1))
	f.commit("one")
	f.git("repack", "-q", "-a", "-d")
	folder := t.TempDir()
	requireRemembered(t, f.dir, folder)
	packs, err := filepath.Glob(filepath.Join(f.dir, ".git", "objects", "pack", "*.pack"))
	require.NoError(t, err)
	require.Len(t, packs, 1)
	require.NoError(t, os.Chmod(packs[0], 0o644))
	require.NoError(t, os.Truncate(packs[0], 100))
	got := remembered(t, f.dir, folder)
	want := forgotten(t, f.dir)
	require.NotZero(t, got.receipt.ProblemCount)
	require.ElementsMatch(t, want.receipt.Problems, got.receipt.Problems)
	require.Equal(t, want.lines(), got.lines())
}

// TestScansAtOnce scans one repository several times at once while it grows.
func TestScansAtOnce(t *testing.T) {
	f := newFixture(t)
	f.write("key", pair(1))
	f.commit("one")
	folder := t.TempDir()
	for n := range 3 {
		var group sync.WaitGroup
		results := make([]string, 6)
		want := forgotten(t, f.dir).all(t)
		for i := range results {
			group.Go(func() { results[i] = remembered(t, f.dir, folder).all(t) })
		}
		group.Wait()
		for _, got := range results {
			require.Equal(t, want, got)
		}
		for i := range 4 {
			group.Go(func() {
				for range 2 {
					r := remembered(t, f.dir, folder)
					require.NotEmpty(t, r.findings, "scan %d", i)
				}
			})
		}
		f.write(fmt.Sprint("key", n), pair(2+n))
		f.commit("more")
		f.git("repack", "-q", "-a", "-d")
		group.Wait()
		requireRemembered(t, f.dir, folder)
	}
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Len(t, left, 1)
}

func FuzzMemory(f *testing.F) {
	m := newMemory(20)
	m.packs = []odb.PackID{{Name: "pack-1.pack", Size: 7}}
	m.blobs = m.blobs.with([]odb.ID{{1}, {2}})
	m.objects = []spotted{{id: odb.ID{1}, spots: []spot{{line: 3, column: 4, endLine: 3, endColumn: 9}}}}
	m.kinds = 1
	for at, section := range m.format() {
		f.Add(at, section)
	}
	f.Fuzz(func(t *testing.T, at int, section []byte) {
		s := m.format()
		s[uint(at)%uint(len(s))] = section
		got, err := parseMemory(s, 20)
		if err != nil {
			return
		}
		for i := range got.blobs.len() {
			got.knows(got.blobs.at(i))
		}
		again, err := parseMemory(got.format(), 20)
		require.NoError(t, err)
		require.Equal(t, got.objects, again.objects)
		got.without(func(id []byte) bool { return id[0]&1 == 0 })
	})
}
