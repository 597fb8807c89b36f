package scanner

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestListsOfValues(t *testing.T) {
	rules := []Rule{
		{ID: "named", Regex: `(?i)acme\w{0,8}[ :=\["'{]{1,8}([0-9a-f]{8})\b`, Confidence: ConfidenceMedium},
		{ID: "alone", Regex: `\bzed_([0-9a-f]{8})\b`, Chosen: true, Confidence: ConfidenceMedium},
	}
	e := mustCompile(t, rules, Options{})
	a, b, c := strings.Repeat("0a", 4), strings.Repeat("1b", 4), strings.Repeat("2c", 4)
	replace := strings.NewReplacer("$a", a, "$b", b, "$c", c)
	for _, test := range []struct {
		text string
		want []string
	}{
		{`acme = "$a"`, []string{a}},
		{`acme_keys = ["$a", "$b"]`, []string{a, b}},
		{`acme_keys: $a,$b,$c`, []string{a, b, c}},
		{`acme $a $b`, []string{a}},
		{`acme = "$a", sha = "$b"`, []string{a}},
		{`acme = "$a", "$b0"`, []string{a}},
		{"acme:\n$a", nil},
		{"x\nacme: $a\n- $b\n", []string{a, b}},
		{"acme: $a\n$b\n", []string{a}},
		{`acme: $a,`, []string{a}},
		{`zed_$a, $b`, []string{a}},
	} {
		var got []string
		for _, m := range e.Scan(e.NewScratch(), []byte(replace.Replace(test.text))) {
			got = append(got, m.Secret.Reveal())
		}
		require.Equal(t, test.want, got, test.text)
	}
}
