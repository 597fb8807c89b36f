package classify

import (
	"bytes"
	"encoding/base64"

	"github.com/shrike-scan/shrike/scanner/assign"
)

// basic judges the credentials of HTTP's Basic scheme (RFC 7617), which encode
// `user:password` in base64. Docker's configuration writes them as "auth".
func basic(c Candidate, m meaning) (Verdict, bool) {
	if m != auth {
		return Verdict{}, false
	}
	named := c.Form == assign.Header && (bytes.EqualFold(c.Wrapper, []byte("basic")) || bytes.EqualFold(c.Name, []byte("basic")))
	switch {
	case isBasicPair(c.Value) && (named || c.Quote != 0 || !followedByWords(c)):
		return Verdict{Secret, 0.8, "a user and a password in base64"}, true
	case named && (randomness(c.Value) < 20 || len(c.Value) < 12):
		return Verdict{Identifier, 0.1, "no user and password in base64"}, true
	}
	return Verdict{}, false
}

// isBasicPair reports whether v is base64 of printable text `user:password`,
// neither of which is empty.
func isBasicPair(v []byte) bool {
	var buf [120]byte
	v = bytes.TrimRight(v, "=")
	if len(v) < 6 || base64.RawStdEncoding.DecodedLen(len(v)) > len(buf) {
		return false
	}
	n, err := base64.RawStdEncoding.Decode(buf[:], v)
	if err != nil {
		return false
	}
	pair := bytes.TrimRight(buf[:n], "\r\n")
	for _, b := range pair {
		if b < ' ' || b == 0x7f {
			return false
		}
	}
	colon := bytes.IndexByte(pair, ':')
	return colon > 0 && colon < len(pair)-1
}
