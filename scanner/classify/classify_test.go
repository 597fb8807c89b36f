package classify_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner/assign"
	"github.com/shrike-scan/shrike/scanner/classify"
)

func quoted(name, value string) classify.Candidate {
	return classify.Candidate{
		Name: []byte(name), Value: []byte(value), After: []byte(`"`),
		Form: assign.Quoted, Op: assign.Assign, Quote: '"', Gap: true,
	}
}

func TestValueClasses(t *testing.T) {
	for _, c := range []struct {
		name, value string
		class       classify.Class
	}{
		{"password", "marigold", classify.Secret},
		{"password", "{mixed}", classify.Secret},
		{"password", "{number}", classify.Secret},
		{"db_password_2", "marigold", classify.Secret},
		{"oldPassword", "marigold", classify.Secret},
		{"MYSQL_ROOT_PASSWORD", "root", classify.Secret},
		{"token", "{alnum}", classify.Secret},
		{"api_key", "{hex}", classify.Secret},
		{"key", "{base64}", classify.Secret},
		{"apiSecret", "{uuid}", classify.Secret},
		{"api_key", "sk-{hex}", classify.Secret},
		{"token", "api-{uuid}", classify.Secret},
		{"api_key", "n1fhco0tgdx2183thb0sqvrcimpqxxxf", classify.Secret},
		{"api_key", "n1fhco0tgdx2183thb0sqvrcimpxxxxf", classify.Placeholder},

		{"api_key", "abcabcabcabcabcabc", classify.Placeholder},
		{"api_key", "12341234123412341234", classify.Placeholder},
		{"password", "xxxxxxxx", classify.Placeholder},
		{"password", "********", classify.Placeholder},
		{"password", "your-password", classify.Placeholder},
		{"token", "REPLACE_ME_NOW", classify.Placeholder},
		{"password", "${DB_PASSWORD}", classify.Reference},
		{"password", "{{ db_password }}", classify.Reference},
		{"password", "%(password)s", classify.Reference},
		{"password", "#{password}", classify.Reference},
		{"password", "<password>", classify.Reference},
		{"password", "%PASSWORD%", classify.Reference},
		{"password", "vault:secret/data/db#password", classify.Reference},
		{"token", "arn:aws:secretsmanager:eu-west-1:1:secret:x", classify.Reference},
		{"password", "op://vault/item/field", classify.Reference},
		{"password", "$2a$10$abcdefghijklmnopqrstuv", classify.Encrypted},
		{"password", "ENC[AES256_GCM,data:abc]", classify.Encrypted},
		{"password", "$ANSIBLE_VAULT;1.1;AES256", classify.Encrypted},
		{"password", "{cipher}abcdef", classify.Encrypted},
		{"token", "access-token", classify.Identifier},
		{"secret", "db-credentials", classify.Identifier},
		{"KEYSTORE_PASSWORD", "keystore.password", classify.Identifier},
		{"password", "accounts.forms.Login", classify.Identifier},
		{"password", "DB_PASSWORD", classify.Identifier},
		{"secret", "https://host/path", classify.URL},
		{"private_key", "/etc/ssl/private.pem", classify.FilePath},
		{"secret", "./secret.txt", classify.FilePath},
		{"password", "Please enter a password", classify.Prose},
		{"Password", "Password", classify.Prose},
		{"password", "required", classify.Number},
		{"password", "null", classify.Number},
		{"token", "12345", classify.Number},
		{"password", "0x1f", classify.Number},
		{"client_token", "{uuid}", classify.UUID},

		{"passwordField", "{mixed}", classify.Identifier},
		{"token_url", "{alnum}", classify.Identifier},
		{"secretName", "{alnum}", classify.Identifier},
		{"key_id", "{alnum}", classify.Identifier},
		{"password_reset_path", "{alnum}", classify.Identifier},
		{"token_type", "{alnum}", classify.Identifier},
		{"publicKey", "{base64}", classify.Identifier},
		{"keyboard", "{alnum}", classify.Identifier},
		{"author", "{alnum}", classify.Identifier},
		{"next_token", "{alnum}", classify.Identifier},
		{"bypass", "{alnum}", classify.Identifier},
		{"PWD", "{alnum}", classify.Identifier},
	} {
		v := classify.Value(quoted(c.name, values.Replace(c.value)))
		require.Equal(t, c.class.String(), v.Class.String(), "%s = %s: %s", c.name, c.value, v.Reason)
		require.NotEmpty(t, v.Reason)
		require.True(t, v.Score >= 0 && v.Score <= 1)
	}
}

func TestWordsScoreBelowRandomText(t *testing.T) {
	word := classify.Value(quoted("password", "marigold")).Score
	mixed := classify.Value(quoted("password", values.Replace("{mixed}"))).Score
	random := classify.Value(quoted("password", values.Replace("{alnum}"))).Score
	require.Less(t, word, mixed)
	require.Less(t, mixed, 0.5)
	require.Greater(t, random, 0.9)
}

