package git

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

// planted is one credential put into a repository, and what has to be said of it.
type planted struct {
	name  string
	plant func(f *fixture, want *expected)
}

type expected struct {
	where               scanner.Where // default: in a file
	path                string
	introduced, removed string // commit or tag ids
	alive               bool
	refs                []string
	reach               string // default: ref
	encoding            string
}

func plantings() []planted {
	main := []string{"refs/heads/main"}
	return []planted{
		{"deleted long ago", func(f *fixture, want *expected) {
			f.write("conf/aws.ini", pair(1))
			want.introduced = f.commit("add")
			f.remove("conf/aws.ini")
			want.removed = f.commit("delete")
			for range 5 {
				f.commit("later")
			}
			want.path, want.refs = "conf/aws.ini", main
		}},
		{"alive", func(f *fixture, want *expected) {
			f.write("a", pair(1))
			want.introduced = f.commit("add")
			f.commit("later")
			want.path, want.alive, want.refs = "a", true, main
		}},
		{"in a merge commit only", func(f *fixture, want *expected) {
			f.git("checkout", "-q", "-b", "side")
			f.write("side", "x")
			f.commit("side")
			f.git("checkout", "-q", "main")
			f.write("main", "y")
			f.commit("main")
			f.git("merge", "-q", "--no-commit", "--no-ff", "side")
			f.write("evil", pair(1))
			want.introduced = f.commit("merge")
			f.remove("evil")
			want.removed = f.commit("clean")
			want.path, want.refs = "evil", main
		}},
		{"in a stash", func(f *fixture, want *expected) {
			f.write("base", pair(1))
			f.git("stash", "push", "-q", "-u")
			want.path, want.reach = "base", "stash"
			want.introduced = f.git("rev-parse", "stash^3")
		}},
		{"in a dropped stash", func(f *fixture, want *expected) {
			f.write("README", pair(1))
			f.git("stash", "push", "-q")
			want.introduced = f.git("rev-parse", "stash")
			f.git("stash", "drop", "-q")
			want.path, want.reach = "README", "unreachable"
		}},
		{"in a note", func(f *fixture, want *expected) {
			f.git("notes", "add", "-m", pair(1), "HEAD")
			want.introduced = f.git("rev-parse", "refs/notes/commits")
			want.path, want.refs = f.git("rev-parse", "HEAD"), []string{"refs/notes/commits"}
		}},
		{"in the reflog only, after a reset", func(f *fixture, want *expected) {
			f.write("x", pair(1))
			want.introduced = f.commit("add")
			f.git("reset", "-q", "--hard", "HEAD^")
			f.remove(".git/ORIG_HEAD")
			want.path, want.reach = "x", "reflog"
		}},
		{"in ORIG_HEAD only", func(f *fixture, want *expected) {
			f.write("x", pair(1))
			want.introduced = f.commit("add")
			f.git("reset", "-q", "--hard", "HEAD^")
			f.git("reflog", "expire", "--expire=now", "--all")
			want.path, want.reach = "x", "reflog"
		}},
		{"in an unreachable blob", func(f *fixture, want *expected) {
			f.gitIn(pair(1), "hash-object", "-w", "--stdin")
			want.reach = "unreachable"
		}},
		{"in a UTF-16 file", func(f *fixture, want *expected) {
			var b strings.Builder
			b.WriteString("\xff\xfe")
			for _, u := range utf16.Encode([]rune(pair(1))) {
				b.Write([]byte{byte(u), byte(u >> 8)})
			}
			f.write("key.txt", b.String())
			want.introduced = f.commit("add")
			want.path, want.alive, want.refs, want.encoding = "key.txt", true, main, "utf-16le"
		}},
		{"in a file marked binary", func(f *fixture, want *expected) {
			f.write(".gitattributes", "*.dat binary\n")
			f.write("key.dat", pair(1))
			want.introduced = f.commit("add")
			want.path, want.alive, want.refs = "key.dat", true, main
		}},
		{"in a tag's message", func(f *fixture, want *expected) {
			f.git("tag", "-a", "v1", "-m", "release\n\n"+pair(1))
			want.introduced = f.git("rev-parse", "v1")
			want.where, want.refs = scanner.InTagMessage, []string{"refs/tags/v1"}
		}},
		{"in a tag of a tag", func(f *fixture, want *expected) {
			f.git("tag", "-a", "inner", "-m", pair(1))
			want.introduced = f.git("rev-parse", "inner")
			f.git("tag", "-a", "outer", "-m", "outer", "inner")
			f.git("tag", "-d", "inner")
			want.where, want.refs = scanner.InTagMessage, []string{"refs/tags/outer"}
		}},
		{"in a blob that a tag names", func(f *fixture, want *expected) {
			blob := f.gitIn(pair(1), "hash-object", "-w", "--stdin")
			f.git("tag", "-a", "key", "-m", "a key", blob)
			want.refs = []string{"refs/tags/key"}
		}},
		{"in a commit's message", func(f *fixture, want *expected) {
			want.introduced = f.commit("oops\n\n" + pair(1))
			f.git("tag", "-a", "v1", "-m", "release")
			want.where, want.refs = scanner.InCommitMessage, []string{"refs/heads/main", "refs/tags/v1"}
		}},
		{"in an author's name", func(f *fixture, want *expected) {
			f.write("x", "x")
			want.introduced = f.commit("x", "--author", keyID(1)+" <"+"aws_secret_access_key = "+keySecret(1)+">")
			want.where, want.refs = scanner.InIdentity, main
		}},
		{"in a remote's branch", func(f *fixture, want *expected) {
			f.write("x", pair(1))
			want.introduced = f.commit("add")
			f.git("update-ref", "refs/remotes/origin/main", "HEAD")
			f.remove("x")
			want.removed = f.commit("delete")
			want.path, want.refs = "x", []string{"refs/heads/main", "refs/remotes/origin/main"}
		}},
		{"in a linked worktree's detached HEAD", func(f *fixture, want *expected) {
			f.write("x", pair(1))
			want.introduced = f.commit("add")
			f.git("worktree", "add", "-q", "--detach", "../linked")
			f.git("reset", "-q", "--hard", "HEAD^")
			want.path, want.refs = "x", []string{"worktrees/linked/HEAD"}
		}},
		{"in a renamed file", func(f *fixture, want *expected) {
			f.write("old/x", pair(1))
			want.introduced = f.commit("add")
			f.git("mv", "old", "new")
			f.commit("rename")
			want.path, want.alive, want.refs = "old/x", true, main
		}},
		{"in the merged tag of a merge", func(f *fixture, want *expected) {
			f.git("checkout", "-q", "-b", "side")
			f.write("side", "x")
			f.commit("side")
			f.git("tag", "-a", "v1", "-m", pair(1)+"-----BEGIN PGP SIGNATURE-----\n\nx\n-----END PGP SIGNATURE-----\n")
			f.git("checkout", "-q", "main")
			f.clock++
			f.git("merge", "-q", "--no-ff", "-m", "merge", "v1")
			f.git("tag", "-d", "v1")
			f.git("prune")
			want.introduced = f.git("rev-parse", "HEAD")
			want.where, want.refs = scanner.InCommitMessage, main
		}},
	}
}

