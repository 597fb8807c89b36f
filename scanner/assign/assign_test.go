package assign

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// read marks the keyword of a line by «» and returns name, value and assignment.
func read(t testing.TB, line string) (name, value string, a Assignment, ok bool) {
	start := strings.Index(line, "«")
	end := strings.Index(line, "»") - len("«")
	require.True(t, start >= 0 && end > start, line)
	text := []byte(strings.NewReplacer("«", "", "»", "").Replace(line))
	ok = a.Read(text, start, end)
	ok = ok && !a.Inside(text)
	return string(text[a.NameStart:a.NameEnd]), string(text[a.ValueStart:a.ValueEnd]), a, ok
}

func TestRead(t *testing.T) {
	for _, c := range []struct {
		line, name, value string
		form              Form
		op                Op
		quote             byte
	}{
		{`db_«password»_2 = "v w"`, "db_password_2", "v w", Quoted, Assign, '"'},
		{`"«password»": "v"`, "password", "v", Quoted, Colon, '"'},
		{`«token» := []byte("v")`, "token", "v", Quoted, Assign, '"'},
		{`'«secret»' => 'it\'s'`, "secret", `it\'s`, Quoted, Arrow, '\''},
		{`\"«password»\": \"v\"`, "password", "v", Quoted, Colon, '"'},
		{`&quot;«password»&quot;:&quot;v&quot;`, "password", "v", Quoted, Colon, '"'},
		{`os.environ["API_«TOKEN»"] = "v"`, "API_TOKEN", "v", Quoted, Assign, '"'},
		{`«password»: String = "v"`, "password", "v", Quoted, Colon, '"'},
		{`«password»?: string = "v"`, "password", "v", Quoted, Colon, '"'},
		{`const «token» string = "v"`, "token", "v", Quoted, Assign, '"'},
		{`char «password»[16] = "v";`, "password", "v", Quoted, Assign, '"'},
		{`«password» <- 'v'`, "password", "v", Quoted, Assign, '\''},
		{`«password» ||= 'v'`, "password", "v", Quoted, Assign, '\''},
		{`«password» ??= 'v'`, "password", "v", Quoted, Assign, '\''},
		{`«password» = env("X", "v")`, "password", "v", Quoted, Assign, '"'},
		{`«password»: process.env.X || 'v'`, "password", "v", Quoted, Colon, '\''},
		{"«password» = \"\"\"v\nw\"\"\"", "password", "v\nw", Quoted, Assign, '"'},
		{"«password» =\n    \"v\"", "password", "v", Quoted, Assign, '"'},
		{`withPassword:@"v" «password»:@"w"`, "password", "w", Quoted, Colon, '"'},
		{`$«pw» = ConvertTo-SecureString "v" -Force`, "pw", "v", Quoted, Assign, '"'},
		{`«password»=v w`, "password", "v", Bare, Assign, 0},
		{`export DB_«PASSWORD»=a,b;c`, "DB_PASSWORD", "a,b;c", Bare, Assign, 0},
		{`- «password»: v # note`, "password", "v", Bare, Colon, 0},
		{`**Password**: x **«Password»**: v`, "Password", "v", Bare, Colon, 0},
		{`"Server=db;«Password»=v;Port=1"`, "Password", "v", Bare, Assign, 0},
		{`ENV «PASSWORD» v`, "PASSWORD", "v", Bare, Space, 0},
		{`DB_«PASSWORD» ?= v`, "DB_PASSWORD", "v", Bare, Assign, 0},
		{`<«password»> v </password>`, "password", "v", Element, Close, 0},
		{`<string name="«password»">v</string>`, "password", "v", Element, Close, 0},
		{`<«Pass» encoding="plain">v</Pass>`, "Pass", "v", Element, Close, 0},
		{`<«password»><![CDATA[v]]></password>`, "password", "v", Element, Close, 0},
		{`<add key="«Password»" value="v"/>`, "Password", "v", Pair, Comma, '"'},
		{`{"name": "«password»", "value": "v"}`, "password", "v", Pair, Comma, '"'},
		{"- name: «PASSWORD»\n  value: v", "PASSWORD", "v", Pair, Comma, 0},
		{`fill_in "«Password»", with: "v"`, "Password", "v", Pair, Comma, '"'},
		{`set«Password»("v")`, "setPassword", "v", Argument, Call, '"'},
		{`put("«password»", "v")`, "password", "v", Argument, Comma, '"'},
		{`define('DB_«PASSWORD»', 'v');`, "DB_PASSWORD", "v", Argument, Comma, '\''},
		{`set :«password», "v"`, "password", "v", Argument, Comma, '"'},
		{`«password» = env("X") or "v"`, "password", "v", Quoted, Assign, '"'},
		{`«IDENTIFIED BY» 'v'`, "IDENTIFIED BY", "v", Argument, Space, '\''},
		{`#define «PASSWORD» "v"`, "PASSWORD", "v", Argument, Space, '"'},
		{`tool --«password» v`, "password", "v", Flag, Space, 0},
		{`tool --db-«password»=v now`, "db-password", "v", Flag, Assign, 0},
		{`java -Ddb.«password»=v -jar`, "Ddb.password", "v", Flag, Assign, 0},
		{`"«Authorization»": "Bearer v"`, "Authorization", "v", Header, Colon, '"'},
		{`-H "«Authorization»: Bearer v"`, "Authorization", "v", Header, Colon, 0},
		{`https://h/?a=b&«token»=v&c=d`, "token", "v", Query, Assign, 0},
		{"<«Token»>\n    v\n</Token>", "Token", "v", Element, Close, 0},
		{"<key>Api«Token»</key>\n\t<string>v</string>", "ApiToken", "v", Element, Close, 0},
		{`buildConfigField "String", "API_«KEY»", "\"v\""`, "API_KEY", "v", Argument, Comma, '"'},
		{`resValue("string", "api_«key»", "v")`, "api_key", "v", Argument, Comma, '"'},
		{`API_«TOKEN» :::= "v"`, "API_TOKEN", "v", Quoted, Assign, '"'},
		{`"run --db «password»=\"v\" now"`, "password", "v", Quoted, Assign, '"'},
		{`set -gx API_«TOKEN» v`, "API_TOKEN", "v", Bare, Space, 0},
		{`auth«Token» = "Bearer " + "v"`, "authToken", "v", Header, Assign, '"'},
		{`if «password» == "v" {`, "password", "v", Compared, Equal, '"'},
		{`$cfg->{'«password»'} = "v"`, "password", "v", Quoted, Assign, '"'},
		{`$cfg{«password»} = "v"`, "password", "v", Quoted, Assign, '"'},
		{`std::string «apiKey»{"v"}`, "apiKey", "v", Argument, Call, '"'},
		{`our $«PASSWORD» = q{v};`, "PASSWORD", "v", Quoted, Assign, '}'},
		{`my $«token» = qq(v);`, "token", "v", Quoted, Assign, ')'},
		{`«password» = [[v]]`, "password", "v", Quoted, Assign, ']'},
		{`«apiToken» = ''v'';`, "apiToken", "v", Quoted, Assign, '\''},
		{`set «password» {v}`, "password", "v", Quoted, Space, '}'},
		{`«Password» = <<"v">>,`, "Password", "v", Quoted, Assign, '"'},
		{`{«password», <<"v">>}`, "password", "v", Beside, Comma, '"'},
		{`{ "«Password»", "v" },`, "Password", "v", Beside, Comma, '"'},
		{`curl_easy_setopt(curl, CURLOPT_«PASSWORD», "v");`, "CURLOPT_PASSWORD", "v", Beside, Comma, '"'},
		{`Map.of("user", "u", "«password»", "v")`, "password", "v", Beside, Comma, '"'},
		{`["--«password»", "v"]`, "--password", "v", Flag, Comma, '"'},
		{`"«password»" to "v"`, "password", "v", Quoted, Arrow, '"'},
		{`'((user . "u") («password» . "v"))`, "password", "v", Quoted, Arrow, '"'},
		{`«password».set("v")`, "password", "v", Argument, Call, '"'},
		{`user, «password» = "u", "v"`, "password", "v", Quoted, Assign, '"'},
		{`let(:«password») { 'v' }`, "password", "v", Quoted, Assign, '\''},
		{`allow(x).to receive(:«token») { "v" }`, "token", "v", Quoted, Assign, '"'},
		{`«password» { 'v' }`, "password", "v", Argument, Call, '\''},
		{`find(id("«password»")).send_keys("v")`, "password", "v", Argument, Call, '"'},
		{`cy.get('#«password»').type('v')`, "#password", "v", Argument, Call, '\''},
		{`find("«password»").clear().type("v")`, "password", "v", Argument, Call, '"'},
		{`«password», user := "v", "u"`, "password", "v", Quoted, Assign, '"'},
		{`f(a, «password»="v", "w")`, "password", "v", Quoted, Assign, '"'},
		{`01 WS-«PASSWORD» PIC X(12) VALUE 'v'.`, "WS-PASSWORD", "v", Quoted, Assign, '\''},
		{`| «Password» | v |`, "Password", "v", Beside, Space, 0},
		{"  «password» marigold", "password", "marigold", Beside, Space, 0},
		{"your «password» is marigold, says it", "password", "marigold", Beside, Space, 0},
		{`{"value": "v", "name": "«api_key»"}`, "api_key", "v", Pair, Comma, '"'},
		{`<input value="v" type="hidden" name="«token»">`, "token", "v", Pair, Comma, '"'},
		{`<meta-data android:name="«API_KEY»" android:value="v" />`, "API_KEY", "v", Pair, Comma, '"'},
		{"<«Password»>\n  <Value>v</Value>", "Password", "v", Element, Close, 0},
		{"<name>db.«password»</name>\n<value>v</value>", "db.password", "v", Element, Close, 0},
		{`"«password»": {"type": "string", "defaultValue": "v"}`, "password", "v", Pair, Comma, '"'},
		{"«password»:\n  default: v", "password", "v", Pair, Comma, 0},
		{"api_«keys»:\n  - v", "api_keys", "v", Bare, Colon, 0},
		{"api_«keys» = [\n  'v',\n  'w']", "api_keys", "v", Quoted, Assign, '\''},
		{`«passwords» = {"root": "v"}`, "passwords", "v", Quoted, Assign, '"'},
		{`«password»: ${DB_PASSWORD:-v}`, "password", "v", Bare, Colon, 0},
		{`«password»="${1:-v}"`, "password", "v", Quoted, Assign, '"'},
		{`«password»: "{{ db_password | default('v') }}"`, "password", "v", Quoted, Colon, '\''},
		{`«password»: <%= ENV.fetch("PW", "v") %>`, "password", "v", Bare, Colon, '"'},
		{`«password» = coalesce(var.password, "v")`, "password", "v", Quoted, Assign, '"'},
		{`«key»[] = {0x01, 2, 3, 4, 5, 6, 7, (byte)0xff};`, "key", "0x01, 2, 3, 4, 5, 6, 7, (byte)0xff", Bytes, Assign, 0},
		{"INSERT INTO users (name, «password») VALUES ('x', 'v');", "password", "v", Quoted, Comma, '\''},
		{"insert into `users` (`id`, `«password»`, `mail`)\nvalues (1, 'v', NULL);", "password", "v", Quoted, Comma, '\''},
		{`**«Password»:** v`, "Password", "v", Bare, Colon, 0},
		{`«password»!: string = "v"`, "password", "v", Quoted, Colon, '"'},
		{`«password» != 'v'`, "password", "v", Compared, Equal, '\''},
	} {
		name, value, a, ok := read(t, c.line)
		require.True(t, ok, c.line)
		require.Equal(t, c.name, name, c.line)
		require.Equal(t, c.value, value, c.line)
		require.Equal(t, c.form, a.Form, c.line)
		require.Equal(t, c.op, a.Op, c.line)
		require.Equal(t, c.quote, a.Quote, c.line)
	}
}

