package classify

import (
	"bytes"
	"math/bits"
)

// standIns holds what people write where a secret is to be filled in, in lower
// case. Another is xxx, which random text may hold.
var standIns = newTexts(
	"***", "...", "…", "your", "placeholder", "redacted", "insert", "replace", "todo", "example",
	"hidden", "removed", "censored", "masked", "goes here", "goes_here", "goes-here", "enter_",
	"my_secret", "put_your", "crwdns", "fixme", "set-me", "set_me", "_here",
)

// placeholder recognises text that stands in for a secret.
func placeholder(v []byte, s *shape) (Verdict, bool) {
	if n := distinct(v); s.length > 2 && !isPIN(s) && (n == 1 || n == 2 && s.letters > 0 || n == 3 && s.length > 16 && s.letters == 0) {
		return Verdict{Placeholder, 0.05, "one character repeated"}, true
	} else if n <= maxPeriod && periodic(v) {
		return Verdict{Placeholder, 0.05, "a few characters over and over"}, true
	}
	if s.letters == 0 && s.digits == 0 {
		return Verdict{Placeholder, 0.02, "no letters or digits"}, true
	}
	var buf [64]byte
	low := lowered(buf[:], v)
	switch string(low) {
	case "true", "false", "null", "nil", "none", "undefined", "yes", "no", "on", "off", "required", "optional",
		"string", "str", "int", "bool", "boolean", "text", "bytes", "any", "object", "number", "unset",
		"empty", "value", "define", "dynamic", "n/a", "na", "never", "always", "(null)", "utf-8", "utf8", "nullable", "hashed", "encrypted", "confirmed",
		"generate", "generated", "random", "auto", "prompt", "ask", "stdin", "keyring", "disabled", // what a program is to do
		"filtered", "passwords", "secrets", "tokens", "credentials":
		return Verdict{Number, 0.02, "a truth value, a type or nothing"}, true
	}
	switch string(low) { // what git's servers want in the place of one of the two
	case "x-oauth-basic", "x-oauth-token", "x-access-token", "x-token-auth", "private-token", "gitlab-ci-token", "oauth2", "bearer", "basic":
		return Verdict{Placeholder, 0.1, "the kind of a token"}, true
	}
	if hasPrefix(low, "yourstrong") && s.signs > 0 && s.upper > 0 {
		return Verdict{}, false // Microsoft's own, in every container of SQL Server
	}
	if standIns.in(low) || marksPlace(low) || bytes.Contains(low, []byte("xxx")) && !byChance(v, low, s) {
		return Verdict{Placeholder, 0.1, "stands in for a secret"}, true
	}
	if bytes.HasSuffix(v, []byte("...")) || bytes.HasSuffix(v, []byte("…")) {
		return Verdict{Placeholder, 0.1, "cut short"}, true
	}
	return Verdict{}, false
}

// maxPeriod is how many characters of a mask such as abcabcabcabc are repeated at most.
const maxPeriod = 4

// periodic reports whether a long value repeats its first few characters.
func periodic(v []byte) bool {
	for p := 2; p <= maxPeriod && len(v) >= 12; p++ {
		if bytes.Equal(v[p:], v[:len(v)-p]) {
			return true
		}
	}
	return false
}

// marksPlace reports whether a word in angle brackets is in a text, though it may be cut:
// <your key.
func marksPlace(low []byte) bool {
	i := bytes.IndexByte(low, '<')
	return i >= 0 && (i+1 == len(low) || !isDigit(low[i+1]))
}

// isPIN recognises short numbers, which are chosen of one digit too: 111111.
func isPIN(s *shape) bool { return s.digits == s.length && s.length >= 4 && s.length <= 8 }

// byChance reports whether three x in a row, and no more, stand within a text as
// long and mixed as random ones are.
func byChance(v, low []byte, s *shape) bool {
	at := bytes.Index(low, []byte("xxx"))
	if at <= 0 || at+3 == len(low) {
		return false
	}
	before, after := low[at-1], low[at+3]
	return s.length >= 24 && s.digits >= 4 && distinct(v) >= 14 && s.kinds() > 1 &&
		after != 'x' && (isLetter(after) || isDigit(after)) && (isLetter(before) || isDigit(before))
}

// distinct counts the different bytes of a value.
func distinct(v []byte) int {
	var seen [4]uint64
	for _, c := range v {
		seen[c>>6] |= 1 << (c & 63)
	}
	n := 0
	for _, w := range seen {
		n += bits.OnesCount64(w)
	}
	return n
}

// lowered copies v into buf without case, as far as it fits.
func lowered(buf, v []byte) []byte {
	n := copy(buf, v)
	for i, c := range buf[:n] {
		if isUpper(c) {
			buf[i] = c | 0x20
		}
	}
	return buf[:n]
}
