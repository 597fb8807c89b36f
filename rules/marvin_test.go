package rules

import (
	"crypto/sha512"
	"encoding/base64"
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

// TestMarvin takes vectors of .NET's own tests, whose 64 bits are folded here.
func TestMarvin(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		sum  uint64
	}{{"", 0x30ed35c100cd3c7d}, {"\xaf", 0x48e73fc77d75ddc1}, {"\xe7\x0f", 0xb5f6e1fc485dbff8}} {
		require.Equal(t, uint32(c.sum>>32)^uint32(c.sum), marvin32([]byte(c.text), 0x004fb61a001bdbcc), "%x", c.text)
	}
}

// identifiableKey makes a key of n random characters, the signature and its hash.
func identifiableKey(n int, signature, seed string) string {
	random := sha512.Sum512([]byte(signature))
	text := (base64.RawStdEncoding.EncodeToString(random[:]) + base64.RawStdEncoding.EncodeToString(random[:]))[:n] + signature
	raw, err := base64.RawStdEncoding.DecodeString(text + "AAAA"[:(4-len(text)%4)%4])
	if err != nil {
		panic(err)
	}
	raw = raw[:(len(text)*6+7)/8]
	sum := marvin32(raw, binary.BigEndian.Uint64([]byte(seed)))
	return base64.StdEncoding.EncodeToString(binary.LittleEndian.AppendUint32(raw, sum))
}

func TestIdentifiableKeys(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		length          int
		signature, seed string
	}{
		{76, "+ASt", "Default0"},
		{76, "ACDb", "MastRO00"},
		{76, "APIM", "Gatewy00"},
		{33, "+ASb", "Listen00"},
		{33, "AzCa", "Access00"},
		{42, "+ACR", "ACRDflt0"},
	} {
		key := identifiableKey(c.length, c.signature, c.seed)
		require.Equal(t, scanner.Proven, checkAzureKey([]byte(key), nil).Proof, c.signature)
		other := []byte(key)
		other[3] ^= 1
		require.Equal(t, scanner.Unproven, checkAzureKey(other, nil).Proof, c.signature)
		require.False(t, identifiable(identifiableKey(c.length, c.signature, "Nothing0")), c.signature)
	}
	require.False(t, identifiable(""))
	require.False(t, identifiable("not base64 of any kind"))
}
