package scanner

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSmoke(t *testing.T) {
	e, err := Compile([]Rule{
		{ID: "aws", Regex: `\b(AKIA[A-Z2-7]{16})\b`},
		{ID: "ctx", Context: []string{"datadog"}, Value: `[0-9a-f]{32}`},
	}, Options{})
	require.NoError(t, err)
	key := "AKIA" + strings.Repeat("ABCD2345", 2)
	ms := e.Scan(e.NewScratch(), []byte("x\n a = "+key+"\ndatadog_key: "+strings.Repeat("0a", 16)+" "))
	require.Len(t, ms, 2)
	require.Equal(t, key, ms[0].Secret.Reveal())
	require.Equal(t, 2, ms[0].Line)
	require.Equal(t, 6, ms[0].Column)
	require.Equal(t, 3, ms[1].Line)
}
