package structured

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/shrike-scan/shrike/scanner"
	"github.com/stretchr/testify/require"
)

// fixture reads a template and fills its «names» with passwords made for this
// run, so that no file holds one.
func fixture(t *testing.T, name string) (text string, secrets map[string]string) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	secrets = map[string]string{}
	text = regexp.MustCompile(`«\w+»`).ReplaceAllStringFunc(string(raw), func(hole string) string {
		name := strings.Trim(hole, "«»")
		secrets[name] = password()
		if name == "encoded" {
			return gzipped(t, "#cloud-config\nroot_password: "+secrets[name]+"\n")
		}
		return secrets[name]
	})
	return text, secrets
}

func password() string {
	const letters = "abcdefghijkmnpqrstuvwxyz"
	b := make([]byte, 0, 16)
	for len(b) < 16 {
		b = append(b, letters[rand.IntN(len(letters))], byte('2'+rand.IntN(8)))
	}
	return string(b)
}

func gzipped(t *testing.T, script string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(script))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

type leak struct{ rule, path, value string }

// leaks reads text and checks what holds for every extract: known rule, bounds
// inside the text, a logical path and a safe form.
func leaks(t *testing.T, text string) []leak {
	t.Helper()
	known := map[string]bool{}
	for _, rule := range CloudFormation().Rules() {
		known[rule.ID] = true
	}
	var all []leak
	for _, e := range CloudFormation().Extract([]byte(text)) {
		require.True(t, known[e.Rule], e.Rule)
		require.True(t, 0 <= e.Start && e.Start < e.End && e.End <= len(text))
		require.Len(t, e.Details, 2)
		require.Equal(t, "path", e.Details[0].Name)
		require.Equal(t, "write instead", e.Details[1].Name)
		require.NotEmpty(t, e.Details[1].Value)
		all = append(all, leak{e.Rule, e.Details[0].Value, string(e.Value)})
	}
	return all
}

func TestLeakyYAML(t *testing.T) {
	text, s := fixture(t, "leaky.yaml")
	want := []leak{
		{ruleParameterDefault, "Parameters.DBPassword.Default", s["parameter"]},
		{ruleParameterDefault, "Parameters.Hidden.Default", s["hidden"]},
		{ruleNamedSecret, "Mappings.Stages.prod.ApiToken", s["mapping"]},
		{ruleEnvironment, "Globals.Function.Environment.Variables.STRIPE_SECRET", s["globals"]},
		{ruleSecretProperty, "Resources.DB.Properties.MasterUserPassword", s["rds"]},
		{ruleSecretProperty, "Resources.Cluster.Properties.MasterUserPassword", s["redshift"]},
		{ruleSecretProperty, "Resources.Cache.Properties.AuthToken", s["cache"]},
		{ruleSecretProperty, "Resources.CacheUser.Properties.Passwords", s["cacheuser"]},
		{ruleSecretProperty, "Resources.Vault.Properties.SecretString.password", s["vault"]},
		{ruleSecretProperty, "Resources.Plain.Properties.SecretString", s["plainvault"]},
		{ruleSecretProperty, "Resources.Broker.Properties.Users[1].Password", s["broker"]},
		{ruleSecretProperty, "Resources.Joined.Properties.Password", s["join1"] + s["join2"]},
		{ruleEnvironment, "Resources.Function.Properties.Environment.Variables.DB_PASSWORD", s["lambda"]},
		{ruleEnvironment, "Resources.Task.Properties.ContainerDefinitions[0].Environment[1].Value", s["ecs"]},
		{ruleEnvironment, "Resources.Build.Properties.Environment.EnvironmentVariables[0].Value", s["build"]},
		{ruleSecretProperty, "Resources.Parameter.Properties.Value", s["ssm"]},
		{ruleSecretProperty, "Resources.Login.Properties.ProviderDetails.client_secret", s["cognito"]},
		{ruleUserData, "Resources.Server.Properties.UserData", s["userdata"]},
		{ruleUserData, "Resources.Server.Properties.UserData", s["flag"]},
		{ruleUserData, "Resources.Encoded.Properties.LaunchTemplateData.UserData", s["encoded"]},
		{ruleNamedSecret, "Resources.Nested.Properties.Parameters.MasterPassword", s["nested"]},
		{ruleOutputReference, "Outputs.Secret.Value", "Key.SecretAccessKey"},
		{ruleOutputReference, "Outputs.Both.Value", "Key.SecretAccessKey"},
		{ruleOutputReference, "Outputs.Shown.Value", "Hidden"},
	}
	require.Equal(t, want, leaks(t, text))
}

