package report

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

// TestHTMLInBrowser opens the page in headless Chromium, where there is one, and
// looks at what the page's own program made of it.
func TestHTMLInBrowser(t *testing.T) {
	chromium, err := exec.LookPath("chromium")
	if err != nil || testing.Short() {
		t.Skip("chromium is not installed, or the test is to be short")
	}
	findings, meta := rich()
	for i, evil := range []string{
		`</script><script>document.title='pwned'</script>`,
		`<img src=x onerror="document.title='pwned'">`,
		`"><svg onload="document.title='pwned'">`,
		`{{constructor.constructor("document.title='pwned'")()}}`,
	} {
		findings[i].Occurrences[0].Path = evil
		findings[i].Details = append(findings[i].Details, scanner.Detail{Name: evil, Value: evil})
		meta.Problems = append(meta.Problems, evil)
	}
	d := Build(findings, meta, Options{})
	dir := t.TempDir()
	page := filepath.Join(dir, "report.html")
	require.NoError(t, os.WriteFile(page, []byte(render(t, "html", FormatOptions{}, d)), 0o600))

	c := exec.Command(chromium, "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir="+filepath.Join(dir, "profile"),
		"--virtual-time-budget=5000", "--dump-dom", "file://"+page)
	out, err := c.Output()
	require.NoError(t, err)
	_, dom, ok := strings.Cut(string(out), "</head>")
	require.True(t, ok)
	require.NotContains(t, string(out), "<title>pwned")
	require.Equal(t, 4, strings.Count(dom, "<details "), "the open findings, and not the suppressed one")
	require.Contains(t, dom, "4 findings of 5")
	require.NotContains(t, dom, "<img")
	require.Equal(t, 1, strings.Count(dom, "<svg"), "the timeline")
	require.Contains(t, dom, `data-period="2014"`)
	require.Contains(t, dom, "&lt;img src=x")
}
