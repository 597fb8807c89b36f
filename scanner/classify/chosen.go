package classify

import (
	"bytes"

	"github.com/shrike-scan/shrike/scanner/assign"
)

// program holds what stands in programs and hardly in passwords.
var program = newTexts("[type=", "[name=", "+=", "==", "&&", "||", "this.", "=>", "->", "\" +", "' +", "+ ")

// mostChosen is how many bytes a password that somebody chose may be long where white space alone ends it.
const mostChosen = 128

// chosen judges a value that a person may have chosen as a password: words,
// with or without digits and signs.
func chosen(c *Candidate, m meaning, s *shape, bits float64) Verdict {
	switch {
	case s.length < 4:
		return Verdict{Placeholder, 0.05, "too short"}
	case c.Quote == 0 && c.Form != assign.Element && s.length > mostChosen:
		return Verdict{Prose, 0.05, "longer than anyone chooses"}
	case s.letters == 0 && s.digits < 4 && s.high == 0:
		return Verdict{Code, 0.05, "punctuation"}
	case c.Op == assign.Comma && !s.mixed() && bytes.HasSuffix(c.Before, []byte(":")) && !bytes.HasSuffix(c.Before, []byte("set :")):
		return Verdict{Prose, 0.1, "a label"}
	case c.Form == assign.Query && (s.digits == 0 || s.letters == 0):
		return Verdict{Placeholder, 0.15, "a word in a query"}
	case c.Form == assign.Flag && c.Quote == 0 && saysWhat(c.Value, s):
		return Verdict{Placeholder, 0.1, "says what stands there"}
	case s.underscores+s.dashes > 0 && standsIn(c.Value):
		return Verdict{Placeholder, 0.15, "says that it is a password, and whose"}
	case m == secret && s.length < 6:
		return Verdict{Placeholder, 0.05, "too short"}
	case (len(c.Wrapper) > 1 || c.Op == assign.Call) && len(c.After) > 1 && c.After[1] == ',' && bytes.EqualFold(lastName(c.Name), c.Value):
		return Verdict{Identifier, 0.1, "the name again, for a function"}
	case isFlag(c.Value):
		return Verdict{Code, 0.05, "an option of a command"}
	case c.Form == assign.Compared && bytes.HasSuffix(c.Before, []byte("typeof ")):
		return Verdict{Code, 0.05, "the name of a type"}
	case asks(c):
		return Verdict{Reference, 0.1, "asked of an object by this name"}
	case (c.Op == assign.Comma || c.Op == assign.Call) && extends(c.Value, lastName(c.Name)):
		return Verdict{Identifier, 0.1, "a name like the first one"}
	case len(c.Wrapper) > 0 && !converts(c.Wrapper) && !(s.mixed() && fallsBack(c.Wrapper)):
		return Verdict{Reference, 0.1, "the argument of a function"}
	case c.Form == assign.Argument && c.Op == assign.Space && bits < 0 && !(m == password && s.mixed()) && !identified(c):
		return Verdict{Prose, 0.1, "a quoted word behind a name"}
	case isQualified(c.Value, s):
		return Verdict{Identifier, 0.1, "a qualified name"}
	case isLabel(c.Value, s):
		return Verdict{Prose, 0.1, "a label"}
	case sameWords(c.Name, c.Value):
		return Verdict{Identifier, 0.1, "the name again"}
	case isConstant(s):
		return Verdict{Identifier, 0.1, "a name in capitals"}
	case m == secret && c.Form != assign.Flag && namesSecret(c.Value, s):
		return Verdict{Identifier, 0.1, "the name of a secret"}
	case s.upper == s.length && promisesAlone(c.Value):
		return Verdict{Placeholder, 0.1, "says what stands there"}
	case c.Op == assign.Comma && c.Form == assign.Argument && s.upper == s.length:
		return Verdict{Identifier, 0.1, "one of several arguments"}
	case c.Value[s.length-1] == ':' || c.Value[s.length-1] == '=' && s.digits == 0:
		return Verdict{Prose, 0.1, "what stands before a value"}
	case c.Value[0] == '\\' && (s.length < 10 || c.Value[1] == 'u'):
		return Verdict{Code, 0.1, "an escape sequence"}
	}
	if isRuleList(c.Value, s) {
		return Verdict{Code, 0.1, "the rules of a form"}
	}
	if s.signs > 0 && program.in(c.Value) {
		return Verdict{Code, 0.1, "a piece of a program"}
	}
	if s.kinds() >= 3 || s.digits > 0 && s.letters > 0 {
		return Verdict{Secret, 0.45, "a password of several kinds of characters"}
	}
	return Verdict{Secret, 0.3, "a word as a password"}
}

