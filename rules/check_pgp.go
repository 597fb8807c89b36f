package rules

import (
	"bytes"
	"crypto/sha1" // #nosec: version 4 fingerprints are SHA-1 by RFC 4880
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"strings"

	"github.com/shrike-scan/shrike/scanner"
)

// OpenPGP armour and secret-key packets (RFC 4880, RFC 9580). Only what is in
// the clear is read: version, algorithm, public part, and whether a passphrase
// protects the rest.

func checkPGP(text []byte) scanner.CheckResult {
	raw, ok := pgpArmour(text)
	if !ok {
		return refuted
	}
	packet, _ := pgpSecretKey(raw)
	public, usage, ok := pgpPublicPart(packet)
	switch {
	case !ok && pgpSumHolds(text, raw):
		return proven()
	case !ok:
		return scanner.CheckResult{Confidence: scanner.ConfidenceMedium}
	}
	frame := append([]byte{0x99}, binary.BigEndian.AppendUint16(nil, uint16(len(public)))...)
	sum := sha1.Sum(append(frame, public...))
	result := proven(
		scanner.Detail{Name: "key type", Value: pgpAlgorithms[public[5]]},
		scanner.Detail{Name: "encrypted", Value: yesNo(usage != 0)},
		scanner.Detail{Name: "fingerprint", Value: strings.ToUpper(hex.EncodeToString(sum[:]))},
	)
	if usage != 0 {
		result.Severity = scanner.SeverityMedium
	}
	return result
}

// pgpSumHolds reports whether the CRC24 at the armour's end (RFC 9580, 6.1) is
// that of the body. It proves what is of an unknown version; a packet proves more.
func pgpSumHolds(text, raw []byte) bool {
	for line := range bytes.Lines(text) {
		line = bytes.TrimSpace(line)
		if len(line) != 5 || line[0] != '=' {
			continue
		}
		sum, err := base64.StdEncoding.DecodeString(string(line[1:]))
		return err == nil && len(sum) == 3 && crc24(raw) == uint32(sum[0])<<16|uint32(sum[1])<<8|uint32(sum[2])
	}
	return false
}

// pgpArmour decodes the body. ok is false when it is no key at all.
func pgpArmour(text []byte) (raw []byte, ok bool) {
	encoded, _ := pemBody(text)
	if at := bytes.IndexByte(encoded, '='); at >= 0 {
		encoded = encoded[:at] // padding, or the mark of the CRC24
	}
	if len(encoded) < minPEMBody || distinct(encoded) < 20 {
		return nil, false
	}
	return decodeTolerant(encoded), true
}

// pgpSecretKey returns the body of the first packet if it is a secret key
// (tag 5) or secret subkey (7).
func pgpSecretKey(raw []byte) (packet []byte, ok bool) {
	if len(raw) < 6 || raw[0]&0x80 == 0 {
		return nil, false
	}
	tag := int(raw[0] >> 2 & 0x0f)
	var header, size int
	if raw[0]&0x40 != 0 { // new format
		tag = int(raw[0] & 0x3f)
		switch first := raw[1]; {
		case first < 192:
			header, size = 2, int(first)
		case first < 224:
			header, size = 3, int(first-192)<<8+int(raw[2])+192
		default:
			return nil, false // partial or four-byte lengths are not used for keys
		}
	} else {
		switch raw[0] & 3 {
		case 0:
			header, size = 2, int(raw[1])
		case 1:
			header, size = 3, int(binary.BigEndian.Uint16(raw[1:]))
		default:
			return nil, false
		}
	}
	if tag != 5 && tag != 7 || size > len(raw)-header {
		return nil, false
	}
	return raw[header : header+size], true
}

// pgpAlgorithms names the public-key algorithms by their number.
var pgpAlgorithms = map[byte]string{
	1: "RSA", 2: "RSA", 3: "RSA", 16: "ElGamal", 17: "DSA", 18: "ECDH", 19: "ECDSA", 22: "EdDSA", 25: "X25519", 27: "Ed25519",
}

// pgpPublicPart returns the public fields of a version 4 key and the byte that
// says how the secret ones are protected: 0 is not at all.
func pgpPublicPart(packet []byte) (public []byte, usage byte, ok bool) {
	if len(packet) < 8 || packet[0] != 4 {
		return nil, 0, false
	}
	at := 6
	numbers := 0
	switch packet[5] {
	case 1, 2, 3:
		numbers = 2
	case 16:
		numbers = 3
	case 17:
		numbers = 4
	case 18, 19, 22:
		at += 1 + int(packet[at]) // curve
		numbers = 1
	case 25, 27:
		at += 32
	default:
		return nil, 0, false
	}
	for range numbers {
		if at+2 > len(packet) {
			return nil, 0, false
		}
		at += 2 + (int(binary.BigEndian.Uint16(packet[at:]))+7)/8
	}
	if packet[5] == 18 && at < len(packet) {
		at += 1 + int(packet[at]) // key derivation
	}
	if at >= len(packet) {
		return nil, 0, false
	}
	return packet[:at], packet[at], true
}
