package config

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNameGroup(t *testing.T) {
	tests := []struct {
		regex  string
		number int
		want   string
	}{
		{`(a)(b)`, 2, `(a)(?P<secret>b)`},
		{`(?i)(a)(?:x)(?P<n>b)`, 2, `(?i)(a)(?:x)(?P<secret>b)`},
		{`\((a)[(](b(c))`, 3, `\((a)[(](b(?P<secret>c))`},
		{`[]()](a)([^]()])`, 2, `[]()](a)(?P<secret>[^]()])`},
		{`(a)`, 2, ""},
	}
	for _, tt := range tests {
		got, ok := nameGroup(tt.regex, tt.number)
		require.Equal(t, tt.want, got, tt.regex)
		require.Equal(t, tt.want != "", ok)
		if ok {
			require.Equal(t, tt.number, regexp.MustCompile(got).SubexpIndex("secret"))
		}
	}
}

func TestImportGitleaks(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"any condition", "[[allowlists]]\nregexes = ['a']\nstopwords = ['b']", "[[allow]]\nregexes = [\n  'a',\n]\nreason = 'allowed in f'\n\n[[allow]]\nstopwords = ["},
		{"all conditions", "[[allowlists]]\ncondition = 'and'\nregexes = ['a']\npaths = ['b']\n", "[[allow]]\npath_regexes = [\n  'b',\n]\nregexes = [\n  'a',\n]\n"},
		{"the whole match", "[[rules]]\nid = 'r'\nregex = 'abcd[0-9]'\n[rules.allowlist]\nregexTarget = 'match'\nregexes = ['x']", "regexes = [\n  'x',\n]\nrules = [\n  'r',\n]"},
		{"quotes", "[[allowlists]]\ndescription = \"it's\\n\\u0001\"\nregexes = [\"'\"]", `reason = "it's\u000a\u0001"`},
		{"a rule of both", "[[rules]]\nid = 'aws-key'\n[[rules.allowlists]]\nstopwords = ['x']", "rules = [\n  'aws-key',\n]"},
		{"a rule with our id", "[[rules]]\nid = 'aws-key'\nregex = 'abcd'", "id = 'local-aws-key'"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out, _, err := ImportGitleaks("f", []byte(tt.text), []string{"aws-key"})
			require.NoError(t, err)
			require.Contains(t, string(out), tt.want)
		})
	}
}

// What is written can be read, or there is an error.
func FuzzImportGitleaks(f *testing.F) {
	f.Add("[[rules]]\nid = 'x'\nregex = '''a(b{3})(c)'''\nsecretGroup = 2\n[[rules.allowlists]]\nregexes = ['x']\n")
	f.Add("[extend]\nuseDefault = true\ndisabledRules = ['a']\n[allowlist]\npaths = ['''b''']\ncommits = ['c']\n")
	f.Fuzz(func(t *testing.T, text string) {
		out, _, err := ImportGitleaks("f", []byte(text), []string{"a"})
		if err == nil {
			_, err = Decode("out", out)
			require.NoError(t, err)
			require.NotContains(t, strings.ToLower(string(out)), "\r")
		}
	})
}