// lastName is what stands behind the last full stop of a name.
func lastName(name []byte) []byte { return name[bytes.LastIndexByte(name, '.')+1:] }

// extends recognises names that start with another: password_confirmation.
func extends(v, name []byte) bool {
	return len(v) > len(name) && v[len(name)] == '_' && bytes.EqualFold(v[:len(name)], name)
}

// identified recognises SQL's IDENTIFIED BY 'v' and PASSWORD 'v', and names that
// open their line.
func identified(c *Candidate) bool {
	line := bytes.TrimLeft(lastLine(c.Before), " \t")
	if len(line) == 0 || hasPrefix(line, "#define") {
		return true // a call without parentheses, or a macro
	}
	return c.Quote == '\'' && (bytes.EqualFold(c.Name, []byte("by")) || bytes.Equal(c.Name, []byte("PASSWORD")) || bytes.EqualFold(c.Name, []byte("identified by")))
}

// standsIn recognises names of passwords in examples: my_password, test-secret.
func standsIn(v []byte) bool {
	var buf [64]byte
	low := lowered(buf[:], v)
	for _, p := range [...]string{"my", "some", "test", "new", "fake", "dummy"} {
		if rest := low[min(len(p), len(low)):]; hasPrefix(low, p) && len(rest) > 1 && (rest[0] == '_' || rest[0] == '-') {
			m, _ := meaningOf(rest, false)
			return m != nothing
		}
	}
	return false
}

// saysWhat recognises what manuals write behind an option: PASSWORD, NewPassword,
// file-server-password.
func saysWhat(v []byte, s *shape) bool {
	if s.digits > 0 || s.signs > s.dashes+s.underscores || s.lower > 0 && s.upper < 2 && s.dashes < 2 {
		return false
	}
	m, exact := meaningOf(v, false)
	return m != nothing && exact
}

// namesSecret recognises names that objects which hold a secret are given: db-secret,
// my-ca-2, githubClientSecret.
func namesSecret(v []byte, s *shape) bool {
	if s.dashes == 0 && s.underscores == 0 {
		return s.digits == 0 && s.signs == 0 && camel(v)
	}
	return s.lower+s.dashes+s.underscores+s.digits == s.length && s.digits <= 1
}

// promisesAlone recognises PASSWORD, DBPASSWORD and TOKEN.
func promisesAlone(v []byte) bool {
	var buf [64]byte
	m, _ := coreWord(lowered(buf[:], v))
	return m != nothing
}

// takesPassword reports whether the text ends in a call that takes a password, up to
// the quote of its first argument: what follows that is no name.
func takesPassword(before []byte) bool {
	before = bytes.TrimRight(before, " \t\"'`")
	end := len(before) - 1
	if end < 0 || before[end] != '(' {
		return false
	}
	start := end
	for start > 0 && (isLetter(before[start-1]) || isDigit(before[start-1]) || before[start-1] == '_') {
		start--
	}
	m, _ := meaningOf(before[start:end], false)
	return m == password
}

// isQualified recognises names of several parts: accounts.forms.Login,
// iam:ChangePassword.
func isQualified(v []byte, s *shape) bool {
	v = bytes.TrimLeft(v, ".")
	return len(v) > 0 && (s.dots > 0 || s.colons == 1) && s.digits == 0 && s.spaces == 0 &&
		s.signs == s.dots+s.colons+s.underscores+s.dashes && isLetter(v[0]) && isLetter(v[len(v)-1])
}

// isConstant recognises the names of constants and variables of environments.
func isConstant(s *shape) bool {
	return s.underscores+s.dashes > 0 && s.upper+s.underscores+s.dashes == s.length
}

// asks reports whether the value is the name again, for a method that looks up the
// secret: Password: command.String("password"). Constructors of the pointers and
// inputs that SDKs want look the same.
func asks(c *Candidate) bool {
	if len(c.Wrapper) == 0 || c.Wrapper[len(c.Wrapper)-1] != '(' || !hasSuffixFold(c.Name, c.Value) {
		return false
	}
	receiver, _, method := bytes.Cut(c.Wrapper, []byte("."))
	if !method {
		receiver, _, method = bytes.Cut(bytes.TrimPrefix(c.Wrapper, []byte("$")), []byte("->"))
	}
	switch string(receiver) {
	case "pulumi", "jsii", "aws", "to", "types", "base64", "Encoding":
		return false
	}
	return method && isIdentifier(receiver)
}

// isRuleList recognises what a form asks of a field: required|string|max:255.
func isRuleList(v []byte, s *shape) bool {
	if hasPrefix(v, "min:") || hasPrefix(v, "max:") || hasPrefix(v, "required_") {
		return true
	}
	if s.upper > 0 || bytes.IndexByte(v, '|') <= 0 {
		return false
	}
	for rule := range bytes.SplitSeq(v, []byte("|")) {
		if len(rule) < 2 || !isLower(rule[0]) || !isLower(rule[1]) {
			return false
		}
	}
	return true
}