func TestReadNothing(t *testing.T) {
	for _, line := range []string{
		"«token»", "«token».", "a «token» in prose", "the «token»'s type", "«token»;", "«token»,", "[«token»]",
		"func(«token» string)", "«token»(t)", "«token»()", "«token»::new(x)", "«token» =~ /x/", "x == «token»",
		"«token» == other", "«token» = \"open", "«token» = \n", "«token»: \n  a: b", "'a', '«token»', 'b', 'c'",
		"f('a', '«token»')", "«token»[i]", "«token»?.x", "«token» ? a : b", "c ? '«token»' : 'b'", "a > «token» > b",
		"'«Token»: ' + t + '.'", "/«token»/path", "«token» -> next", "</«password»>", "<key>«token»</key>\n<true/>", "<a>«token»</a>", "<«token»>\n  two words\n</token>", "<«token»>\n  <inner>v</inner>\n</token>", `<«password» kind="v"/>`, "«password»=", "«password»=\"\"",
		"«password»\nnext = \"v\"", "f(\"u\", «password», alias=\"v\", size=2)", "f(«password») { \"v\" }", "(:«password») { v }", "get(\"«password»\").read(\"v\")", "${«password»}", "[\"«password»\", \"v\"]", "«token»{", "to the «password» marigold", "«password» marigold it is",
		"{\"«token»\"}", "| «password» | two words |", "INSERT INTO users (name, «password») VALUES (?, ?)", "f(name, «password») values ('x', 'v')",
	} {
		_, value, _, ok := read(t, line)
		require.False(t, ok, "%s gave %q", line, value)
	}
}

