package classify

import (
	"bytes"

	"github.com/shrike-scan/shrike/scanner/assign"
)

// code recognises bare values that are expressions of a program and not text of
// a configuration. Without quotes only what stands around tells the two apart:
// `password = admin` is a variable in one file and a password in the next.
func code(c *Candidate, s *shape, bits float64) (Verdict, bool) {
	if reason := expression(c.Value, s); reason != "" && !(apostrophe(c.Value) && alone(c)) {
		return Verdict{Code, 0.05, reason}, true
	}
	switch c.Form {
	case assign.Flag:
		if c.Op == assign.Space && speaksOf(c.Value) || c.Op == assign.Colon && followedByWords(c) {
			return Verdict{Prose, 0.05, "a sentence about an option"}, true
		}
		return Verdict{}, false
	case assign.Query, assign.Header, assign.Beside:
		return Verdict{}, false
	}
	if hasPrefix(c.Wrapper, "${") || s.mixed() && bytes.HasSuffix(c.Before, []byte("${")) {
		return Verdict{}, false // stands in where a variable is not set
	}
	switch {
	case len(c.After) > 0 && c.After[0] == '>' && c.Value[len(c.Value)-1] == '-':
		return Verdict{Code, 0.05, "a member"}, true
	case c.Gap && c.Op == assign.Assign && s.dots+s.underscores > 0 && c.Value[s.length-1] == '!' && isIdentifier(c.Value[:s.length-1]):
		return Verdict{Code, 0.05, "what is asserted to be there, or the result of a call"}, true
	case followedByWords(c):
		return Verdict{Prose, 0.05, "the first word of a sentence"}, true
	case bits < 20 && c.Op == assign.Assign && (bytes.HasSuffix(c.Before, []byte(`["`)) || bytes.HasSuffix(c.Before, []byte(`['`))):
		return Verdict{Code, 0.1, "assigned to an element"}, true
	case c.Op == assign.Assign && inString(c.Before):
		if bytes.IndexByte(c.Name, '.') >= 0 && s.digits == 0 && s.upper > 0 && s.lower > 0 {
			return Verdict{Code, 0.1, "a program inside an attribute"}, true
		}
		if len(c.After) > 0 && c.After[0] == ')' && hasSuffixFold(c.Name, c.Value) && bytes.IndexByte(lastLine(c.Before), '(') >= 0 {
			return Verdict{Code, 0.1, "an argument of the same name"}, true
		}
		return Verdict{}, false
	case len(c.After) > 0 && c.After[0] == ',' && camel(c.Value) && isIdentifier(c.Value):
		return Verdict{Code, 0.1, "a variable named after a secret"}, true
	case c.Gap && c.Op == assign.Assign && bits < 44 && isLower(c.Value[0]) && camel(c.Value) && isIdentifier(c.Value):
		return Verdict{Code, 0.1, "a variable named after a secret"}, true
	case bits >= 16 && s.digits > 0, s.mixed() && s.digits > 1 && alone(c), inPairs(c):
		return Verdict{}, false
	case isMember(c.Name):
		return Verdict{Code, 0.05, "assigned to a member"}, true
	case !isIdentifier(c.Value), isDigit(c.Value[0]) && s.digits < s.length, exported(c):
		return Verdict{}, false
	}
	return variable(c, s)
}

// expressions holds what stands in no bare value, but in expressions of programs.
var expressions = newTexts("(", ")", "[", "]", "{", "}", "<", ">", "\"", "'", "|", "?.", "::")

// expression says why a text is a piece of a program whatever stands around it,
// and is empty where it need not be one.
func expression(v []byte, s *shape) string {
	if other := s.signs - s.dots - s.slashes - s.dashes - s.underscores; other > 0 && expressions.in(v) {
		return "an expression"
	}
	if s.dots > 0 && s.digits == 0 && bytes.IndexByte(v, '=') > 0 {
		return "an assignment of a member"
	}
	if s.high > 0 {
		return "text in another language"
	}
	switch v[0] {
	case '!', '*', '&', ':', '#', '=', '+', '~', ',', ';', '^', '.':
		return "an operator"
	case '-':
		if s.digits == 0 || isFlag(v) {
			return "an option of a command"
		}
	case '@', '%', '/', '\\', '?':
		if s.digits == 0 {
			return "an operator"
		}
	}
	switch last := v[len(v)-1]; last {
	case '!', '?', ':', '*', '.':
		if s.signs == 1 && s.digits == 0 && !(last == '!' && promised(v[:len(v)-1])) {
			return "a type or the end of a clause"
		}
	}
	return ""
}

