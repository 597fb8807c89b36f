package classify

import (
	"bytes"

	"github.com/shrike-scan/shrike/scanner/assign"
)

// reference recognises values that name a secret kept elsewhere, and those that
// are encrypted.
func reference(c Candidate) (Verdict, bool) {
	v := c.Value
	if isEncrypted(v) {
		return Verdict{Encrypted, 0.1, "encrypted or hashed"}, true
	}
	if isPublicKey(v) {
		return Verdict{Identifier, 0.05, "a public key"}, true
	}
	if isTemplate(v) {
		return Verdict{Reference, 0.02, "a template or a variable"}, true
	}
	if isStore(v) {
		return Verdict{Reference, 0.02, "a reference to a store"}, true
	}
	if w := c.Wrapper; len(w) > 0 && c.Form != assign.Header && (looksUp(w) || w[len(w)-1] == '[' && len(w) > 1) && c.Form != assign.Argument &&
		bytes.IndexByte(w, ',') < 0 && bytes.IndexByte(w, ' ') < 0 {
		return Verdict{Reference, 0.05, "looked up by this name"}, true
	}
	return Verdict{}, false
}

// isTemplate recognises the placeholders of shells, template engines and
// formats. A dollar sign alone is common in passwords.
func isTemplate(v []byte) bool {
	if len(v) > 1 && v[0] == '$' && (isLetter(v[1]) || v[1] == '_' || v[1] == '{' || v[1] == '(') && bytes.IndexByte(v[1:], '$') < 0 {
		if v[1] == '{' || v[1] == '(' || isIdentifier(v[1:]) {
			return true
		}
	}
	if len(v) > 2 && v[0] == '%' && v[len(v)-1] == '%' && isIdentifier(v[1:len(v)-1]) {
		return true
	}
	if len(v) > 2 && v[0] == '<' && v[len(v)-1] == '>' || len(v) > 2 && v[0] == '{' && v[len(v)-1] == '}' && isIdentifier(v[1:len(v)-1]) {
		return true
	}
	if len(v) > 2 && v[0] == '[' && v[len(v)-1] == ']' {
		return true
	}
	for i := 0; i+1 < len(v); i++ {
		switch v[i] {
		case '$':
			if v[i+1] == '{' || v[i+1] == '(' {
				return true
			}
		case '{':
			if v[i+1] == '{' || v[i+1] == '%' {
				return true
			}
		case '#':
			if v[i+1] == '{' {
				return true
			}
		case '<':
			if v[i+1] == '%' || v[i+1] == '?' {
				return true
			}
		case '%':
			switch v[i+1] {
			case 's', 'd', 'v', 'q':
				return i+2 == len(v) || !isLetter(v[i+2])
			case '(', '{':
				return true
			}
		case '\\':
			if v[i+1] == '(' {
				return true
			}
		}
	}
	return false
}

// isStore recognises addresses of secret stores.
func isStore(v []byte) bool {
	for _, p := range [...]string{"vault:", "arn:", "ssm:", "op://", "!Ref", "!Sub", "ref+", "secret://", "secretsmanager:", "keyvault:", "projects/", "env:", "file:", "sm://", "awssm:", "@Microsoft.KeyVault", "process.env", "os.environ", "ENV["} {
		if hasPrefix(v, p) {
			return true
		}
	}
	return false
}

// isEncrypted recognises envelopes of encrypted values and formats of hashed
// passwords.
func isEncrypted(v []byte) bool {
	if n := len(v); n > 20 && v[0] == '{' && v[n-1] == '}' && isBase64(v[1:n-1]) {
		return true // Jenkins and Maven
	}
	for _, p := range [...]string{"$ANSIBLE_VAULT", "ENC[", "ENC(", "enc:", "{cipher}", "{AES}", "$2a$", "$2b$", "$2y$", "$1$", "$5$", "$6$", "$argon2", "$apr1$", "$pbkdf2", "pbkdf2_sha", "pbkdf2:", "bcrypt", "{SSHA}", "{SHA}", "{bcrypt}", "{noop}{", "vault:v1:", "scrypt:", "sha256:", "sha512:", "sha1:", "md5:", "sha256-", "sha384-", "sha512-", "AQECAH", "AQAAABAAAA", "AgA"} {
		if hasPrefix(v, p) {
			return true
		}
	}
	return false
}

// isPublicKey recognises public keys of SSH and, by how their DER starts
// (SubjectPublicKeyInfo, RFC 5280), those of P-256, P-384, RSA and Ed25519.
func isPublicKey(v []byte) bool {
	for _, p := range [...]string{"-----BEGIN PUBLIC", "ssh-rsa ", "ssh-ed25519 ", "ecdsa-sha2", "MFkwEwYHKoZIzj0CAQ", "MHYwEAYHKoZIzj0CAQ",
		"MIIBIjANBgkqhkiG9w0BAQEFAAOC", "MIICIjANBgkqhkiG9w0BAQEFAAOC", "MIGfMA0GCSqGSIb3DQEBAQUAA4GN", "MCowBQYDK2Vw"} {
		if hasPrefix(v, p) {
			return true
		}
	}
	return false
}

func isBase64(v []byte) bool {
	for _, b := range v {
		if !isLetter(b) && !isDigit(b) && b != '+' && b != '/' && b != '=' {
			return false
		}
	}
	return true
}

// looksUp reports whether a wrapper asks for the value of a name.
func looksUp(w []byte) bool {
	end := len(w)
	for end > 0 && (w[end-1] == '(' || w[end-1] == ' ' || w[end-1] == '[') {
		end--
	}
	for _, word := range [...]string{"env", "ENV", "Env", "get", "Get", "find", "lookup", "config", "Config", "param", "fetch", "read", "input", "load", "secrets", "prompt", "query", "header", "cookies", "request", "args", "options", "opts", "settings", "params", "t", "_", "i18n", "translate", "sprintf", "Sprintf", "format", "join", "Join", "open", "Open"} {
		if n := end - len(word); hasSuffix(w[:end], word) && (n == 0 || !isLetter(word[0]) || !isLetter(w[n-1]) || isUpper(word[0])) {
			return true
		}
	}
	return false
}

// isIdentifier accepts words, digits, and the dots and signs between them.
func isIdentifier(v []byte) bool {
	for _, c := range v {
		if !isLetter(c) && !isDigit(c) && c != '_' && c != '.' && c != '-' && c != ':' && c != '>' && c != '[' && c != ']' {
			return false
		}
	}
	return len(v) > 0
}

func hasPrefix(v []byte, p string) bool {
	return len(v) >= len(p) && string(v[:len(p)]) == p
}

func hasSuffix(v []byte, s string) bool {
	return len(v) >= len(s) && string(v[len(v)-len(s):]) == s
}
