package classify

import (
	"bytes"

	"github.com/shrike-scan/shrike/scanner/assign"
)

// Lines is how many lines before and after an assignment a verdict depends on,
// beside its own.
const Lines = 4

// surroundings weighs the lines around an assignment: positive where they look
// like configuration, negative where they look like a program.
func surroundings(c *Candidate) int {
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
		for range Lines {
			i := bytes.LastIndexByte(before, '\n')
			if i < 0 {
				break
			}
			sum += lineKind(before[i+1:])
			before = before[:i]
		}
	}
	after := c.After
	for range Lines {
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
	if len(line) == 0 || hasPrefix(line, "# ") {
		return 0
	}
	if i := bytes.Index(line, []byte(" #")); i > 0 {
		line = bytes.TrimRight(line[:i], " \t") // less its comment
	}
	if i := bytes.IndexByte(line, ':'); i > 0 && i+2 < len(line) && line[i+1] == ' ' && (line[i+2] == '{' || line[i+2] == '[') && isKey(line[:i]) {
		return 1 // a collection of YAML's on one line
	}
	switch line[len(line)-1] {
	case ';', '{', '(', ')', ',', '\\':
		return -2
	case '}':
		if !bytes.Contains(line, []byte("${")) {
			return -2
		}
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

// isKey recognises names of settings.
func isKey(b []byte) bool {
	for _, c := range b {
		if !isLetter(c) && !isDigit(c) && c != '_' && c != '-' && c != '.' {
			return false
		}
	}
	return true
}

// configName recognises names that no variable of a program has.
func configName(name []byte) bool {
	return bytes.IndexByte(name, '-') >= 0 || bytes.Count(name, []byte(".")) > 1
}
