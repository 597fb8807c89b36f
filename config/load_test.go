package config

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

const full = `# everything that a configuration can say
disable = ["slack-webhook"]

[entropy]
all = 3.5
generic-password = 4

[severity]
aws-key = "low"

[scan]
exclude = ["vendor/"]

[[rules]]
id = "acme-token"
service = "Acme"
kind = "deploy token"
severity = "critical"
confidence = "high"
regex = 'acme_[0-9a-f]{40}'

[[rules]]
id = "acme-password"
keywords = ["acme_pw"]

[[allow]]
paths = ["docs/**", "*.example"]
rules = ["acme-token"]
reason = "samples of the manual"

[[allow]]
regexes = ['^acme_0+']
stopwords = ["EXAMPLE"]
fingerprints = ["00112233445566778899aabbccddeeff"]
reason = "all zero"
owner = "@acme/platform"
until = 2027-01-31

[accounts]
"123456789012" = { name = "production", owner = "platform" }
`

func TestDecode(t *testing.T) {
	c, err := Decode(".shrike.toml", []byte(full))
	require.NoError(t, err)
	require.Equal(t, []string{"slack-webhook"}, c.Disable)
	require.Equal(t, map[string]float64{"all": 3.5, "generic-password": 4}, c.Entropy)
	require.Equal(t, map[string]scanner.Severity{"aws-key": scanner.SeverityLow}, c.Severity)
	require.Equal(t, []string{"vendor/"}, c.Scan.Exclude)
	require.Equal(t, map[string]Account{"123456789012": {Name: "production", Owner: "platform"}}, c.Accounts)
	require.Equal(t, []scanner.Rule{
		{ID: "acme-token", Service: "Acme", Kind: "deploy token", Severity: scanner.SeverityCritical,
			Confidence: scanner.ConfidenceHigh, Regex: "acme_[0-9a-f]{40}"},
		{ID: "acme-password", Kind: "acme-password", Severity: scanner.SeverityHigh,
			Confidence: scanner.ConfidenceMedium, Keywords: []string{"acme_pw"}},
	}, c.Own)
	require.Len(t, c.Allows, 2)
	require.Equal(t, []string{"docs/**", "*.example"}, c.Allows[0].Paths)
	require.Equal(t, Date("2027-01-31"), c.Allows[1].Until)
}

func TestDecodeEmpty(t *testing.T) {
	for _, text := range []string{"", "# nothing\n", "\ufeff", "\ufeff# mark\r\n"} {
		c, err := Decode("f", []byte(text))
		require.NoError(t, err)
		require.Empty(t, c.Own)
	}
}

