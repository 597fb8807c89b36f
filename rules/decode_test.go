package rules

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

const sound = `
[[rule]]
id = "sample"
regex = 'sample_[0-9]{8}'
samples = ['sample_%{digit:8}']
`

func TestDecode(t *testing.T) {
	t.Parallel()
	rules, err := Decode("x.toml", []byte(sound+`
[[rule]]
id = "other"
severity = "high"
confidence = "low"
context = ["other", "else"]
value = '[a-f]{12}'
before = 10
after = 20
entropy = 2.5
public = true
`))
	require.NoError(t, err)
	require.Len(t, rules, 2)
	require.Equal(t, scanner.Rule{
		ID: "other", Severity: scanner.SeverityHigh, Confidence: scanner.ConfidenceLow,
		Context: []string{"other", "else"}, Value: "[a-f]{12}", Before: 10, After: 20, Entropy: 2.5, Public: true,
	}, rules[1])
}

func TestDecodeErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"syntax", "[[rule]]\nid = \n", "x.toml:2:6: "},
		{"unknown table", "[other]\na = 1\n", `x.toml:1:1: unknown key "other": rules are [[rule]] tables`},
		{"unknown key", sound + "\n[[rule]]\nid = \"b\"\n  regx = 'abc'\n", `x.toml:9:3: rule b: unknown key "regx"`},
		{"wrong type", sound + "[[rule]]\nid = \"b\"\nafter = \"x\"\n", "x.toml:8:1: rule b: "},
		{"bad severity", "[[rule]]\nid = \"b\"\nseverity = \"huge\"\n" + sound, `x.toml:3:1: rule b: unknown severity "huge"`},
		{"no id", "[[rule]]\nregex = 'abc'\n", "x.toml:1:1: id is missing"},
		{"bad id", "[[rule]]\nid = \"No Good\"\nregex = 'abc'\n", `x.toml:2:1: rule No Good: id "No Good" is not in kebab-case`},
		{"same id", sound + sound, "x.toml:8:1: rule sample: an earlier rule has this id"},
		{"no form", "[[rule]]\nid = \"b\"\n", "want exactly one of"},
		{"two forms", sound + "keywords = ['password']\n", "want exactly one of"},
		{"regex", "[[rule]]\nid = \"b\"\n\nregex = '['\n", "x.toml:4:1: rule b: error parsing regexp: missing closing ]"},
		{"empty match", "[[rule]]\nid = \"b\"\nregex = 'a*'\n", "x.toml:3:1: rule b: the pattern matches the empty string"},
		{"context alone", "[[rule]]\nid = \"b\"\ncontext = ['abc']\n", "x.toml:3:1: rule b: context needs a value"},
		{"value alone", "[[rule]]\nid = \"b\"\nvalue = 'abc'\n", "rule b: no word given"},
		{"short word", "[[rule]]\nid = \"b\"\nkeywords = ['ab']\n", `x.toml:3:1: rule b: word "ab" is shorter than 3 characters`},
		{"reach", sound + "reach = -1\n", "x.toml:6:1: rule sample: reach is -1: want 0 to 65536"},
		{"entropy", sound + "entropy = 9.0\n", "rule sample: entropy is 9: want 0 to 8 bits a character"},
		{"check", sound + "check = \"magic\"\n", `x.toml:6:1: rule sample: unknown check "magic"`},
		{"template", strings.Replace(sound, "%{digit:8}", "%{digits:8}", 1), `x.toml:5:1: rule sample: sample 1: unknown template "digits"`},
		{"miss template", sound + "misses = ['%{x:zz}']\n", "x.toml:6:1: rule sample: miss 1: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Decode("x.toml", []byte(c.text))
			require.ErrorContains(t, err, c.want)
			var fault *Error
			require.ErrorAs(t, err, &fault)
			require.Positive(t, fault.Line)
			require.Positive(t, fault.Column)
		})
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(sound))
	f.Add([]byte("[[rule]]\nid = 3\n"))
	f.Add([]byte("rule = 1\n"))
	f.Add([]byte("[rule]\nid='a'\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		rules, err := Decode("x.toml", text)
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		for _, r := range rules {
			require.NoError(t, Validate(r))
		}
	})
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Load(); err != nil {
			b.Fatal(err)
		}
	}
}
