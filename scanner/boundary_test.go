package scanner

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTokensGoOn: a sign between letters makes a longer word of a token, and no
// token; a query behind a path does not, nor does a proof.
func TestTokensGoOn(t *testing.T) {
	t.Parallel()
	proven := func(_, _ []byte) CheckResult { return CheckResult{Proof: Proven} }
	e := mustCompile(t, []Rule{
		{ID: "token", Regex: `\b(tok_[a-z]{4,8})\b`},
		{ID: "hook", Regex: `\b(hooks/[a-z]{4,8})\b`},
		{ID: "sum", Regex: `\b(sum_[a-z]{4,8})\b`, Check: "proven"},
		{ID: "near", Context: []string{"acme"}, Value: `[0-9a-f]{8}`},
	}, Options{Checks: map[string]Check{"proven": proven}})
	for text, wanted := range map[string]bool{
		"tok_abcd": true, "tok_abcd?": true, "tok_abcd!": true, "is it tok_abcd? Yes": true, "**tok_abcd**": true, "(tok_abcd).": true,
		"tok_abcd?x": false, "tok_abcd$x": false, "tok_abcd^x": false, "tok_abcd!x": false, "tok_abcd#x": false,
		"tok_abcd-x": false, "tok_abcd+x": false, "tok_abcd=x": false, "tok_abcd->x": true, "tok_abcd + x": true, "tok_abcd--": true,
		"tok_abcd:x": true, "tok_abcd@x": true, "tok_abcd,x": true, "tok_abcd/x": true, "tok_abcd.x": true,
		"tok_abcd.png": false, "tok_abcd.js": false, "tok_abcd.js?v": false, "tok_abcd.json": true, "tok_abcd.pn": true, "tok_abcd.": true, "sum_abcd.css": true,
		"tok_abcd%20x": true, "tok_abcd%E2%80%9D": true, "tok_abcd%fe": false, "tok_abcd%0Ax": true, "tok_abcd%2Fx": true, "tok_abcd%2Dx": false, "tok_abcd%41": false, "tok_abcd%x": false, "tok_abcd%": false,
		"'tok_abcd?'": false, `"tok_abcd$"`: false, `"tok_abcd."`: false, "<k>tok_abcd%</k>": false, "{tok_abcd#}": false,
		"'is it tok_abcd?'": true, `"tok_abcd?", "x"`: false, `"tok_abcd"`: true, `"tok_abcd",`: true,
		"hooks/abcd?x=1": true, "hooks/abcd#x": true, `x "tok_abcd$"`: false, "tok_abcd^": false, "tok_abcd#": false, "tok_abcd-": true, `x tok_abcd-"`: false, "/tok_abcd?x=1": true, "sum_abcd$x": true,
		"acme 0123abcd": true, "acme 0123abcd?x": false, "acme /0123abcd?x": false, "acme 0123abcd/x": false, "acme 0123abcd.x": false, "acme 0123abcd. Y": true, "acme '0123abcd%'": false, "acme 0123abcd%22": true,
	} {
		require.Equal(t, wanted, len(e.Scan(e.NewScratch(), []byte(text))) == 1, text)
	}
}

// TestNames: what names a service is a word of its own.
func TestNames(t *testing.T) {
	t.Parallel()
	for text, wanted := range map[string]bool{
		"acme": true, "ACME": true, "x_acme_y": true, "MY_ACME_KEY": true, "acmeKey": true, "theAcmeKey": true, "HTTPAcme": true,
		"acmekey": true, "acmetoken": true, "ACMEKEY": true, "www.acme.io": true, "v2acme": true, `\nacme`: true,
		"myacme": true, "useAcme": true, "MYACME": true, "apiacme": true,
		"lacme": false, "Placme": false, "PLACME": false, "summacme": false, "preacmeish": false,
		"acmes": false, "acmeing": false, "ACMEING": false, "acmeable": false, "acmeS": true, "acmesKey": false, "acmesigned": true,
	} {
		lower := lowerASCII(text)
		at := len(lower) - len("acme")
		for lower[at:at+4] != "acme" {
			at--
		}
		require.Equal(t, wanted, isName([]byte(text), at, at+4), text)
	}
	require.True(t, isName([]byte("acme_keys"), 0, 8), "the last word of several")
}

// TestContextIsAName: a context word and a named regex count at the start of a word.
func TestContextIsAName(t *testing.T) {
	t.Parallel()
	e := mustCompile(t, []Rule{
		{ID: "near", Context: []string{"acme"}, Value: `[0-9a-f]{8}`},
		{ID: "named", Named: true, Regex: `(?i:widget)[ =]([0-9a-f]{8})`},
		{ID: "plain", Regex: `(?i:password)[ =]([0-9a-f]{8})`},
	}, Options{})
	for text, wanted := range map[string]bool{
		"acme=0123abcd": true, "lacme=0123abcd": false, "lacme acme=0123abcd": true,
		"widget=0123abcd": true, "midwidget=0123abcd": false, "bigWidget=0123abcd": true,
		"dbpassword=0123abcd": true,
	} {
		require.Equal(t, wanted, len(e.Scan(e.NewScratch(), []byte(text))) == 1, text)
	}
}

// TestLettersBesideNames: one look at a letter refuses no word.
func TestLettersBesideNames(t *testing.T) {
	t.Parallel()
	for _, word := range strings.Fields("my our the new get set use api app dev lib sdk go py js php") {
		require.True(t, isOwn([]byte(word)) && ownEnds.has(word[len(word)-1]), word)
	}
	for _, word := range strings.Fields("s ed ing ings ish able ness ful less") {
		require.True(t, isEnding([]byte(word)) && endingStarts.has(word[0]), word)
	}
}