func TestPath(t *testing.T) {
	for path, want := range map[string]classify.Role{
		"cmd/server/main.go":              classify.Normal,
		"main.go":                         classify.Normal,
		"":                                classify.Normal,
		"config/prod.yaml":                classify.Normal,
		"latest/contest.go":               classify.Normal,
		"server_test.go":                  classify.Test,
		"src/test/java/App.java":          classify.Test,
		"src/LoginTest.java":              classify.Test,
		"web/login.spec.ts":               classify.Test,
		"spec/models/user_spec.rb":        classify.Test,
		"tests/conftest.py":               classify.Test,
		"pkg/testdata/config.yaml":        classify.Test,
		"examples/app.py":                 classify.Example,
		".env.example":                    classify.Example,
		"conf/settings.sample":            classify.Example,
		"README.md":                       classify.Documentation,
		"docs/setup/app.conf":             classify.Documentation,
		"package-lock.json":               classify.Lock,
		"web/yarn.lock":                   classify.Lock,
		"go.sum":                          classify.Lock,
		"vendor/x/y.go":                   classify.Vendored,
		"web/node_modules/a/index.js":     classify.Vendored,
		"static/jquery.min.js":            classify.Minified,
		"static/app.js.map":               classify.Minified,
		"locale/de.json":                  classify.Translation,
		"po/fr.po":                        classify.Translation,
		"res/values/strings.xml":          classify.Translation,
		"app/messages_nl.properties":      classify.Translation,
		"de.lproj/Main.json":              classify.Translation,
		"internal/lang/parser.go":         classify.Normal,
		"docs/tests/app.py":               classify.Test,
		"vendor/x/testdata/a.txt":         classify.Test,
		"app/src/main/res/strings.custom": classify.Normal,
	} {
		require.Equal(t, want.String(), classify.Path(path).String(), path)
	}
}

func FuzzValue(f *testing.F) {
	f.Add([]byte("password"), []byte("marigold"), []byte("\n"), []byte("\n"), byte('"'), byte(1), byte('='))
	f.Add([]byte("a.B_c-KeyS"), []byte("$("), []byte("x = \""), []byte(" + y"), byte(0), byte(2), byte(':'))
	f.Add([]byte("secret"), []byte("\\"), []byte(""), []byte(""), byte(0), byte(8), byte(','))
	f.Fuzz(func(t *testing.T, name, value, before, after []byte, quote, form, op byte) {
		c := classify.Candidate{
			Name: name, Value: value, Wrapper: before, Before: before, After: after,
			Form: assign.Form(form), Op: assign.Op(op), Quote: quote, Gap: quote == 0,
		}
		v := classify.Value(c)
		require.NotEmpty(t, v.Class.String())
		require.NotEmpty(t, v.Reason)
		require.True(t, v.Score >= 0 && v.Score <= 1)
		c.Wrapper = nil
		classify.Value(c)
	})
}

// FuzzSecretive compares what is judged by cheap looks first with what is judged in order.
func FuzzSecretive(f *testing.F) {
	f.Add([]byte("password = 730122\napi_key: 'x'\nsecretKey = a.b(c)"))
	f.Add([]byte("token=" + values.Replace("{uuid}") + ";auth = \"" + values.Replace("{base64}") + "\""))
	f.Add([]byte("pw=0J pass=abc, secret='0123456789abcdef' authKey=\"xoxp-1\""))
	f.Add([]byte("pw 0000000, put(X.PASSWORD, \"1234\") {\"password\", \"11111\"}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, at := range keyword.FindAllIndex(text, -1) {
			requireSameVerdict(t, text, at)
		}
	})
}

// TestShortestSecrets gives values of every length to names of every meaning, for the
// quick verdict asks for the length before anything else.
func TestShortestSecrets(t *testing.T) {
	for _, name := range []string{"password", "secret", "token", "api_key", "secretKey", "signingkey", "key", "auth", "basic", "credentials", "token_hint_2", "passwords", "private_key"} {
		for _, value := range []string{values.Replace("{alnum}{alnum}"), values.Replace("{hex}"), values.Replace("{number}{number}"), "hunter2hunter2", "0J!qZ#x9?K", "dTpwdTpwdTpw", "xoxb-1-2-3-4-5-6-7-8"} {
			for n := range value {
				for _, form := range []string{"%s=%s\n", "%s: \"%s\"", "%s(%q)"} {
					text := fmt.Appendf(nil, form, name, value[:n+1])
					requireSameVerdict(t, text, []int{0, len(name)})
				}
			}
		}
	}
}

// requireSameVerdict compares the two verdicts on what is assigned to a name.
func requireSameVerdict(t *testing.T, text []byte, at []int) {
	var a assign.Assignment
	if !a.Read(text, at[0], at[1]) {
		return
	}
	slow, fast := classify.Value(classify.Of(text, &a)), classify.Secretive(text, &a)
	if slow.Class == classify.Secret || fast.Class == classify.Secret {
		require.Equal(t, slow, fast, "%s", text)
	}
}

func BenchmarkValue(b *testing.B) {
	long := strings.Repeat(values.Replace("{alnum}"), 30)
	for _, c := range []struct{ name, line string }{
		{"word", `password = "marigold"`},
		{"random", `api_key = "` + values.Replace("{alnum}") + `"`},
		{"long", `api_key = "` + long + `"`},
		{"template", `password = "${DB_PASSWORD}"`},
		{"variable", "user = name\npassword = word\nlogin(user, password)\n"},
		{"sentence", `password = "Please enter a password of at least eight characters"`},
	} {
		text := []byte(c.line)
		at := keyword.FindIndex(text)
		var a assign.Assignment
		ok := a.Read(text, at[0], at[1])
		require.True(b, ok)
		candidate := classify.Of(text, &a)
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				classify.Value(candidate)
			}
		})
	}
}