// Every credential is found and attributed, however the repository is stored.
func TestPlanted(t *testing.T) {
	stores := []struct {
		name   string
		init   []string
		finish func(f *fixture) (path string)
	}{
		{name: "loose", finish: func(f *fixture) string { return f.dir }},
		{name: "packed", finish: func(f *fixture) string {
			f.git("-c", "gc.pruneExpire=never", "repack", "-q", "-a", "-d", "--keep-unreachable")
			f.git("pack-refs", "--all")
			return filepath.Join(f.dir, ".git")
		}},
		{name: "sha256", init: []string{"--object-format=sha256"}, finish: func(f *fixture) string { return f.dir }},
	}
	for _, store := range stores {
		for _, p := range plantings() {
			t.Run(store.name+"/"+p.name, func(t *testing.T) {
				t.Parallel()
				f := newFixture(t, store.init...)
				f.write("README", "hello\n")
				f.write("deep/er/down", "hello\n")
				f.commit("first")
				var want expected
				p.plant(f, &want)
				path := store.finish(f)
				want.check(t, scan(t, open(t, path), ScanOptions{}))
			})
		}
	}
}

func (want expected) check(t *testing.T, got result) {
	t.Helper()
	require.True(t, got.receipt.Complete(), "%+v", got.receipt)
	require.Len(t, got.findings, 2, got.lines())
	for _, secret := range []string{keyID(1), keySecret(1)} {
		f := got.find(t, secret)
		id := func(c *scanner.Commit) string {
			if c == nil {
				return ""
			}
			require.NotContains(t, c.Subject+c.Author+c.Email, secret)
			return c.ID
		}
		if want.where == "" {
			want.where = scanner.InFile
		}
		if want.reach == "" {
			want.reach = "ref"
		}
		require.Equal(t, want.where, f.Occurrences[0].Where)
		require.Equal(t, want.path, f.Occurrences[0].Path)
		require.Equal(t, want.encoding, f.Occurrences[0].Encoding)
		require.Equal(t, want.introduced, id(f.Introduced))
		require.Equal(t, want.introduced, id(f.Occurrences[0].Commit))
		require.Equal(t, want.removed, id(f.Removed))
		require.Equal(t, want.alive, f.Alive)
		require.Equal(t, want.refs, f.Refs)
		require.Equal(t, want.reach, f.Reach)
	}
}

