package assign

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var remembered = regexp.MustCompile(`ke|key.?|_pw|pwd|y-t|to|\.token|token\.`)

// requireRemembered reads all words of a text, with a memory and each by itself, in
// windows of some size around them.
func requireRemembered(t *testing.T, text []byte, before, after int) {
	t.Helper()
	var m Memory
	for from := range text { // words overlap
		word := remembered.FindIndex(text[from:])
		if word == nil {
			break
		}
		start, end := from+word[0], from+word[1]
		lo, hi := max(0, start-before), min(len(text), end+after)
		var got, want Assignment
		ok := want.Read(text[lo:hi], start-lo, end-lo)
		require.Equal(t, ok, m.Read(&got, text[lo:hi], lo, start-lo, end-lo), "%q at %d", text, start)
		if ok {
			require.Equal(t, want, got, "%q at %d", text, start)
		}
	}
}

func TestMemory(t *testing.T) {
	pieces := []string{"key", "token", "_pwd", ".", "-", "..", "=", "[", " ", "\n", "x", "name", "'", ": ", "$", strings.Repeat("ab_", 40)}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		var text []byte
		for range 1 + rng.IntN(30) {
			text = append(text, pieces[rng.IntN(len(pieces))]...)
		}
		requireRemembered(t, text, maxName+1+rng.IntN(200), maxName+1+rng.IntN(1000))
	}
}

func FuzzMemory(f *testing.F) {
	f.Add([]byte("key_token=[my-key.token=x&key=[token: key-token"), uint8(200), uint16(1024))
	f.Fuzz(func(t *testing.T, text []byte, before uint8, after uint16) {
		if len(text) < 1<<10 {
			requireRemembered(t, text, maxName+1+int(before), maxName+1+int(after))
		}
	})
}
