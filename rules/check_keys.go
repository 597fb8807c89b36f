package rules

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"

	"github.com/shrike-scan/shrike/scanner"
)

// Keys with a check-sum in their own encoding.

const bech32Alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

// checkAge reads an age identity: bech32 (BIP 173) of 32 bytes.
func checkAge(secret, _ []byte) scanner.CheckResult {
	lower := strings.ToLower(string(secret))
	at := strings.LastIndexByte(lower, '1')
	if at < 0 {
		return refuted
	}
	data := make([]byte, 0, len(lower)-at)
	for _, c := range lower[at+1:] {
		v := strings.IndexRune(bech32Alphabet, c)
		if v < 0 {
			return refuted
		}
		data = append(data, byte(v))
	}
	return proveIf(bech32Sum(lower[:at], data) == 1)
}

func bech32Sum(prefix string, data []byte) uint32 {
	values := make([]byte, 0, 2*len(prefix)+1+len(data))
	for i := range len(prefix) {
		values = append(values, prefix[i]>>5)
	}
	values = append(values, 0)
	for i := range len(prefix) {
		values = append(values, prefix[i]&31)
	}
	sum := uint32(1)
	for _, v := range append(values, data...) {
		top := sum >> 25
		sum = sum&0x1ffffff<<5 ^ uint32(v)
		for i, generator := range [...]uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
			if top>>i&1 == 1 {
				sum ^= generator
			}
		}
	}
	return sum
}

// ageIdentity writes 32 bytes as age does, for samples.
func ageIdentity(key []byte) string {
	const prefix = "age-secret-key-"
	var data []byte
	bits, held := uint(0), uint32(0)
	for _, c := range key {
		held, bits = held<<8|uint32(c), bits+8
		for bits >= 5 {
			bits -= 5
			data = append(data, byte(held>>bits&31))
		}
	}
	data = append(data, byte(held<<(5-bits)&31))
	sum := bech32Sum(prefix, append(data[:len(data):len(data)], 0, 0, 0, 0, 0, 0)) ^ 1
	for i := range 6 {
		data = append(data, byte(sum>>(5*(5-i))&31))
	}
	for i, v := range data {
		data[i] = bech32Alphabet[v]
	}
	return strings.ToUpper(prefix + "1" + string(data))
}

const base58Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// checkBase58 is Bitcoin's base58check: the last four bytes are a double
// SHA-256 of those before.
func checkBase58(secret, _ []byte) scanner.CheckResult {
	if len(secret) > 200 {
		return refuted
	}
	number := new(big.Int)
	for _, c := range secret {
		v := strings.IndexByte(base58Alphabet, c)
		if v < 0 {
			return refuted
		}
		number.Add(number.Mul(number, big.NewInt(58)), big.NewInt(int64(v)))
	}
	raw := number.Bytes() // no leading zero byte in the kinds that use this check
	if len(raw) < 5 {
		return refuted
	}
	n := len(raw) - 4
	return proveIf(bytes.Equal(doubleSHA256(raw[:n])[:4], raw[n:]))
}

func doubleSHA256(raw []byte) []byte {
	first := sha256.Sum256(raw)
	second := sha256.Sum256(first[:])
	return second[:]
}

func base58Check(payload []byte) string {
	number := new(big.Int).SetBytes(append(payload[:len(payload):len(payload)], doubleSHA256(payload)[:4]...))
	var out []byte
	base, digit := big.NewInt(58), new(big.Int)
	for number.Sign() > 0 {
		number.DivMod(number, base, digit)
		out = append(out, base58Alphabet[digit.Int64()])
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return string(out)
}

// nkeyKinds are the second letters of a NATS seed.
var nkeyKinds = map[byte]string{'O': "operator", 'A': "account", 'U': "user", 'N': "server", 'C': "cluster", 'X': "curve"}

// checkNKey reads a NATS seed: base32 of two bytes of kind, 32 of seed and a
// little-endian CRC16 (XMODEM).
func checkNKey(secret, _ []byte) scanner.CheckResult {
	raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(string(secret))
	if err != nil || len(raw) != 36 || crc16(raw[:34]) != binary.LittleEndian.Uint16(raw[34:]) {
		return refuted
	}
	return proven(scanner.Detail{Name: "owner", Value: nkeyKinds[secret[1]]})
}

func crc16(raw []byte) uint16 {
	var sum uint16
	for _, c := range raw {
		sum ^= uint16(c) << 8
		for range 8 {
			if sum&0x8000 != 0 {
				sum = sum<<1 ^ 0x1021
			} else {
				sum <<= 1
			}
		}
	}
	return sum
}

func sampleNKey(r *rand.Rand, kind string) (string, error) {
	if len(kind) != 1 || nkeyKinds[kind[0]] == "" {
		return "", fmt.Errorf("unknown kind of seed %q", kind)
	}
	public := kind[0] - 'A'
	const seed = 18 << 3 // S
	owner := public << 3
	raw := append([]byte{seed | owner>>5, owner & 31 << 3}, randomBytes(r, 32)...)
	raw = binary.LittleEndian.AppendUint16(raw, crc16(raw))
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw), nil
}

// developmentKeys are the first digits of private keys that Hardhat, Anvil and
// Ganache print at every start.
var developmentKeys = []string{"ac0974bec39a17e3", "59c6995e998f97a5", "5de4111afa1a4b94", "7c852118294e51e6", "47e179ec19748859", "4f3edf983ac636a6"}

// checkEthereum reads 64 hex digits: not zero, below the order of secp256k1, and
// none of the development keys that are public.
func checkEthereum(secret, _ []byte) scanner.CheckResult {
	text := strings.TrimPrefix(strings.ToLower(string(secret)), "0x")
	number, ok := new(big.Int).SetString(text, 16)
	order, _ := new(big.Int).SetString("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16)
	if !ok || len(text) != 64 || number.BitLen() < 128 || number.Cmp(order) >= 0 || repetitive([]byte(text)) || sequential([]byte(text)) {
		return refuted
	}
	for _, start := range developmentKeys {
		if strings.HasPrefix(text, start) {
			return example
		}
	}
	return unproven
}

// checkPuTTY reads the header lines of a .ppk file.
func checkPuTTY(secret, _ []byte) scanner.CheckResult {
	var details []scanner.Detail
	encrypted, private := false, false
	for line := range bytes.Lines(secret) {
		key, value, _ := strings.Cut(strings.TrimSpace(string(line)), ": ")
		switch {
		case strings.HasPrefix(key, "PuTTY-User-Key-File-"):
			details = append(details, scanner.Detail{Name: "key type", Value: printable(value)})
		case key == "Encryption":
			encrypted = value != "none"
		case key == "Private-Lines":
			private = true
		}
	}
	if !private {
		return refuted
	}
	result := proven(append(details, scanner.Detail{Name: "encrypted", Value: yesNo(encrypted)})...)
	if encrypted {
		result.Severity = scanner.SeverityMedium
	}
	return result
}