func TestDecodeErrors(t *testing.T) {
	allow := "[[allow]]\nrules = ['a']\nreason = 'r'\n"
	tests := []struct{ name, text, want string }{
		{"syntax", "disable = [\n  'a'\n  'b'\n]", `f:3:3: expected a comma (',') or array terminator (']'), but got '''`},
		{"unclosed", "a = '", `f:1:5: unexpected EOF; expected "'"`},
		{"unknown key", "\n  disabled = []", `f:2:3: unknown key "disabled"; did you mean "disable"?`},
		{"unknown key far from all", "zzzzzzz = 1", `f:1:1: unknown key "zzzzzzz"`},
		{"unknown table", "[entropi]\nall = 1", `f:1:2: unknown key "entropi"; did you mean "entropy"?`},
		{"unknown key in the second entry", allow + "[[allow]]\nrules = ['a']\nreason = 'r'\npahts = ['x']",
			`f:7:1: unknown key "pahts"; did you mean "paths"?`},
		{"inline table", "allow = [\n{ rules = ['a'], reason = 'r' },\n{ rules = ['a'], reson = 'r' }]",
			`f:3:18: unknown key "reson"; did you mean "reason"?`},
		{"case of a key", "Disable = []", `f:1:1: unknown key "Disable"; did you mean "disable"?`},
		{"escapes in a key", `"a\u001b[31m" = 1`, `f:1:1: unknown key "a\x1b[31m"`},
		{"string for array", allow + "paths = 'x'", `f:4:1: "allow[0].paths" is a string: want an array`},
		{"integer for string", "disable = ['a',\n  'b', 3]", `f:2:8: "disable[2]" is an integer: want a string`},
		{"string for number", "[entropy]\nall = 'x'", `f:2:1: "entropy.all" is a string: want a number`},
		{"table for array", "[allow]\nx = 1", `f:1:2: "allow" is a table: want an array`},
		{"array for table", "entropy = []", `f:1:1: "entropy" is an array: want a table`},
		{"severity", "[severity]\na = 'bad'", `f:2:1: "severity.a": unknown severity "bad": want low, medium, high or critical`},
		{"entropy range", "[entropy]\na = 8.5\nb = -1\nc = nan",
			`f:2:1: "entropy.a" is out of range: want 0 to 8|f:3:1: "entropy.b" is out of range: want 0 to 8|f:4:1: "entropy.c" is out of range: want 0 to 8`},
		{"account", "[accounts]\n1234 = { name = 'x' }", `f:2:1: "1234" is no AWS account id: want 12 digits`},
		{"exclude glob", "[scan]\nexclude = ['a', '!b']", `f:2:17: "scan.exclude[1]": a glob cannot be negated`},

		{"allow without condition", "[[allow]]\nreason = 'r'\npaths = []",
			"f:1:3: an allow entry needs one of rules, paths, path_regexes, regexes, stopwords, fingerprints"},
		{"allow without reason", "[[allow]]\nrules = ['a']", "f:1:3: an allow entry needs a reason"},
		{"allow with a blank reason", "[[allow]]\nrules = ['a']\nreason = ' '", "f:1:3: an allow entry needs a reason"},
		{"glob", allow + "paths = ['ok',\n '[x']", `f:5:2: "allow[0].paths[1]": "[" without "]"; write "\[" for the character itself`},
		{"regex", allow + "regexes = ['ok', 'a[']", `f:4:18: "allow[0].regexes[1]": missing closing ]`},
		{"back reference", allow + `regexes = ['(a)\1']`, `f:4:12: "allow[0].regexes[0]": invalid escape sequence`},
		{"regex of nothing", allow + "regexes = ['a*']", `f:4:12: "allow[0].regexes[0]" matches the empty text, and so everything`},
		{"empty regex", allow + "regexes = ['']", `f:4:12: an empty pattern hides everything`},
		{"stop word", allow + "stopwords = ['']", "f:4:14: an empty stop word hides every secret"},
		{"fingerprint", allow + "fingerprints = ['ABC']", "f:4:17: not a fingerprint: want 32 lower-case hex digits"},
		{"date", allow + "until = '2027-02-30'", `f:4:1: "allow[0].until": not a date: want YYYY-MM-DD`},
		{"time for a date", allow + "until = 2027-02-03T10:00:00Z", `f:4:1: "allow[0].until": not a date: want YYYY-MM-DD`},
		{"date for a string", allow + "owner = 2027-02-03", `f:4:1: "allow[0].owner" is a date or time: want a string`},

		{"rule without id", "[[rules]]\nregex = 'abc'", "f:1:3: a rule needs an id of lower-case letters, digits and dashes"},
		{"rule id", "[[rules]]\nid = 'A b'\nregex = 'abc'", "f:2:1: a rule needs an id of lower-case letters, digits and dashes"},
		{"rule without form", "[[rules]]\nid = 'a'", "f:1:3: a rule needs exactly one of regex, context with value, keywords"},
		{"rule of two forms", "[[rules]]\nid = 'a'\nregex = 'abc'\nkeywords = ['x']",
			"f:1:3: a rule needs exactly one of regex, context with value, keywords"},
		{"context alone", "[[rules]]\nid = 'a'\ncontext = ['x']", "f:1:3: context and value need each other"},
		{"rule twice", "[[rules]]\nid = 'a'\nregex = 'abc'\n[[rules]]\nid = 'a'\nregex = 'abc'", `f:5:1: rule "a" is defined twice`},
		{"rule regex", "[[rules]]\nid = 'a'\nregex = '('", `f:3:1: "rules[0].regex": missing closing )`},
		{"rule words", "[[rules]]\nid = 'a'\nkeywords = ['x', ' ']", "f:3:18: an empty word stands everywhere"},
		{"rule reach", "[[rules]]\nid = 'a'\nregex = 'abc'\nreach = 1_000_000", `f:4:1: "rules[0].reach" is out of range: want 0 to 4096`},
		{"rule before", "[[rules]]\nid = 'a'\nregex = 'abc'\nbefore = -1", `f:4:1: "rules[0].before" is out of range: want 0 to 1000`},
		{"rule key", "[[rules]]\nid = 'a'\nregexp = 'abc'", `f:3:1: unknown key "regexp"; did you mean "regex"?`},
		{"rule flag", "[[rules]]\nid = 'a'\nregex = 'abc'\npublic = 'yes'", `f:4:1: "rules[0].public" is a string: want a boolean`},
		{"rule number", "[[rules]]\nid = 'a'\nregex = 'abc'\nreach = 1.5", `f:4:1: "rules[0].reach" is a number: want an integer`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Decode("f", []byte(tt.text))
			require.Error(t, err)
			require.Equal(t, strings.Split(tt.want, "|"), strings.Split(err.Error(), "\n"))
			var fault *Error
			require.ErrorAs(t, err, &fault)
			require.Equal(t, "f", fault.File)
		})
	}
}

func TestErrorsDoNotQuotePatterns(t *testing.T) {
	_, err := Decode("f", []byte("[[allow]]\nreason = 'r'\nregexes = ['hunter2[']\nstopwords = ['']\nfingerprints = ['hunter2']"))
	require.Error(t, err)
	require.NotContains(t, err.Error(), "hunter2")
}

func TestColumnsCountCodePoints(t *testing.T) {
	_, err := Decode("f", []byte("disable = ['日本語', 3]"))
	require.EqualError(t, err, `f:1:19: "disable[1]" is an integer: want a string`)
}

