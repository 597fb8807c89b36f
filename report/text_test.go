package report

import (
	"reflect"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
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
