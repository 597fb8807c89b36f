package structured

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNamesSecret(t *testing.T) {
	for _, text := range []string{
		"Password: x", "MasterUserPassword", "DB_PASSWD=", "dbPwd:", "SECRET", "AuthToken", "credentials:", "Pass2", "passphraseValue",
		"api-key", "ApiKey", "PRIVATE_KEY", "signing Key: x", "NoEcho: true", `"p\u0061ss"`, "pa\\\nss", "UserData: " + strings.Repeat("QUJD", 6),
		"acces\u212aey", "credent\u0130al", "SecretString", "TOKEN2", "Password2Value", "DEFAULT_CREDENTIALS", "Passwords", "erlang_cookie: x", "Secret\u00fc", "secretEnvVars", "envSecrets:", "apiKeys", "Api\u05bdKey", "secrets:\n", "NwkSKey: x", "My ServiceToken: x", "Name: ServiceToken", "ServiceToken:x", `x "ServiceToken": y`,
	} {
		require.True(t, namesSecret([]byte(text)), text)
	}
	for _, text := range []string{
		"", "Key: Name", "KeyName", "KmsKeyId", "Passenger", "bypassing", "tokenized", "secretary", "passwordless", "UserData: {Ref: Script}", `a\nb`,
		"UserData: !Sub |\n  /opt/aws/bin/cfn/init/and/more-s ${AWS::StackName}",
		"KmsMasterKeyId", "PassRole", "Cookies: all", "SecretArn", "Password1Of2", "TOKENX", "run \\\n  this", "x=\\\n",
	} {
		require.False(t, namesSecret([]byte(text)), text)
	}
}

// What the table of sensitive properties holds, the gate lets through.
func TestGateKnowsTheTable(t *testing.T) {
	for resource, properties := range sensitive() {
		for _, path := range properties {
			require.True(t, namesSecret([]byte("Type: "+resource+"\n"+strings.ReplaceAll(path, ".", ":\n")+": x\n")), "%s %s", resource, path)
		}
	}
}

// And every name that classifyName takes for a secret's.
func FuzzGateNames(f *testing.F) {
	for _, name := range []string{"DBPassword", "db-passwd_2", "x.secret value", "Api--Key", "sessionKEY", "ACCESS KEY DEFAULT VALUE", "größePWD", "Kunde\u212aey"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if strings.ToValidUTF8(name, "") == name && !strings.Contains(name, "\n") && classifyName(name) != notSecret {
			require.True(t, namesSecret([]byte("  "+name+": x")), "%q", name)
		}
	})
}

// A text that the gate turns away holds nothing.
func FuzzGate(f *testing.F) {
	for _, name := range []string{"leaky.yaml", "leaky.json", "safe.yaml", "parameters.json"} {
		text, err := os.ReadFile(filepath.Join("testdata", name))
		require.NoError(f, err)
		for part := range strings.SplitSeq(string(text), "\n\n") {
			f.Add([]byte(part))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if !namesSecret(text) {
			for _, e := range readTemplates(text, true, true) {
				require.NotEmpty(t, e.Note)
			}
		}
	})
}

func TestIsForeign(t *testing.T) {
	require.True(t, isForeign([]byte("\ufeff {\n \"version\": \"2.0\", \"shapes\": {\"Resources\": {}}}")))
	for _, text := range []string{"", "{", "{}", `{"version": "tree-0.1"}`, `{"Resources": {}}`, `{ "$schema": 1}`, `[{"a": 1}]`, "resources:\nResources:"} {
		require.False(t, isForeign([]byte(text)), text)
	}
}

func TestHoldsParameters(t *testing.T) {
	require.True(t, holdsParameters([]byte(`[{"Key": 1, "ParameterKey": "x"}]`)))
	require.True(t, holdsParameters([]byte("- OutputKey: x")))
	require.False(t, holdsParameters([]byte("Key KeyName Parameter Output")))
}