func TestNext(t *testing.T) {
	for _, c := range []struct {
		line string
		want []string
	}{
		{`«keys»: ["v", "w", "x"]`, []string{"v", "w", "x"}},
		{"«keys» = [\n  'v',\n  'w',\n]", []string{"v", "w"}},
		{"«keys»:\n  - v\n  - w\nother: x", []string{"v", "w"}},
		{`var «keys» = []string{"v", "w"}`, []string{"v", "w"}},
		{`«KEYS»=v,w`, []string{"v,w"}},
		{`«tokens» = {"prod": "v", "dev": "w"}`, []string{"v", "w"}},
		{`f(«key»="v", "w")`, []string{"v"}},
		{"«keys»: v\n- w: x", []string{"v"}},
	} {
		_, _, a, ok := read(t, c.line)
		text := strings.NewReplacer("«", "", "»", "").Replace(c.line)
		var got []string
		for ; ok; ok = a.Next([]byte(text)) {
			got = append(got, text[a.ValueStart:a.ValueEnd])
		}
		require.Equal(t, c.want, got, c.line)
	}
}

func TestReadOutsideOfRange(t *testing.T) {
	for _, r := range [][2]int{{-1, 1}, {0, 0}, {2, 1}, {0, 9}} {
		require.False(t, new(Assignment).Read([]byte("x = y"), r[0], r[1]))
	}
}

