package config

import (
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every example of the manual decodes.
func TestManual(t *testing.T) {
	for _, name := range []string{"../docs/configuration.md", "../docs/verify.md"} {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		examples := regexp.MustCompile("(?s)```toml\n(.*?)```").FindAllSubmatch(text, -1)
		require.NotEmpty(t, examples)
		for _, example := range examples {
			_, err := Decode(name, example[1])
			require.NoError(t, err, string(example[1]))
		}
	}
}