// The same repository gives the same answer through each of its doors.
func TestDoors(t *testing.T) {
	f := newFixture(t)
	f.write("sub/x", pair(1))
	f.commit("add")
	f.git("clone", "-q", "--bare", ".", "../bare.git")
	f.git("worktree", "add", "-q", "-b", "linked", "../linked")
	f.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", f.dir, "module")
	parent := filepath.Dir(f.dir)
	for name, path := range map[string]string{
		"root":            f.dir,
		"subfolder":       filepath.Join(f.dir, "sub"),
		"git folder":      filepath.Join(f.dir, ".git"),
		"linked worktree": filepath.Join(parent, "linked", "sub"),
		"bare":            filepath.Join(parent, "bare.git"),
		"submodule":       filepath.Join(f.dir, "module"),
	} {
		t.Run(name, func(t *testing.T) {
			got := scan(t, open(t, path), ScanOptions{})
			require.True(t, got.find(t, keyID(1)).Alive)
			require.Contains(t, got.find(t, keySecret(1)).Refs, "refs/heads/main")
		})
	}
}

// HEAD is the worktree's own.
func TestAliveInLinkedWorktree(t *testing.T) {
	f := newFixture(t)
	f.commit("first")
	f.git("worktree", "add", "-q", "-b", "linked", "../linked")
	f.write("x", pair(1))
	f.commit("add")
	require.True(t, scan(t, open(t, f.dir), ScanOptions{}).find(t, keyID(1)).Alive)
	linked := filepath.Join(filepath.Dir(f.dir), "linked")
	require.False(t, scan(t, open(t, linked), ScanOptions{}).find(t, keyID(1)).Alive)
}

func TestOpenErrors(t *testing.T) {
	dir := t.TempDir()
	_, err := Open(filepath.Join(dir, "none"), Options{})
	require.ErrorAs(t, err, new(*MissingPathError))

	_, err = Open(dir, Options{})
	require.ErrorAs(t, err, new(*NotRepositoryError))
	require.ErrorContains(t, err, "shrike dir "+dir)

	_, err = Open(dir, Options{GitDir: "missing.git"})
	require.ErrorAs(t, err, new(*NotRepositoryError))

	require.NoError(t, os.WriteFile(filepath.Join(dir, ".git"), []byte("gitdir: ../gone\n"), 0o644))
	_, err = Open(dir, Options{})
	require.ErrorAs(t, err, new(*BrokenLinkError))
}
