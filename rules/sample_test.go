package rules

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestExpand(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ template, pattern string }{
		{"plain 100% text", `^plain 100% text$`},
		{"%{digit:4}-%{hex:8}", `^\d{4}-[0-9a-f]{8}$`},
		{"%{alnum}", `^[0-9A-Za-z]$`},
		{"%{uuid}", `^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`},
		{"%{x:4142}", `^AB$`},
		{"%(base64 user:%{x:3a}%)", `^dXNlcjo6$`},
		{"%(hex %(base64 a%)%)", `^59513d3d$`},
		{"%(percent a=b&c%)", `^a%3Db%26c$`},
		{"%(crc32-hex:_ 123456789%)", `^123456789_cbf43926$`},
		{"%{aws-key-id:AKIA:123456789012}", `^AKIA[A-Z2-7]{16}$`},
		{"%{nkey:U}", `^SU[A-Z2-7]{56}$`},
		{"%{wif}", `^[KL][1-9A-HJ-NP-Za-km-z]{51}$`},
		{"%{jwt}", `^eyJ[\w-]+\.eyJ[\w-]+\.[\w-]{43}$`},
	} {
		text, err := Expand("rule", 1, c.template)
		require.NoError(t, err, c.template)
		require.Regexp(t, c.pattern, text)
		again, err := Expand("rule", 1, c.template)
		require.NoError(t, err)
		require.Equal(t, text, again, "the same place gives the same text")
	}
	one, err := Expand("rule", 1, "%{alnum:20}")
	require.NoError(t, err)
	other, err := Expand("rule", 2, "%{alnum:20}")
	require.NoError(t, err)
	require.NotEqual(t, one, other, "another place gives another text")
}

func TestExpandErrors(t *testing.T) {
	t.Parallel()
	for template, want := range map[string]string{
		"%{nothing:3}":                    `unknown template "nothing"`,
		"%{digit:x}":                      `length "x"`,
		"%{digit:9999999}":                `length "9999999"`,
		"%{digit:-1}":                     `length "-1"`,
		"%{digit":                         "is not closed",
		"%(base64 abc":                    "is not closed",
		"%(base64":                        "holds no text",
		"%(nothing abc%)":                 `unknown block "nothing"`,
		"%{x:zz}":                         "want hex digits",
		"%{aws-key-id:AKIA:1}":            "want PREFIX:ACCOUNT",
		"%{pem:none}":                     "unknown kind of key",
		"%{jwt:HS256:x}":                  "want seconds",
		"%{nkey:Z}":                       "unknown kind of seed",
		strings.Repeat("%(hex ", 20):      "nest deeper",
		strings.Repeat("%(hex ", 8) + "x": "is not closed",
	} {
		_, err := Expand("rule", 0, template)
		require.ErrorContains(t, err, want, template)
	}
}

func FuzzExpand(f *testing.F) {
	f.Add("%{digit:4}%(base64 x%)%")
	f.Add("%(crc32-base62:_ %{alnum:30}%)")
	f.Add("%{pem:ec} %{jwt:RS256:1}")
	f.Fuzz(func(t *testing.T, template string) {
		if strings.Count(template, "%{") > 8 { // keys take a while to make
			return
		}
		_, _ = Expand("fuzz", 0, template)
	})
}