// Line ends, a byte order mark and a document before it move no span.
func TestSpans(t *testing.T) {
	for _, name := range []string{"leaky.yaml", "leaky.json"} {
		text, secrets := fixture(t, name)
		shapes := map[string]string{
			"plain": text,
			"crlf":  strings.ReplaceAll(text, "\n", "\r\n"),
			"mark":  "\ufeff" + text,
		}
		if strings.HasSuffix(name, "yaml") {
			shapes["second document"] = "first: 'ä€😀'\n---\n" + text
		}
		for shape, text := range shapes {
			t.Run(name+" "+shape, func(t *testing.T) {
				extracts := CloudFormation().Extract([]byte(text))
				require.NotEmpty(t, extracts)
				for _, e := range extracts {
					path, value := e.Details[0].Value, string(e.Value)
					switch {
					case value == secrets["encoded"]:
						_, err := base64.StdEncoding.DecodeString(text[e.Start:e.End])
						require.NoError(t, err, path)
					case strings.Contains(path, "Joined"):
						require.Equal(t, secrets["join1"]+`", "`+secrets["join2"], text[e.Start:e.End])
					case path == "Outputs.Secret.Value":
						require.Contains(t, value, text[e.Start:e.End])
					default:
						require.Equal(t, value, text[e.Start:e.End], path)
					}
				}
			})
		}
	}
}

func TestLeakyJSON(t *testing.T) {
	text, s := fixture(t, "leaky.json")
	want := []leak{
		{ruleParameterDefault, "Parameters.DbPassword.Default", s["parameter"]},
		{ruleSecretProperty, "Resources.User.Properties.LoginProfile.Password", s["login"]},
		{ruleSecretProperty, "Resources.App.Properties.OauthToken", s["oauth"]},
		{ruleSecretProperty, "Resources.App.Properties.BasicAuthConfig.Password", s["basic"]},
		{ruleSecretProperty, "Resources.Vault.Properties.SecretString.password", s["vault"]},
		{ruleOutputReference, "Outputs.Secret.Value", "Key.SecretAccessKey"},
	}
	require.Equal(t, want, leaks(t, text))

	withComma := strings.Replace(text, `"Outputs"`, "# a remark\n\t\"Outputs\"", 1)
	require.Equal(t, want, leaks(t, withComma), "JSON with remarks is read as YAML")
}

func TestParameterFile(t *testing.T) {
	text, s := fixture(t, "parameters.json")
	require.Equal(t, []leak{{ruleParameterValue, "[1].ParameterValue", s["parameter"]}}, leaks(t, text))
}

func TestSafe(t *testing.T) {
	text, _ := fixture(t, "safe.yaml")
	require.Empty(t, leaks(t, text))
}

func TestAliases(t *testing.T) {
	secret := password()
	text := fmt.Sprintf(`Resources:
  A:
    Type: AWS::RDS::DBInstance
    Properties: {MasterUserPassword: &p '%s'}
  B:
    Type: AWS::RDS::DBInstance
    Properties: {MasterUserPassword: *p}
`, secret)
	require.Equal(t, []leak{{ruleSecretProperty, "Resources.A.Properties.MasterUserPassword", secret}}, leaks(t, text))
}

func TestForEach(t *testing.T) {
	secret := password()
	text := `AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Users:
    - Name
    - [One, Two]
    - "User${Name}":
        Type: AWS::IAM::User
        Properties:
          LoginProfile: {Password: ` + secret + `}
`
	require.Equal(t, []leak{{ruleSecretProperty, "Resources.Fn::ForEach::Users.User${Name}.Properties.LoginProfile.Password", secret}}, leaks(t, text))
}

// Parameters that hold a secret must be hidden, whether or not they have a default.
func TestParametersWithoutNoEcho(t *testing.T) {
	text := `Parameters:
  DBPassword: {Type: String, Description: of the database}
  GitHubToken: {Type: String, Default: ""}
  Hidden: {Type: String, NoEcho: true}
  AdminPassword: {Type: String, NoEcho: "true"}
  TokenPath: {Type: String, Default: /app/token}
  ApiToken: {Type: String, Default: "{{resolve:ssm:/app/token}}"}
  SecretToken: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /app/token}
Resources:
  A: {Type: AWS::SNS::Topic}
`
	require.Equal(t, []leak{
		{ruleParameterEcho, "Parameters.DBPassword", "DBPassword"},
		{ruleParameterEcho, "Parameters.GitHubToken", "GitHubToken"},
	}, leaks(t, text))
	require.Equal(t, "DBPassword", text[CloudFormation().Extract([]byte(text))[0].Start:][:len("DBPassword")])
}

