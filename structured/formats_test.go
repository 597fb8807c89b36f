package structured

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

// found extracts from text and checks what holds for every extract.
func found(t testing.TB, x scanner.Extractor, text string) map[string]string {
	t.Helper()
	rules := map[string]bool{}
	for _, r := range x.Rules() {
		rules[r.ID] = true
		require.NotEmpty(t, r.Kind)
		require.NotEmpty(t, r.Gives)
		require.NotEmpty(t, r.Revoke)
	}
	out := map[string]string{}
	for _, e := range x.Extract([]byte(text)) {
		require.True(t, rules[e.Rule], e.Rule)
		require.True(t, 0 <= e.Start && e.Start < e.End && e.End <= len(text))
		require.NotEmpty(t, e.Value)
		require.Equal(t, "path", e.Details[0].Name)
		out[e.Details[0].Value] = string(e.Value)
		if e.Encoding == "" {
			require.Equal(t, string(e.Value), text[e.Start:e.End])
		}
	}
	return out
}

func encoded(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

func TestFormats(t *testing.T) {
	a, b := password(), password()
	for _, tt := range []struct {
		name string
		x    scanner.Extractor
		text string
		want map[string]string
	}{
		{"Secret", Kubernetes(), "kind: Secret\ndata:\n  password: " + encoded(a) + "\n  username: " + encoded("someone") + "\n  ca.crt: " + encoded("-----BEGIN CERTIFICATE-----\n") + "\n",
			map[string]string{"data.password": a}},
		{"Secret, a file inside", Kubernetes(), "kind: Secret\ndata:\n  app.ini: " + encoded("[db]\nuser = x\npassword = "+a+"\n"), map[string]string{"data.app.ini": a}},
		{"Secret, stringData", Kubernetes(), "apiVersion: v1\nkind: Secret\nstringData:\n  api-token: \"" + a + "\"\n  db.properties: |\n    db.user=x\n    db.password=" + b + "\n",
			map[string]string{"stringData.api-token": a, "stringData.db.properties": b}},
		{"Secrets in a list", Kubernetes(), `{"kind": "List", "items": [{"kind": "ConfigMap"}, {"kind":"Secret","data":{"redis-password":"` + encoded(a) + `"}}]}`,
			map[string]string{"items[1].data.redis-password": a}},
		{"two documents", Kubernetes(), "kind: Secret\nstringData: {token: " + a + "}\n---\nkind: Secret\nstringData: {token: " + b + "}\n", map[string]string{"stringData.token": b}},
		{"sealed", Kubernetes(), "kind: SealedSecret\nspec:\n  encryptedData:\n    password: " + encoded(a), nil},
		{"templates", Kubernetes(), "kind: Secret\nstringData:\n  password: \"${PASSWORD}\"\n  token: <token>\n  secret: changeme\n", nil},
		{"not base64", Kubernetes(), "kind: Secret\ndata:\n  password: not base64!\n", nil},

		{"state, named", TerraformState(), `{"terraform_version": "1.9", "resources": [{"type": "t", "instances": [{"attributes": {"master_password": "` + a + `", "name": "x", "password": null, "length": 12}}]}]}`,
			map[string]string{"resources[0].instances[0].attributes.master_password": a}},
		{"state, marked", TerraformState(), `{"resources": [{"instances": [{"attributes": {"connection": "` + a + `", "plain": "` + b + `"}, "sensitive_attributes": [[{"type": "get_attr", "value": "connection"}]]}]}]}`,
			map[string]string{"resources[0].instances[0].attributes.connection": a}},
		{"state, made", TerraformState(), `{"resources": [{"type": "random_password", "instances": [{"attributes": {"id": "none", "result": "` + a + `"}}]}]}`,
			map[string]string{"resources[0].instances[0].attributes.result": a}},
		{"state, outputs", TerraformState(), `{"outputs": {"conn": {"value": "` + a + `", "sensitive": true}, "db_password": {"value": "` + b + `"}, "url": {"value": "https://x", "sensitive": false}}}`,
			map[string]string{"outputs.conn.value": a, "outputs.db_password.value": b}},
		{"plan", TerraformState(), `{"resource_changes": [{"change": {"after": {"x": "` + a + `", "tags": ["` + b + `", "q"]}, "after_sensitive": {"x": true, "tags": [true, false]}}}]}`,
			map[string]string{"resource_changes[0].change.after.x": a, "resource_changes[0].change.after.tags[0]": b}},
		{"plan's variables", TerraformState(), `{"planned_values": {}, "variables": {"db_password": {"value": "` + a + `"}, "region": {"value": "` + b + `"}}}`,
			map[string]string{"variables.db_password.value": a}},
		{"state, no JSON", TerraformState(), `{"terraform_version": "1", "password": "` + a, nil},

		{"variable", Terraform(), "variable \"db_password\" {\n  type    = string # the \"password\"\n  default = \"" + a + "\"\n}\nvariable \"region\" {\n  default = \"" + b + "\"\n}\n",
			map[string]string{"variable.db_password.default": a}},
		{"map", Terraform(), "passwords = {\n  app = \"" + a + "\"\n  \"web\" = \"" + b + "\" // second\n}\nnames = {\n  x = \"" + a + "\"\n}\n",
			map[string]string{"passwords.app": a, "passwords.web": b}},
		{"references", Terraform(), "variable \"token\" {\n  default = \"${var.x}\"\n}\nvariable \"password\" {\n  default = \"\"\n  description = \"" + a + "\"\n}\n", nil},
		{"no end", Terraform(), "variable \"password\" {\n default = \"" + a, nil},

		{"task definition", Deployments(), `{"containerDefinitions": [{"environment": [{"value": "` + a + `", "name": "DB_PASSWORD"}, {"name": "REGION", "value": "` + b + `"}], "secrets": [{"name": "TOKEN", "valueFrom": "arn:aws:ssm:x"}]}]}`,
			map[string]string{"containerDefinitions[0].environment[0].value": a}},
		{"build project", Deployments(), `{"environmentVariables": [{"name": "DB_PASSWORD", "value": "` + a + `", "type": "PLAINTEXT"}, {"name": "X_PASSWORD", "value": "` + b + `", "type": "PARAMETER_STORE"}]}`,
			map[string]string{"environmentVariables[0].value": a}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.want == nil {
				tt.want = map[string]string{}
			}
			require.Equal(t, tt.want, found(t, tt.x, tt.text))
		})
	}
}

