package structured

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRailsKey(t *testing.T) {
	key := strings.Repeat("0af7", 8)
	for _, text := range []string{key, key + "\n", " " + key + "\r\n"} {
		got := RailsKey().Extract([]byte(text))
		require.Len(t, got, 1, "%q", text)
		require.Equal(t, key, text[got[0].Start:got[0].End])
	}
	for _, text := range []string{"", "\n", key[1:], key + "0", strings.ToUpper(key), key + " x", "x" + key[1:]} {
		require.Empty(t, RailsKey().Extract([]byte(text)), "%q", text)
	}
}
