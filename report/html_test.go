package report

import (
	"encoding/json"
	"html"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// between cuts out what stands between two marks.
func between(t *testing.T, text, from, to string) string {
	t.Helper()
	_, rest, ok := strings.Cut(text, from)
	require.True(t, ok, from)
	inside, _, ok := strings.Cut(rest, to)
	require.True(t, ok, to)
	return inside
}

// The content policy names the style and the program that the page really has.
func TestHTMLPolicy(t *testing.T) {
	page := render(t, "html", FormatOptions{}, documents()["hostile"])
	policy := html.UnescapeString(between(t, page, `Content-Security-Policy" content="`, `"`))
	require.Contains(t, policy, "default-src 'none'; ")
	require.Contains(t, policy, "script-src "+cspHash(between(t, page, "<script>", "</script>"))+";")
	require.Contains(t, policy, "style-src "+cspHash(between(t, page, "<style>", "</style>"))+";")
	require.Equal(t, 2, strings.Count(page, "</script>"), "the data and the program, nothing else")
}

func TestHTMLLoadsNothing(t *testing.T) {
	page := render(t, "html", FormatOptions{}, documents()["clean"])
	require.NotRegexp(t, regexp.MustCompile(`(?i)\s(src|href|action|style|on[a-z]+)=`), page)
	require.NotRegexp(t, regexp.MustCompile(`(?i)innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function`), htmlProgram)
}

// The data element holds the json format, whatever the strings are.
func TestHTMLData(t *testing.T) {
	findings, meta := rich()
	breakout := `</script><script>alert(1)</script><!--<script>`
	findings[0].Occurrences[0].Path = breakout
	meta.Target = breakout
	meta.Notes = []string{`<img src=x onerror="alert(1)">`}
	d := Build(findings, meta, Options{})
	page := render(t, "html", FormatOptions{}, d)
	require.NotContains(t, page, breakout)
	require.NotContains(t, page, "<img")
	data := between(t, page, `<script type="application/json" id="report">`, "</script>")
	require.NotContains(t, data, "<")
	var back Document
	require.NoError(t, json.Unmarshal([]byte(data), &back))
	back.rules = d.rules
	require.Equal(t, d, &back)
}
