package structured

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestClassifyName(t *testing.T) {
	cases := map[nameClass][]string{
		passwordName: {
			"Password", "MasterUserPassword", "DB_PASSWORD", "db-passwd", "dbpassword", "DBPass", "Passphrase",
			"PASSWORD2", "DBPasswordValue", "DatabasePwd", "/prod/db/password", "spring.datasource.password",
		},
		secretName: {
			"Secret", "SecretKey", "AuthToken", "APIKey", "ApiKey", "api_key", "GITHUB_TOKEN", "apikey", "OAuthToken",
			"AWS_SECRET_ACCESS_KEY", "client_secret", "PrivateKey", "SharedKey", "x-api-key", "Credentials",
		},
		notSecret: {
			"", "PasswordPolicy", "SecretArn", "SecretName", "TokenKeyId", "TokenKey", "KeyName", "PublicKey",
			"PartitionKey", "Key", "ManageMasterUserPassword", "NoPasswordRequired", "SecretsManagerName", "ClientToken",
			"ServiceToken", "PasswordLength", "HttpTokens", "GenerateSecret", "TokenType", "Pass", "Bypass", "SecretId",
			"PASSWORD_FILE", "UserName", "KmsKeyId", "RequirePassword", "MaxTokens",
		},
	}
	for class, names := range cases {
		for _, name := range names {
			require.Equal(t, class, classifyName(name), name)
		}
	}
}

func TestSplitWords(t *testing.T) {
	require.Equal(t, []string{"db", "master", "password"}, splitWords("DBMasterPassword"))
	require.Equal(t, []string{"db", "master", "password"}, splitWords("db_master.password"))
	require.Equal(t, []string{"größe", "x"}, splitWords("größe_X"))
	require.Empty(t, splitWords("-_-"))
}

func TestIsPlausible(t *testing.T) {
	random := password()
	for _, text := range []string{random, "p" + random[:5], random + "!"} {
		require.True(t, isPlausible(passwordName, text), text)
	}
	require.True(t, isPlausible(secretName, random))
	require.False(t, isPlausible(notSecret, random))

	for _, text := range []string{
		"", "abc", "true", "None", "changeme", "CHANGE_ME", "REPLACE_ME", "<password>", "[password]", "********", "aaaaaaaa",
		"your_password", "{{resolve:ssm:x}}", "${Password}", "$PASSWORD", "arn:aws:iam::123456789012:role/x",
		"two words", "12345678", "password", "DB_PASSWORD", "MySecretToken", "__PASSWORD__", "%PASSWORD%",
	} {
		require.False(t, isPlausible(passwordName, text), text)
		require.False(t, isPlausible(secretName, text), text)
	}
	for _, text := range []string{"my-app-key", "prod-db-2", "/a1/b2/c3d4", "https://a1b2.c3/d4", "minutes"} {
		require.False(t, isPlausible(secretName, text), text)
	}
}