func TestConstructTree(t *testing.T) {
	a, b := password(), password()
	text := `{"version": "tree-0.1", "tree": {"id": "App", "children": {"Db": {"attributes": {
"aws:cdk:cloudformation:type": "AWS::RDS::DBInstance", "aws:cdk:cloudformation:props": {"masterUserPassword": "` + a + `", "engine": "postgres"}}},
"Fn": {"attributes": {"aws:cdk:cloudformation:type": "AWS::Lambda::Function", "aws:cdk:cloudformation:props": {"environment": {"variables": {"DB_PASSWORD": "` + b + `"}}}}}}}}`
	require.Equal(t, []leak{
		{ruleSecretProperty, "tree.children.Db.attributes.aws:cdk:cloudformation:props.masterUserPassword", a},
		{ruleEnvironment, "tree.children.Fn.attributes.aws:cdk:cloudformation:props.environment.variables.DB_PASSWORD", b},
	}, leaks(t, text))
}

func TestChangeSet(t *testing.T) {
	a, b, c := password(), password(), password()
	text := `{"ChangeSetName": "x", "Parameters": [{"ParameterKey": "DBPassword", "ParameterValue": "` + a + `"}, {"ParameterKey": "Secret", "ParameterValue": "****"}],
"Changes": [{"ResourceChange": {"ResourceType": "AWS::RDS::DBInstance",
"Details": [{"Target": {"Name": "MasterUserPassword", "AfterValue": "` + b + `"}}],
"AfterContext": "{\"Properties\": {\"MasterUserPassword\": \"` + c + `\"}}"}}]}`
	require.Equal(t, []leak{
		{ruleParameterValue, "Parameters[0].ParameterValue", a},
		{ruleParameterValue, "Changes[0].ResourceChange.Details[0].Target.AfterValue", b},
		{ruleSecretProperty, "Changes[0].ResourceChange.AfterContext.Properties.MasterUserPassword", c},
	}, leaks(t, text))
}

// Pseudo parameters, selections and joined scripts hide no literal.
func TestIntrinsics(t *testing.T) {
	a, b, c := password(), password(), password()
	text := `Resources:
  A: {Type: AWS::RDS::DBInstance, Properties: {MasterUserPassword: !Sub "` + a + `-${AWS::Region}"}}
  B: {Type: AWS::RDS::DBInstance, Properties: {MasterUserPassword: !Select [0, [` + b + `, !Ref X]]}}
  C: {Type: AWS::RDS::DBInstance, Properties: {MasterUserPassword: !Sub "${AWS::StackName}-${Secret}"}}
  D:
    Type: AWS::EC2::Instance
    Properties:
      UserData: !Base64
        Fn::Join: ["\n", ["#!/bin/sh", !Sub "REGION=${AWS::Region}", !Join ["", ["export DB_PASSWORD=", "` + c + `"]], !Join ["", ["TOKEN=", !Ref Token]]]]
`
	require.Equal(t, []leak{
		{ruleSecretProperty, "Resources.A.Properties.MasterUserPassword", a + "-"},
		{ruleSecretProperty, "Resources.B.Properties.MasterUserPassword", b},
		{ruleUserData, "Resources.D.Properties.UserData", c},
	}, leaks(t, text))
}

// What says that it is a template and does not parse is noted; what it holds up to
// the fault is found in any case by the rules that read text.
func TestMalformedIsNoted(t *testing.T) {
	head := "AWSTemplateFormatVersion: '2010-09-09'\nParameters: {DBPassword: {Type: String}}\nResources:\n"
	for name, text := range map[string]string{
		"a bracket":   head + "  A: [\n",
		"tabs":        head + "\tA:\n",
		"JSON":        `{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"A": {"Password": "` + password() + `",}`,
		"Jinja":       head + "{% for x in y %}\n  A: {Type: AWS::SNS::Topic}\n{% endfor %}\n",
		"deep":        head + "  A: " + strings.Repeat("[", 500),
		"many nodes":  head + "  A: [" + strings.Repeat("1,", 200_000) + "]\n",
		"a huge exp.": head + "  A: {Type: AWS::SNS::Topic, Properties: {DisplayName: 1e999999999, Count: " + strings.Repeat("9", 100_000) + "}}\n  B: [\n",
	} {
		t.Run(name, func(t *testing.T) {
			all := CloudFormation().Extract([]byte(text))
			require.Len(t, all, 1)
			require.Equal(t, scanner.Extract{Note: "a CloudFormation template that does not parse, or is too large"}, all[0])
		})
	}
	for _, text := range []string{"The AWSTemplateFormatVersion: [ of Resources with a Password", "x: [\nResources: AWS:: password", head + "  A: {Type: AWS::SNS::Topic}\n"} {
		for _, e := range CloudFormation().Extract([]byte(text)) {
			require.Empty(t, e.Note, text)
		}
	}
}