func TestLongLiteralIsCutAtTheWindow(t *testing.T) {
	text := []byte(`key = "` + strings.Repeat("ab12", 200))
	var a Assignment
	require.True(t, a.Read(text, 0, 3))
	require.Equal(t, len(text), a.ValueEnd)
	require.False(t, a.Read(text[:100], 0, 3), "a short one may be anything")
}

// TestReadAtEveryCut ends the text behind each byte of assignments: values of 63 letters
// before a sign of assignment at the end of the text were once read beyond it.
func TestReadAtEveryCut(t *testing.T) {
	value := strings.Repeat("ab12", 15) + "abc"
	for _, line := range []string{
		"token=" + value + "=", "token=" + value + "=x=", `token: fn("` + value + `") || "v"`, "token := []byte('" + value + `' + "`,
		`"token", "` + value + `")`, "<token a='b'>\n" + value + "\n</token>", "- name: token\n  value: " + value, `token { get; set; } = "` + value,
		`\"token\": \"` + value + `\"`, "&quot;token&quot;: &quot;" + value, "token String = \"\"\"" + value + "\"\"\"",
		"token[12] = '" + value, "token :::= bearer " + value, "<key>token</key>\n<string>" + value + "</string>", "token: ${" + value + "}",
	} {
		at := strings.Index(line, "token")
		for end := at + 5; end <= len(line); end++ {
			new(Assignment).Read([]byte(line)[:end:end], at, at+5)
		}
	}
}

