package config

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the reference into the manual")

const (
	referenceBegin = "<!-- made from the code by go test ./config -run TestReference -update -->\n"
	referenceEnd   = "<!-- end of what is made from the code -->\n"
)

// The reference of the manual is what the comments of the fields say.
func TestReference(t *testing.T) {
	tests := []struct{ page, text string }{
		{"../docs/configuration.md", section(t, "At the top of the file", "config.go", "Config") +
			section(t, "`[scan]`", "config.go", "Scan") + section(t, "`[[override]]`", "config.go", "Override") +
			section(t, "`[[rules]]`", "../scanner/rule.go", "Rule") + section(t, "`[[allow]]`", "config.go", "Allow") +
			section(t, "`[accounts]`", "config.go", "Account")},
		{"../docs/policy.md", section(t, "At the top of the file", "policy.go", "Policy") +
			section(t, "`[allow]`, `[baseline]`, `[inline]`", "policy.go", "Demand")},
	}
	for _, tt := range tests {
		page, err := os.ReadFile(tt.page)
		require.NoError(t, err)
		before, rest, found := strings.Cut(string(page), referenceBegin)
		require.True(t, found, tt.page)
		_, after, found := strings.Cut(rest, referenceEnd)
		require.True(t, found, tt.page)
		want := before + referenceBegin + tt.text + "\n" + referenceEnd + after
		if *update {
			require.NoError(t, os.WriteFile(tt.page, []byte(want), 0o644))
			continue
		}
		require.Equal(t, want, string(page), "run go test ./config -run TestReference -update")
	}
}

// section is the table of the keys of one struct.
func section(t *testing.T, title, file, name string) string {
	t.Helper()
	source, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
	require.NoError(t, err)
	object := source.Scope.Lookup(name)
	require.NotNil(t, object)
	var b strings.Builder
	last := ""
	fmt.Fprintf(&b, "\n### %s\n\n| key | value | |\n|---|---|---|\n", title)
	for _, field := range object.Decl.(*ast.TypeSpec).Type.(*ast.StructType).Fields.List {
		if field.Tag == nil {
			continue
		}
		key := reflect.StructTag(strings.Trim(field.Tag.Value, "`")).Get("toml")
		if key == "-" {
			continue
		}
		text := field.Doc.Text()
		if text == "" {
			text = field.Comment.Text()
		}
		if text == "" {
			text = last // a comment speaks of the fields below it
		}
		require.NotEmpty(t, text, "%s.%s has no comment", name, key)
		last = text
		text = strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "|", `\|`)
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", key, kindOf(field.Type), text)
	}
	return b.String()
}

// kindOf says in words what TOML value a field takes.
func kindOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return "table"
	case *ast.MapType:
		return "table of " + plural(kindOf(e.Value))
	case *ast.ArrayType:
		return "array of " + plural(kindOf(e.Elt))
	case *ast.SelectorExpr:
		return kindOf(e.Sel)
	case *ast.Ident:
		switch e.Name {
		case "string":
			return "string"
		case "float64":
			return "number"
		case "int":
			return "integer"
		case "bool":
			return "boolean"
		case "Severity", "Confidence", "Date":
			return strings.ToLower(e.Name)
		}
	}
	return "table"
}

func plural(kind string) string {
	if singular, ok := strings.CutSuffix(kind, "y"); ok {
		return singular + "ies"
	}
	return kind + "s"
}

// Every example of a policy decodes.
func TestPolicyManual(t *testing.T) {
	text, err := os.ReadFile("../docs/policy.md")
	require.NoError(t, err)
	examples := regexp.MustCompile("(?s)```toml\n(.*?)```").FindAllSubmatch(text, -1)
	require.NotEmpty(t, examples)
	for _, example := range examples {
		_, err := DecodePolicy("docs/policy.md", example[1])
		require.NoError(t, err, string(example[1]))
	}
}
