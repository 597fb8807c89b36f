package git

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// oracle knows a repository's history the slow way: every commit's whole tree,
// as git lists it.
type oracle struct {
	commits []string // children before parents
	parents map[string][]string
	trees   map[string]map[string]string // commit -> path -> blob
	holds   map[string][]string          // blob -> secrets
	tips    map[string]string            // ref -> commit
	head    string
}

func newOracle(f *fixture) *oracle {
	o := &oracle{
		parents: map[string][]string{}, trees: map[string]map[string]string{},
		holds: map[string][]string{}, tips: map[string]string{}, head: f.git("rev-parse", "HEAD"),
	}
	for line := range strings.Lines(f.git("rev-list", "--all", "--topo-order", "--parents")) {
		ids := strings.Fields(line)
		o.commits = append(o.commits, ids[0])
		o.parents[ids[0]] = ids[1:]
		tree := map[string]string{}
		for _, entry := range strings.Split(f.git("ls-tree", "-r", "-z", ids[0]), "\x00") {
			if meta, path, ok := strings.Cut(entry, "\t"); ok {
				tree[path] = strings.Fields(meta)[2]
			}
		}
		o.trees[ids[0]] = tree
	}
	for _, tree := range o.trees {
		for _, blob := range tree {
			if _, ok := o.holds[blob]; !ok {
				o.holds[blob] = []string{}
				for n := range randomSecrets {
					if strings.Contains(f.git("cat-file", "blob", blob), keyID(n)) {
						o.holds[blob] = append(o.holds[blob], keyID(n))
					}
				}
			}
		}
	}
	for line := range strings.Lines(f.git("for-each-ref", "--format=%(objectname) %(refname)")) {
		id, ref, _ := strings.Cut(strings.TrimSpace(line), " ")
		o.tips[ref] = id
	}
	return o
}

// present reports whether a commit's tree holds a secret anywhere.
func (o *oracle) present(commit, secret string) bool {
	for _, blob := range o.trees[commit] {
		if slices.Contains(o.holds[blob], secret) {
			return true
		}
	}
	return false
}

// occurrences lists "commit path blob" for each introduction of a secret.
func (o *oracle) occurrences(secret string) (list []string) {
	for _, c := range o.commits {
	entries:
		for path, blob := range o.trees[c] {
			if !slices.Contains(o.holds[blob], secret) {
				continue
			}
			for _, p := range o.parents[c] {
				if o.trees[p][path] == blob {
					continue entries
				}
			}
			list = append(list, fmt.Sprint(c, " ", path, " ", blob))
		}
	}
	return list
}

// ancestors is a commit and all that it descends from.
func (o *oracle) ancestors(commit string) map[string]bool {
	seen := map[string]bool{}
	for stack := []string{commit}; len(stack) > 0; {
		c := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if !seen[c] {
			seen[c] = true
			stack = append(stack, o.parents[c]...)
		}
	}
	return seen
}

func (o *oracle) everIn(commit, secret string) bool {
	for c := range o.ancestors(commit) {
		if o.present(c, secret) {
			return true
		}
	}
	return false
}

// removals lists the commits whose tree lost a secret that a parent's tree has,
// unless another parent's history had lost it before.
func (o *oracle) removals(secret string) (list []string) {
	for _, c := range o.commits {
		had, lost := false, false
		for _, p := range o.parents[c] {
			now := o.present(p, secret)
			had = had || now
			lost = lost || !now && o.everIn(p, secret)
		}
		if had && !lost && !o.present(c, secret) {
			list = append(list, c)
		}
	}
	return list
}

const randomSecrets = 6

// randomRepository has branches, merges and octopuses whose trees add, edit,
// move, copy and delete files with secrets in them.
func randomRepository(t *testing.T, seed uint64) *fixture {
	f := newFixture(t)
	random := rand.New(rand.NewPCG(seed, 1))
	files := []string{"a", "b", "d/a", "d/b", "d/e/a", "d-e", "d.e/a", "z z/ü", "z z/\tq"}
	var s strings.Builder
	const commits = 40
	for n := 1; n <= commits; n++ {
		branch := random.IntN(4)
		date := 1_500_000_000 + 1000*n - random.IntN(5000) // clocks differ
		fmt.Fprintf(&s, "commit refs/heads/b%d\nmark :%d\ncommitter C <c@example.com> %d +0000\ndata 2\nm\n", branch, n, date)
		parents := 0
		if n > 1 && random.IntN(12) > 0 {
			parents = 1 + random.IntN(8)/6 + random.IntN(8)/7
		}
		for p := range parents {
			word := "from"
			if p > 0 {
				word = "merge"
			}
			fmt.Fprintf(&s, "%s :%d\n", word, 1+max(random.IntN(n-1), random.IntN(n-1)))
		}
		if parents == 0 {
			s.WriteString("deleteall\n")
		}
		for range 1 + random.IntN(4) {
			path := files[random.IntN(len(files))]
			if random.IntN(4) == 0 {
				fmt.Fprintf(&s, "D %q\n", path)
				continue
			}
			var text string
			for n := range randomSecrets {
				if random.IntN(6) == 0 {
					text += keyID(n) + "\n"
				}
			}
			text += fmt.Sprint(random.IntN(3), "\n")
			fmt.Fprintf(&s, "M 100644 inline \"%s\"\ndata %d\n%s\n", strings.ReplaceAll(path, "\t", `\t`), len(text), text)
		}
		if parents == 0 && n > 1 {
			s.WriteString("\n")
		}
	}
	fmt.Fprintf(&s, "reset refs/heads/main\nfrom :%d\n\nreset refs/tags/t\nfrom :%d\n\n", commits, commits/2)
	script := s.String()
	f.gitIn(script, "fast-import", "--quiet", "--force")
	return f
}