// TestNestedCallsAreReadOnce is for a text whose calls were each read again for every
// call around them: a hundred took longer than a test may.
func TestNestedCallsAreReadOnce(t *testing.T) {
	calls := "token = f(" + strings.Repeat("value=f(", 110)
	require.True(t, new(Assignment).Read([]byte(calls), 0, len("token"))) // a text of no sign that ends it
	var a Assignment
	text := []byte(calls[:len("token = f(")+20*len("value=f(")] + `value="v"`)
	require.True(t, a.Read(text, 0, len("token")))
	require.Equal(t, "v", string(text[a.ValueStart:a.ValueEnd]))
}

func FuzzRead(f *testing.F) {
	for _, line := range []string{
		`password = "v"`, `\"password\": \"v\"`, `<password>v</password>`, "- name: password\n  value: v",
		`password("v")`, `password: env("X", "v")`, `&quot;password&quot;: &quot;v`, `password: a || "v"`,
		`:"password")`, `set("v", forKey: "password")`, `h[:password] = "v"`, `password, err := f("v")`, "- --password\n- v",
		`<td>password</td><td>somevalue</td>`, `<b>password:</b> somevalue<`,
	} {
		at := strings.Index(line, "password")
		f.Add([]byte(line), at, at+len("password"))
	}
	f.Fuzz(func(t *testing.T, data []byte, start, end int) {
		var a Assignment
		if !a.Read(data, start, end) {
			return
		}
		require.True(t, 0 <= a.NameStart && a.NameStart <= start && end <= a.NameEnd && a.NameEnd <= len(data))
		require.True(t, a.NameEnd <= a.ValueStart || a.ValueEnd < a.NameStart, "%+v", a)
		require.True(t, 0 <= a.ValueStart && a.ValueStart < a.ValueEnd && a.ValueEnd <= len(data), "%+v", a)
		require.True(t, 0 <= a.WrapStart && a.WrapStart <= a.WrapEnd && a.WrapEnd <= a.ValueStart, "%+v", a)
		require.NotEqual(t, None, a.Form)
		for last := a.ValueEnd; a.Next(data); last = a.ValueEnd {
			require.True(t, last <= a.ValueStart && a.ValueStart < a.ValueEnd && a.ValueEnd <= len(data), "%+v", a)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	for _, c := range []struct{ name, line string }{
		{"prose", "the «token» that the parser yields next, and more of it behind"},
		{"code", "if «token».kind != other.kind { return nil }"},
		{"call", "return «token»(lexer, position)"},
		{"argument", "func parse(«token» string, position int) error {"},
		{"quoted", `    "«password»": "marigold",`},
		{"bare", "DB_«PASSWORD»=marigold\n"},
	} {
		start := strings.Index(c.line, "«")
		end := strings.Index(c.line, "»") - len("«")
		text := []byte(strings.NewReplacer("«", "", "»", "").Replace(c.line))
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			var a Assignment
			for b.Loop() {
				a.Read(text, start, end)
			}
		})
	}
}
