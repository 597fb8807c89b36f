package rules

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

// shapes are the ways in which people write a credential beside the name of its
// service: %n stands for the name in small letters, %N in capitals, %C for it in
// camel case, %v for the value, %w for another one of its form.
var shapes = []struct{ name, text string }{
	{"assignment", `%n_api_key = "%v"`},
	{"short variable", "%nToken := `%v`"},
	{"const", `const %nSecret = '%v';`},
	{"typed", `private static final String %N_KEY = "%v";`},
	{"annotated", `%n_token: str = "%v"`},
	{"shell export", `export %N_API_KEY=%v`},
	{"env file", "%N_KEY=%v\n"},
	{"Dockerfile", `ENV %N_TOKEN %v`},
	{"YAML", "%n:\n  api_key: %v\n"},
	{"YAML flat", `%n_api_key: %v`},
	{"JSON", `{"%n": {"apiKey": "%v"}}`},
	{"JSON flat", `"%nApiKey": "%v",`},
	{"properties", `%n.token="%v"`},
	{"INI", "[%n]\nkey = %v\n"},
	{"XML", `<%nKey>%v</%nKey>`},
	{"XML attribute", `<add key="%nKey" value="%v" />`},
	{"plist", "<key>%nToken</key>\n<string>%v</string>"},
	{"flag", `./run --%n-token %v`},
	{"flag with =", `--%n-api-key=%v`},
	{"header", `curl -H "X-%C-Key: %v" https://sample.test`},
	{"bearer", `curl https://api.%n.test/v1 -H "Authorization: Bearer %v"`},
	{"basic user", `curl https://api.%n.test -u %v:`},
	{"query", `https://api.%n.test/v1?api_key=%v`},
	{"call", `os.Setenv("%N_KEY", "%v")`},
	{"constructor", `client = %C("%v")`},
	{"hash rocket", `:%n_key => '%v'`},
	{"subscript", `config['%n_token'] = '%v'`},
	{"prose", `%n token = '%v'`},
	{"bare name", `%n = '%v'`},
	{"log lines", "\t[INFO] Sending request to the %n API\n\t[DEBUG] Using Key=%v\n\t[INFO] Response received: 200 OK\n"},
	{"credentials", "%n credentials\n\tid = abc\n\tsecret: %v"},
	{"two values", "%n keys: %w, %v"},
	{"two lines", "%n = '%w'\n%n = '%v'\n"},
	{"two in list", "%n_keys = [\"%w\", \"%v\"]"},
	{"id and secret", "%n id: abcdef123 secret: %v"},
	{"SQL", `INSERT INTO settings VALUES ('%n_key', '%v');`},
}

// nameOf finds the name in a rule's first sample, where that is plain.
var nameOf = regexp.MustCompile(`^([A-Za-z][0-9A-Za-z_-]*?)[_ ](?:api_)?(?:key|token|secret) ?= ?"([^"]+)"$`)

// TestShapes counts, for each way of writing, how many of the rules that need the
// name of a service beside the value still find it. The table is printed with -v.
func TestShapes(t *testing.T) {
	t.Parallel()
	all, err := Load()
	require.NoError(t, err)
	found, tried := make([]int, len(shapes)), 0
	missed := make([][]string, len(shapes))
	for _, r := range all {
		if len(r.Context) == 0 && !strings.Contains(r.Regex, fragments.Replace("%{end}")) {
			continue
		}
		parts := nameOf.FindStringSubmatch(r.Samples[0])
		if parts == nil {
			continue
		}
		value, err := Expand(r.ID, 0, parts[2])
		require.NoError(t, err)
		other, err := Expand(r.ID, 1, parts[2])
		require.NoError(t, err)
		tried++
		e := engine(t, []scanner.Rule{r})
		s := e.NewScratch()
		for i, shape := range shapes {
			text := strings.ReplaceAll(shape.text, "%w", other)
			if finds(e.Scan(s, []byte(write(text, strings.ToLower(parts[1]), value))), value) {
				found[i]++
			} else {
				missed[i] = append(missed[i], r.ID)
			}
		}
	}
	require.Greater(t, tried, 600)
	sum := 0
	for i, shape := range shapes {
		sum += found[i]
		t.Logf("%-16s %5.1f %%  missed: %v", shape.name, 100*float64(found[i])/float64(tried), missed[i][:min(len(missed[i]), 6)])
	}
	require.Greater(t, float64(sum)/float64(tried*len(shapes)), 0.9, "recall over all ways of writing")
}

func finds(matches []scanner.Match, value string) bool {
	for _, m := range matches {
		if m.Secret.Reveal() == value {
			return true
		}
	}
	return false
}

func write(shape, name, value string) string {
	capital := strings.ToUpper(name[:1]) + name[1:]
	return strings.NewReplacer("%n", name, "%N", strings.ToUpper(name), "%C", capital, "%v", value).Replace(shape)
}