// TestTriggers proves that each sample text would set its extractor off in a scan.
func TestTriggers(t *testing.T) {
	a := password()
	engine, err := scanner.Compile(nil, scanner.Options{Extractors: All()})
	require.NoError(t, err)
	for rule, text := range map[string]string{
		ruleKubernetes:     "apiVersion: v1\nkind: Secret\ndata:\n  password: " + encoded(a) + "\n",
		ruleTerraformState: `{"terraform_version": "1.9", "db_password": "` + a + `"}`,
		ruleTerraform:      "variable \"db_password\" {\n  default = \"" + a + "\"\n}\n",
		ruleContainer:      `{"containerDefinitions": [{"environment": [{"name": "DB_PASSWORD", "value": "` + a + `"}]}]}`,
	} {
		matches := engine.Scan(engine.NewScratch(), []byte(text))
		require.Len(t, matches, 1, rule)
		require.Equal(t, rule, matches[0].Rule.ID)
		require.Equal(t, a, matches[0].Secret.Reveal())
		if rule == ruleKubernetes {
			require.Equal(t, "base64", matches[0].Encoding)
		}
	}
}

func TestHostileMarksAreBounded(t *testing.T) {
	keys := strings.Repeat(`"k": true,`, 30_000)
	values := strings.Repeat(`"v": "x",`, 30_000)
	require.Empty(t, found(t, TerraformState(), `{"values": {`+values+`"z": 1}, "sensitive_values": {`+keys+`"z": true}}`))
}

func FuzzFormats(f *testing.F) {
	f.Add("kind: Secret\ndata:\n  password: aHVudGVyMg==\n---\nkind: List\nitems: [{kind: Secret}]")
	f.Add(`{"terraform_version": "1", "values": {"a": ["b"]}, "sensitive_values": {"a": [true]}, "type": "random_password", "result": 1}`)
	f.Add("variable \"password\" {\n default = \"x1y2z3w4\"\n}\npasswords = {\n a = \"\"\n}")
	f.Add(`{"environment": [{"value": 1, "name": "PASSWORD"}], "containerDefinitions": []}`)
	f.Add("services:\n  a:\n    environment:\n      - TOKEN=${TOKEN:-a1b2c3d4}\n---\non: x\njobs: {a: {env: {PASSWORD: '${{ secrets.X || ''a1b2'' }}'}}}")
	f.Add("image: {repository: x}\nauth: {password: a1b2c3, secrets: {a: b}}\nargs: [--token, a1b2c3d4]")
	f.Add("resource \"a\" \"b\" {\n x = <<-E\n password=a1b2\n E\n user_data = \"${x}\"\n password = a ? \"b1c2\" : try(d[0], {e: \"f\\\"\"})\n}")
	f.Add("FROM x\nENV A=b PASSWORD='a1b2' \\\n # c\n TOKEN=a1\nARG PASSWORD a1b2\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, x := range All()[1:] {
			for _, e := range x.Extract([]byte(text)) {
				require.True(t, 0 <= e.Start && e.Start < e.End && e.End <= len(text) && len(e.Value) > 0, e.Rule)
			}
		}
	})
}
