package rules

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestPlainReadsAllFiles holds that no shipped file falls back to the slow
// decoder, and that the two agree.
func TestPlainReadsAllFiles(t *testing.T) {
	t.Parallel()
	names, err := embedded.ReadDir(".")
	require.NoError(t, err)
	for _, name := range names {
		text, err := embedded.ReadFile(name.Name())
		require.NoError(t, err)
		want, err := Decode(name.Name(), text)
		require.NoError(t, err)
		got, ok := decodePlain(string(text))
		require.True(t, ok, "%s uses TOML that the plain reader declines", name.Name())
		require.Equal(t, want, got)
	}
}

func FuzzPlain(f *testing.F) {
	for _, text := range []string{
		sound,
		"\n[[rule]]\nid = \"a\\\"b\"\nsamples = [\n  'x', \"y\",\n]\nafter = 12\nentropy = 3.5\npublic = true\nseverity = \"low\"\n",
		"\n[[rule]]\nregex = '''a'b'''\n# comment\nmisses = ['''\nx\ny''']\n",
		"\n[[rule]]\nafter = 007\n", "\n[[rule]]\nentropy = .5\n", "\n[[rule]]\nid = 'a' # b\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := decodePlain(text)
		if !ok {
			return
		}
		want, err := decode("x.toml", []byte(text))
		require.NoError(t, err, "the plain reader accepts what the decoder does not")
		require.Equal(t, len(want), len(got))
		for i := range want {
			require.Equal(t, want[i], got[i])
		}
	})
}
