package report

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

// Whatever a Document holds, in whichever member, the terminal is safe.
func TestTextIsNeutral(t *testing.T) {
	const hostile = "\x1b[2J\r\n\u202e\u009b\xff\t"
	findings, meta := rich()
	d := Build(findings, meta, Options{})
	plantAll(reflect.ValueOf(d).Elem(), hostile)
	out := render(t, "text", FormatOptions{Verbose: true}, d)
	for _, r := range out {
		require.True(t, r == '\n' || unicode.IsGraphic(r) && r != unicode.ReplacementChar, "%q in\n%s", r, out)
	}
	require.NotContains(t, out, "\n\u202e")
	require.Contains(t, out, `\x1b[2J\r\n\u202e\u009b\xff\t`)
}

// plantAll sets every exported string below v.
func plantAll(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Pointer:
		if !v.IsNil() {
			plantAll(v.Elem(), text)
		}
	case reflect.Slice:
		for i := range v.Len() {
			plantAll(v.Index(i), text)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				plantAll(v.Field(i), text)
			}
		}
	}
}

func TestTextFitsTheWidth(t *testing.T) {
	findings, meta := rich()
	out := render(t, "text", FormatOptions{}, Build(findings, meta, Options{}))
	for line := range strings.Lines(out) {
		require.LessOrEqual(t, runes(strings.TrimSuffix(line, "\n")), textWidth, line)
	}
}

func TestTextColorsOnlyWhenTold(t *testing.T) {
	t.Setenv("NO_COLOR", "") // the command decides, not the environment
	findings, meta := rich()
	d := Build(findings, meta, Options{})
	require.NotContains(t, render(t, "text", FormatOptions{}, d), "\x1b")
	require.Contains(t, render(t, "text", FormatOptions{Color: true}, d), "\x1b[")
	t.Setenv("NO_COLOR", "1")
	require.Contains(t, render(t, "text", FormatOptions{Color: true}, d), "\x1b[")
}

// What to do is listed last; a secret in a path or a ref does not get out that way.
func TestTextNext(t *testing.T) {
	secret := "q7Zr" + "T2mXv9Lp4KdW8sYb"
	f := &scanner.Finding{
		Rule: &scanner.Rule{ID: "r", Kind: "token"}, Secret: scanner.NewSecret([]byte(secret)), Fingerprint: strings.Repeat("1", 32),
		Occurrences: []scanner.Occurrence{{Where: scanner.InFile, Path: "a/" + secret}},
		Exposure:    &scanner.Exposure{State: scanner.ExposedPushed, Refs: []string{"refs/remotes/origin/" + secret}},
	}
	doc := Build([]*scanner.Finding{f}, Meta{Next: []scanner.Step{
		{Do: "Unstage it:", Run: []string{"git restore --staged -- a/" + secret}},
		{Do: strings.Repeat("Words that go on ", 10)},
	}}, Options{})
	var out bytes.Buffer
	require.NoError(t, textReporter{}.Report(&out, doc))
	require.NotContains(t, out.String(), secret)
	require.Contains(t, out.String(), "  exposed  pushed: rotate it first, then clean the history\n           held by refs/remotes/origin/q7Zr")
	require.Contains(t, out.String(), "\nWhat to do\n  1. Unstage it:\n       git restore --staged -- a/q7Zr")
	require.Contains(t, out.String(), "\n  2. Words that go on")
	require.Contains(t, out.String(), "\n     that go on")
	f.Exposure = &scanner.Exposure{State: scanner.ExposedLocal}
	for reach, want := range map[string]string{
		"stash": "in the stash alone: drop it", "unreachable": "in no branch or tag: let git forget it", "ref": "committed, not pushed",
	} {
		f.Reach = reach
		out.Reset()
		require.NoError(t, textReporter{}.Report(&out, Build([]*scanner.Finding{f}, Meta{}, Options{})))
		require.Contains(t, out.String(), "  exposed  "+want)
	}
	f.Reach = ""
	for state, want := range map[string]string{
		scanner.ExposedWorktree: "on disk only: keep it out of git", scanner.ExposedStaged: "staged, not committed: unstage it",
		scanner.ExposedLocal: "committed, not pushed: amend or rebase before you push",
	} {
		f.Exposure = &scanner.Exposure{State: state}
		out.Reset()
		require.NoError(t, textReporter{}.Report(&out, Build([]*scanner.Finding{f}, Meta{}, Options{})))
		require.Contains(t, out.String(), "  exposed  "+want)
	}
}
