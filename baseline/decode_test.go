package baseline

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	head = "version = 1\nsalt = \"30313233343536373839616263646566\"\n"
	fpA  = "00112233445566778899aabbccddeeff"
	fpB  = "ff112233445566778899aabbccddeeff"
)

func sorted(paths []string) []string {
	paths = slices.Clone(paths)
	slices.Sort(paths)
	return slices.Compact(paths)
}

func TestDecode(t *testing.T) {
	a := Entry{Fingerprint: fpA, Rule: "r", Reason: "x"}
	b := Entry{Fingerprint: fpB, Rule: "r", Reason: "x"}
	tests := []struct {
		name, text string
		want       []Entry
	}{
		{"no list", head, []Entry{}},
		{"empty list", head + "accept = []", []Entry{}},
		{"byte order mark", "\ufeff" + head, []Entry{}},
		{"one", head + "accept = [\n  { fingerprint = \"" + fpA + "\", rule = \"r\", reason = \"x\" },\n]\n", []Entry{a}},
		{"any order of entries", head + "accept = [\n{fingerprint='" + fpB + "',rule='r',reason='x'},\n{fingerprint='" + fpA + "',rule='r',reason='x'}\n]", []Entry{a, b}},
		{"any order of keys", "accept = [ { reason = 'x' , rule = 'r' , fingerprint = '" + fpA + "' } ] # c\n" + head, []Entry{a}},
		{"comments and CRLF", strings.ReplaceAll("# c\n"+head+"accept = [ # c\n# c\n{fingerprint='"+fpA+"',rule='r',reason='x'}, # c\n] # c\n", "\n", "\r\n"), []Entry{a}},
		{"paths sorted once each", head + "accept = [{fingerprint='" + fpA + "',rule='r',reason='x',paths=['b',\n'a', 'b',]}]",
			[]Entry{{Fingerprint: fpA, Rule: "r", Reason: "x", Paths: []string{"a", "b"}}}},
		{"escapes", head + `accept = [{fingerprint="` + fpA + `",rule="r",reason="\"\\\t\u00e9\U0001F600",owner='\n',until="2027-01-31"}]`,
			[]Entry{{Fingerprint: fpA, Rule: "r", Reason: "\"\\\té😀", Owner: `\n`, Until: "2027-01-31"}}},
		{"same secret twice", head + "accept = [{fingerprint='" + fpA + "',rule='r',reason='x'},{fingerprint='" + fpA + "',rule='r',reason='y'}]",
			[]Entry{a, {Fingerprint: fpA, Rule: "r", Reason: "y"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Decode("f", []byte(tt.text))
			require.NoError(t, err)
			require.Equal(t, tt.want, got.Entries)
			requireOracle(t, got, tt.text)
		})
	}
}

func TestDecodeErrors(t *testing.T) {
	entry := func(text string) string { return head + "accept = [\n  { " + text + " },\n]\n" }
	good := "fingerprint = '" + fpA + "', rule = 'r', reason = 'x'"
	const keys = "want one each of the keys fingerprint, rule, paths, reason, owner, until"
	const conflict = "unresolved merge conflict: keep the entries of both sides and delete the markers"
	tests := []struct{ name, text, want string }{
		{"empty", "", "f:1:1: the keys version and salt are missing"},
		{"no salt", "version = 1\n", "f:2:1: the keys version and salt are missing"},
		{"version", "version = 2\n", "f:1:11: want version 1; a newer shrike may have written this file"},
		{"salt", "salt = 'abc'\n", "f:1:8: want a salt of 32 hex digits"},
		{"key", head + "acept = []\n", "f:3:1: want one each of the keys version, salt, accept"},
		{"key twice", head + "version = 1\n", "f:3:1: want one each of the keys version, salt, accept"},
		{"two on a line", "version = 1 salt = ''\n", "f:1:13: want the end of the line"},
		{"no equals sign", "version 1\n", "f:1:9: want an equals sign"},
		{"no list", head + "accept = 1\n", "f:3:10: want a list in square brackets"},
		{"no end", head + "accept = [\n", "f:4:1: want an entry { fingerprint = ..., } or the end of the list"},
		{"no entry", head + "accept = [\n'a']\n", "f:4:1: want an entry { fingerprint = ..., } or the end of the list"},
		{"no comma", head + "accept = [\n{" + good + "}\n{}]\n", "f:5:1: want a comma or the end of the list"},
		{"empty entry", entry(""), "f:4:6: " + keys},
		{"unknown key", entry(good + ", line = 'x'"), "f:4:81: " + keys},
		{"key twice in an entry", entry(good + ", rule = 'x'"), "f:4:81: " + keys},
		{"trailing comma", entry(good + ","), "f:4:81: " + keys},
		{"entry over two lines", entry(good + "\n"), "f:4:79: want a comma or the end of the entry on its line"},
		{"without reason", entry("fingerprint = '" + fpA + "', rule = 'r'"), "f:4:3: an entry needs fingerprint, rule and reason"},
		{"blank reason", entry("fingerprint = '" + fpA + "', rule = 'r', reason = ' '"), "f:4:3: an entry needs fingerprint, rule and reason"},
		{"fingerprint", entry("fingerprint = 'ABC'"), "f:4:19: want a fingerprint of 32 lower-case hex digits"},
		{"date", entry(good + ", until = '2027-02-30'"), "f:4:89: want a date YYYY-MM-DD"},
		{"no path", entry(good + ", paths = []"), "f:4:89: want a path; leave paths out where the entry holds everywhere"},
		{"path", entry(good + ", paths = [1]"), "f:4:90: want a string in quotes"},
		{"open string", entry("rule = 'r"), "f:4:17: line end or control character in a string: close it, or write an escape"},
		{"open string at the end", head + "accept = [{rule = 'r", "f:3:21: string without end"},
		{"escape", entry(`rule = "\q"`), "f:4:13: unknown escape in a string"},
		{"surrogate", entry(`rule = "\ud800"`), "f:4:13: unknown escape in a string"},
		{"control character", entry("rule = 'a\x1b'"), "f:4:14: line end or control character in a string: close it, or write an escape"},
		{"control character in a comment", "# \x00", "f:1:3: control character in a comment"},
		{"lone carriage return", "\r", "f:1:1: carriage return without line feed"},
		{"no UTF-8", head + "# é\xff", "f:3:4: the text is not UTF-8"},
		{"code points", entry("rule = '日本' x"), "f:4:17: want a comma or the end of the entry on its line"},
		{"conflict in the list", head + "accept = [\n<<<<<<< HEAD\n{" + good + "},\n=======\n>>>>>>> x\n]\n", "f:4:1: " + conflict},
		{"second half of a conflict", head + "accept = [\n{" + good + "},\n=======\n]\n", "f:5:1: " + conflict},
		{"conflict in the salt", "version = 1\n<<<<<<< ours\n", "f:2:1: " + conflict},
		{"diff3's base", "version = 1\n||||||| base\n", "f:2:1: " + conflict},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Decode("f", []byte(tt.text))
			require.EqualError(t, err, tt.want)
			var fault *Error
			require.ErrorAs(t, err, &fault)
		})
	}
}

// What Decode accepts, the TOML library reads in the same way, and Encode keeps.
func FuzzDecode(f *testing.F) {
	f.Add(string(sample().Encode()))
	f.Add("\ufeff" + head + "accept = [{fingerprint='" + fpA + "',rule='r',reason=\"\\u00e9\",paths=['b','a']}] # x")
	f.Fuzz(func(t *testing.T, text string) {
		b, err := Decode("f", []byte(text))
		if err != nil {
			return
		}
		requireOracle(t, b, text)
		again, err := Decode("f", b.Encode())
		require.NoError(t, err)
		require.Equal(t, string(b.Encode()), string(again.Encode()))
		requireOracle(t, again, string(b.Encode()))
	})
}
