package config

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

// write makes a folder of files, and returns its path.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	return dir
}

func TestLayers(t *testing.T) {
	dir := write(t, map[string]string{
		".shrike.toml": `extends = ["a/one.toml", "two.toml"]
disable = ["d3"]
min_severity = "low"
entropy = { all = 3 }
[scan]
exclude = ["x3"]
[[rules]]
id = "two"
regex = "third"
[[rules]]
id = "three"
regex = "three"
[[allow]]
paths = ["p3"]
reason = "r3"
`,
		"a/one.toml": "extends = ['../zero.toml']\ndisable = ['d1']\nmin_severity = 'high'\nmin_confidence = 'medium'\n[severity]\ns1 = 'low'\n[[rules]]\nid = 'one'\nregex = 'one'\n",
		"two.toml": "extends = ['zero.toml']\nentropy = { all = 1, e2 = 2 }\n[severity]\ns1 = 'high'\n[scan]\nexclude = ['x2']\n" +
			"[[rules]]\nid = 'two'\nregex = 'two'\nentropy = 1\n[[allow]]\npaths = ['p2']\nreason = 'r2'\n",
		"zero.toml": "disable = ['d0']\n",
	})
	c, err := (&Loader{Root: dir}).Load(filepath.Join(dir, FileName))
	require.NoError(t, err)
	require.Equal(t, []string{"d0", "d1", "d0", "d3"}, c.Disable)
	require.Equal(t, scanner.SeverityLow, c.MinSeverity)
	require.Equal(t, scanner.ConfidenceMedium, c.MinConfidence)
	require.Equal(t, map[string]float64{"all": 3, "e2": 2}, c.Entropy)
	require.Equal(t, scanner.SeverityHigh, c.Severity["s1"])
	require.Len(t, c.Own, 3)
	require.Equal(t, "third", c.Own[1].Regex)
	require.Zero(t, c.Own[1].Entropy, "a rule is replaced whole")
	for _, path := range []string{"x2", "x3"} {
		require.True(t, c.Excludes(path))
	}
	require.Equal(t, []string{"r2", "r3"}, []string{c.Allows[0].Reason, c.Allows[1].Reason})

	var got []string
	for _, s := range c.Settings() {
		name, err := filepath.Rel(dir, s.File)
		require.NoError(t, err)
		got = append(got, fmt.Sprintf("%s = %s %s:%d:%d", s.Key, s.Value, filepath.ToSlash(name), s.Line, s.Column))
	}
	require.Subset(t, got, []string{
		`disable[2] = "d0" zero.toml:1:12`,
		`disable[3] = "d3" .shrike.toml:2:12`,
		`min_severity = "low" .shrike.toml:3:1`,
		`min_confidence = "medium" a/one.toml:4:1`,
		`entropy.e2 = 2 two.toml:2:22`,
		`severity.s1 = "high" two.toml:4:1`,
		`scan.exclude[1] = "x3" .shrike.toml:6:12`,
		`rules[0].regex = "one" a/one.toml:9:1`,
		`rules[1].regex = "third" .shrike.toml:9:1`,
		`rules[2].id = "three" .shrike.toml:11:1`,
		`allow[0].reason = "r2" two.toml:13:1`,
		`allow[1].paths[0] = "p3" .shrike.toml:14:10`,
	})
	require.Len(t, c.Files(), 4)
}

func TestExtendingIsBounded(t *testing.T) {
	chain := map[string]string{}
	for i := range 12 {
		chain[fmt.Sprintf("%d.toml", i)] = fmt.Sprintf("extends = ['%d.toml']\n", i+1)
	}
	dir := write(t, chain)
	_, err := new(Loader).Load(filepath.Join(dir, "0.toml"))
	require.ErrorContains(t, err, "7.toml:1:12: more than 8 files extend each other in a row")

	wide := map[string]string{"base.toml": "", "0.toml": "extends = [" + strings.Repeat("'base.toml', ", 40) + "]\n"}
	dir = write(t, wide)
	_, err = new(Loader).Load(filepath.Join(dir, "0.toml"))
	require.ErrorContains(t, err, "more than 32 files are extended")

	heavy := "[[rules]]\nid = 'r%d'\nregex = 'abc[a-z]{1,900}[0-9]{1,900}'\n"
	files := map[string]string{"0.toml": "extends = ['1.toml', '2.toml']\n"}
	for i := 1; i <= 2; i++ {
		for j := range 2 {
			files[fmt.Sprintf("%d.toml", i)] += fmt.Sprintf(heavy, 10*i+j)
		}
	}
	dir = write(t, files)
	_, err = new(Loader).Load(filepath.Join(dir, "1.toml"))
	require.NoError(t, err)
	_, err = new(Loader).Load(filepath.Join(dir, "0.toml"))
	require.ErrorContains(t, err, errTooLarge.Error(), "the files share one budget")
}

