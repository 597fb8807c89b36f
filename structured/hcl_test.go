package structured

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTerraform(t *testing.T) {
	a, b, c := password(), password(), password()
	for _, tt := range []struct {
		name, text string
		want       map[string]string
	}{
		{"a variable of a map", `variable "tokens" {` + "\n" + ` default = { api = "` + a + `", region = "eu" }` + "\n}", map[string]string{"variable.tokens.default.api": a}},
		{"a sensitive variable", lines(`variable "connection" {`, `  sensitive = true`, `  default   = "`+a+`"`, `}`), map[string]string{"variable.connection.default": a}},
		{"an attribute", lines(`resource "aws_db_instance" "x" {`, `  username = "app"`, `  password = "`+a+`" # the "old" one`, `}`), map[string]string{"aws_db_instance.x.password": a}},
		{"blocks and maps", lines(`resource "aws_lambda_function" "f" {`, `  environment {`, `    variables = {`, `      DB_PASSWORD = "`+a+`"`, `      TABLE = "users"`, `    }`, `  }`, `}`),
			map[string]string{"aws_lambda_function.f.environment.variables.DB_PASSWORD": a}},
		{"a place for secrets", lines(`resource "aws_secretsmanager_secret_version" "v" {`, `  secret_string = "`+a+`"`, `}`), map[string]string{"aws_secretsmanager_secret_version.v.secret_string": a}},
		{"an object in it", lines(`resource "aws_secretsmanager_secret_version" "v" {`, `  secret_string = jsonencode({`, `    user = "app"`, `    password = "`+a+`"`, `  })`, `}`),
			map[string]string{"aws_secretsmanager_secret_version.v.secret_string.password": a}},
		{"a parameter", lines(`resource "aws_ssm_parameter" "p" {`, `  name  = "/app/x"`, `  type  = "SecureString"`, `  value = "`+a+`"`, `}`), map[string]string{"aws_ssm_parameter.p.value": a}},
		{"a named parameter", lines(`resource "aws_ssm_parameter" "p" {`, `  name  = "/app/db/password"`, `  value = "`+a+`"`, `}`), map[string]string{"aws_ssm_parameter.p.value": a}},
		{"pairs", lines(`resource "helm_release" "h" {`, `  set {`, `    name  = "auth.password"`, `    value = "`+a+`"`, `  }`, `}`), map[string]string{"helm_release.h.set.value": a}},
		{"containers", lines(`resource "aws_ecs_task_definition" "t" {`, `  container_definitions = jsonencode([{`, `    environment = [{ name = "DB_PASSWORD", value = "`+a+`" }, { "name": "STAGE", "value": "`+b+`" }]`, `  }])`, `}`),
			map[string]string{"aws_ecs_task_definition.t.container_definitions[0].environment[0].value": a}},
		{"a Secret", lines(`resource "kubernetes_secret" "k" {`, `  data = {`, `    login = "`+a+`"`, `    host = "db.internal"`, `  }`, `}`), map[string]string{"kubernetes_secret.k.data.login": a}},
		{"user data", lines(`resource "aws_instance" "i" {`, `  user_data = <<-EOF`, `    #!/bin/bash`, `    export DB_PASSWORD="`+a+`"`, `    EOF`, `}`), map[string]string{"aws_instance.i.user_data": a}},
		{"a conditional", lines(`resource "x" "y" {`, `  password = var.p == "" ? "`+a+`" : var.p`, `}`), map[string]string{"x.y.password[0]": a}},
		{"lists and locals", lines(`variable "x" {}`, `locals {`, `  admin_passwords = ["`+a+`", "`+b+`"]`, `}`, `secrets = { one = "`+c+`" }`),
			map[string]string{"locals.admin_passwords[0]": a, "locals.admin_passwords[1]": b, "secrets.one": c}},
		{"a prefix", lines(`db_secrets = {`, `  app = "`+a+`"`, `}`), map[string]string{"db_secrets.app": a}},
		{"a list of a program", "import os\n\ndef check(token):\n    pass\n\ntokens = [\"" + a + "\"]\n", nil},
		{"the tokens of a lexer", lines("class X:", "    tokens = {", "        'root': ["+`"`+a+`"`+"],", "    }"), nil},
		{"JSON", `{"variable": {"db_password": {"default": "` + a + `"}}, "resource": {"aws_db_instance": {"x": {"password": "` + b + `"}}}}`,
			map[string]string{"variable.db_password.default": a, "aws_db_instance.x.password": b}},
		{"references", lines(`resource "x" "y" {`, `  password = var.password`, `  token = "${random_password.x.result}"`, `  secret = data.vault.x["a1b2c3d4"].z`, `  api_key = file("k1e2y3.txt")`,
			`  auth_token = "a" + "b1c2d3e4f5"`, `  /* password = "`+a+`" */`, `}`), nil},
		{"a program", `const x = 'resource "a" "b" {'` + "\npassword = \"" + a + "\"\n", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.want == nil {
				tt.want = map[string]string{}
			}
			require.Equal(t, tt.want, found(t, Terraform(), tt.text))
		})
	}
}

// Hostile texts give nothing, soon.
func TestHostileHCL(t *testing.T) {
	head := "variable \"x\" {\n"
	for name, text := range map[string]string{
		"deep blocks":       head + strings.Repeat("a {", 300_000),
		"deep lists":        head + "a = " + strings.Repeat("[", 1_000_000),
		"deep calls":        head + "a = " + strings.Repeat("try(", 300_000),
		"conditionals":      head + "a = " + strings.Repeat("x ? ", 300_000),
		"nested conditions": head + "a = " + strings.Repeat("x ? y : ", 200_000),
		"operators":         head + "a = " + strings.Repeat("+", 1_000_000),
		"open quotes":       head + strings.Repeat("a = \"${\n", 200_000),
		"heredocs":          head + strings.Repeat("a = <<X\n", 200_000),
		"comments":          head + strings.Repeat("/*", 500_000),
		"many attributes":   head + strings.Repeat("a=1\n", 400_000),
		"closing brackets":  head + strings.Repeat("}])", 500_000),
		"large":             head + strings.Repeat("# x\n", 1_000_000),
		"bytes":             head + "\x00\xff\xfe password = \"\xff\"",
	} {
		t.Run(name, func(t *testing.T) {
			begin := time.Now()
			require.Empty(t, Terraform().Extract([]byte(text)))
			require.Less(t, time.Since(begin), time.Minute)
		})
	}
}