// isLabel recognises a capitalised word that names a field of a form, in the
// languages that programs are translated to most.
func isLabel(v []byte, s *shape) bool {
	if s.upper != 1 || s.lower+s.high != s.length-1 || !isUpper(v[0]) {
		return false
	}
	switch string(v) {
	case "Password", "Passwd", "Passphrase", "Passcode", "Pass", "Secret",
		"Passwort", "Kennwort", "Geheim", "Geheimnis", "Wachtwoord", // German, Dutch
		"Contraseña", "Contrasenya", "Contrasinal", "Clave", "Secreto", "Senha", "Segredo", "Segreto", // Iberia, Italy
		"Parola", "Parolă", "Parole", "Parool", "Sandi", "Rahasia", // Turkish and Romanian, the Baltic, Indonesian
		"Passord", "Lösenord", "Hemlighet", "Adgangskode", "Kodeord", "Salasana", "Salaus", // the North
		"Repeat", "Confirm", "Again", "Show", "Hide", "Forgot", "Reset", "Change", "Required",
		"Heslo", "Hasło", "Jelszó", "Lozinka", "Geslo", "Sekret", "Şifre": // Central Europe, the Balkans, Turkish
		return true
	}
	return false
}

// sameWords reports whether the letters of the value are those that end the
// name, as in KEYSTORE_PASSWORD = "keystore-password". A value of one word does
// not count: people set password to password.
func sameWords(name, value []byte) bool {
	i, j, words := len(name)-1, len(value)-1, 1
	for i >= 0 && j >= 0 {
		switch a, b := name[i]|0x20, value[j]|0x20; {
		case !isLetter(a) && !isDigit(name[i]):
			i--
		case value[j] == '-' || value[j] == '_' || value[j] == '.' || value[j] == ' ':
			words++
			j--
		case a != b:
			return false
		default:
			if isUpper(value[j]) && j > 0 && isLower(value[j-1]) {
				words++
			}
			i--
			j--
		}
	}
	return j < 0 && words > 1
}

// conversions holds parts of names of functions that change the form of a value,
// in lower case.
var conversions = [...]string{
	"string", "str", "byte", "secret", "secure", "char", "base64", "b64", "decode", "some", "just",
	"buffer", "credential", "text", "sensitive", "from", "ptr", "literal", "uricomponent", "urlencode", "quote", "pack",
}

// hashes recognises functions that hash a password, by the last of the names in w, without case.
func hashes(callee, w []byte) bool {
	switch string(callee) {
	case "make":
		return hasSuffix(w, "Hash::make(")
	case "encode":
		return hasSuffix(w, "ncoder.encode(")
	case "bcrypt", "hashsync":
		return true
	}
	return hasSuffix(callee, "hash")
}

// fallsBack reports whether a wrapper looks up a value, and what follows stands in
// where none is found: f("x") || "v", coalesce(x, "v").
func fallsBack(w []byte) bool {
	last := w[len(w)-1]
	return last == ' ' || hasPrefix(w, "${") || last == '(' && bytes.IndexByte(w, ' ') > 0 || isLetter(last)
}

// converts reports whether a wrapper only changes the form of its argument, or
// makes it the value where a look-up finds none.
func converts(w []byte) bool {
	last := w[len(w)-1]
	if hasPrefix(w, "{{") || hasPrefix(w, "<%") {
		return true
	}
	if last == '[' {
		return len(w) == 1
	}
	if last == '{' {
		return true
	}
	if last != '(' {
		if bytes.Contains(w, []byte("SecureString")) {
			return true
		}
		return bytes.Contains(w, []byte("env")) || bytes.Contains(w, []byte("ENV"))
	}
	end := len(w) - 1
	start := end
	for start > 0 && (isLetter(w[start-1]) || isDigit(w[start-1]) || w[start-1] == '_') {
		start--
	}
	if start == end {
		return true
	}
	if bytes.Contains(w, []byte("flag.")) || bytes.Contains(w, []byte("arg")) {
		return false
	}
	var buf [64]byte
	callee := lowered(buf[:], w[start:end])
	if hashes(callee, w) {
		return true // the password stands there before it is hashed
	}
	if string(callee) == "field" || string(callee) == "to" && bytes.Contains(w, []byte("ptr")) {
		return true
	}
	for _, p := range [...]string{"get", "to", "find", "read", "load"} {
		if hasPrefix(callee, p) {
			return false
		}
	}
	for _, part := range &conversions {
		if bytes.Contains(callee, []byte(part)) {
			return true
		}
	}
	return false
}
