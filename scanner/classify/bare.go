package classify

import (
	"bytes"

	"github.com/shrike-scan/shrike/scanner/assign"
)

// code recognises bare values that are expressions of a program and not text of
// a configuration. Without quotes only what stands around tells the two apart:
// `password = admin` is a variable in one file and a password in the next.
func code(c Candidate, s shape, bits float64) (Verdict, bool) {
	v := c.Value
	if bytes.IndexAny(v, "()[]{}<>\"'|") >= 0 && (c.Form != assign.Element || c.Op != assign.Close) {
		return Verdict{Code, 0.05, "an expression"}, true
	}
	if s.high > 0 {
		return Verdict{Prose, 0.05, "text in another language"}, true
	}
	if bytes.Contains(v, []byte("?.")) || bytes.Contains(v, []byte("::")) {
		return Verdict{Code, 0.05, "an expression"}, true
	}
	switch v[0] {
	case '!', '*', '&', ':', '#', '=', '+', '~', ',', ';', '^':
		return Verdict{Code, 0.05, "an operator"}, true
	case '@', '-', '%', '/', '\\':
		if s.digits == 0 {
			return Verdict{Code, 0.05, "an operator"}, true
		}
	case '.':
		return Verdict{Code, 0.05, "an operator"}, true
	}
	if last := v[len(v)-1]; (last == '!' || last == '?' || last == ':' || last == '*' || last == '.') && s.signs == 1 && s.digits == 0 {
		return Verdict{Code, 0.05, "a type or the end of a clause"}, true
	}
	switch c.Form {
	case assign.Flag, assign.Query, assign.Header, assign.Element:
		return Verdict{}, false
	}
	if len(c.After) > 1 && c.After[0] == '>' && v[len(v)-1] == '-' {
		return Verdict{Code, 0.05, "a member"}, true
	}
	if followedByWords(c) {
		return Verdict{Prose, 0.05, "the first word of a sentence"}, true
	}
	if n := len(c.Before); n > 1 && isQuoteByte(c.Before[n-1]) && c.Before[n-2] == '[' && c.Op == assign.Assign && bits < 20 {
		return Verdict{Code, 0.1, "assigned to an element"}, true
	}
	if c.Op == assign.Assign && inString(c.Before) {
		if bytes.IndexByte(c.Name, '.') >= 0 && s.digits == 0 && s.upper > 0 && s.lower > 0 {
			return Verdict{Code, 0.1, "a program inside an attribute"}, true
		}
		return Verdict{}, false
	}
	if bits >= 16 && s.digits > 0 || inPairs(c) {
		return Verdict{}, false
	}
	if isMember(c.Name) {
		return Verdict{Code, 0.05, "assigned to a member"}, true
	}
	if !isIdentifier(v) || isDigit(v[0]) && s.digits < s.length || exported(c) {
		return Verdict{}, false
	}
	if s.dots > 0 && s.digits == 0 {
		return Verdict{Code, 0.05, "a qualified name"}, true
	}
	if len(c.After) > 0 {
		switch c.After[0] {
		case ',', ';', ')', '}', ']', '|', '\\':
			return Verdict{Code, 0.1, "a variable"}, true
		}
	}
	if environment(c) || c.Form == assign.Pair {
		return Verdict{}, false
	}
	if c.Gap && c.Op == assign.Assign && hasSuffixFold(c.Name, v) || camel(v) {
		return Verdict{Code, 0.1, "a variable of the same name"}, true
	}
	if surroundings(c) <= 0 {
		return Verdict{Code, 0.1, "a variable, as the lines around it are code"}, true
	}
	return Verdict{}, false
}

// isMember recognises names of fields in programs.
func isMember(name []byte) bool {
	return hasPrefix(name, "self.") || hasPrefix(name, "this.") || hasPrefix(name, "cls.") || hasPrefix(name, "_")
}

// followedByWords reports whether more words follow a bare value on its line,
// none of which is a comment, an option or another assignment.
func followedByWords(c Candidate) bool {
	a := c.After
	if len(a) < 2 || a[0] != ' ' && a[0] != '\t' {
		return false
	}
	i := 0
	for i < len(a) && (a[i] == ' ' || a[i] == '\t') {
		i++
	}
	if i == len(a) || !isLetter(a[i]) && a[i] != '`' && a[i] != '*' {
		return i < len(a) && (a[i] == '?' || a[i] == '+' || a[i] == '=' || a[i] == '|' && i+1 < len(a) && a[i+1] == '|' || a[i] == '&' && i+1 < len(a) && a[i+1] == '&' && c.Op == assign.Colon)
	}
	if c.Op == assign.Assign && environment(c) {
		return false // VAR=value command
	}
	for i < len(a) && (isLetter(a[i]) || a[i] == '_' || isDigit(a[i])) {
		i++
	}
	return i == len(a) || a[i] != '=' && a[i] != ':'
}

