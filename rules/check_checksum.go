package rules

import (
	"bytes"
	"encoding/base64"
	"strconv"

	"github.com/shrike-scan/shrike/scanner"
)

// Tokens that end in a CRC32 of their own text. Each layout was confirmed on
// issued tokens or in the vendor's source; a token that fails is dropped, other
// than where a function says so.

// body returns what stands after the last underscore of a prefix such as ghp_,
// and splits its last n bytes off.
func body(secret []byte, n int) (text, tail []byte, ok bool) {
	text = secret[bytes.LastIndexByte(secret, '_')+1:]
	if len(text) <= n {
		return nil, nil, false
	}
	return text[:len(text)-n], text[len(text)-n:], true
}

// checkTail62 is the layout of GitHub's classic tokens, Vercel and Polar: the
// last six are the base62 CRC32 of the characters after the prefix.
func checkTail62(secret, _ []byte) scanner.CheckResult {
	text, tail, ok := body(secret, 6)
	return proveIf(ok && crcBase62(text) == string(tail))
}

// checkTail62Hint is checkTail62 for npm, which says it uses the layout: what
// was not confirmed drops nothing.
func checkTail62Hint(secret, match []byte) scanner.CheckResult {
	if r := checkTail62(secret, match); r.Proof == scanner.Proven {
		return r
	}
	return checkNotRepetitive(secret, match)
}

// checkFineGrained reads github_pat_<22>_<59>. Its tail is a check-sum by a rule
// that is not public, so only stand-ins are dropped.
func checkFineGrained(secret, _ []byte) scanner.CheckResult {
	text, _, ok := body(secret, 6)
	if !ok || repetitive(text) {
		return refuted
	}
	if sequential(text) {
		return doubtful
	}
	return unproven
}

// checkCloudflare: cfut_, cfat_ and cfk_, 40 characters, 8 hex digits.
func checkCloudflare(secret, _ []byte) scanner.CheckResult {
	text, tail, ok := body(secret, 8)
	return proveIf(ok && crcHex(text) == string(tail))
}

// checkAtlassian: the last 8 upper-case hex digits cover all text before them.
func checkAtlassian(secret, _ []byte) scanner.CheckResult {
	n := len(secret) - 8
	return proveIf(n > 0 && bytes.EqualFold([]byte(crcHex(secret[:n])), secret[n:]))
}

// checkGrafana: glsa_<32>_<8>, little-endian hex over glsa_<32>.
func checkGrafana(secret, _ []byte) scanner.CheckResult {
	n := len(secret) - 9
	return proveIf(n > 0 && secret[n] == '_' && crcHexReversed(secret[:n]) == string(secret[n+1:]))
}

// checkZuplo: zpka_<32>_<8>, hex over the 32.
func checkZuplo(secret, _ []byte) scanner.CheckResult {
	parts := bytes.Split(secret, []byte("_"))
	return proveIf(len(parts) == 3 && crcHex(parts[1]) == string(parts[2]))
}

// checkConfluent: cflt<54><6>, unpadded base64 of the little-endian CRC32.
func checkConfluent(secret, _ []byte) scanner.CheckResult {
	const prefix, tail = len("cflt"), 6
	n := len(secret) - tail
	return proveIf(n > prefix && crcBase64Reversed(secret[prefix:n]) == string(secret[n:]))
}

// checkGitLabRoutable reads glpat-<payload>.01.<LL><CCCCCCC> (the version part
// is absent in an earlier form): LL is the payload's length and CCCCCCC the
// CRC32 of all text before it, both in base36. The payload is base64url of 16
// random bytes, lines `letter:value`, and one byte with the size of the lines.
func checkGitLabRoutable(secret, _ []byte) scanner.CheckResult {
	dot := bytes.LastIndexByte(secret, '.')
	if dot < 0 || len(secret)-dot != 10 {
		return refuted
	}
	_, payload, _ := bytes.Cut(secret[:dot], []byte("-"))
	if len(payload) > 3 && payload[0] == 't' && payload[2] == '_' {
		payload = payload[3:] // glrt-t1_
	}
	payload, _, _ = bytes.Cut(payload, []byte("."))
	length, err := strconv.ParseUint(string(secret[dot+1:dot+3]), 36, 16)
	if err != nil || int(length) != len(payload) || crcBase36(secret[:dot+3]) != string(secret[dot+3:]) {
		return refuted
	}
	return proven(routing(payload)...)
}

// routing reads the lines of a payload: o, g, p, u and c name an organisation,
// group, project, user and cell by a base36 number.
func routing(payload []byte) []scanner.Detail {
	raw, err := base64.RawURLEncoding.DecodeString(string(payload))
	if err != nil || len(raw) < 17 {
		return nil
	}
	raw = raw[16 : len(raw)-1]
	names := map[string]string{"o": "organisation", "g": "group", "p": "project", "u": "user", "c": "cell"}
	var details []scanner.Detail
	for line := range bytes.Lines(raw) {
		key, value, ok := bytes.Cut(bytes.TrimSpace(line), []byte(":"))
		number, err := strconv.ParseUint(string(value), 36, 63)
		if name := names[string(key)]; ok && err == nil && name != "" {
			details = append(details, scanner.Detail{Name: name, Value: strconv.FormatUint(number, 10)})
		}
	}
	return details
}
