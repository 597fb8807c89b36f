package scanner

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFingerprintIgnoresLayoutOnly(t *testing.T) {
	f := NewFingerprinter(nil)
	pem := "-----BEGIN KEY-----\nAAAA\nBBBB\n-----END KEY-----"
	tests := []struct {
		name, a, b string
		same       bool
	}{
		{"crlf", pem, strings.ReplaceAll(pem, "\n", "\r\n"), true},
		{"lone carriage returns", pem, strings.ReplaceAll(pem, "\n", "\r"), true},
		{"indented", pem, "    " + strings.ReplaceAll(pem, "\n", "\n    "), true},
		{"trailing spaces", pem, strings.ReplaceAll(pem, "\n", " \t\n"), true},
		{"final line feed", pem, pem + "\n", true},
		{"blank lines", pem, strings.ReplaceAll(pem, "\n", "\n\n"), true},
		{"spaces around", "hunter2", "\t hunter2 \n", true},
		{"case", "hunter2", "Hunter2", false},
		{"inner space", "correct horse", "correcthorse", false},
		{"joined lines", "AAAA\nBBBB", "AAAABBBB", false},
		{"one byte more", "hunter2", "hunter22", false},
		{"invalid UTF-8 differs", "a\xff", "a\xfe", false},
		{"empty", "", " \r\n", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, tt.same, f.Of([]byte(tt.a)) == f.Of([]byte(tt.b)))
		})
	}
}

// The identity is a promise across versions: these values must never change.
func TestFingerprintIsPinned(t *testing.T) {
	require.Equal(t, "1e349fc291c70f845f4c8efa6f623a61", NewFingerprinter(nil).Of([]byte("hunter2")))
	require.Equal(t, "56af868aaae703e670f16c836572b868", NewFingerprinter([]byte("0123456789abcdef")).Of([]byte("hunter2")))
	require.Equal(t, "c401d171145f31444414858180333330", NewFingerprinter(nil).Of([]byte(strings.Repeat("0123456789abcdef", 2))))
}

// What needs no stretching is a matter of the bytes, and settled for good too.
func TestOnlyTokensAreNotStretched(t *testing.T) {
	hex := strings.Repeat("0123456789abcdef", 2)
	tests := []struct {
		name, text string
		want       int
	}{
		{"token", hex, 1},
		{"all its characters", "AZaz09+/=-_." + hex, 1},
		{"a byte too short", hex[1:], fingerprintIterations},
		{"password", "hunter2", fingerprintIterations},
		{"pass phrase", "correct horse battery staple 4 you", fingerprintIterations},
		{"hyphenated words", "correct-horse-battery-staple-again", fingerprintIterations},
		{"digits", strings.Repeat("0123456789", 4), fingerprintIterations},
		{"url with a password", "postgres://user:hunter2@db.example.com:5432/app", fingerprintIterations},
		{"lines", hex + "\n" + hex, fingerprintIterations},
		{"beyond ASCII", hex + "é", fingerprintIterations},
		{"empty", "", fingerprintIterations},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { require.Equal(t, tt.want, iterations(tt.text)) })
	}
}

// The slow twin: one block of PBKDF2 as RFC 8018, section 5.2 writes it.
func TestFingerprintIsPBKDF2(t *testing.T) {
	for secret, iterations := range map[string]int{"hunter2": fingerprintIterations, strings.Repeat("0123456789abcdef", 2): 1} {
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write([]byte(PublicSalt + "\x00\x00\x00\x01"))
		u := mac.Sum(nil)
		sum := append([]byte(nil), u...)
		for range iterations - 1 {
			mac.Reset()
			mac.Write(u)
			u = mac.Sum(nil)
			for i := range sum {
				sum[i] ^= u[i]
			}
		}
		require.Equal(t, hex.EncodeToString(sum[:fingerprintBytes]), NewFingerprinter(nil).Of([]byte(secret)))
	}
}

func TestFingerprinterKeepsItsSalt(t *testing.T) {
	salt := []byte("0123456789abcdef")
	f := NewFingerprinter(salt)
	before := f.Of([]byte("hunter2"))
	salt[0] = 'x'
	require.Equal(t, before, f.Of([]byte("hunter2")))
	require.NotEqual(t, before, NewFingerprinter(salt).Of([]byte("hunter2")))
}

func TestFingerprinterIsConcurrent(t *testing.T) {
	f := NewFingerprinter(nil)
	want := f.Of([]byte("hunter2"))
	got := make([]string, 8)
	var wg sync.WaitGroup
	for i := range got {
		wg.Go(func() { got[i] = f.Of([]byte("hunter2")) })
	}
	wg.Wait()
	for _, g := range got {
		require.Equal(t, want, g)
	}
}

func FuzzNormalLines(f *testing.F) {
	f.Add([]byte("a\r\n  b \n\n"))
	f.Add([]byte("\xff\r"))
	f.Fuzz(func(t *testing.T, text []byte) {
		once := normalLines(text)
		require.Equal(t, once, normalLines([]byte(once)))
		require.LessOrEqual(t, len(once), len(text))
		require.NotContains(t, once, "\r")
	})
}

func BenchmarkFingerprint(b *testing.B) {
	f := NewFingerprinter(nil)
	for name, secret := range map[string]string{"chosen": "hunter2", "token": strings.Repeat("0123456789abcdef", 2)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				f.Of([]byte(secret))
			}
		})
	}
}