// apostrophe reports whether one stands inside a value of letters and digits, and no other
// sign: 5n'aN4c9.
func apostrophe(v []byte) bool {
	at := bytes.IndexByte(v, '\'')
	if at <= 0 {
		return false
	}
	s := shapeOf(v)
	return s.signs == 1 && s.spaces == 0 && s.digits > 1 && s.letters > 2 && at < len(v)-1
}

// promised reports whether a word is that for a password: Password! is one, and
// String! is a type.
func promised(v []byte) bool {
	m, _ := meaningOf(v, false)
	return m == password
}

// speaksOf recognises what follows an option's name in a text about it.
func speaksOf(v []byte) bool {
	switch string(v) {
	case "option", "options", "flag", "flags", "parameter", "parameters", "argument", "arguments", "switch", "and", "or",
		"is", "are", "requires", "needs", "expects", "also", "only", "then", "this", "from", "to", "for", "with", "when", "if", "on", "in", "as", "can", "may", "must", "will", "which", "that":
		return true
	}
	return false
}

// isFlag recognises an option of a command, with or without its value: --stat,
// -std=gnu99.
func isFlag(v []byte) bool {
	i := 1
	for i < len(v) && (isLower(v[i]) || v[i] == '-') {
		i++
	}
	return len(v) > 2 && v[0] == '-' && i > 2 && (i == len(v) || v[i] == '=')
}

