package classify_test

import (
	"encoding/base64"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner/assign"
	"github.com/shrike-scan/shrike/scanner/classify"
)

var keyword = regexp.MustCompile(`(?i)pass|pwd|pw\b|secret|token|key|auth|identified by`)

var stand = regexp.MustCompile(`\{(word|mixed|number|hex|base64|alnum|uuid)\}`)

// values makes the values that testdata names, so that no file holds them.
var values = strings.NewReplacer(
	"{word}", "mari"+"gold",
	"{mixed}", "Mari"+"gold7!",
	"{number}", "7"+"30122",
	"{hex}", "9f86d081"+"884c7d65"+"9a2feaa0"+"c55ad015",
	"{base64}", base64.StdEncoding.EncodeToString([]byte("\x9f\x86\xd0\x81\x88\x4c\x7d\x65\x9a\x2f\xea\xa0\xc5\x5a\xd0\x15\xa3\xbf\x4f\x1b\x2b\x0b\x82\x2c")),
	"{alnum}", "q7Zt2Lx9"+"VbN4cKw8"+"Rj3MfYp6",
	"{uuid}", "3f2b8c1e-7d4a"+"-4c9b-a1e6-5b0d9f8e7c21",
	"↵", "\n",
)

// secrets returns the values of a text that are judged secrets.
func secrets(text []byte) (found []string) {
	for _, at := range keyword.FindAllIndex(text, -1) {
		var a assign.Assignment
		if a.Read(text, at[0], at[1]) && classify.Value(classify.Of(text, &a)).Class == classify.Secret {
			found = append(found, string(text[a.ValueStart:a.ValueEnd]))
		}
	}
	return found
}

func TestTheArgumentBehindAPasswordIsNone(t *testing.T) {
	for _, call := range []string{"Encryptor.withPassword", "set_password"} {
		require.Equal(t, []string{"password"}, secrets([]byte(values.Replace(call+`("password", "{hex}")`))), call)
	}
	require.Contains(t, secrets([]byte(values.Replace(`setSecret("password", "{hex}")`))), values.Replace("{hex}"))
}

func TestTypesEndInAnExclamationMarkAsPasswordsDo(t *testing.T) {
	require.Equal(t, []string{"Password!"}, secrets([]byte("SA_PASSWORD: Password!\n")))
	require.Empty(t, secrets([]byte("password: String!\n")))
}

func TestLines(t *testing.T) {
	table, err := os.ReadFile("testdata/lines.txt")
	require.NoError(t, err)
	lines, languages := 0, map[string]bool{}
	for line := range strings.Lines(string(table)) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		language, code, ok := strings.Cut(line[2:], " | ")
		require.True(t, ok, line)
		lines++
		languages[language] = true
		text := []byte(values.Replace(code))
		for _, at := range keyword.FindAllIndex(text, -1) {
			requireSameVerdict(t, text, at)
		}
		found := secrets(text)
		if line[0] == '-' {
			require.Empty(t, found, line)
			continue
		}
		want := values.Replace(stand.FindString(code))
		require.NotEmpty(t, want, line)
		require.Condition(t, func() bool {
			return slices.ContainsFunc(found, func(v string) bool { return strings.Contains(v, want) })
		}, "%s gave %q", line, found)
	}
	require.GreaterOrEqual(t, lines, 150)
	require.GreaterOrEqual(t, len(languages), 20)
}
