package classify

import (
	"bytes"

	"github.com/shrike-scan/shrike/scanner/assign"
)

// shape counts what a value is made of.
type shape struct {
	length                              int
	lower, upper, digits, spaces, signs int
	high                                int // bytes beyond ASCII
	letters                             int
	hex                                 bool // digits and a-f, of one case
	dots, slashes, dashes, underscores  int
	colons                              int
}

func shapeOf(v []byte) shape {
	var s shape
	s.count(v)
	return s
}

func (s *shape) count(v []byte) {
	var t tally
	for _, c := range v {
		one := &tallies[kindOf[c]]
		t[0] += one[0]
		t[1] += one[1]
	}
	s.length = len(v)
	s.lower, s.upper, s.digits = t.of(lowHex)+t.of(low), t.of(highHex)+t.of(high), t.of(digit)
	s.spaces, s.high = t.of(space), t.of(beyond)
	s.dots, s.slashes, s.dashes, s.underscores, s.colons = t.of(dot), t.of(slash), t.of(dash), t.of(underscore), t.of(colon)
	s.letters = s.lower + s.upper
	s.signs = s.length - s.letters - s.digits - s.spaces - s.high
	s.hex = s.length > 0 && s.digits+t.of(lowHex)+t.of(highHex) == s.length && (s.lower == 0 || s.upper == 0)
}

// kinds counts the classes of characters: lower, upper, digits, signs.
func (s *shape) kinds() int {
	n := 0
	for _, k := range [...]int{s.lower, s.upper, s.digits, s.signs} {
		if k > 0 {
			n++
		}
	}
	return n
}

// mixed reports whether a value is of letters and digits, as passwords are and few
// words: eight at least, in one piece.
func (s shape) mixed() bool {
	return s.length >= 8 && s.digits > 0 && s.letters > 2 && s.spaces == 0 && s.high == 0 &&
		s.dashes+s.dots+s.slashes+s.underscores+s.colons == 0 && s.signs <= 3
}

// shaped recognises values of a well-known shape that is no secret's.
func shaped(c *Candidate, m meaning, s *shape, exact bool) (Verdict, bool) {
	v := c.Value
	switch {
	case s.spaces > 0 && prose(c, m, s):
		return Verdict{Prose, 0.05, "a sentence or a label"}, true
	case (m != password || s.length > 24) && s.high*2 >= s.length, escapesText(v):
		return Verdict{Prose, 0.05, "text in another language"}, true
	case isURL(v) || bytes.Contains(v, []byte("://")):
		return Verdict{URL, 0.05, "a URL"}, true
	case isUUID(v), prefixedUUID(v):
		if exact && (m == token || m == key || m == secret || m == password) {
			return Verdict{Secret, 0.5, "a UUID as a credential"}, true
		}
		if m == someKey && c.Quote != 0 && (c.Op == assign.Assign || c.Op == assign.Call) {
			return Verdict{Secret, 0.4, "a UUID as a key"}, true
		}
		return Verdict{UUID, 0.2, "a UUID"}, true
	case isPath(v, s):
		return Verdict{FilePath, 0.05, "a path or a file's name"}, true
	case m != password && s.digits < s.length && isSequence(v):
		if exact && (m == secret || m == key || m == token) {
			return Verdict{Secret, 0.35, "characters in their order as a secret"}, true
		}
		return Verdict{TestVector, 0.1, "characters in their order"}, true
	case s.length <= 18 && s.length > 2 && v[0] == '0' && (v[1] == 'x' || v[1] == 'X' || v[1] == 'b' && allDigits(v[2:])):
		return Verdict{Number, 0.05, "a number"}, true
	case isNumber(s):
		if exact && s.dots == 0 && (m == password && s.length >= 4 || m == secret && s.length >= 9 || m == key && (s.length == 16 || s.length == 32)) {
			return Verdict{Secret, 0.35, "a number as a password"}, true
		}
		return Verdict{Number, 0.05, "a number"}, true
	case isDate(v, s), hasPrefix(v, "npm:"), hasPrefix(v, "workspace:"):
		return Verdict{Version, 0.05, "a date or a version"}, true
	case v[0] == '+' && s.digits == s.length-1:
		return Verdict{Number, 0.05, "a telephone number"}, true
	case isPattern(v, s):
		return Verdict{Code, 0.05, "a regular expression"}, true
	case isPercentEncoded(v):
		return Verdict{Code, 0.05, "signs in percent encoding"}, true
	case isColour(v, s):
		return Verdict{Number, 0.05, "a colour"}, true
	case isAlgorithm(v, s):
		return Verdict{Identifier, 0.05, "the name of an algorithm"}, true
	case hasPrefix(v, "Signature="):
		return Verdict{Identifier, 0.1, "the signature of a request"}, true
	case hasPrefix(v, "amzn1."):
		return Verdict{Identifier, 0.1, "an identifier of Amazon's"}, true
	case isSlackToken(v):
		return Verdict{Secret, 0.5, "begins as Slack's tokens do"}, true
	}
	return Verdict{}, false
}

