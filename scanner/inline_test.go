package scanner

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestParseAllow(t *testing.T) {
	tests := []struct {
		name, line string
		want       Suppression
		rules      string // by comma; empty: no allow comment
		nextLine   bool
	}{
		{name: "shell", line: `key = "v" # shrike:allow aws-key sample of the docs`, rules: "aws-key",
			want: Suppression{Reason: "sample of the docs"}},
		{name: "no reason", line: "# shrike:allow aws-key", rules: "aws-key"},
		{name: "two rules", line: "// shrike:allow aws-key,generic-password test", rules: "aws-key,generic-password",
			want: Suppression{Reason: "test"}},
		{name: "spaced list", line: "// shrike:allow aws-key, generic-password test", rules: "aws-key,generic-password",
			want: Suppression{Reason: "test"}},
		{name: "all fields", line: "# shrike:allow a until=2027-01-31 owner=@team/infra rotated, see ADR 7", rules: "a",
			want: Suppression{Reason: "rotated, see ADR 7", Owner: "@team/infra", Until: "2027-01-31"}},
		{name: "fields in the other order", line: "# shrike:allow a owner=jo until=2027-01-31 x", rules: "a",
			want: Suppression{Reason: "x", Owner: "jo", Until: "2027-01-31"}},
		{name: "fields end where the reason starts", line: "# shrike:allow a see until=never", rules: "a",
			want: Suppression{Reason: "see until=never"}},
		{name: "next line", line: "<!-- shrike:allow-next-line a in the manual -->", rules: "a", nextLine: true,
			want: Suppression{Reason: "in the manual"}},
		{name: "C comment", line: `/* shrike:allow a sample */ k = "v";`, rules: "a", want: Suppression{Reason: "sample"}},
		{name: "closed at once", line: "/* shrike:allow a*/", rules: "a"},
		{name: "Jinja", line: "{# shrike:allow a sample #} v", rules: "a", want: Suppression{Reason: "sample"}},
		{name: "Handlebars", line: "{{!-- shrike:allow a sample --}} v", rules: "a", want: Suppression{Reason: "sample"}},
		{name: "ERB", line: "<%# shrike:allow a sample %> v", rules: "a", want: Suppression{Reason: "sample"}},
		{name: "JSON keeps the value out of the reason", line: `{"//": "shrike:allow a sample", "key": "v"}`, rules: "a",
			want: Suppression{Reason: "sample"}},
		{name: "tabs and carriage return", line: "#\tshrike:allow\ta\tone\ttwo\r", rules: "a", want: Suppression{Reason: "one two"}},
		{name: "escapes do not print", line: "# shrike:allow a \x1b[31mred\u202e\xff", rules: "a", want: Suppression{Reason: "[31mred"}},
		{name: "the second marker is the good one", line: "shrike:allow it? # shrike:allow a yes", rules: "a",
			want: Suppression{Reason: "yes"}},
		{name: "long reason ends at a word", line: "# shrike:allow a " + strings.Repeat("wordy ", 400), rules: "a",
			want: Suppression{Reason: strings.TrimSpace(strings.Repeat("wordy ", 170))}},

		{name: "no marker", line: "nothing"},
		{name: "no rule", line: "# shrike:allow"},
		{name: "no rule, closed", line: "/* shrike:allow */"},
		{name: "no list end", line: "# shrike:allow a,"},
		{name: "empty id", line: "# shrike:allow a,,b x"},
		{name: "glob", line: "# shrike:allow generic-* x"},
		{name: "upper case", line: "# shrike:allow AWS x"},
		{name: "no date", line: "# shrike:allow a until=2027-02-30 x"},
		{name: "short date", line: "# shrike:allow a until=2027-2-3 x"},
		{name: "other marker", line: "# shrike:allowed a x"},
		{name: "other scope", line: "# shrike:allow-file a x"},
		{name: "glued to a word", line: "# myshrike:allow a x"},
		{name: "glued to a dash", line: "# no-shrike:allow a x"},
		{name: "other case", line: "# Shrike:Allow a x"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, rules, nextLine, ok := parseAllow([]byte(tt.line))
			require.Equal(t, tt.rules != "", ok)
			require.Equal(t, tt.rules, strings.Join(rules, ","))
			require.Equal(t, tt.nextLine, nextLine)
			if ok {
				tt.want.By = "inline"
			}
			require.Equal(t, tt.want, s)
		})
	}
}

func TestParseAllowIsLinear(t *testing.T) {
	line := bytes.Repeat([]byte("shrike:allow "), 1<<16)
	start := time.Now()
	_, _, _, ok := parseAllow(line)
	require.False(t, ok)
	require.Less(t, time.Since(start), time.Minute)
}

func FuzzParseAllow(f *testing.F) {
	f.Add([]byte("# shrike:allow aws-key until=2027-01-31 owner=jo reason"))
	f.Add([]byte("<!-- shrike:allow-next-line a, b x -->"))
	f.Fuzz(func(t *testing.T, line []byte) {
		s, rules, _, ok := parseAllow(line)
		require.Equal(t, ok, len(rules) > 0)
		for _, id := range rules {
			require.True(t, isRuleID(id))
		}
		require.True(t, s.Until == "" || ValidDate(s.Until))
		for _, text := range []string{s.Reason, s.Owner} {
			require.True(t, utf8.ValidString(text))
			require.NotContains(t, text, `"`)
			require.LessOrEqual(t, len(text), allowMaxBytes)
			require.Equal(t, -1, strings.IndexFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }))
		}
	})
}
