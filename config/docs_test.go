package config

import (
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every example of the manual decodes.
func TestManual(t *testing.T) {
	text, err := os.ReadFile("../docs/configuration.md")
	require.NoError(t, err)
	examples := regexp.MustCompile("(?s)```toml\n(.*?)```").FindAllSubmatch(text, -1)
	require.NotEmpty(t, examples)
	for _, example := range examples {
		_, err := Decode("docs/configuration.md", example[1])
		require.NoError(t, err, string(example[1]))
	}
}