// Each of these made a naive reader take minutes, gigabytes or the stack.
func TestHostileText(t *testing.T) {
	tests := []struct{ name, text string }{
		{"deep key", strings.Repeat("a.", MaxBytes/2-10) + "a=1"},
		{"deep header", "[" + strings.Repeat("a.", MaxBytes/2-10) + "a]"},
		{"nested arrays", "a=" + strings.Repeat("[", MaxBytes-10)},
		{"nested tables", strings.Repeat("a={", MaxBytes/3-10)},
		{"long key under many", `["` + strings.Repeat("a", 1<<19) + "\"]\n" + many("k%d=1\n", 1<<16)},
		{"many keys", many("k%d=1\n", 100_000)},
		{"many elements on one line", "disable=[" + strings.Repeat("1,", MaxBytes/2-10) + "]"},
		{"many unknown keys", many("k%d=1\n", 40_000)},
		{"repetition bomb", "[[allow]]\nreason='r'\nregexes=[" + strings.Repeat(`'(\pL{1000})x',`, 10_000) + "]"},
		{"nested repetition", "[[allow]]\nreason='r'\nregexes=['((a{30}){30}x){30}']"},
		{"rule bomb", "[[rules]]\nid='a'\nkeywords=[" + strings.Repeat("'"+strings.Repeat("k", 50)+"',", 10_000) + "]"},
		{"too large", strings.Repeat("#", MaxBytes+1)},
		{"open string", "a=\"\"\"" + strings.Repeat("\"\"\\", MaxBytes/3-10)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			start := time.Now()
			_, err := Decode("f", []byte(tt.text))
			require.Error(t, err)
			require.Less(t, len(err.Error()), 10_000)
			require.Less(t, time.Since(start), time.Minute)
		})
	}
}

func many(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func TestDiscover(t *testing.T) {
	root := t.TempDir()
	deep := filepath.Join(root, "repo", "a", "b")
	require.NoError(t, os.MkdirAll(deep, 0o755))
	repo := filepath.Join(root, "repo")
	write := func(dir string) string {
		path := filepath.Join(dir, FileName)
		require.NoError(t, os.WriteFile(path, nil, 0o644))
		return path
	}
	find := func(start, root string) string {
		path, err := Discover(start, root)
		require.NoError(t, err)
		return path
	}
	write(root) // above the repository: never read
	require.Equal(t, "", find(deep, repo))
	top := write(repo)
	require.Equal(t, top, find(deep, repo))
	require.Equal(t, top, find(repo, repo))
	require.Equal(t, "", find(deep, ""))
	require.Equal(t, "", find(deep, filepath.Join(root, "elsewhere")))
	near := write(filepath.Join(repo, "a"))
	require.Equal(t, near, find(deep, repo))
	require.NoError(t, os.Symlink(top, filepath.Join(deep, FileName)))
	_, err := Discover(deep, repo)
	require.ErrorContains(t, err, "not a regular file")
	require.NoError(t, os.Remove(filepath.Join(deep, FileName)))
	require.NoError(t, os.Mkdir(filepath.Join(deep, FileName), 0o755))
	_, err = Discover(deep, repo)
	require.ErrorContains(t, err, "not a regular file")
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, FileName)
	_, err := new(Loader).Load(path)
	require.ErrorIs(t, err, os.ErrNotExist)
	_, err = new(Loader).Load(dir)
	require.ErrorContains(t, err, "not a regular file")
	require.NoError(t, os.WriteFile(path, []byte(full), 0o644))
	c, err := new(Loader).Load(path)
	require.NoError(t, err)
	require.Len(t, c.Own, 2)
	require.NoError(t, os.WriteFile(path, []byte("x = 1"), 0o644))
	_, err = new(Loader).Load(path)
	require.EqualError(t, err, path+`:1:1: unknown key "x"`)
	require.NoError(t, os.Truncate(path, MaxBytes+1))
	_, err = new(Loader).Load(path)
	require.ErrorContains(t, err, "larger than")
}

// The outline knows each key that the parser knows, and Decode never panics.
func FuzzDecode(f *testing.F) {
	f.Add(full)
	f.Add("a = [{b=1}, {'c' = \"\"\"x\"\"\"\"\"}]\n[[d]]\n[d.e]\nf.g = 1979-05-27 07:32:00 # x\n[[d]]\n[[d.h]]\n")
	f.Fuzz(func(t *testing.T, text string) {
		_, _ = Decode("f", []byte(text))
		places, limit := readOutline("f", text)
		if limit != nil {
			return
		}
		for path, at := range places {
			require.Positive(t, at.Line, path)
			require.Positive(t, at.Column, path)
		}
		var tree map[string]any
		if _, err := toml.Decode(text, &tree); err == nil && !strings.Contains(text, `\`) {
			requireKnown(t, places, tree, "")
		}
	})
}

func requireKnown(t *testing.T, places outline, value any, path string) {
	if path != "" {
		require.Contains(t, places, path)
	}
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			requireKnown(t, places, inner, joinKey(path, key))
		}
	case []map[string]any:
		for i, inner := range v {
			requireKnown(t, places, inner, joinIndex(path, i))
		}
	case []any:
		for i, inner := range v {
			requireKnown(t, places, inner, joinIndex(path, i))
		}
	}
}