// escapesText recognises text in another language that is written in escapes:
// \u5bc6\u7801.
func escapesText(v []byte) bool {
	const escape = len(`\u0000`)
	if hasPrefix(v, `\U`) && len(v) > 5 && shapeOf(v[2:6]).hex {
		return true
	}
	n := bytes.Count(v, []byte(`\u`))
	if n > 0 && lettersAlone(v) {
		return true // Contrase\u00f1a
	}
	return len(v) > escape && hasPrefix(v, `\u`) && n*escape*2 > len(v)
}

// lettersAlone reports whether nothing but letters, spaces and escapes of letters
// beyond ASCII stands in a text.
func lettersAlone(v []byte) bool {
	const escape = len(`\u0000`)
	for i := 0; i < len(v); i++ {
		switch c := v[i]; {
		case c == '\\' && i+escape <= len(v) && v[i+1] == 'u' && (v[i+2] != '0' || v[i+3] != '0' || v[i+4]|0x20 >= 'c' && v[i+4]|0x20 <= 'f'):
			i += escape - 1
		case !isLetter(c) && c != ' ' && c != '.' && c != '-':
			return false
		}
	}
	return true
}

// isPercentEncoded recognises signs that a test of an encoder writes: %20%3A%23.
func isPercentEncoded(v []byte) bool {
	return len(v) >= 9 && v[0] == '%' && bytes.Count(v, []byte("%"))*3 >= len(v)-3
}

// isColour recognises #rgb, #rrggbb and #rrggbbaa.
func isColour(v []byte, s *shape) bool {
	if v[0] != '#' || s.length != 4 && s.length != 7 && s.length != 9 {
		return false
	}
	for _, c := range v[1:] {
		if !isDigit(c) && c|0x20-'a' >= 6 {
			return false
		}
	}
	return true
}

// isAlgorithm recognises names of ciphers, digests and derivations, as libraries
// ask for them: PBKDF2WithHmacSHA256, AES/GCM/NoPadding, aes-256-cbc.
func isAlgorithm(v []byte, s *shape) bool {
	if s.length > 40 || s.letters < 4 || s.spaces > 0 || s.signs > s.slashes+s.dashes+s.underscores {
		return false
	}
	for _, part := range [...]string{"Hmac", "HMAC", "hmac-", "PBKDF2", "Padding", "WithSHA", "withRSA", "WithRSA", "PKCS", "aes-", "AES-", "AES/"} {
		if bytes.Contains(v, []byte(part)) {
			return true
		}
	}
	return false
}

