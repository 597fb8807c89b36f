package classify

import (
	"bytes"

	"github.com/shrike-scan/shrike/scanner/assign"
)

// stores holds how addresses of secret stores and environments start.
var stores = newTexts(
	"vault:", "arn:", "ssm:", "op://", "!Ref", "!Sub", "ref+", "secret://", "secretsmanager:", "keyvault:",
	"projects/", "env:", "file:", "sm://", "awssm:", "@Microsoft.KeyVault", "process.env", "os.environ",
	"ENV[", "%env(",
)

// encrypted holds how envelopes of encrypted values (Ansible, SOPS, Jasypt, Spring,
// Vault, AWS KMS, Jenkins), hashed passwords (ASP.NET Core Identity's among them, of version 3
// with its two counts of iterations) and digests start.
var encrypted = newTexts(
	"$ANSIBLE_VAULT", "ENC[", "ENC(", "enc:", "$2a$", "$2b$", "$2y$", "$1$", "$5$", "$6$", "$argon2", "$apr1$",
	"$pbkdf2", "pbkdf2_sha", "pbkdf2:", "bcrypt:", "bcrypt$", "bcrypt_", "{noop}{", "{[name=", "vault:v1:", "scrypt:", "sha256:", "sha512:",
	"hmac-sha256:", "SHA256:", "sha1-", "sha1:", "md5:", "sha256-",
	"sha384-", "sha512-", "AQAAAAEAACcQ", "AQAAAAIAAYag", "AQECAH", "AQIAAA5m", "AQAAABAAAA",
)

// publicKeys holds how public keys of SSH start, and, as base64 of DER
// (SubjectPublicKeyInfo, RFC 5280; RSAPublicKey, RFC 8017), those of P-256, P-384,
// RSA and Ed25519.
var publicKeys = newTexts(
	"-----BEGIN PUBLIC", "ssh-rsa ", "ssh-ed25519 ", "ecdsa-sha2", "MFkwEwYHKoZIzj0CAQ",
	"MHYwEAYHKoZIzj0CAQ", "MIIBIjANBgkqhkiG9w0BAQEFAAOC", "MIICIjANBgkqhkiG9w0BAQEFAAOC",
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GN", "MCowBQYDK2Vw", "MIIBCgKCAQEA", "MIICCgKCAgEA", "MIGJAoGBA",
	"LS0tLS1CRUdJTiBDRVJ", "LS0tLS1CRUdJTiBQVUJ", // PEM in base64
)

// lookups holds the words that end the names of functions which look up a value
// by its name, or make it of others.
var lookups = [...]string{
	"env", "ENV", "Env", "get", "Get", "find", "lookup", "config", "Config", "param", "fetch", "read",
	"input", "load", "secrets", "prompt", "query", "header", "cookies", "request", "args", "options",
	"opts", "settings", "params", "t", "_", "i18n", "translate", "sprintf", "Sprintf", "format", "join",
	"Join", "open", "Open", "$", "jQuery", "querySelector", "ById", "ByName",
}

// reference recognises values that name a secret kept elsewhere, and those that
// are encrypted.
func reference(c *Candidate) (Verdict, bool) {
	v := c.Value
	if isEncrypted(v) {
		return Verdict{Encrypted, 0.1, "encrypted or hashed"}, true
	}
	if publicKeys.start(v) {
		return Verdict{Identifier, 0.05, "a public key"}, true
	}
	if isTemplate(v) {
		return Verdict{Reference, 0.02, "a template or a variable"}, true
	}
	if stores.start(v) {
		return Verdict{Reference, 0.02, "a reference to a store"}, true
	}
	if c.Form != assign.Header && c.Form != assign.Argument && isLookup(c.Wrapper) {
		return Verdict{Reference, 0.05, "looked up by this name"}, true
	}
	return Verdict{}, false
}

