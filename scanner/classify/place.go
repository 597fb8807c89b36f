package classify

import (
	"bytes"

	"github.com/shrike-scan/shrike/scanner/assign"
)

// placed says what a value is whose name promises a secret and whose place, or the
// form of the value, tells that it is something else; empty where neither does.
func placed(c *Candidate, m meaning) string {
	name, v := c.Name, c.Value
	switch {
	case bytes.EqualFold(name, []byte("sec-websocket-key")):
		return "a nonce of a handshake" // RFC 6455
	case isKeyID(v) && (hasSuffixFold(c.Before, []byte("gpg ")) || hasSuffixFold(c.Before, []byte("pgp ")) || signsPackages(name, v, m)):
		return "the id of an OpenPGP key"
	case m == someKey && containsFold(name, "public"):
		return "a key that is said to be public"
	case c.Op == assign.Colon && endsInCase(c.Before):
		return "a branch of a switch"
	case c.Quote != 0 && v[0] == '#' && isSelector(v[1:]):
		return "a selector"
	case len(name) > 0 && name[0] == '/' && bytes.IndexByte(name, ':') < 0: // but //host/:_authToken of npm
		return "a path, and what answers there"
	case len(v) == len(name)+1 && v[len(name)] == '.' && bytes.EqualFold(name, v[:len(name)]):
		return "the name again"
	case c.Quote == 0 && c.Op == assign.Colon && allDigits(v) && inNumbers(c):
		return "one of a table of numbers"
	case hasSuffixFold(c.Before, []byte("public ")) && hasSuffixFold(name, []byte("key")):
		return "a public key"
	case c.Op == assign.Colon && !c.Gap && inResourceName(c.Before):
		return "the name of a secret in an ARN"
	case c.Form == assign.Query && (hasSuffixFold(c.Before, []byte(".svg?")) || hasSuffixFold(c.Before, []byte(".png?"))):
		return "the token of a badge"
	case c.Form == assign.Flag && containsFold(name, "pull-secret"):
		return "the name of an object"
	case c.Form == assign.Flag && (hasPrefix(v, "id=") || hasPrefix(v, "type=") || hasPrefix(v, "source=")):
		return "where a build finds a secret" // docker build --secret
	case c.Op == assign.Arrow && isArm(c):
		return "an arm of a match"
	case c.Op == assign.Arrow && bytes.HasSuffix(c.Before, []byte("`")) && c.Quote == '`':
		return "a new name"
	case c.Form == assign.Element && string(name) == "key" && isKeyID(v):
		return "a key of a property list"
	case string(v) == "ConfigMap":
		return "a kind of Kubernetes' objects"
	case c.Quote == 0 && c.Op == assign.Colon && !c.Gap && isPseudo(v):
		return "a part of a selector"
	case c.Form == assign.Flag && c.Op == assign.Space && isOperand(name):
		return "the argument behind a password"
	case c.Quote == '`' && (v[0] == '#' || v[0] == ','):
		return "text between code"
	case c.Form == assign.Argument && c.Op == assign.Space && bytes.EqualFold(name, []byte("pass")) && goesOn(c.After):
		return "what is to be passed"
	case c.Quote == 0 && c.Gap && c.Op == assign.Assign && allDigits(v) && len(c.After) > 0 && (c.After[0] == ',' || c.After[0] == ';'):
		return "a number of a program"
	case bytes.EqualFold(name, []byte("pass")) && (c.Op == assign.Colon || c.Op == assign.Arrow) && isOutcome(v):
		return "the outcome of a test"
	case string(name) == "pass" && len(c.Wrapper) > 0 && c.Wrapper[0] == '[' && !c.Gap:
		return "text that AsciiDoc passes through"
	case c.Form == assign.Argument && c.Op == assign.Space && endsObject(c.After):
		return "the name of an object"
	}
	return ""
}

// signsPackages recognises names of keys that packages and releases are signed with, whose
// ids are public: gpg_key, upstream_key, releaseManagerKey. A key of which no more is said
// counts with a whole fingerprint in capitals.
func signsPackages(name, id []byte, m meaning) bool {
	for _, part := range [...]string{"gpg", "pgp", "releasemanager", "upstream", "recv-key", "keyserver"} {
		if containsFold(name, part) {
			return true
		}
	}
	return m == someKey && len(id) == 40 && shapeOf(id).lower == 0
}

// endsInCase reports whether a text ends as that before a branch of a switch does: case "
func endsInCase(before []byte) bool {
	before = bytes.TrimRight(before, "\"'` ")
	return hasSuffix(before, "case") && (len(before) == 4 || !isLetter(before[len(before)-5]))
}