// Hostile texts give nothing, soon.
func TestHostile(t *testing.T) {
	head := "Resources:\n  A:\n    Type: AWS::RDS::DBInstance\n"
	bomb := head + "x0: &x0 [a, a, a, a, a, a, a, a, a]\n"
	for i := 1; i < 40; i++ {
		bomb += fmt.Sprintf("x%d: &x%d [%s]\n", i, i, strings.Repeat(fmt.Sprintf("*x%d, ", i-1), 9))
	}
	cases := map[string]string{
		"empty":               "",
		"trigger alone":       "AWS:: Resources",
		"prose":               "We love AWS::EC2 and its Resources: they are { many",
		"tabs":                "Resources:\n\tA:\n\t\tType: AWS::RDS::DBInstance\n",
		"deep flow":           head + "    Properties: " + strings.Repeat("[", 500_000),
		"deep objects":        `{"Resources": {"A": {"Type": "AWS::X", "Properties": ` + strings.Repeat(`{"a":`, 200_000) + `1` + strings.Repeat("}", 200_003),
		"deep blocks":         head + "    Properties:\n" + strings.Repeat("- ", 100_000),
		"alias bomb":          bomb,
		"recursive":           "Resources: &r\n  A: *r\n  B: {Type: 'AWS::X', Properties: *r}\n",
		"many nodes":          head + "    Properties: [" + strings.Repeat("1,", 900_000) + "]",
		"large":               head + strings.Repeat("# \n", 1_000_000),
		"long line":           "{Resources: {A: {Type: AWS::X, Properties: {" + strings.Repeat("a: b, ", 100_000) + "}}}}",
		"truncated":           `{"Resources": {"A": {"Type": "AWS::RDS::DBInstance", "Properties": {"MasterUserPassword": "`,
		"bytes":               "Resources:\n  A:\n    Type: \"AWS::X\"\n    Properties: \xff\xfe\x00",
		"unknown tag":         "Resources:\n  A: !<!x> {Type: 'AWS::X', Properties: !Foo {Password: !Bar}}\n",
		"null resources":      "Resources: ~\nDescription: AWS::X\n",
		"script of signs":     head + "    Properties:\n      UserData: '" + strings.Repeat("password=$", 100_000) + "'\n",
		"endless assignments": head + "    Properties:\n      UserData: |\n" + strings.Repeat("        db_password=true\n", 50_000),
	}
	for name, text := range cases {
		t.Run(name, func(t *testing.T) {
			begin := time.Now()
			require.Empty(t, CloudFormation().Extract([]byte(text)))
			require.Less(t, time.Since(begin), time.Minute)
		})
	}
}

func TestRules(t *testing.T) {
	for _, rule := range CloudFormation().Rules() {
		require.NotEmpty(t, rule.Gives, rule.ID)
		require.NotEmpty(t, rule.Revoke, rule.ID)
		require.NotEqual(t, scanner.SeverityUnset, rule.Severity, rule.ID)
		require.NotEqual(t, scanner.ConfidenceUnset, rule.Confidence, rule.ID)
	}
}

func TestSensitiveTable(t *testing.T) {
	require.Greater(t, len(sensitive()), 70)
	for resource, paths := range sensitive() {
		require.Contains(t, resource, "::")
		require.NotEmpty(t, paths, resource)
		for _, path := range paths {
			require.NotContains(t, path, "[", resource)
			require.Equal(t, strings.TrimSpace(path), path)
		}
	}
}

func FuzzCloudFormation(f *testing.F) {
	for _, name := range []string{"leaky.yaml", "leaky.json", "safe.yaml", "parameters.json"} {
		text, err := os.ReadFile(filepath.Join("testdata", name))
		require.NoError(f, err)
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, e := range CloudFormation().Extract(text) {
			if e.Note != "" {
				continue
			}
			if e.Start < 0 || e.Start >= e.End || e.End > len(text) || len(e.Value) == 0 {
				t.Fatalf("bounds %d..%d of %d", e.Start, e.End, len(text))
			}
		}
	})
}
