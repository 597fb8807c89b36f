package files

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestIgnoreRules(t *testing.T) {
	tests := []struct {
		name, rules, path string
		dir, want         bool
	}{
		{"plain name anywhere", "build", "a/b/build", false, true},
		{"anchored by a leading slash", "/build", "a/build", false, false},
		{"anchored by an inner slash", "a/build", "x/a/build", false, false},
		{"folders only, a file", "build/", "build", false, false},
		{"folders only, a folder", "build/", "x/build", true, true},
		{"suffix", "*.log", "a/x.log", false, true},
		{"last rule wins", "*.log\n!keep.log", "keep.log", false, false},
		{"star stays in its element", "a/*/c", "a/b/b/c", false, false},
		{"double star over none", "a/**/c", "a/c", false, true},
		{"double star over many", "a/**/c", "a/b/b/c", false, true},
		{"leading double star", "**/c", "a/b/c", false, true},
		{"trailing double star", "a/**", "a/b/c", false, true},
		{"trailing double star, the folder itself", "a/**", "a", true, false},
		{"set", "[a-c]x", "bx", false, true},
		{"negated set", "[!a-c]x", "bx", false, false},
		{"class", "[[:digit:]]x", "7x", false, true},
		{"unknown class matches nothing", "[[:nope:]]x", "nx", false, false},
		{"unfinished set matches nothing", "[a", "[a", false, false},
		{"bracket first in a set", "[]]x", "]x", false, true},
		{"comment", "#x", "#x", false, false},
		{"escaped hash", `\#x`, "#x", false, true},
		{"escaped bang", `\!x`, "!x", false, true},
		{"trailing space dropped", "x  ", "x", false, true},
		{"escaped trailing space kept", `x\ `, "x ", false, true},
		{"carriage return", "x\r\n", "x", false, true},
		{"byte order mark", "\xef\xbb\xbfx", "x", false, true},
		{"lone backslash matches nothing", `x\`, `x\`, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			list := &ignoreList{rules: parseIgnore([]byte(tt.rules))}
			require.Equal(t, tt.want, list.ignored(tt.path, tt.dir, new(globMatcher)))
		})
	}
}

func TestIgnoreNested(t *testing.T) {
	top := &ignoreList{rules: parseIgnore([]byte("*.log\n/sub/x"))}
	sub := &ignoreList{base: "sub/", rules: parseIgnore([]byte("!keep.log\n/y")), parent: top}
	m := new(globMatcher)
	require.False(t, sub.ignored("sub/keep.log", false, m), "the nearer file wins")
	require.True(t, sub.ignored("sub/other.log", false, m))
	require.True(t, sub.ignored("sub/x", false, m))
	require.True(t, sub.ignored("sub/y", false, m))
	require.False(t, sub.ignored("sub/deep/y", false, m))
}

func TestIgnoreFileTooLarge(t *testing.T) {
	require.Empty(t, parseIgnore(bytes.Repeat([]byte("*\n"), maxIgnoreFile)))
}

// TestIgnoreAgreesWithGit asks git about generated rules and paths.
func TestIgnoreAgreesWithGit(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	random := rand.New(rand.NewPCG(1, 2))
	words := func(alphabet []string, least, most int) string {
		var b strings.Builder
		for range least + random.IntN(most-least+1) {
			b.WriteString(alphabet[random.IntN(len(alphabet))])
		}
		return b.String()
	}
	patternParts := []string{
		"a", "a", "b", "c", "/", "/", "*", "*", "**", "**/", "/**", "/**/", "?", "[ab]", "[!a]", "[a-b]",
		"[]-a]", "[[:alpha:]]", "[^-]", `[\]]`, `\a`, `\*`, `\/`, "[", "]", "-", " ", `\ `, "!", "#", ".", "*.c",
	}
	pathParts := []string{"a", "b", "c", "-", "]", "*", " ", ".", ".c", "ab"}

	var rules, paths []string
	for range 1500 {
		rules = append(rules, words(patternParts, 1, 6))
	}
	for range 150 {
		var elements []string
		for range 1 + random.IntN(4) {
			elements = append(elements, "p"+words(pathParts, 0, 3), words(pathParts, 1, 3))
		}
		for i, e := range elements {
			if strings.Trim(e, ".") == "" {
				elements[i] = "a"
			}
		}
		paths = append(paths, strings.Join(elements[random.IntN(2):], "/"))
	}

	// One folder a rule, so that one run of git answers for all of them.
	root := t.TempDir()
	gitRun(t, root, nil, "init", "-q")
	var asked bytes.Buffer
	for i, rule := range rules {
		folder := filepath.Join(root, fmt.Sprint(i))
		require.NoError(t, os.Mkdir(folder, 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(folder, ".gitignore"), []byte(rule), 0o644))
		for k := range paths {
			fmt.Fprintf(&asked, "%d/%s\x00", i, paths[k])
		}
	}
	said := map[string]bool{}
	for path := range strings.SplitSeq(string(gitRun(t, root, &asked, "check-ignore", "--no-index", "--stdin", "-z")), "\x00") {
		said[path] = true
	}
	m := new(globMatcher)
	hits := 0
	for i, rule := range rules {
		list := &ignoreList{base: fmt.Sprint(i) + "/", rules: parseIgnore([]byte(rule))}
		for _, path := range paths {
			path = fmt.Sprintf("%d/%s", i, path)
			got := ignoredBelow(list, path, m)
			require.Equal(t, said[path], got, "rule %q, path %q", rule, path)
			if got {
				hits++
			}
		}
	}
	require.Greater(t, hits, 1000, "the generated cases exercise too little")
}

// ignoredBelow asks about every folder on the way to a path, as a walk does.
func ignoredBelow(list *ignoreList, path string, m *globMatcher) bool {
	for i := len(list.base); i < len(path); i++ {
		if path[i] == '/' && list.ignored(path[:i], true, m) {
			return true
		}
	}
	return list.ignored(path, false, m)
}

// gitRun runs git without the host's configuration.
func gitRun(t *testing.T, dir string, stdin *bytes.Buffer, args ...string) []byte {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull, "HOME="+dir)
	if stdin != nil {
		cmd.Stdin = stdin
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && args[0] == "check-ignore" && exit.ExitCode() == 1 {
		return nil // nothing is ignored
	}
	require.NoError(t, err, stderr.String())
	return out
}

// TestGlobIsNotExponential runs a pattern that ruins backtracking matchers.
func TestGlobIsNotExponential(t *testing.T) {
	rule, ok := parseIgnoreLine("x/" + strings.Repeat("*a**/", 400) + "b")
	require.True(t, ok)
	path := "x/" + strings.Repeat("a/", 2000) + "c"
	start := time.Now()
	require.False(t, rule.match(path, "c", false, new(globMatcher)))
	require.Less(t, time.Since(start), time.Minute)
}

func FuzzIgnore(f *testing.F) {
	f.Add([]byte("*.log\n!a/**/b\n[!a-c]"), "a/x/b")
	f.Fuzz(func(t *testing.T, rules []byte, path string) {
		list := &ignoreList{rules: parseIgnore(rules)}
		list.ignored(path, false, new(globMatcher))
	})
}

func BenchmarkIgnored(b *testing.B) {
	list := &ignoreList{rules: parseIgnore([]byte(strings.Repeat("*.o\n/build\nnode_modules/\nfoo*.bak\na/**/b\nThumbs.db\n", 10)))}
	m := new(globMatcher)
	b.ReportAllocs()
	for b.Loop() {
		list.ignored("src/some/folder/of/code/main.go", false, m)
	}
}
