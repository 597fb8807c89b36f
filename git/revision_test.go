package git

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

func revisionFixture(t *testing.T) *fixture {
	f := newFixture(t)
	for _, name := range []string{"one", "two", "three"} {
		f.write(name, name)
		f.commit(name)
	}
	f.git("checkout", "-q", "-b", "feature/login", "HEAD^")
	f.write("four", "four")
	f.commit("four")
	f.git("checkout", "-q", "main")
	f.git("merge", "-q", "--no-ff", "-m", "merge", "feature/login")
	f.git("tag", "-a", "v1.0", "-m", "release", "HEAD^")
	f.git("tag", "blob", f.git("rev-parse", "HEAD:one"))
	f.git("update-ref", "refs/remotes/origin/topic", "HEAD~2")
	f.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/topic")
	return f
}

// Names mean what they mean to git.
func TestRevision(t *testing.T) {
	f := revisionFixture(t)
	r := open(t, f.dir)
	names, err := r.readRefs()
	require.NoError(t, err)
	res := r.newResolver(names)
	head := f.git("rev-parse", "HEAD")
	for _, name := range []string{
		"HEAD", "@", "main", "heads/main", "refs/heads/main", "feature/login", "v1.0", "tags/v1.0", "origin/topic", "origin",
		"HEAD^", "HEAD^2", "HEAD~2", "HEAD^2~1", "main^^", "v1.0^{commit}", "v1.0^{}~1", "HEAD^0", head, head[:7], "ORIG_HEAD",
		f.git("rev-parse", "v1.0"),
	} {
		if name == "ORIG_HEAD" {
			f.git("update-ref", "ORIG_HEAD", "HEAD~1")
			names, err = r.readRefs()
			require.NoError(t, err)
			res = r.newResolver(names)
		}
		id, err := res.commit(name)
		require.NoError(t, err, name)
		require.Equal(t, f.git("rev-parse", name+"^{commit}"), id.String(), name)
	}
}

func TestUnknownRevision(t *testing.T) {
	f := revisionFixture(t)
	r := open(t, f.dir)
	tests := []struct{ revision, message string }{
		{"mian", "did you mean main?"},
		{"feature/logn", "did you mean feature/login?"},
		{"login", "feature/login"},
		{"v1", "v1.0"},
		{"main..feature/logon", "feature/login"},
		{"zzzzzzzz", `unknown revision "zzzzzzzz"`},
		{"blob", "it names a blob, not a commit"},
		{"main^7", "has no parent 7"},
		{"main@{1}", "only names, ids"},
		{"main:one", "only names, ids"},
		{strings.Repeat("12345678", 5), "fetch it first"},
		{"main.." + strings.Repeat("0", 40), "deletes a ref"},
		{"", "unknown revision"},
	}
	for _, tt := range tests {
		t.Run(tt.revision, func(t *testing.T) {
			_, err := r.Scan(context.Background(), testEngine(t), scanner.NewCollector(), ScanOptions{Revisions: []string{tt.revision}})
			require.ErrorAs(t, err, new(*UnknownRevisionError))
			require.ErrorContains(t, err, tt.message)
		})
	}
}

// A new branch is pushed: what the remote has is known.
func TestRangeFromZero(t *testing.T) {
	f := newFixture(t)
	f.write("old", pair(1))
	published := f.commit("published")
	f.git("branch", "other")
	f.write("new", pair(2))
	f.commit("new")
	zero := strings.Repeat("0", 40)
	scanned := func() result {
		return scan(t, open(t, f.dir), ScanOptions{Revisions: []string{zero + "..main"}})
	}
	require.Equal(t, 1, scanned().receipt.Commits, "without remotes, other branches are known")
	f.git("update-ref", "refs/remotes/origin/x", published)
	f.git("branch", "-f", "other", "main")
	got := scanned()
	require.Equal(t, 1, got.receipt.Commits, "with remotes, only theirs are")
	require.Len(t, got.findings, 2)
	require.Equal(t, "new", got.find(t, keyID(2)).Occurrences[0].Path)
	f.git("update-ref", "-d", "refs/remotes/origin/x")
	f.git("branch", "-D", "other")
	require.Equal(t, 2, scanned().receipt.Commits, "with no other ref, nothing is")
}

func TestEmptyRange(t *testing.T) {
	f := revisionFixture(t)
	got := scan(t, open(t, f.dir), ScanOptions{Revisions: []string{"main..main"}})
	require.True(t, got.receipt.Empty)
	require.Zero(t, got.receipt.Commits)
}
