package scanner

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestStretchIsPBKDF2(t *testing.T) {
	for _, secret := range []string{"", "hunter2", strings.Repeat("k", 63), strings.Repeat("k", 64), strings.Repeat("k", 65), strings.Repeat("line\n", 400)} {
		for _, rounds := range []int{1, 2, 3, fingerprintIterations} {
			want, err := pbkdf2.Key(sha256.New, secret, []byte(PublicSalt), rounds, sha256.Size)
			require.NoError(t, err)
			got, err := stretch(secret, []byte(PublicSalt), rounds)
			require.NoError(t, err)
			require.Equal(t, want, got, "%d bytes, %d rounds", len(secret), rounds)
		}
	}
}

// The fast way is taken: it depends on the form of a state of the standard library.
func TestStatesHaveTheKnownForm(t *testing.T) {
	require.NotNil(t, newKeyedHash([]byte("hunter2"), 0x36))
}

func BenchmarkStretch(b *testing.B) {
	for b.Loop() {
		_, _ = stretch("hunter2", []byte(PublicSalt), fingerprintIterations)
	}
}
