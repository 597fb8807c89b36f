package rules

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"strconv"
)

// The ways in which providers write a CRC32 (IEEE) into their tokens.

// crcBase62 is six base62 digits, most significant first, left padded with 0;
// the digits are in the order 0-9, A-Z, a-z.
func crcBase62(text []byte) string {
	const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	var out [6]byte
	sum := crc32.ChecksumIEEE(text)
	for i := len(out) - 1; i >= 0; i-- {
		out[i] = digits[sum%62]
		sum /= 62
	}
	return string(out[:])
}

// crcBase36 is seven lower-case base36 digits, left padded with 0.
func crcBase36(text []byte) string {
	return fmt.Sprintf("%07s", strconv.FormatUint(uint64(crc32.ChecksumIEEE(text)), 36))
}

// crcHex is eight lower-case hex digits, most significant first.
func crcHex(text []byte) string {
	return fmt.Sprintf("%08x", crc32.ChecksumIEEE(text))
}

// crcHexReversed is eight lower-case hex digits of the little-endian bytes.
func crcHexReversed(text []byte) string {
	return hex.EncodeToString(crcReversed(text))
}

// crcBase64Reversed is six base64 characters of the little-endian bytes.
func crcBase64Reversed(text []byte) string {
	return base64.RawStdEncoding.EncodeToString(crcReversed(text))
}

func crcReversed(text []byte) []byte {
	return binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE(text))
}
