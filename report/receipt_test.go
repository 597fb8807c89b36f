package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReceipt(t *testing.T) {
	findings, meta := rich()
	meta.Problems = append(meta.Problems, "read "+githubPAT+".txt: denied")
	coverage := Coverage{
		Rules:    strings.Repeat("a1", 32),
		Narrowed: []string{"--path " + githubPAT},
		Kinds:    []KindCount{{"commit", 3, 0, 400}, {"blob", 12, 10, 5000}},
		Scanned:  4000, Inherited: 1000,
		Skipped: []Skipped{{"symbolic link", 2, []string{"a/" + githubPAT, "b"}}},
		Head:    strings.Repeat("0b", 20),
		Refs:    []Ref{{"refs/heads/" + githubPAT, strings.Repeat("0b", 20)}, {"refs/heads/\u202ex", strings.Repeat("0c", 20)}},
	}
	for _, o := range []Options{{}, {ShowSecrets: true}} {
		var b bytes.Buffer
		require.NoError(t, NewReceipt(findings, meta, coverage, Build(findings, meta, o)).Write(&b))
		require.NotContains(t, b.String(), githubPAT, "not even where the report shows secrets")
		require.NotContains(t, b.String(), "\u202e")
		schema := compileSchema(t, "../docs/schema/receipt-1.json")
		validate(t, schema, b.String())
		var m map[string]any
		require.NoError(t, json.Unmarshal(b.Bytes(), &m))
		for name := range m {
			require.Contains(t, schema.Properties, name)
		}
		require.Equal(t, "shrike/receipt/1", m["schema"])
		require.Equal(t, false, m["complete"])
		require.EqualValues(t, 1000, m["inherited_bytes"])
	}
}
