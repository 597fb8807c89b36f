package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func render(t *testing.T, format string, o FormatOptions, d *Document) string {
	t.Helper()
	r, err := New(format, o)
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, r.Report(&out, d))
	return out.String()
}

func TestGolden(t *testing.T) {
	findings, meta := rich()
	full := Build(findings, meta, Options{Respond: twoSteps})
	incomplete := Build(nil, Meta{Command: "dir", Problems: []string{"open a\nb: permission denied"}}, Options{})
	clean := Build(nil, Meta{Command: "dir", Files: 3, Bytes: 1234}, Options{})
	for _, tt := range []struct {
		golden, format string
		options        FormatOptions
		document       *Document
	}{
		{"rich.txt", "text", FormatOptions{}, full},
		{"explain.txt", "text", FormatOptions{Explain: true}, full},
		{"verbose.txt", "text", FormatOptions{Verbose: true}, full},
		{"color.txt", "text", FormatOptions{Color: true}, full},
		{"clean.txt", "text", FormatOptions{}, clean},
		{"incomplete.txt", "text", FormatOptions{}, incomplete},
		{"rich.json", "json", FormatOptions{}, full},
		{"clean.json", "json", FormatOptions{}, clean},
		{"rich.jsonl", "jsonl", FormatOptions{}, full},
		{"rich.sarif", "sarif", FormatOptions{}, full},
		{"suppressed.sarif", "sarif", FormatOptions{Suppressed: true}, full},
		{"clean.sarif", "sarif", FormatOptions{}, clean},
		{"rich.junit.xml", "junit", FormatOptions{}, full},
		{"clean.junit.xml", "junit", FormatOptions{}, clean},
		{"rich.gitlab.json", "gitlab", FormatOptions{}, full},
		{"clean.gitlab.json", "gitlab", FormatOptions{}, clean},
		{"rich.md", "markdown", FormatOptions{}, full},
		{"incomplete.md", "markdown", FormatOptions{}, incomplete},
		{"clean.md", "markdown", FormatOptions{}, clean},
		{"rich.csv", "csv", FormatOptions{}, full},
		{"incomplete.csv", "csv", FormatOptions{}, incomplete},
		{"clean.csv", "csv", FormatOptions{}, clean},
	} {
		t.Run(tt.golden, func(t *testing.T) {
			// Identifiers are shown in full; no file here may hold one.
			got := strings.ReplaceAll(render(t, tt.format, tt.options, tt.document), awsKeyID, "AWS-KEY-ID")
			path := filepath.Join("testdata", "golden", tt.golden)
			if *update {
				require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
				require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
			}
			want, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Equal(t, string(want), got)
		})
	}
}
