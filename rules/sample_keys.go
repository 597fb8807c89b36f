package rules

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"math/rand/v2"
	"strconv"
	"strings"
)

// generators write samples that a structure or check-sum holds together. Their
// keys are small and made from a fixed seed: good for samples, for nothing else.
var generators = map[string]func(random *rand.Rand, argument string) (string, error){
	"uuid":       func(r *rand.Rand, _ string) (string, error) { return randomUUID(r), nil },
	"x":          sampleBytes,
	"aws-key-id": sampleKeyID,
	"jwt":        sampleJWT,
	"pem":        samplePEM,
	"age":        func(r *rand.Rand, _ string) (string, error) { return ageIdentity(randomBytes(r, 32)), nil },
	"wif": func(r *rand.Rand, _ string) (string, error) {
		return base58Check(append([]byte{0x80}, append(randomBytes(r, 32), 1)...)), nil
	},
	"xprv":     sampleXprv,
	"nkey":     sampleNKey,
	"mnemonic": sampleMnemonic,
}

func randomBytes(r *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

func randomUUID(r *rand.Rand) string {
	b := randomBytes(r, 16)
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func sampleBytes(_ *rand.Rand, argument string) (string, error) {
	b, err := hex.DecodeString(argument)
	if err != nil {
		return "", fmt.Errorf("bytes %q: want hex digits", argument)
	}
	return string(b), nil
}

// sampleKeyID is the inverse of awsAccount.
func sampleKeyID(r *rand.Rand, argument string) (string, error) {
	prefix, account, _ := strings.Cut(argument, ":")
	number, err := strconv.ParseUint(account, 10, 64)
	if err != nil || len(account) != 12 || len(prefix) != 4 {
		return "", fmt.Errorf("key id %q: want PREFIX:ACCOUNT, 4 letters and 12 digits", argument)
	}
	b := randomBytes(r, 10)
	head := 1<<47 | number<<7 | uint64(b[5]&0x7f)
	copy(b, binary.BigEndian.AppendUint64(nil, head)[2:])
	return prefix + base32.StdEncoding.EncodeToString(b), nil
}

func sampleJWT(r *rand.Rand, argument string) (string, error) {
	algorithm, expiry, _ := strings.Cut(argument, ":")
	if algorithm == "" {
		algorithm = "HS256"
	}
	header, err := json.Marshal(map[string]any{"alg": algorithm, "typ": "JWT"})
	if err != nil {
		return "", err
	}
	claims := map[string]any{"iss": "https://id.sample.test", "sub": randomUUID(r), "jti": hex.EncodeToString(randomBytes(r, 8))}
	if expiry != "" {
		seconds, err := strconv.ParseInt(expiry, 10, 64)
		if err != nil {
			return "", fmt.Errorf("expiry %q: want seconds since 1970", expiry)
		}
		claims["exp"] = seconds
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	size := 32
	if algorithm == "RS256" {
		size = 256
	}
	encode := base64.RawURLEncoding.EncodeToString
	return encode(header) + "." + encode(payload) + "." + encode(randomBytes(r, size)), nil
}

func samplePEM(r *rand.Rand, kind string) (string, error) {
	block := &pem.Block{}
	var err error
	switch kind {
	case "rsa":
		block.Type = "RSA PRIVATE KEY"
		block.Bytes = x509.MarshalPKCS1PrivateKey(smallRSA(r))
	case "rsa-pkcs8":
		block.Type = "PRIVATE KEY"
		block.Bytes, err = x509.MarshalPKCS8PrivateKey(smallRSA(r))
	case "ec", "ec-pkcs8":
		var key *ecdsa.PrivateKey
		if key, err = ecdsa.ParseRawPrivateKey(elliptic.P256(), append([]byte{0}, randomBytes(r, 31)...)); err != nil {
			return "", err
		}
		if block.Type = "EC PRIVATE KEY"; kind == "ec" {
			block.Bytes, err = x509.MarshalECPrivateKey(key)
		} else {
			block.Type = "PRIVATE KEY"
			block.Bytes, err = x509.MarshalPKCS8PrivateKey(key)
		}
	case "ed25519":
		block.Type = "PRIVATE KEY"
		block.Bytes, err = x509.MarshalPKCS8PrivateKey(ed25519.NewKeyFromSeed(randomBytes(r, 32)))
	case "encrypted":
		block.Type = "ENCRYPTED PRIVATE KEY"
		block.Bytes, err = sampleEncrypted(r)
	case "openssh", "openssh-encrypted":
		block.Type = "OPENSSH PRIVATE KEY"
		block.Bytes = sampleOpenSSH(r, kind != "openssh")
	case "pgp":
		return samplePGP(r), nil
	default:
		return "", fmt.Errorf("unknown kind of key %q", kind)
	}
	if err != nil {
		return "", fmt.Errorf("make %s key: %w", kind, err)
	}
	return string(pem.EncodeToMemory(block)), nil
}

// smallRSA makes a 1024-bit key. The standard library's generator ignores the
// random source it is given, so the primes are searched for here.
func smallRSA(r *rand.Rand) *rsa.PrivateKey {
	one := big.NewInt(1)
	exponent := big.NewInt(65537)
	for {
		p, q := smallPrime(r), smallPrime(r)
		phi := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
		d := new(big.Int).ModInverse(exponent, phi)
		if d == nil || p.Cmp(q) == 0 {
			continue
		}
		key := &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: 65537}, D: d, Primes: []*big.Int{p, q}}
		key.Precompute()
		return key
	}
}

func smallPrime(r *rand.Rand) *big.Int {
	for {
		b := randomBytes(r, 64)
		b[0] |= 0xc0
		b[63] |= 1
		if p := new(big.Int).SetBytes(b); p.ProbablyPrime(8) {
			return p
		}
	}
}

// samplePGP makes an armoured packet of an unprotected Ed25519 key (RFC 4880bis).
func samplePGP(r *rand.Rand) string {
	body := []byte{4, 0x60, 0, 0, 0, 22, 9, 0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x0f, 0x01, 1, 7, 0x40}
	body = append(body, randomBytes(r, 32)...)
	body = append(body, 0, 0, 255)
	body = append(body, append([]byte{0x80}, randomBytes(r, 31)...)...)
	body = append(body, randomBytes(r, 2)...)
	packet := append([]byte{0xc5, byte(len(body))}, body...)
	var out strings.Builder
	out.WriteString("-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n")
	for text := base64.StdEncoding.EncodeToString(packet); text != ""; {
		n := min(len(text), 64)
		out.WriteString(text[:n] + "\n")
		text = text[n:]
	}
	sum := crc24(packet)
	out.WriteString("=" + base64.StdEncoding.EncodeToString([]byte{byte(sum >> 16), byte(sum >> 8), byte(sum)}))
	out.WriteString("\n-----END PGP PRIVATE KEY BLOCK-----\n")
	return out.String()
}

// crc24 is the armour's check-sum.
func crc24(raw []byte) uint32 {
	sum := uint32(0xb704ce)
	for _, c := range raw {
		sum ^= uint32(c) << 16
		for range 8 {
			if sum <<= 1; sum&0x1000000 != 0 {
				sum ^= 0x1864cfb
			}
		}
	}
	return sum & 0xffffff
}

// sampleEncrypted is the frame of a PKCS#8 key under PBES2, around random bytes.
func sampleEncrypted(r *rand.Rand) ([]byte, error) {
	type algorithm struct {
		ID         asn1.ObjectIdentifier
		Parameters []byte
	}
	return asn1.Marshal(struct {
		Algorithm algorithm
		Data      []byte
	}{algorithm{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}, randomBytes(r, 64)}, randomBytes(r, 320)})
}

func sampleXprv(r *rand.Rand, _ string) (string, error) {
	payload := append([]byte{0x04, 0x88, 0xad, 0xe4}, make([]byte, 9)...)
	payload = append(payload, randomBytes(r, 32)...)
	payload = append(payload, 0)
	payload = append(payload, randomBytes(r, 32)...)
	return base58Check(payload), nil
}

func derOfPEM(text string) string {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return ""
	}
	return base64.StdEncoding.EncodeToString(block.Bytes)
}