// isTemplate recognises the placeholders of shells, template engines and
// formats. A dollar sign alone is common in passwords.
func isTemplate(v []byte) bool {
	return isVariable(v) || isEnclosed(v) || holdsTemplate(v) || joins(v)
}

// joins recognises what stands between the quotes of a literal that a program or a
// shell interrupts for a variable: "'$NAME'", "{$name}", "" . name . "", and an object
// of JSON with variables in it.
func joins(v []byte) bool {
	n := len(v)
	if n < 4 {
		return false
	}
	switch first, last := v[0], v[n-1]; {
	case first == '{':
		return v[1] == '$' && last == '}' || bytes.Contains(v, []byte(`"$`))
	case first == '\'' && last == '\'', first == '"' && last == '"':
		return isVariable(v[1:n-1]) || v[1] == v[n-2] && (v[1] == '.' || v[1] == '+')
	}
	return false
}

// isVariable accepts $NAME, ${NAME:-default}, $(command), $NAME/path,
// $hash{'key'}, $array["key"] and $object->member, and $$NAME, as make and compose
// hand a variable to a shell.
func isVariable(v []byte) bool {
	if len(v) > 3 && v[0] == '$' && v[1] == '$' && isUpper(v[2]) {
		v = v[1:]
	}
	if len(v) < 2 || v[0] != '$' || bytes.IndexByte(v[1:], '$') >= 0 {
		return false
	}
	if v[1] == '{' || v[1] == '(' || (isLetter(v[1]) || v[1] == '_') && isIdentifier(v[1:]) {
		return true
	}
	end, lower := 1, false
	for end < len(v) && (isLetter(v[end]) || end > 1 && isDigit(v[end]) || v[end] == '_') {
		lower = lower || isLower(v[end])
		end++
	}
	rest := v[end:]
	if end < 3 || len(rest) < 2 {
		return false
	}
	switch rest[0] {
	case '/':
		return !lower
	case '{', '[':
		return rest[1] == '\'' || rest[1] == '"' || rest[1] == '$' || rest[len(rest)-1] == rest[0]+2 && isIdentifier(rest[1:len(rest)-1])
	}
	return hasPrefix(rest, "->")
}

// isEnclosed accepts <name>, [name], {name}, %NAME%, and NAME between the same signs:
// ###NAME###, @@NAME@@, __NAME__.
func isEnclosed(v []byte) bool {
	if len(v) < 3 {
		return false
	}
	if isMarked(v) {
		return true
	}
	inner := v[1 : len(v)-1]
	switch first, last := v[0], v[len(v)-1]; {
	case first == '<' && last == '>', first == '[' && last == ']':
		return true
	case first == '{' && last == '}', first == '%' && last == '%':
		return isIdentifier(inner)
	}
	return false
}

// isMarked recognises a name in capitals that as many of one sign stand before as
// behind.
func isMarked(v []byte) bool {
	n := 0
	for n < len(v) && v[n] == v[0] {
		n++
	}
	switch v[0] {
	case '#', '@', '%', '_':
	default:
		return false
	}
	if len(v) < 2*n+3 || bytes.Count(v[len(v)-n:], v[:1]) != n {
		return false
	}
	for _, c := range v[n : len(v)-n] {
		if !isUpper(c) && c != '_' && c != '-' && c != '.' {
			return false
		}
	}
	return true
}

// holdsTemplate looks for what opens an expression inside a text: ${ $( {{ {%
// #{ <% <? %( %{ \( and the verbs of printf.
func holdsTemplate(v []byte) bool {
	for i := 0; i+1 < len(v); i++ {
		next := v[i+1]
		switch v[i] {
		case '$':
			if next == '{' || next == '(' {
				return true
			}
		case '{':
			if next == '{' || next == '%' {
				return true
			}
		case '#':
			if next == '{' {
				return true
			}
		case '<':
			if next == '%' || next == '?' {
				return true
			}
		case '\\':
			if next == '(' {
				return true
			}
		case '%':
			switch next {
			case '(', '{':
				return true
			case '7':
				if hasPrefix(v[i:], "%7B%7B") { // {{ in a URL
					return true
				}
			case 's', 'd', 'v', 'q':
				return i+2 == len(v) || !isLetter(v[i+2])
			}
		}
	}
	return false
}