// Attribution agrees with a comparison of whole trees.
func TestAttributeAgainstOracle(t *testing.T) {
	for seed := range uint64(8) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			f := randomRepository(t, seed)
			o := newOracle(f)
			got := scan(t, open(t, f.dir), ScanOptions{})
			for n := range randomSecrets {
				secret := keyID(n)
				want := o.occurrences(secret)
				if len(want) == 0 {
					continue
				}
				finding := got.find(t, secret)
				var have, introduced []string
				for _, occ := range finding.Occurrences {
					if occ.Commit == nil { // of a branch that was overwritten
						continue
					}
					if _, ok := o.parents[occ.Commit.ID]; ok {
						have = append(have, fmt.Sprint(occ.Commit.ID, " ", occ.Path, " ", occ.Object))
						introduced = append(introduced, occ.Commit.ID)
					}
				}
				require.ElementsMatch(t, want, have)
				require.Equal(t, o.present(o.head, secret), finding.Alive)

				var refs []string
				for ref, tip := range o.tips {
					if o.everIn(tip, secret) {
						refs = append(refs, ref)
					}
				}
				slices.Sort(refs)
				require.Equal(t, refs, finding.Refs)

				first := o.ancestors(finding.Introduced.ID)
				for _, c := range introduced {
					require.False(t, first[c] && c != finding.Introduced.ID, "an ancestor introduced it earlier")
				}
				o.checkRemoved(t, secret, finding.Alive, finding.Removed != nil, func() string { return finding.Removed.ID })
			}
		})
	}
}

// checkRemoved wants the last removal on HEAD's history, or none.
func (o *oracle) checkRemoved(t *testing.T, secret string, alive, removed bool, id func() string) {
	t.Helper()
	onHead := o.ancestors(o.head)
	var candidates []string
	for _, c := range o.removals(secret) {
		if onHead[c] {
			candidates = append(candidates, c)
		}
	}
	if alive {
		require.False(t, removed)
		return
	}
	if len(candidates) == 0 {
		return
	}
	require.True(t, removed)
	require.Contains(t, candidates, id())
	for _, c := range candidates {
		require.False(t, c != id() && o.ancestors(c)[id()], "a descendant removed it later")
	}
}

// A range finds what its commits introduce, each place of it, and no more.
func TestRangeAgainstOracle(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			f := randomRepository(t, seed)
			o := newOracle(f)
			r := open(t, f.dir)
			random := rand.New(rand.NewPCG(seed, 2))
			for range 10 {
				a, b := o.commits[random.IntN(len(o.commits))], o.commits[random.IntN(len(o.commits))]
				revision := fmt.Sprint(a, "..", b)
				switch random.IntN(4) {
				case 0:
					revision = fmt.Sprint(a, "...", b)
				case 1:
					revision = b
				}
				inRange := strings.Fields(f.git("rev-list", revision))
				got := scan(t, r, ScanOptions{Revisions: []string{revision}})
				require.Equal(t, len(inRange), got.receipt.Commits, revision)
				for n := range randomSecrets {
					var want []string
					for _, line := range o.occurrences(keyID(n)) {
						if commit, _, _ := strings.Cut(line, " "); slices.Contains(inRange, commit) {
							want = append(want, line)
						}
					}
					var have []string
					for _, finding := range got.findings {
						if finding.Secret.Reveal() != keyID(n) {
							continue
						}
						alive := false
						for _, occ := range finding.Occurrences {
							alive = alive || slices.Contains(slices.Collect(maps.Values(o.trees[o.head])), occ.Object)
							have = append(have, fmt.Sprint(occ.Commit.ID, " ", occ.Path, " ", occ.Object))
						}
						require.Equal(t, alive, finding.Alive, revision)
					}
					require.ElementsMatch(t, want, have, revision)
				}
			}
		})
	}
}

// One worker and many give the same findings in the same order.
func TestWorkersAgree(t *testing.T) {
	f := randomRepository(t, 3)
	r := open(t, f.dir)
	want := scan(t, r, ScanOptions{Workers: 1}).lines()
	for range 3 {
		require.Equal(t, want, scan(t, r, ScanOptions{Workers: 7}).lines())
	}
	f.git("repack", "-q", "-a", "-d", "-f", "-k", "--depth=50")
	require.Equal(t, want, scan(t, open(t, f.dir), ScanOptions{Workers: 4}).lines())
	want = scan(t, r, ScanOptions{Workers: 1, Revisions: []string{"main"}}).lines()
	require.Equal(t, want, scan(t, r, ScanOptions{Workers: 7, Revisions: []string{"main"}}).lines())
}
