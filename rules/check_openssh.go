package rules

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"math/rand/v2"

	"github.com/shrike-scan/shrike/scanner"
)

// OpenSSH's own key format (PROTOCOL.key): the magic, then strings with a
// four-byte length: cipher, key derivation, its options; a count of keys; the
// public key; the private part, encrypted unless the cipher is "none".

const opensshMagic = "openssh-key-v1\x00"

func checkOpenSSH(raw []byte) scanner.CheckResult {
	rest, ok := bytes.CutPrefix(raw, []byte(opensshMagic))
	if !ok {
		return scanner.CheckResult{Confidence: scanner.ConfidenceMedium}
	}
	cipher, rest, ok := sshString(rest)
	for range 2 { // key derivation and its options
		if ok {
			_, rest, ok = sshString(rest)
		}
	}
	if !ok || len(rest) < 4 {
		return scanner.CheckResult{Confidence: scanner.ConfidenceMedium}
	}
	public, _, ok := sshString(rest[4:])
	kind, _, okKind := sshString(public)
	if !ok || !okKind {
		return scanner.CheckResult{Confidence: scanner.ConfidenceMedium}
	}
	sum := sha256.Sum256(public)
	encrypted := string(cipher) != "none"
	result := proven(
		scanner.Detail{Name: "key type", Value: printable(string(kind))},
		scanner.Detail{Name: "encrypted", Value: yesNo(encrypted)},
		scanner.Detail{Name: "fingerprint", Value: "SHA256:" + base64.RawStdEncoding.EncodeToString(sum[:])},
	)
	if encrypted {
		result.Severity = scanner.SeverityMedium
	}
	return result
}

func sshString(raw []byte) (value, rest []byte, ok bool) {
	if len(raw) < 4 {
		return nil, nil, false
	}
	n := binary.BigEndian.Uint32(raw)
	if uint64(n) > uint64(len(raw)-4) {
		return nil, nil, false
	}
	return raw[4 : 4+n], raw[4+n:], true
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

func appendSSHString(b []byte, s string) []byte {
	return append(binary.BigEndian.AppendUint32(b, uint32(len(s))), s...)
}

// sampleOpenSSH writes an Ed25519 key for %{pem:openssh}. The public half does
// not belong to the private one: no check looks.
func sampleOpenSSH(r *rand.Rand, encrypted bool) []byte {
	cipher, derivation := "none", "none"
	if encrypted {
		cipher, derivation = "aes256-ctr", "bcrypt"
	}
	public := appendSSHString(appendSSHString(nil, "ssh-ed25519"), string(randomBytes(r, 32)))
	out := appendSSHString([]byte(opensshMagic), cipher)
	out = appendSSHString(out, derivation)
	out = appendSSHString(out, "")
	out = binary.BigEndian.AppendUint32(out, 1)
	out = appendSSHString(out, string(public))
	return appendSSHString(out, string(randomBytes(r, 136)))
}