// inString reports whether the text ends inside a literal that starts on its
// last line, as a connection string does.
func inString(before []byte) bool {
	line := before[bytes.LastIndexByte(before, '\n')+1:]
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
func exported(c Candidate) bool {
	line := bytes.TrimSpace(c.Before[bytes.LastIndexByte(c.Before, '\n')+1:])
	for _, command := range [...]string{"export", "-e", "--env", "SET", "set", "ENV", "ARG"} {
		if c.Op == assign.Assign && !c.Gap && bytes.HasSuffix(line, []byte(command)) {
			return true
		}
	}
	return false
}

// environment recognises NAME=value without spaces, as in environment files and
// shells.
func environment(c Candidate) bool {
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

// surroundings weighs the lines around an assignment: positive where they look
// like configuration, negative where they look like a program.
func surroundings(c Candidate) int {
	sum := 0
	if c.Op == assign.Colon || !c.Gap || configName(c.Name) {
		sum = 1 // properties and YAML write these more often than programs do
	}
	before := c.Before
	if i := bytes.LastIndexByte(before, '\n'); i >= 0 {
		own := bytes.TrimLeft(before[i+1:], " \t-#;!*")
		if len(own) > 0 {
			return -1
		}
		if bytes.IndexByte(before[i+1:], '#') >= 0 {
			sum++
		}
		before = before[:i]
		for range 4 {
			i := bytes.LastIndexByte(before, '\n')
			if i < 0 {
				break
			}
			sum += lineKind(before[i+1:])
			before = before[:i]
		}
	}
	after := c.After
	for range 4 {
		i := bytes.IndexByte(after, '\n')
		if i < 0 {
			break
		}
		after = after[i+1:]
		end := bytes.IndexByte(after, '\n')
		if end < 0 {
			break
		}
		sum += lineKind(after[:end])
	}
	return sum
}

// statements holds how lines of programs start.
var statements = [...]string{
	"def ", "if ", "return", "import ", "from ", "func ", "class ", "end", "self.", "for ", "else", "var ",
	"let ", "const ", "try", "except", "elif ", "raise ", "assert ", "require", "include", "private ",
	"public ", "case ",
}

// lineKind is 1 for a line of configuration, -1 for one of a program, and 0 for
// one that could be either.
func lineKind(line []byte) int {
	line = bytes.TrimSpace(line)
	if len(line) == 0 {
		return 0
	}
	switch line[len(line)-1] {
	case ';', '{', '(', ')', ',', '}', '\\':
		return -2
	}
	switch line[0] {
	case '#', ';':
		return 0
	case '[':
		return 2
	case ')', '}', '@', '/', '*', '.', '|':
		return -1
	case '-':
		return 1
	}
	for _, p := range &statements {
		if hasPrefix(line, p) {
			return -2
		}
	}
	i := 0
	for i < len(line) && (isLetter(line[i]) || isDigit(line[i]) || line[i] == '_' || line[i] == '.' || line[i] == '-') {
		i++
	}
	for i < len(line) && line[i] == ' ' {
		i++
	}
	if i == len(line) || bytes.IndexByte(line, '(') >= 0 {
		return -1
	}
	if line[i] == '=' || line[i] == ':' {
		return 1
	}
	return 0
}

// configName recognises names that no variable of a program has.
func configName(name []byte) bool {
	if bytes.IndexByte(name, '-') >= 0 || bytes.Count(name, []byte(".")) > 1 {
		return true
	}
	return false
}

func isQuoteByte(c byte) bool { return c == '"' || c == '\'' || c == '`' }

func hasSuffixFold(b, part []byte) bool {
	return len(b) >= len(part) && bytes.EqualFold(b[len(b)-len(part):], part)
}

// camel recognises names of variables for secrets: testPassword.
func camel(v []byte) bool {
	for i := 1; i < len(v); i++ {
		if isUpper(v[i]) && isLower(v[i-1]) {
			m, _ := meaningOf(v, false)
			return m != nothing
		}
	}
	return false
}

// inPairs reports whether another pair stands right before the name, as in
// `host=db user=app password=v` and `addr=:6379,password=v`.
func inPairs(c Candidate) bool {
	if c.Op != assign.Assign || c.Gap {
		return false
	}
	line := c.Before[bytes.LastIndexByte(c.Before, '\n')+1:]
	n := len(line)
	if n == 0 || bytes.IndexByte(line, '(') >= 0 {
		return false
	}
	switch line[n-1] {
	case ' ', ',', ';':
		line = line[:n-1]
	default:
		return false
	}
	word := line[bytes.LastIndexAny(line, " ,;")+1:]
	return bytes.IndexByte(word, '=') > 0
}
