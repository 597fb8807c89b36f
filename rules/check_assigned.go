package rules

import (
	"bytes"
	"slices"
	"strings"

	"github.com/shrike-scan/shrike/scanner"
)

// checkAssigned judges a value beside the name of its service by the text
// between the two, which the fragments matched. Hex digits and UUIDs are refuted
// where that text names a hash, a revision or an identifier, or where nothing but
// a colon stands between (`  Acme: 5f2a...` is how lock files list checksums);
// other values where they are no random text.
func checkAssigned(secret, match []byte) scanner.CheckResult {
	if repetitive(secret) || remote(secret, match) {
		return refuted
	}
	if !hexadecimal(secret) {
		return checkRandomToken(secret, match)
	}
	before := before(secret, match)
	name := strings.ToLower(string(before[max(0, len(before)-40):]))
	if namesHash(name) || misnamed(secret, match) || len(secret) == 36 && namesIdentifier(lastName(before)) || len(secret) >= 40 && listed(before) || tagged(before) {
		return refuted
	}
	if sequential(secret) {
		return doubtful
	}
	return unproven
}

// checkNamed judges a value of a format that others share, beside the name of its
// service.
func checkNamed(secret, match []byte) scanner.CheckResult {
	if remote(secret, match) || misnamed(secret, match) {
		return refuted
	}
	if bytes.HasPrefix(secret, []byte("eyJ")) { // many of these are JSON Web Tokens, which prove themselves
		if result := checkJWT(secret, match); result.Proof == scanner.Proven {
			return result
		}
	}
	return checkNotRepetitive(secret, match)
}

// maxGap is how many bytes may stand between the name of a service and a value
// that belongs to it by its place alone: a line of a file, or a clause.
const maxGap = 40

// remote holds where more than that stands between the name that the match begins
// with and the value, and the value is not assigned to the name of a key.
func remote(secret, match []byte) bool {
	gap := bytes.TrimLeftFunc(before(secret, match), isNameRune)
	for len(gap) > maxGap {
		rest := cutItem(gap, len(secret))
		if len(rest) == len(gap) {
			break
		}
		gap = rest
	}
	if len(gap) <= maxGap {
		return false
	}
	name := lastName(gap)
	return name != "-u" && !containsKeyWord(name)
}

// cutItem leaves out what text ends with where that may be a value before the secret
// in a list of such: a word of the given length, and what parts the two.
func cutItem(text []byte, length int) []byte {
	rest := bytes.TrimRight(text, "\"'`, \t\r\n")
	if start := len(rest) - length; start > 0 && len(text)-len(rest) > 0 && !isNameRune(rune(rest[start-1])) &&
		bytes.IndexFunc(rest[start:], func(r rune) bool { return !isNameRune(r) }) < 0 {
		return rest[:start]
	}
	return text
}

// before is the text of the match before the secret.
func before(secret, match []byte) []byte { return match[:max(bytes.LastIndex(match, secret), 0)] }

// lastName is the last name in a text, in small letters.
func lastName(text []byte) string {
	other := func(r rune) bool { return !isNameRune(r) }
	text = bytes.TrimRightFunc(text, other)
	return strings.ToLower(string(text[bytes.LastIndexFunc(text, other)+1:]))
}

func isNameRune(r rune) bool {
	return r == '_' || r == '-' || r >= '0' && r <= '9' || r|0x20 >= 'a' && r|0x20 <= 'z'
}

// hexadecimal holds for hex digits, with or without the dashes of a UUID.
func hexadecimal(text []byte) bool {
	for _, c := range text {
		if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') && c != '-' {
			return false
		}
	}
	return true
}

var hashNames = []string{
	"sha1", "sha2", "sha3", "sha5", "sha-", "sha:", "sha=", "sha\"", "sha'", "_sha", "md5", "commit", "revision", "hash",
	"checksum", "digest", "integrity", "etag", "fingerprint", "resolved", "blob/", "tree/", "crc", "ref=", "ref:", "request id", "rev=", " rev ", "rev:", "rev\"", "rev =", "rev'",
}

func namesHash(name string) bool {
	return slices.ContainsFunc(hashNames, func(word string) bool { return strings.Contains(name, word) })
}

// misnamed reports whether the last name before the secret is that of something else.
func misnamed(secret, match []byte) bool {
	name := lastName(before(secret, match))
	if strings.HasSuffix(name, "key") && strings.Contains(name, "public") && !strings.Contains(name, "api") && !strings.Contains(name, "secret") {
		return true
	}
	if containsKeyWord(name) {
		return false
	}
	name = strings.NewReplacer("_", "", "-", "").Replace(name)
	return slices.ContainsFunc(otherNames, func(end string) bool { return strings.HasSuffix(name, end) })
}

// What the names of other random texts end with.
var otherNames = []string{
	"sha1", "sha224", "sha256", "sha384", "sha512", "md5", "md5sum", "checksum", "digest", "etag", "fingerprint", "integrity",
	"commit", "revision", "nonce", "traceid", "spanid", "requestid", "correlationid",
	"uuid", "guid", "userid", "messageid", "eventid", "orderid", "deviceid", "objectid",
}

// namesIdentifier holds for a name that ends in id, uuid or guid, and not in
// key_id or the like.
func namesIdentifier(name string) bool {
	name, id := strings.CutSuffix(name, "id")
	return id && !endsInKeyWord(strings.TrimRight(name, "_-"))
}

// listed holds where one colon and a space, without quotes, follow a bare name.
func listed(before []byte) bool {
	text, colon := bytes.CutSuffix(before, []byte(": "))
	return colon && bytes.IndexFunc(text, func(r rune) bool { return r == '"' || r == '\'' }) < 0 &&
		!containsKeyWord(strings.ToLower(string(text)))
}

// tagged holds where a colon follows a name in a path, as the tag of an image does.
func tagged(before []byte) bool {
	text, colon := bytes.CutSuffix(before, []byte(":"))
	return colon && bytes.HasSuffix(bytes.TrimRightFunc(text, isNameRune), []byte("/"))
}

// Words that say of a name that its value is secret.
var keyWords = []string{"key", "token", "secret", "pass", "pwd", "auth", "bearer", "basic", "cred"}

func containsKeyWord(name string) bool {
	return slices.ContainsFunc(keyWords, func(word string) bool { return strings.Contains(name, word) })
}

func endsInKeyWord(name string) bool {
	return slices.ContainsFunc(keyWords, func(word string) bool { return strings.HasSuffix(name, word) })
}
