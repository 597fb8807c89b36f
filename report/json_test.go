package report

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
)

func compileSchema(t *testing.T, location string) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	schema, err := c.Compile(location)
	require.NoError(t, err)
	return schema
}

func validate(t *testing.T, schema *jsonschema.Schema, text string) {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	require.NoError(t, err)
	require.NoError(t, schema.Validate(value))
}

func documents() map[string]*Document {
	findings, meta := rich()
	hostile, hostileMeta := planted(githubPAT, "\xff\x00\u202e"+githubPAT)
	return map[string]*Document{
		"rich":    Build(findings, meta, Options{Respond: twoSteps}),
		"shown":   Build(findings, meta, Options{ShowSecrets: true}),
		"hostile": Build(hostile, hostileMeta, Options{Respond: twoSteps}),
		"clean":   Build(nil, Meta{}, Options{Respond: twoSteps}),
	}
}

func TestJSONSchema(t *testing.T) {
	const file = "../docs/schema/report-1.json"
	whole, line := compileSchema(t, file), compileSchema(t, file+"#/$defs/line")
	for name, d := range documents() {
		t.Run(name, func(t *testing.T) {
			validate(t, whole, render(t, "json", FormatOptions{}, d))
			lines := strings.Split(strings.TrimSpace(render(t, "jsonl", FormatOptions{}, d)), "\n")
			require.Len(t, lines, len(d.Findings)+1)
			for _, text := range lines {
				validate(t, line, text)
			}
			require.Contains(t, lines[len(lines)-1], `{"type":"summary"`)
		})
	}
}

// The schema names every member that the format writes.
func TestJSONSchemaIsComplete(t *testing.T) {
	schema := compileSchema(t, "../docs/schema/report-1.json")
	var walk func(path string, s *jsonschema.Schema, value any)
	walk = func(path string, s *jsonschema.Schema, value any) {
		for s.Ref != nil {
			s = s.Ref
		}
		switch value := value.(type) {
		case map[string]any:
			for name, member := range value {
				known, ok := s.Properties[name]
				if !ok {
					_, ok = s.AdditionalProperties.(*jsonschema.Schema)
					require.True(t, ok, "%s.%s is not in the schema", path, name)
					continue
				}
				walk(path+"."+name, known, member)
			}
		case []any:
			for _, item := range value {
				switch items := s.Items2020; items {
				case nil:
					t.Errorf("%s has no items", path)
				default:
					walk(path+"[]", items, item)
				}
			}
		}
	}
	for _, d := range documents() {
		var value any
		require.NoError(t, json.Unmarshal([]byte(render(t, "json", FormatOptions{}, d)), &value))
		walk("report", schema, value)
	}
}

func TestJSONRoundTrip(t *testing.T) {
	findings, meta := rich()
	d := Build(findings, meta, Options{})
	var back Document
	require.NoError(t, json.Unmarshal([]byte(render(t, "json", FormatOptions{}, d)), &back))
	back.rules = d.rules
	require.Equal(t, d, &back)
}

func TestEscapeInvisible(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{`"plain é 日本"`, `"plain é 日本"`},
		{"\"\u202ex\"", `"\u202ex"`},
		{"\"\u009b\x7f\"", `"\u009b\u007f"`},
		{"\"\U000e0041\"", `"\udb40\udc41"`},
	} {
		got := escapeInvisible([]byte(tt.in))
		require.Equal(t, tt.want, string(got))
		var before, after string
		require.NoError(t, json.Unmarshal([]byte(tt.in), &before))
		require.NoError(t, json.Unmarshal(got, &after))
		require.Equal(t, before, after)
	}
}

func TestEachKeepsTheOrder(t *testing.T) {
	for _, n := range []int{0, 1, 15, 16, 17, 32, 33, 500} {
		var got, want strings.Builder
		e := newJSONWriter(&got)
		e.each(n, func(e *jsonWriter, i int) { e.element(i, i) })
		require.NoError(t, e.err)
		for i := range n {
			fmt.Fprintf(&want, "%s\n%d", strings.Repeat(",", min(i, 1)), i)
		}
		require.Equal(t, want.String(), got.String())
	}
}

func TestEachStopsAtAnError(t *testing.T) {
	e := newJSONWriter(new(strings.Builder))
	e.each(100_000, func(e *jsonWriter, i int) {
		require.Less(t, i, 50_000)
		e.value(func() {}) // no JSON can hold one
	})
	require.Error(t, e.err)
}

func TestNextInvisible(t *testing.T) {
	for at := range 20 {
		text := []byte(strings.Repeat("~", at) + "\x7f" + strings.Repeat("~", 20-at))
		require.Equal(t, at, nextInvisible(text, 0))
		text[at] = '~'
		require.Equal(t, len(text), nextInvisible(text, 0))
	}
}