func TestExtendURL(t *testing.T) {
	texts := map[string]string{"https://h.test/a.toml": "disable = ['a']\n", "https://h.test/file.toml": "extends = ['/etc/x.toml']\n"}
	fetch := func(_ context.Context, url, _ string) ([]byte, error) {
		if text, ok := texts[url]; ok {
			return []byte(text), nil
		}
		return nil, errors.New("fetch " + url + ": nothing there")
	}
	pinned := func(url string) string { return fmt.Sprintf("%s#sha256=%x", url, sha256.Sum256([]byte(texts[url]))) }
	load := func(l *Loader, reference string) (*Config, error) {
		dir := write(t, map[string]string{"0.toml": "extends = ['" + reference + "']\n"})
		return l.Load(filepath.Join(dir, "0.toml"))
	}
	c, err := load(&Loader{Fetch: fetch}, pinned("https://h.test/a.toml"))
	require.NoError(t, err)
	require.Equal(t, []string{"a"}, c.Disable)
	require.Equal(t, "https://h.test/a.toml:1:12", c.Where("disable[0]").String())
	_, err = load(&Loader{Fetch: fetch}, pinned("https://h.test/file.toml"))
	require.ErrorContains(t, err, "https://h.test/file.toml:1:12: a configuration from a URL can name other URLs, and no file")
	_, err = load(&Loader{Fetch: fetch}, pinned("https://h.test/b.toml"))
	require.ErrorContains(t, err, "0.toml:1:12: fetch https://h.test/b.toml: nothing there")
	_, err = load(&Loader{}, pinned("https://h.test/a.toml"))
	require.ErrorContains(t, err, "URLs are not read here")
	fetch = func(context.Context, string, string) ([]byte, error) { return []byte("x"), nil }
	_, err = load(&Loader{Fetch: fetch}, pinned("https://h.test/a.toml"))
	require.ErrorContains(t, err, "not the one it is pinned to", "whoever fetches, the digest is checked")
}

func TestParseReference(t *testing.T) {
	sum := strings.Repeat("0A", 32)
	tests := []struct {
		text string
		want Reference
		err  string
	}{
		{"a/b.toml", Reference{File: filepath.FromSlash("a/b.toml")}, ""},
		{"/b.toml#sha256=" + sum, Reference{File: filepath.FromSlash("/b.toml"), Sum: strings.ToLower(sum)}, ""},
		{"https://h.test/p?q=1#sha256=" + sum, Reference{URL: "https://h.test/p?q=1", Sum: strings.ToLower(sum)}, ""},
		{"", Reference{}, "names a file or a URL"},
		{"#sha256=" + sum, Reference{}, "names a file or a URL"},
		{"/etc/passwd", Reference{}, "want the name of a .toml file"},
		{"a.toml#sha256=0", Reference{}, "want 64 hex digits"},
		{"ftp://h.test/a.toml#sha256=" + sum, Reference{}, "want a URL that starts with https://"},
		{"https://h.test/a.toml", Reference{}, "add #sha256="},
		{"https://h.test/a.toml#x#sha256=" + sum, Reference{}, "add #sha256="},
		{"https:///a.toml#sha256=" + sum, Reference{}, "not a URL"},
		{"https://h\x01.test/#sha256=" + sum, Reference{}, "not a URL"},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			got, err := ParseReference(tt.text)
			if tt.err != "" {
				require.ErrorContains(t, err, tt.err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, tt.want, got)
		})
	}
}

func FuzzParseReference(f *testing.F) {
	f.Add("https://h.test/p#sha256=" + strings.Repeat("00", 32))
	f.Add("../a.toml")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ParseReference(text)
		if err == nil {
			require.True(t, (r.File == "") != (r.URL == ""))
			require.True(t, r.URL == "" || len(r.Sum) == 64 && strings.HasPrefix(r.URL, "http"))
		}
	})
}
