package config

import (
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestGlob(t *testing.T) {
	tests := []struct {
		glob    string
		in, out string // paths by space
	}{
		{"*.pem", "a.pem x/a.pem x/y/a.pem .pem a.pem/b", "a.pemx apem a.pe"},
		{"/*.pem", "a.pem a.pem/x", "x/a.pem"},
		{"/a.txt", "a.txt", "x/a.txt a.txtx"},
		{"a/b.c", "a/b.c a/b.c/d", "x/a/b.c a/bxc"},
		{"a/*.c", "a/x.c a/.c", "a/b/x.c a/x.cc"},
		{"docs", "docs docs/a docs/a/b x/docs x/docs/a", "docsx xdocs docs.md"},
		{"docs/", "docs/a docs/a/b x/docs/a", "docs x/docs docsx/a"},
		{"/docs/", "docs/a docs/a/b", "docs x/docs/a"},
		{"a/**", "a/b a/b/c", "a x/a/b ab"},
		{"**/b", "b a/b a/c/b b/x", "ab a/bc"},
		{"a/**/b", "a/b a/x/b a/x/y/b a/x/b/c", "ab a/xb x/a/b"},
		{"**", "a a/b .x", ""},
		{"**/*.go", "a.go a/b.go", "a.gox"},
		{"a**b", "ab axxb x/axb", "a/b ax/b"},
		{"a?c", "abc aéc x/abc", "ac a/c abbc"},
		{"*.[ch]", "a.c a.h x/a.c", "a.d a.ch"},
		{"[!a-c]x", "dx éx", "ax bx x"},
		{"[^a]x", "bx", "ax"},
		{"a[+-9]b", "a+b a.b a0b a9b", "a/b a:b"},
		{"[]a]x", "]x ax", "bx"},
		{"[a-]x", "ax -x", "bx"},
		{`[\]x`, `\x`, "x"},
		{`\[id\].tsx`, "[id].tsx a/[id].tsx", "i.tsx"},
		{`\*\?`, "*?", "ab"},
		{`\!a`, "!a", "a"},
		{"a.b", "a.b", "axb"},
		{"a+b(c)|d", "a+b(c)|d", "aab d"},
		{"Makefile", "Makefile", "makefile"},
		{"日本/*", "日本/語", "日本"},
		{"*", "a a/b", ""},
		{"node_modules/", "node_modules/x a/node_modules/x/y", "node_modules"},
	}
	for _, tt := range tests {
		t.Run(tt.glob, func(t *testing.T) {
			pattern, err := globPattern(tt.glob)
			require.NoError(t, err)
			re := regexp.MustCompile(anyGlob([]string{pattern}))
			for _, p := range strings.Fields(tt.in) {
				require.True(t, re.MatchString(p), p)
			}
			for _, p := range strings.Fields(tt.out) {
				require.False(t, re.MatchString(p), p)
			}
		})
	}
}

func TestGlobCrossesNoLine(t *testing.T) {
	pattern, err := globPattern("a/*.c")
	require.NoError(t, err)
	re := regexp.MustCompile(anyGlob([]string{pattern}))
	require.True(t, re.MatchString("a/new\nline.c"))
	require.False(t, re.MatchString("a/x.c\n"))
	require.False(t, re.MatchString("x\na/x.c"))
}

func TestGlobErrors(t *testing.T) {
	for _, glob := range []string{"", "/", "//", "!a", "a//b", "./a", "a/../b", "..", "[", "[a", "[]", "[!]", "[b-a]", "[/]", `a\`, `a\b`, `a\/b`} {
		t.Run(glob, func(t *testing.T) {
			_, err := globPattern(glob)
			require.Error(t, err)
		})
	}
}

// Within one segment a glob means what path.Match says, but for the slashes that
// path.Match lets into brackets.
func FuzzGlobSegment(f *testing.F) {
	f.Add("*.[ch]", "main.c")
	f.Add("a?*b", "axyb")
	f.Add("[!a-c]*", "d")
	f.Fuzz(func(t *testing.T, glob, name string) {
		pattern, err := globPattern(glob)
		if err != nil {
			return
		}
		re, err := regexp.Compile(anyGlob([]string{pattern}))
		require.NoError(t, err)
		got := re.MatchString(name)
		if strings.ContainsAny(glob, `/\[`) || name == "" || strings.Contains(name, "/") || strings.Contains(glob, "�") || strings.ToValidUTF8(name, "?") != name {
			return
		}
		want, err := path.Match(glob, name)
		require.NoError(t, err)
		require.Equal(t, want, got)
	})
}
