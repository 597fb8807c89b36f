package verify

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

func TestValidateHTTP(t *testing.T) {
	proof := []scanner.HTTPAnswer{{Status: []int{200}, Has: []string{"id"}}}
	sound := func() *scanner.HTTPCheck {
		return &scanner.HTTPCheck{
			Source: "https://docs.test/", URL: "https://api.test/v1/{secret}/me?a={key-id}", Headers: map[string]string{"X-Key": "a {secret}"},
			Live: proof, Dead: []scanner.HTTPAnswer{{Status: []int{401}}}, Who: map[string]string{"id": "id"},
			Examples: []scanner.HTTPExample{
				{State: Live, Status: 200, Body: `{"id":1}`, Who: map[string]string{"id": "1"}},
				{State: Dead, Status: 401},
				{State: Unknown, Status: 401, Body: "<html>"},
			},
		}
	}
	key, err := ValidateHTTP(sound())
	require.NoError(t, err, key)

	post := func(h *scanner.HTTPCheck) { h.Method, h.ReadOnly = "POST", "it reads" }
	for name, c := range map[string]struct {
		change  func(*scanner.HTTPCheck)
		key     string
		message string
	}{
		"source":              {func(h *scanner.HTTPCheck) { h.Source = "docs" }, "source", "https URL"},
		"method":              {func(h *scanner.HTTPCheck) { h.Method = "DELETE" }, "method", "changes nothing"},
		"lower-case method":   {func(h *scanner.HTTPCheck) { h.Method = "get" }, "method", "GET, HEAD or POST"},
		"post without reason": {func(h *scanner.HTTPCheck) { h.Method = "POST" }, "method", "read-only"},
		"plain http":          {func(h *scanner.HTTPCheck) { h.URL = "http://api.test/" }, "url", "https://"},
		"no url":              {func(h *scanner.HTTPCheck) { h.URL = "" }, "url", "https://"},
		"no host":             {func(h *scanner.HTTPCheck) { h.URL = "https:///me" }, "url", "host"},
		"user":                {func(h *scanner.HTTPCheck) { h.URL = "https://u:p@api.test/" }, "url", "host"},
		"user from a part":    {func(h *scanner.HTTPCheck) { h.URL = "https://{a}@api.test/" }, "url", "one label"},
		"fragment":            {func(h *scanner.HTTPCheck) { h.URL = "https://api.test/#x" }, "url", "fragment"},
		"backslash":           {func(h *scanner.HTTPCheck) { h.URL = `https://api.test\@b.test/` }, "url", "character"},
		"line break":          {func(h *scanner.HTTPCheck) { h.URL = "https://api.test/\nx" }, "url", "character"},
		"open brace":          {func(h *scanner.HTTPCheck) { h.URL = "https://api.test/{secret" }, "url", "{"},
		"closing brace":       {func(h *scanner.HTTPCheck) { h.URL = "https://api.test/secret}" }, "url", "}"},
		"bad name":            {func(h *scanner.HTTPCheck) { h.URL = "https://api.test/{Se cret}" }, "url", ""},
		"whole host":          {func(h *scanner.HTTPCheck) { h.URL = "https://{domain}/me" }, "url", "one label"},
		"secret as host":      {func(h *scanner.HTTPCheck) { h.URL = "https://{secret}.api.test/" }, "url", "never holds the secret"},
		"top-level domain":    {func(h *scanner.HTTPCheck) { h.URL = "https://{a}.com/" }, "url", "below a fixed domain"},
		"end of a host":       {func(h *scanner.HTTPCheck) { h.URL = "https://api.{a}/" }, "url", "one label"},
		"glued label":         {func(h *scanner.HTTPCheck) { h.URL = "https://{a}api.test.com/" }, "url", "below a fixed domain"},
		"host in the path":    {func(h *scanner.HTTPCheck) { h.URL = "https://api.test/{host}" }, "url", "{host}"},
		"port":                {func(h *scanner.HTTPCheck) { h.URL = "https://api.test:x/" }, "url", "port"},
		"host without hosts":  {func(h *scanner.HTTPCheck) { h.URL = "https://{host}/" }, "hosts", "need each other"},
		"hosts without host":  {func(h *scanner.HTTPCheck) { h.Hosts = []string{"a.test"} }, "hosts", "need each other"},
		"hosts": {func(h *scanner.HTTPCheck) { h.URL, h.Hosts = "https://{host}/", []string{"a.test/b"} },
			"hosts", "no host"},
		"header":           {func(h *scanner.HTTPCheck) { h.Headers = map[string]string{"host": "a.test"} }, "headers", "Host"},
		"cookie":           {func(h *scanner.HTTPCheck) { h.Headers = map[string]string{"Cookie": "a=b"} }, "headers", "Cookie"},
		"header's name":    {func(h *scanner.HTTPCheck) { h.Headers = map[string]string{"A: b\r\nC": "d"} }, "headers", "no name"},
		"header's value":   {func(h *scanner.HTTPCheck) { h.Headers = map[string]string{"A": "b\r\nC: d"} }, "headers", "visible"},
		"header's braces":  {func(h *scanner.HTTPCheck) { h.Headers = map[string]string{"A": "{"} }, "headers", "{"},
		"two logins":       {func(h *scanner.HTTPCheck) { h.User, h.Headers = "{secret}", map[string]string{"Authorization": "x"} }, "user", "exclude"},
		"user's braces":    {func(h *scanner.HTTPCheck) { h.User = "{" }, "user", "{"},
		"password":         {func(h *scanner.HTTPCheck) { h.Password = "}" }, "user", "}"},
		"form of a get":    {func(h *scanner.HTTPCheck) { h.Form = map[string]string{"a": "b"} }, "form", "POST"},
		"form's braces":    {func(h *scanner.HTTPCheck) { post(h); h.Form = map[string]string{"a": "{"} }, "form", "{"},
		"form and body":    {func(h *scanner.HTTPCheck) { post(h); h.Form, h.Body = map[string]string{"a": "b"}, "{}" }, "form", "without a body"},
		"body of a get":    {func(h *scanner.HTTPCheck) { h.Body = "{}" }, "body", "POST"},
		"split":            {func(h *scanner.HTTPCheck) { h.Split = "(" }, "split", "regular expression"},
		"nothing is live":  {func(h *scanner.HTTPCheck) { h.Live = nil }, "live", "live"},
		"live by a status": {func(h *scanner.HTTPCheck) { h.Live = []scanner.HTTPAnswer{{Status: []int{200}}} }, "live[0]", "proof"},
		"no status":        {func(h *scanner.HTTPCheck) { h.Live = []scanner.HTTPAnswer{{Has: []string{"id"}}} }, "live[0]", "status"},
		"dead by 403":      {func(h *scanner.HTTPCheck) { h.Dead[0].Status = []int{403} }, "dead[0]", "401"},
		"dead by 407":      {func(h *scanner.HTTPCheck) { h.Dead[0].Status = []int{407} }, "dead[0].status", "407"},
		"dead by 500":      {func(h *scanner.HTTPCheck) { h.Dead[0].Status = []int{500} }, "dead[0].status", "500"},
		"dead by 302":      {func(h *scanner.HTTPCheck) { h.Dead[0].Status = []int{302} }, "dead[0].status", "302"},
		"unknown":          {func(h *scanner.HTTPCheck) { h.Unknown = []scanner.HTTPAnswer{{Status: []int{403}}} }, "unknown[0]", "reason"},
		"who":              {func(h *scanner.HTTPCheck) { h.Who = map[string]string{"id": ""} }, "who", "field"},
		"example":          {func(h *scanner.HTTPCheck) { h.Examples[1].State = Live }, "examples[1]", `"dead"`},
		"example's who":    {func(h *scanner.HTTPCheck) { h.Examples[0].Who["id"] = "2" }, "examples[0]", "who"},
	} {
		h := sound()
		c.change(h)
		key, err := ValidateHTTP(h)
		require.ErrorContains(t, err, c.message, name)
		require.Equal(t, c.key, key, name)
		if c.key[0] != 'e' {
			_, err = NewHTTP(HTTPOptions{Own: map[string]*scanner.HTTPCheck{"own": h}})
			require.ErrorContains(t, err, "check of own: ", name)
		}
	}
}