// variable decides whether a word is a variable of a program.
func variable(c *Candidate, s *shape) (Verdict, bool) {
	next := byte('\n')
	if len(c.After) > 0 {
		next = c.After[0]
	}
	switch {
	case s.dots > 0 && s.digits == 0:
		return Verdict{Code, 0.05, "a qualified name"}, true
	case bytes.IndexByte([]byte(`,;)}]|\`), next) >= 0:
		if (next == ',' || next == '}') && inFlow(c) {
			return Verdict{}, false
		}
		return Verdict{Code, 0.1, "a variable"}, true
	case environment(c), c.Form == assign.Pair:
		return Verdict{}, false
	case c.Gap && c.Op == assign.Assign && hasSuffixFold(c.Name, c.Value), camel(c.Value) && !inConfiguration(c):
		return Verdict{Code, 0.1, "a variable of the same name"}, true
	case surroundings(c) <= 0:
		return Verdict{Code, 0.1, "a variable, as the lines around it are code"}, true
	}
	return Verdict{}, false
}

// inConfiguration reports whether a word that reads as a variable's name stands in
// lines that no program has: two more than speak for one, and neither a type nor
// the name of a key.
func inConfiguration(c *Candidate) bool {
	return (c.Op == assign.Colon || !c.Gap) && isLower(c.Value[0]) && !hasSuffixFold(c.Value, []byte("key")) && surroundings(c) > 2
}

// isMember recognises names of fields in programs.
func isMember(name []byte) bool {
	return hasPrefix(name, "self.") || hasPrefix(name, "this.") || hasPrefix(name, "cls.") || hasPrefix(name, "_")
}

// alone reports whether the assignment has its line to itself.
func alone(c *Candidate) bool {
	before := bytes.TrimLeft(lastLine(c.Before), " \t")
	return len(before) == 0 && (len(c.After) == 0 || c.After[0] == '\n' || c.After[0] == '\r')
}

// followedByWords reports whether more of a sentence or of an expression follows
// a bare value on its line: no comment, option or further assignment.
func followedByWords(c *Candidate) bool {
	if len(c.After) == 0 || c.After[0] != ' ' && c.After[0] != '\t' {
		return false
	}
	rest := bytes.TrimLeft(c.After, " \t")
	if len(rest) == 0 {
		return false
	}
	if n := len(rest) - len(bytes.TrimLeft(rest, ".0123456789")); n > 0 && n+1 < len(rest) && rest[n] == ' ' && isLetter(rest[n+1]) {
		return c.Op == assign.Colon // random 256 character string
	}
	switch first := rest[0]; {
	case first == '?', first == '+', first == '=', hasPrefix(rest, "||"), hasPrefix(rest, "| ") && c.Op == assign.Colon, hasPrefix(rest, "&&") && c.Op == assign.Colon:
		return true
	case !isLetter(first) && first < 0x80 && first != '`' && first != '*':
		return false
	}
	if c.Op == assign.Assign && environment(c) {
		return false // VAR=value command
	}
	i := 0
	for i < len(rest) && (isLetter(rest[i]) || rest[i] >= 0x80 || rest[i] == '_' || isDigit(rest[i])) {
		i++
	}
	return i == len(rest) || rest[i] != '=' && rest[i] != ':'
}

// inString reports whether the text ends inside a literal that starts on its
// last line, as a connection string does.
func inString(before []byte) bool {
	line := lastLine(before)
	if bytes.IndexByte(line, '"') < 0 && bytes.IndexByte(line, '\'') < 0 && bytes.IndexByte(line, '`') < 0 {
		return false // long lines of programs that were made small are read often
	}
	if end := bytes.Index(line, []byte(`"""`)); end >= 0 {
		if rest := bytes.TrimLeft(line[end+3:], " "); len(rest) > 0 && bytes.IndexByte([]byte(").,%"), rest[0]) >= 0 {
			line = rest // behind a text of several lines
		}
	}
	odd := byte(0)
	for i, c := range line {
		if (c == '"' || c == '\'' || c == '`') && (i == 0 || line[i-1] != '\\') {
			if odd == 0 {
				odd = c
			} else if odd == c {
				odd = 0
			}
		}
	}
	return odd != 0
}

// exported reports whether a shell's command that sets variables stands before
// the name.
func exported(c *Candidate) bool {
	line := bytes.TrimSpace(lastLine(c.Before))
	for _, command := range [...]string{"export", "-e", "--env", "SET", "set", "ENV", "ARG", "--from-literal=", "--from-literal", "--set-string", "--build-arg", "-var"} {
		if c.Op == assign.Assign && !c.Gap && bytes.HasSuffix(line, []byte(command)) {
			return true
		}
	}
	return false
}

// environment recognises NAME=value without spaces, as in environment files and
// shells.
func environment(c *Candidate) bool {
	if c.Op != assign.Assign || c.Gap {
		return c.Op == assign.Space && c.Form == assign.Bare
	}
	for _, b := range c.Name {
		if isLower(b) {
			return false
		}
	}
	return true
}

// hasSuffixFold reports whether b ends in part, in any case.
func hasSuffixFold(b, part []byte) bool {
	return len(b) >= len(part) && bytes.EqualFold(b[len(b)-len(part):], part)
}

// camel recognises names of variables for secrets: testPassword.
func camel(v []byte) bool {
	for i := 1; i < len(v); i++ {
		if isUpper(v[i]) && (isLower(v[i-1]) || isDigit(v[i-1]) && isLower(v[0])) {
			m, _ := meaningOf(v, false)
			return m != nothing
		}
	}
	return false
}

// inPairs reports whether another pair stands right before the name, as in
// `host=db user=app password=v` and `addr=:6379,password=v`.
func inPairs(c *Candidate) bool {
	if c.Op != assign.Assign || c.Gap {
		return false
	}
	n := len(c.Before)
	if n == 0 || !endsPair(c.Before[n-1]) {
		return false
	}
	start := n - 1
	for start > 0 && !endsPair(c.Before[start-1]) && c.Before[start-1] != '\n' {
		start--
	}
	return bytes.IndexByte(c.Before[start:n-1], '=') > 0 && bytes.IndexByte(lastLine(c.Before), '(') < 0
}

// inFlow reports whether the name stands in an object that is an item of YAML's, as no
// program writes it: - { name: app, password: v }.
func inFlow(c *Candidate) bool {
	return c.Op == assign.Colon && c.Gap && c.Form == assign.Bare && hasPrefix(bytes.TrimLeft(lastLine(c.Before), " \t"), "- {")
}

func endsPair(b byte) bool { return b == ' ' || b == ',' || b == ';' }

// lastLine returns what stands behind the last line break of a text. Most long lines
// are the only one in sight.
func lastLine(before []byte) []byte {
	if bytes.IndexByte(before, '\n') < 0 {
		return before
	}
	return before[bytes.LastIndexByte(before, '\n')+1:]
}