// isEncrypted recognises envelopes of encrypted values and formats of hashed
// passwords.
func isEncrypted(v []byte) bool {
	if n := len(v); n > 16 && v[0] == '{' && v[n-1] == '}' && isBase64(v[1:n-1]) && (n > 20 || v[n-2] == '=') {
		return true // Jenkins and Maven
	}
	return v[0] == '{' && namesScheme(v) || encrypted.start(v) || isSealed(v) || isMySQLHash(v) || isEncString(v)
}

// isEncString recognises what Bitwarden's clients encrypt: the number of a scheme, a full
// stop, and the vector, the text and its code in base64, parted by bars.
func isEncString(v []byte) bool {
	if len(v) <= 20 || !isDigit(v[0]) || v[1] != '.' {
		return false
	}
	const sealed = 344 // by a key of RSA, in one part
	bar := bytes.IndexByte(v, '|')
	if bar < 0 && len(v) == 2+sealed {
		return isBase64(v[2:])
	}
	if bar < 3 || !isBase64(v[2:bar]) {
		return false
	}
	text, code, _ := bytes.Cut(v[bar+1:], []byte("|"))
	return isBase64(text) && isBase64(code)
}

// isMySQLHash recognises the hashes of MySQL's native passwords: an asterisk and the
// digits of a SHA-1.
func isMySQLHash(v []byte) bool {
	return len(v) == 41 && v[0] == '*' && shapeOf(v[1:]).hex
}

// namesScheme recognises {SCHEME}value, as directories (RFC 3112) and Spring write
// hashed and encrypted passwords: {SSHA256}, {pbkdf2@SpringSecurity_v5_8}, {cipher}.
// {noop} and {CLEARTEXT} hide nothing.
func namesScheme(v []byte) bool {
	var buf [24]byte
	low := lowered(buf[:], v[1:])
	end := bytes.IndexAny(low, "}@")
	if end < 0 {
		return false
	}
	switch string(bytes.TrimRight(low[:end], "-0123456789")) {
	case "sha", "ssha", "md", "smd", "crypt", "bcrypt", "scrypt", "argon", "pbkdf", "pbkdf2-sha", "pbkdf2_sha", "ldap", "aes", "cipher", "des", "3des":
		return true
	}
	return false
}

// isSealed recognises values of SealedSecrets: the length of an RSA key's
// session key, 512 bytes, in two bytes, and what that key encrypts.
func isSealed(v []byte) bool {
	const shortest = 300
	return len(v) >= shortest && hasPrefix(v, "Ag") && v[2] >= 'A' && v[2] <= 'D' && isBase64(v)
}

func isBase64(v []byte) bool {
	for _, b := range v {
		if !isLetter(b) && !isDigit(b) && b != '+' && b != '/' && b != '=' {
			return false
		}
	}
	return true
}

// isLookup reports whether a wrapper makes the literal the name of what is
// looked up: env("NAME"), config["name"]. With a comma or a space it holds more,
// and the literal is what stands in where nothing is found.
func isLookup(w []byte) bool {
	if len(w) == 0 || bytes.IndexByte(w, ',') >= 0 || bytes.IndexByte(w, ' ') >= 0 {
		return false
	}
	return looksUp(w) || w[len(w)-1] == '[' && len(w) > 1
}

// looksUp reports whether a wrapper ends at one of lookups, as a whole word or
// hump.
func looksUp(w []byte) bool {
	end := len(w)
	for end > 0 && (w[end-1] == '(' || w[end-1] == ' ' || w[end-1] == '[') {
		end--
	}
	for _, word := range &lookups {
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
