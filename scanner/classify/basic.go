package classify

import (
	"bytes"
	"encoding/base64"
	"unicode/utf8"

	"github.com/shrike-scan/shrike/scanner/assign"
)

// basic judges the credentials of HTTP's Basic scheme (RFC 7617), which encode
// `user:password` in base64. Docker's configuration writes them as "auth".
func basic(c *Candidate, m meaning) (Verdict, bool) {
	if m != auth {
		return Verdict{}, false
	}
	var buf [120]byte
	text := printed(buf[:], c.Value)
	colon := bytes.IndexByte(text, ':')
	named := c.Form == assign.Header && (bytes.EqualFold(c.Wrapper, []byte("basic")) || bytes.EqualFold(c.Name, []byte("basic")))
	switch {
	case colon > 0 && colon < len(text)-1 && (named || c.Quote != 0 || !followedByWords(c)):
		return Verdict{Secret, 0.8, "a user and a password in base64"}, true
	case isAccount(c.Name, c.Value):
		return Verdict{Secret, 0.45, "a user and a password"}, true
	case named && (len(text) > 0 && colon < 0 && shapeOf(text).high == 0 || randomness(c.Value) < 20 || len(c.Value) < 12):
		return Verdict{Identifier, 0.1, "no user and password in base64"}, true
	}
	return Verdict{}, false
}

// isAccount recognises user:password under a name that speaks of HTTP's Basic scheme:
// BASIC_AUTH=NAME:PASSWORD. Words alone may be a scope or a role.
func isAccount(name, v []byte) bool {
	var buf [64]byte
	low := lowered(buf[:], name)
	if !bytes.Contains(low, []byte("basic")) && !bytes.Contains(low, []byte("http")) {
		return false
	}
	user, password, ok := bytes.Cut(v, []byte(":"))
	s := shapeOf(password)
	return ok && len(user) > 1 && isIdentifier(user) && len(password) >= 6 && s.digits > 0 && s.letters > 0 &&
		!bytes.ContainsAny(password, ":/@<>{}()[]$ ,")
}

// printed decodes base64 of a printable text in UTF-8 into buf. It is nil where v is none,
// and where the text is longer than buf or of less than four bytes.
func printed(buf, v []byte) []byte {
	v = bytes.TrimRight(v, "=")
	if len(v) < 6 || base64.RawStdEncoding.DecodedLen(len(v)) > len(buf) {
		return nil
	}
	n, err := base64.RawStdEncoding.Decode(buf, v)
	if err != nil {
		return nil
	}
	text := bytes.TrimRight(buf[:n], "\r\n")
	if !utf8.Valid(text) {
		return nil
	}
	for _, b := range text {
		if b < ' ' || b == 0x7f {
			return nil
		}
	}
	return text
}
