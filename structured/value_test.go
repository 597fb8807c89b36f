package structured

import (
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// Texts parsed in turn and at once get their own trees, however often each comes.
func TestParseKeepsTextsApart(t *testing.T) {
	var wait sync.WaitGroup
	for worker := range 4 {
		wait.Go(func() {
			for i := range 100 {
				key := strings.Repeat("k", 1+(worker+i/2)%5)
				documents, err := parseAll([]byte(key + ": v"))
				if err != nil || documents[0].get(key).string() != "v" {
					t.Errorf("%s: %v, %v", key, documents[0], err)
				}
			}
		})
	}
	wait.Wait()
	_, err := parseAll([]byte("a: {"))
	require.Error(t, err)
	_, again := parseAll([]byte("a: {"))
	require.Equal(t, err, again)
}