// isPattern recognises regular expressions by what no other text holds: classes
// that are repeated, groups with flags, and escaped classes.
func isPattern(v []byte, s *shape) bool {
	if s.signs < 4 {
		return false
	}
	for _, part := range [...]string{"a-z", "A-Z", "0-9", "(?:", "(?i", `\b(`, `\w`, `\d`, `\s`, `\S`, `\W`, `\D`} {
		if bytes.Contains(v, []byte(part)) {
			return bytes.IndexByte(v, '[') >= 0 && bytes.IndexByte(v, ']') >= 0 || bytes.IndexByte(v, '(') >= 0 && bytes.IndexByte(v, ')') >= 0
		}
	}
	return false
}

// isSequence recognises runs such as 0123456789abcdef, which fill in for keys in
// tests: four steps of five lead to the next character.
func isSequence(v []byte) bool {
	if len(v) < 10 {
		return false
	}
	leaps := len(v) / 5
	for i := 1; i < len(v); i++ {
		if v[i] == v[i-1]+1 || v[i-1] == '9' && (v[i] == '0' || v[i]|0x20 == 'a') {
			continue
		}
		if leaps--; leaps <= 0 {
			return false
		}
	}
	return true
}

// isSlackToken recognises the short tokens of Slack's first years: xoxp-1234-5678.
func isSlackToken(v []byte) bool {
	return len(v) > 15 && hasPrefix(v, "xox") && v[4] == '-' && isDigit(v[5])
}

// isNumber accepts digits, and the signs between them.
func isNumber(s *shape) bool {
	return s.digits > 0 && s.digits+s.dots+s.dashes+s.underscores == s.length
}

// isDate accepts versions (v1.2.3, ^1.0) and times (2020-01-02T03:04:05Z).
func isDate(v []byte, s *shape) bool {
	if isConstraint(v) {
		return true
	}
	if trimmed := bytes.TrimLeft(v, "^~<>= "); len(trimmed) > 0 && len(trimmed) < len(v) && s.dots > 0 {
		if s.dots > 1 && isDigit(trimmed[0]) && bytes.IndexByte(trimmed, '-') > 0 {
			return true // <3.1.3-dev
		}
		return s.digits+s.dots+len(v)-len(trimmed) == s.length
	}
	if isBasicTime(v) {
		return true
	}
	if s.digits*2 < s.length && !(s.length > 2 && v[0] == 'v' && isDigit(v[1]) && s.dots > 0) {
		return false
	}
	return s.digits > 3 && s.dashes >= 2 && s.colons >= 1 || v[0] == 'v' && isDigit(v[1]) && s.dots > 0 && s.length < 16
}

// isConstraint accepts what packages ask of versions: ~5.6.0|^6.0, >=1.2 <2.
func isConstraint(v []byte) bool {
	for _, c := range v {
		if !isDigit(c) && bytes.IndexByte([]byte(".~^<>=|*, "), c) < 0 {
			return false
		}
	}
	return bytes.IndexByte(v, '.') >= 0 && bytes.ContainsAny(v, "~^<>|")
}

// isBasicTime accepts times in ISO 8601's basic format: 20200102T030405Z.
func isBasicTime(v []byte) bool {
	for i, c := range v {
		switch {
		case i == 8 && c == 'T', i == 15 && c == 'Z':
		case !isDigit(c):
			return false
		}
	}
	return (len(v) == 15 || len(v) == 16) && v[8] == 'T'
}

func isURL(v []byte) bool {
	for i := 1; i+2 < len(v) && i < 24; i++ {
		switch c := v[i]; {
		case c == ':':
			return v[i+1] == '/' && v[i+2] == '/' || string(v[:i]) == "urn" || string(v[:i]) == "mailto" || string(v[:i]) == "data"
		case isLower(c) || isUpper(c) || isDigit(c) || c == '+' || c == '-' || c == '.':
		default:
			return false
		}
	}
	return false
}