func TestDecodeChecks(t *testing.T) {
	for text, want := range map[string]string{
		"[[check]]\nrules = ['a']\nurl = 'x'\nport = 1":                              `f:4:1: unknown key "port"`,
		"[[check]]\nrules = ['a']\nlive = [{ status = [200], hass = ['a'] }]":        `f:3:27: unknown key "hass"`,
		"[[check]]\nrules = ['a']\nurl = port = 1":                                   "f:3:",
		"[[check]]\nurl = 'x'":                                                       "check 1 names no rules",
		"[[check]]\nrules = ['a']\nurl = 1":                                          "incompatible",
		"[checks]\nrules = ['a']":                                                    `f:1:2: unknown key "checks"`,
		"[[check]]\nrules = ['a']\nurl = 'nope = 1'\n[[check]]\nrules=['b']\nnope=1": `unknown key "nope"`,
	} {
		_, err := decodeChecks("f", text)
		require.ErrorContains(t, err, want, text)
	}
}

// What a credential holds never changes whom a request goes to, nor which of its
// paths and headers.
func FuzzRequest(f *testing.F) {
	f.Add("https://api.test/v1/{secret}/me?a={b}&c=d", "../../x?y#z", "b\r\nc")
	f.Add("https://{b}.api.test/{secret}", "..", "evil.test/")
	f.Add("https://api.test/a{secret}", "%2e%2e/", "a@b")
	f.Add("https://{host}/", "\x00", "é")
	f.Fuzz(func(t *testing.T, text, secret, part string) {
		h := &scanner.HTTPCheck{
			URL: text, Headers: map[string]string{"X-Secret": "a{secret}"}, User: "{b}", Password: "{secret}",
			Live: []scanner.HTTPAnswer{{Status: []int{200}, Has: []string{"id"}}},
		}
		c, _, err := compileCheck(h)
		if err != nil {
			return
		}
		cred := Credential{Secret: scanner.NewSecret([]byte(secret)), Parts: []scanner.Part{{Name: "b", Value: scanner.NewSecret([]byte(part))}}}
		value, ok := c.values(cred)
		require.True(t, ok)
		for _, host := range c.hosts(value) {
			r, err := c.request(t.Context(), host, value)
			if err != nil {
				require.ErrorIs(t, err, errUnsendable)
				continue
			}
			require.Equal(t, "https", r.URL.Scheme)
			require.Equal(t, host, r.URL.Host)
			require.NoError(t, checkHostName(r.URL.Host))
			require.Nil(t, r.URL.User)
			require.Equal(t, "a"+secret, r.Header.Get("X-Secret"))
			parsed, err := url.Parse("https://h" + r.URL.RequestURI())
			require.NoError(t, err)
			want := c.address.path.fill(func(string) string { return "x" }, plain)
			require.Equal(t, strings.Count(want, "/"), strings.Count(parsed.EscapedPath(), "/"), "no further segment")
			if len(c.address.host) == 2 {
				require.True(t, strings.HasSuffix(host, c.address.host[1].text))
				require.False(t, slices.Contains(strings.Split(strings.TrimSuffix(host, c.address.host[1].text), ""), "."))
			}
		}
	})
}

func FuzzAnswer(f *testing.F) {
	f.Add(200, `{"a":{"b":[1,"x"]}}`, "a.b.1")
	f.Add(401, `[{"a":null}]`, "0.a")
	f.Add(403, "<html>", ".")
	f.Fuzz(func(t *testing.T, status int, body, path string) {
		a := newAnswer(status, http.Header{"X": {body}}, []byte(body))
		require.NotContains(t, a.shown(path, []string{"secret"}), "secret")
		a.fits(&scanner.HTTPAnswer{Status: []int{status}, Has: []string{path}, Is: map[string][]string{path: {"a*"}}})
		require.Empty(t, newAnswer(status, nil, nil).shown(path, nil))
	})
}
