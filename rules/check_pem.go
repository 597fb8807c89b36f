package rules

import (
	"bytes"
	"crypto"
	"crypto/dsa" //nolint:staticcheck // leaked DSA keys are old ones, and still to be recognised
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/hex"
	"math/big"
	"strconv"
	"strings"

	"github.com/shrike-scan/shrike/scanner"
)

// minPEMBody is the least count of base64 characters in a private key: an
// Ed25519 key in PKCS#8 has 64.
const minPEMBody = 60

// checkPEM reads a private key as people paste it: plain, with \n escapes, as
// quoted lines of a program, indented, on one line, or cut short. A key that
// parses is proven. A body that is too short, elided or repeated is refuted;
// what is long enough and does not parse stays, for it may be cut or mangled.
func checkPEM(secret, _ []byte) scanner.CheckResult {
	kind, text, ok := armour(secret)
	if !ok {
		return refuted
	}
	if kind == "PGP PRIVATE KEY BLOCK" {
		return checkPGP(text)
	}
	encoded, encrypted := pemBody(text)
	if len(encoded) < minPEMBody || repetitive(encoded) || sequential(encoded) || distinct(encoded) < 20 {
		return refuted
	}
	if encrypted || kind == "ENCRYPTED PRIVATE KEY" || strings.HasPrefix(kind, "SSH2 ENCRYPTED") {
		return encryptedKey(kind)
	}
	der := decodeTolerant(encoded)
	if kind == "OPENSSH PRIVATE KEY" {
		return checkOpenSSH(der)
	}
	key, err := parseDER(der)
	if err != nil {
		return scanner.CheckResult{Confidence: scanner.ConfidenceMedium}
	}
	return proven(describeKey(key)...)
}

// encryptedKey is a key that needs a passphrase: bad, one step less so.
func encryptedKey(format string) scanner.CheckResult {
	return scanner.CheckResult{
		Severity: scanner.SeverityMedium,
		Details:  []scanner.Detail{{Name: "format", Value: strings.ToLower(format)}, {Name: "encrypted", Value: "yes"}},
	}
}

// armour splits a block into its type and the text between its two marks. The
// second may be missing.
func armour(secret []byte) (kind string, text []byte, ok bool) {
	_, rest, ok := bytes.Cut(secret, []byte("-BEGIN "))
	if !ok {
		_, rest, ok = bytes.Cut(secret, []byte("- BEGIN "))
	}
	at := bytes.IndexByte(rest, '-')
	if !ok || at < 0 {
		return "", nil, false
	}
	kind = strings.TrimSpace(string(rest[:at]))
	text = bytes.TrimLeft(rest[at:], "-")
	if end := bytes.Index(text, []byte("--")); end >= 0 {
		text = text[:end]
	}
	return kind, text, true
}

// pemBody gathers the base64 characters of a body and drops what stands around
// them: escapes, quotes, joining plus signs, comment marks, headers. A short run
// counts only behind a long one, as the last line of a body does: the rest is
// program text.
func pemBody(text []byte) (encoded []byte, encrypted bool) {
	const long = 20
	last := 0
	s := strings.NewReplacer(`\\n`, "\n", `\\r`, "", `\n`, "\n", `\r`, "", `\t`, " ", `\/`, "/").Replace(string(text))
	for line := range strings.Lines(s) {
		if header := strings.Contains(line, ": "); header {
			encrypted = encrypted || strings.Contains(line, "ENCRYPTED") || strings.Contains(line, "DEK-Info")
			continue
		}
		for _, token := range strings.FieldsFunc(line, func(c rune) bool { return c > 127 || !base64Byte(byte(c)) }) {
			if strings.Trim(token, "+/=") == "" {
				continue
			}
			if len(token) >= long || last >= long {
				encoded = append(encoded, token...)
			}
			last = len(token)
		}
	}
	return encoded, encrypted
}

func base64Byte(c byte) bool {
	return c == '+' || c == '/' || c == '=' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// decodeTolerant decodes as much as is whole; nil if it is no base64.
func decodeTolerant(encoded []byte) []byte {
	encoded = bytes.TrimRight(encoded, "=")
	if len(encoded)%4 == 1 {
		encoded = encoded[:len(encoded)-1]
	}
	raw, err := base64.RawStdEncoding.DecodeString(string(encoded))
	if err != nil {
		return nil
	}
	return raw
}

// dsaKey is the sequence OpenSSL writes for DSA keys.
type dsaKey struct {
	Version       int
	P, Q, G, Y, X *big.Int
}

func parseDER(der []byte) (crypto.PrivateKey, error) {
	if key, err := x509.ParsePKCS8PrivateKey(der); err == nil {
		return key, nil
	}
	if key, err := x509.ParsePKCS1PrivateKey(der); err == nil {
		return key, nil
	}
	if key, err := x509.ParseECPrivateKey(der); err == nil {
		return key, nil
	}
	var key dsaKey
	if _, err := asn1.Unmarshal(der, &key); err != nil {
		return nil, err
	}
	parameters := dsa.Parameters{P: key.P, Q: key.Q, G: key.G}
	return &dsa.PrivateKey{PublicKey: dsa.PublicKey{Parameters: parameters, Y: key.Y}, X: key.X}, nil
}

// describeKey names type, size and the SHA-256 of the public key's PKIX form.
func describeKey(key crypto.PrivateKey) []scanner.Detail {
	name, bits := "unknown", ""
	var public any
	switch k := key.(type) {
	case *rsa.PrivateKey:
		name, bits, public = "RSA", strconv.Itoa(k.N.BitLen()), &k.PublicKey
	case *ecdsa.PrivateKey:
		name, bits, public = "EC "+k.Params().Name, strconv.Itoa(k.Params().BitSize), &k.PublicKey
	case ed25519.PrivateKey:
		name, bits, public = "Ed25519", "256", k.Public()
	case *dsa.PrivateKey:
		name, bits = "DSA", strconv.Itoa(k.P.BitLen())
	}
	details := []scanner.Detail{{Name: "key type", Value: name}, {Name: "bits", Value: bits}, {Name: "encrypted", Value: "no"}}
	if public == nil {
		return details
	}
	if pkix, err := x509.MarshalPKIXPublicKey(public); err == nil {
		sum := sha256.Sum256(pkix)
		details = append(details, scanner.Detail{Name: "public key sha256", Value: hex.EncodeToString(sum[:])})
	}
	return details
}

// checkPEMBase64 reads a whole PEM file inside base64.
func checkPEMBase64(secret, match []byte) scanner.CheckResult {
	raw := decodeTolerant(secret)
	if !bytes.Contains(raw, []byte("PRIVATE KEY")) {
		return refuted
	}
	return checkPEM(raw, match)
}

// checkDER reads a private key in base64 without the marks of PEM.
func checkDER(secret, _ []byte) scanner.CheckResult {
	if len(secret) < minPEMBody || distinct(secret) < 20 {
		return refuted
	}
	key, err := parseDER(decodeTolerant(secret))
	if err != nil {
		return scanner.CheckResult{Confidence: scanner.ConfidenceMedium}
	}
	return proven(describeKey(key)...)
}