func isUUID(v []byte) bool {
	if len(v) == 38 && v[0] == '{' && v[37] == '}' {
		v = v[1:37]
	}
	if len(v) != 36 {
		return false
	}
	for i, c := range v {
		switch i {
		case 8, 13, 18, 23:
			if c != '-' {
				return false
			}
		default:
			if !isDigit(c) && c|0x20-'a' >= 6 {
				return false
			}
		}
	}
	return true
}

// prefixedUUID recognises keys such as api-<UUID>: a UUID behind a word.
func prefixedUUID(v []byte) bool {
	at := len(v) - 37
	return at > 0 && at <= 8 && (v[at] == '-' || v[at] == '_') && !bytes.ContainsAny(v[:at], "-_.") && isUUID(v[at+1:])
}

// isPath accepts absolute and relative paths, and names of files.
func isPath(v []byte, s *shape) bool {
	switch {
	case len(v) > 2 && (string(v[:2]) == "./" || string(v[:2]) == "@/" || string(v[:2]) == "~/" || string(v[:2]) == ".."):
		return true
	case len(v) > 3 && v[1] == ':' && (v[2] == '\\' || v[2] == '/'):
		return true
	case s.slashes > 2 && (hasSuffix(v, ".png") || hasSuffix(v, ".jpg")):
		return true
	case v[0] == '/' && len(v) > 1 && v[len(v)-1] == '/':
		return s.letters > 0
	case v[0] == '/' && len(v) > 1:
		return s.digits*5 < s.length && (s.slashes > 1 || s.upper == 0) && randomness(v) < 12
	case s.slashes > 0 && s.signs == s.slashes+s.dots+s.dashes+s.underscores+s.colons && s.spaces == 0:
		return randomness(v) < 6 && !(s.digits > 2 && s.upper > 0) || s.slashes > 1 && hasExtension(v, s)
	}
	return hasExtension(v, s)
}

// hasExtension recognises the name of a file by what ends it.
func hasExtension(v []byte, s *shape) bool {
	if s.dots == 0 || s.signs > s.dots+s.slashes+s.dashes+s.underscores {
		return false
	}
	i := len(v) - 1
	for v[i] != '.' {
		i--
	}
	switch string(v[i+1:]) {
	case "pem", "key", "crt", "cer", "cert", "json", "yml", "yaml", "txt", "xml", "html", "js", "ts", "py", "rb", "go",
		"java", "php", "png", "svg", "p12", "pfx", "jks", "keystore", "conf", "cfg", "ini", "properties", "env", "sh",
		"com", "org", "net", "io", "pub", "gpg", "asc", "der", "csv", "db", "css", "md", "sql", "log", "tpl", "erb", "c", "h",
		"kt", "cs", "local", "example", "jpg", "jpeg", "gif", "webp", "pdf", "mp4", "woff", "woff2", "vue", "tsx", "jsx", "pl", "toml", "lock", "jar", "zip", "gz", "tar", "aspx", "jsp":
		return true
	}
	return false
}

// prose recognises text of several words.
func prose(c *Candidate, m meaning, s *shape) bool {
	if m == password && s.spaces == 1 && s.upper == 0 && c.Form == assign.Quoted && !promises(c.Value) {
		return false // two words make a password
	}
	if s.spaces >= 2 || c.Form == 0 {
		return (s.letters+s.high)*10 >= s.length*6 || s.spaces > 3
	}
	return (s.letters+s.high)*10 >= s.length*7
}

// promises reports whether one of two words speaks of secrets itself, as a
// label does.
func promises(v []byte) bool {
	first, second, _ := bytes.Cut(v, []byte(" "))
	a, _ := meaningOf(first, false)
	b, _ := meaningOf(second, false)
	return a != nothing || b != nothing
}

func isLower(c byte) bool  { return c-'a' < 26 }
func isUpper(c byte) bool  { return c-'A' < 26 }
func isDigit(c byte) bool  { return c-'0' < 10 }
func isLetter(c byte) bool { return isLower(c | 0x20) }
