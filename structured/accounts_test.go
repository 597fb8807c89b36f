package structured

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// passwords replaces the stand-ins of a text, and returns what Accounts finds in it.
func passwords(t *testing.T, text string) (found []string) {
	text = strings.NewReplacer("{one}", "Sun"+"flower7!", "{two}", "mari"+"gold7").Replace(text)
	for _, x := range Accounts().Extract([]byte(text)) {
		require.Equal(t, strings.ReplaceAll(text[x.Start:x.End], `""`, `"`), string(x.Value))
		found = append(found, strings.NewReplacer("Sun"+"flower7!", "{one}", "mari"+"gold7", "{two}").Replace(string(x.Value)))
	}
	return found
}

func TestAccounts(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"a browser":            {"name,url,username,password,note\nh1,https://h1.test,bob,{one},\nh2,https://h2.test,al,{two},x\n", []string{"{one}", "{two}"}},
		"quotes":               {"\"url\",\"username\",\"password\"\r\n\"https://h1.test\",\"bob\",\"{one}\"\r\n", []string{"{one}"}},
		"quotes in quotes":     {"\"user\",\"password\"\n\"bob\",\"a\"\"{two}\"\n", []string{`a"{two}`}},
		"a comma in quotes":    {"user,password,email\n\"Doe, Bob\",\"{one},x\",b@h1.test\n", []string{"{one},x"}},
		"capitals":             {"Account,Login Name,Password,Web Site\nh,bob,{one},https://h1.test\n", []string{"{one}"}},
		"a manager":            {"folder,type,login_uri,login_username,login_password,login_totp\n,login,https://h1.test,bob,{one},\n", []string{"{one}"}},
		"semicolons":           {"host;user;password\nh1;bob;{two}\n", []string{"{two}"}},
		"a byte order mark":    {"\xef\xbb\xbfuser,password\nbob,{one}\n", []string{"{one}"}},
		"a note of two lines":  {"user,password,note\nbob,{one},\"two\nlines\"\nal,{two},\n", []string{"{two}"}},
		"no account":           {"rank,password\n1,{one}\n", nil},
		"no header":            {"bob,{one}\nal,{two}\n", nil},
		"a program":            {"f(user,password)\nbob,{one}\n", nil},
		"hashes":               {"user,password\nbob,$2y$10$abcdefghijklmnopqrstuv\nal,0123456789abcdef0123456789abcdef\n", nil},
		"stand-ins":            {"user,password\nbob,${PASSWORD}\nal,changeme\ncy,<password>\ndi,\ned,password\n", nil},
		"rules for a password": {"user,password_policy\nbob,{one}\n", nil},
		"nothing":              {"", nil},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, passwords(t, c.text)) })
	}
}

func FuzzAccounts(f *testing.F) {
	f.Add([]byte("user,password\nbob,x\n"))
	f.Add([]byte("\"user\";\"password\"\n\"a\"\"b\";\"c\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, x := range Accounts().Extract(text) {
			require.True(t, 0 <= x.Start && x.Start < x.End && x.End <= len(text))
		}
	})
}