// isSelector recognises the ids of fields for secrets: password-confirm.
func isSelector(v []byte) bool {
	s := shapeOf(v)
	m, _ := meaningOf(v, false)
	return m != nothing && s.lower+s.dashes+s.underscores == s.length
}

// inNumbers reports whether the lines above and below give numbers to names too, as in
// the vocabulary of a language model.
func inNumbers(c *Candidate) bool {
	above := c.Before[:len(c.Before)-len(lastLine(c.Before))]
	above = bytes.TrimRight(above, "\r\n")
	_, below, _ := bytes.Cut(c.After, []byte("\n"))
	below, _, _ = bytes.Cut(below, []byte("\n"))
	return givesNumber(lastLine(above)) && givesNumber(below)
}

// givesNumber recognises "name": 17,
func givesNumber(line []byte) bool {
	line = bytes.TrimRight(line, "\r, ")
	at := bytes.LastIndexByte(line, ' ')
	return at > 1 && line[at-1] == ':' && allDigits(line[at+1:])
}

// goesOn reports whether a sentence goes on behind a quoted word.
func goesOn(after []byte) bool {
	after = bytes.TrimLeft(after, "\"'`")
	return len(after) > 1 && after[0] == ' ' && isLower(after[1])
}

// isKeyID accepts the short and long ids of OpenPGP keys and their fingerprints, in
// hexadecimal.
func isKeyID(v []byte) bool {
	return (len(v) == 8 || len(v) == 16 || len(v) == 40) && shapeOf(v).hex
}

// inResourceName reports whether a text ends inside the name of a resource of AWS,
// before its last parts: arn:aws:secretsmanager:eu-west-1:123456789012:secret:name.
func inResourceName(before []byte) bool {
	const longest = 120
	if len(before) == 0 || before[len(before)-1] != ':' {
		return false
	}
	before = before[max(0, len(before)-longest):]
	at := bytes.LastIndex(before, []byte("arn:"))
	return at >= 0 && !bytes.ContainsAny(before[at:], " \t\r\n\"")
}

// isArm recognises the cases of a match: Self::Secret => b"secret". The keys of maps
// that arrows follow are quoted, symbols, or in one case.
func isArm(c *Candidate) bool {
	name := c.Name
	if len(name) == 0 || len(c.Before) > 0 && !isBlank(c.Before[len(c.Before)-1]) && c.Before[len(c.Before)-1] != ':' {
		return false
	}
	if bytes.HasSuffix(c.Before, []byte("::")) {
		return true
	}
	s := shapeOf(name)
	return isUpper(name[0]) && s.lower > 0 && s.signs == 0 && !bytes.HasSuffix(c.Before, []byte(":"))
}

// isPseudo recognises the pseudo-classes of CSS that icons are drawn with.
func isPseudo(v []byte) bool {
	switch string(v) {
	case "before", "after", "hover", "focus", "active", "visited", "checked", "disabled":
		return true
	}
	return false
}

// isOperand recognises an option that its argument is written to, as a client of MySQL
// wants it: -pPASSWORD, -psecret.
func isOperand(name []byte) bool {
	if len(name) < 5 || name[0] != 'p' {
		return false
	}
	var buf [16]byte
	m, _ := coreWord(lowered(buf[:], name[1:]))
	return m == password || m == secret
}

// allDigits accepts decimal digits.
func allDigits(v []byte) bool {
	for _, c := range v {
		if !isDigit(c) {
			return false
		}
	}
	return len(v) > 0
}

// isOutcome recognises what stands behind `pass:` in tables and logs of tests: an
// outcome, or the method of the request that was tried.
func isOutcome(v []byte) bool {
	switch string(v) {
	case "passed", "failed", "fail", "PASSED", "FAILED", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS":
		return true
	}
	return false
}

// endsObject reports whether a text goes on as tools speak of an object by its name:
// secret "web" created.
func endsObject(after []byte) bool {
	after = bytes.TrimLeft(after, "\"'")
	for _, verb := range [...]string{" created", " deleted", " configured", " unchanged", " not found", " already exists"} {
		if hasPrefix(after, verb) {
			return true
		}
	}
	return false
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// containsFold reports whether a name holds part, which is in lower case, in any case.
func containsFold(name []byte, part string) bool {
	for i := 0; i+len(part) <= len(name); i++ {
		if bytes.EqualFold(name[i:i+len(part)], []byte(part)) {
			return true
		}
	}
	return false
}
