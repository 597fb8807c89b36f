package rules

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

func TestPEM(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, template string
		proof          scanner.Proof
		severity       scanner.Severity
		detail, value  string
	}{
		{"rsa", "%{pem:rsa}", scanner.Proven, 0, "bits", "1024"},
		{"rsa pkcs8", "%{pem:rsa-pkcs8}", scanner.Proven, 0, "key type", "RSA"},
		{"ec", "%{pem:ec}", scanner.Proven, 0, "key type", "EC P-256"},
		{"ed25519", "%{pem:ed25519}", scanner.Proven, 0, "key type", "Ed25519"},
		{"openssh", "%{pem:openssh}", scanner.Proven, 0, "encrypted", "no"},
		{"openssh encrypted", "%{pem:openssh-encrypted}", scanner.Proven, scanner.SeverityMedium, "encrypted", "yes"},
		{"pgp", "%{pem:pgp}", scanner.Proven, 0, "key type", "EdDSA"},
		{"encrypted pkcs8", "%{pem:encrypted}", scanner.Unproven, scanner.SeverityMedium, "encrypted", "yes"},
		{"encrypted pkcs1", mark("BEGIN RSA") + "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n%{base64:64}\n%{base64:64}\n" + mark("END RSA"), scanner.Unproven, scanner.SeverityMedium, "encrypted", "yes"},
		{"escaped", "%(escape-n %{pem:rsa}%)", scanner.Proven, 0, "bits", "1024"},
		{"unparsed", mark("BEGIN RSA") + "MIIE%{base64:60}\n%{base64:64}\n" + mark("END RSA"), scanner.Unproven, 0, "", ""},
		{"empty", mark("BEGIN RSA") + mark("END RSA"), scanner.Refuted, 0, "", ""},
		{"elided", mark("BEGIN RSA") + "MIIEpAIBAAKCAQEA...\n" + mark("END RSA"), scanner.Refuted, 0, "", ""},
		{"masked", mark("BEGIN RSA") + strings.Repeat("x", 200) + "\n" + mark("END RSA"), scanner.Refuted, 0, "", ""},
		{"words", mark("BEGIN RSA") + "put your key here\n" + mark("END RSA"), scanner.Refuted, 0, "", ""},
		{"program", mark("BEGIN RSA") + "\")\nfor text := base64.StdEncoding.EncodeToString(packet); text != \"\"; {\n\tn := min(len(text), 64)\n}", scanner.Refuted, 0, "", ""},
		{"no mark", "%{base64:200}", scanner.Refuted, 0, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			secret := expand(t, c.template)
			r := checkPEM(secret, secret)
			require.Equal(t, c.proof, r.Proof)
			require.Equal(t, c.severity, r.Severity)
			if c.detail != "" {
				require.Equal(t, c.value, detail(r, c.detail))
			}
		})
	}
}

func mark(text string) string { return "-----" + text + " PRIVATE KEY-----\n" }

// TestPEMAsPeopleWriteIt reads one key in the shapes it takes in source text.
func TestPEMAsPeopleWriteIt(t *testing.T) {
	t.Parallel()
	key := strings.TrimSpace(string(expand(t, "%{pem:rsa}")))
	lines := strings.Split(key, "\n")
	for name, text := range map[string]string{
		"indented":     "  " + strings.Join(lines, "\n    "),
		"windows":      strings.Join(lines, "\r\n"),
		"one line":     strings.Join(lines, " "),
		"concatenated": `"` + strings.Join(lines, "\\n\" +\n    \"") + `"`,
		"implicit":     `"` + strings.Join(lines, "\\n\"\n    \"") + `"`,
		"list":         `'` + strings.Join(lines, "',\n  '") + `'`,
		"json in json": strings.Join(lines, `\\n`),
		"slashes":      strings.ReplaceAll(strings.Join(lines, `\n`), "/", `\/`),
		"continued":    strings.Join(lines, "\\n\\\n"),
	} {
		t.Run(name, func(t *testing.T) {
			r := checkPEM([]byte(text), nil)
			require.Equal(t, scanner.Proven, r.Proof)
			require.Equal(t, "1024", detail(r, "bits"))
		})
	}
}

func TestPEMInBase64(t *testing.T) {
	t.Parallel()
	key := expand(t, "%(base64 %{pem:ec}%)")
	require.Equal(t, scanner.Proven, checkPEMBase64(key, key).Proof)
	other := expand(t, "%(base64 -----BEGIN CERTIFICATE-----\n%{base64:200}%)")
	require.Equal(t, scanner.Refuted, checkPEMBase64(other, other).Proof)
}

func TestPuTTY(t *testing.T) {
	t.Parallel()
	head := "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: %\nComment: x\nPublic-Lines: 1\nAAAA\n"
	open := strings.Replace(head, "%", "none", 1) + "Private-Lines: 1\nAAAA\nPrivate-MAC: 00"
	r := checkPuTTY([]byte(open), nil)
	require.Equal(t, scanner.Proven, r.Proof)
	require.Equal(t, "no", detail(r, "encrypted"))
	locked := strings.Replace(open, "none", "aes256-cbc", 1)
	require.Equal(t, scanner.SeverityMedium, checkPuTTY([]byte(locked), nil).Severity)
	require.Equal(t, scanner.Refuted, checkPuTTY([]byte(head), nil).Proof)
}

func FuzzPEM(f *testing.F) {
	for _, kind := range []string{"rsa", "ec", "ed25519", "openssh", "pgp", "encrypted"} {
		f.Add(expand(f, "%{pem:"+kind+"}"))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		_ = checkPEM(text, nil)
		_ = checkPGP(text)
		_ = checkOpenSSH(text)
		_, _ = pgpSecretKey(text)
		if packet, ok := pgpSecretKey(text); ok {
			_, _, _ = pgpPublicPart(packet)
		}
	})
}

// TestPGPSum: RFC 9580's CRC24 of nothing is its initial value, and a block of an
// unknown version is proven by it.
func TestPGPSum(t *testing.T) {
	t.Parallel()
	require.Equal(t, uint32(0xb704ce), crc24(nil))
	require.Equal(t, uint32(0x21cf02), crc24([]byte("123456789"))) // the catalogue's check value
	raw := expand(t, "%{bytes:96}")
	sum := crc24(raw)
	block := func(sum uint32) []byte {
		return []byte("-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n" + base64.StdEncoding.EncodeToString(raw[:48]) + "\n" + base64.StdEncoding.EncodeToString(raw[48:]) +
			"\n=" + base64.StdEncoding.EncodeToString([]byte{byte(sum >> 16), byte(sum >> 8), byte(sum)}) + "\n-----END PGP PRIVATE KEY BLOCK-----")
	}
	require.Equal(t, scanner.Proven, checkPGP(block(sum)).Proof)
	require.Equal(t, scanner.Unproven, checkPGP(block(sum^1)).Proof)
}
