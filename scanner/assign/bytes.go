package assign

import "bytes"

// Classes of bytes, for the loops and the early rejections.
const (
	word      = 1 << iota // letters, digits, underscore, and all of UTF-8 beyond ASCII
	blank                 // space and tab
	afterName             // may follow a name that is assigned to
	bareEnd               // ends a bare value inside other text
	opens                 // may stand before a name that starts its line, see startsLine
	turns                 // starts what an expression falls back on, or ends it, see fallback
)

var class = [256]uint8{
	' ': blank | afterName | bareEnd | opens | turns, '\t': blank | afterName | bareEnd | opens,
	'\r': afterName | bareEnd | turns, '\n': afterName | bareEnd | turns, 0: bareEnd,
	'"': afterName | bareEnd, '\'': afterName | bareEnd, '`': afterName | bareEnd,
	'\\': afterName | bareEnd, '<': afterName | bareEnd, '>': afterName | bareEnd,
	'&': afterName | bareEnd, '(': afterName, '=': afterName, ':': afterName, '!': afterName,
	'-': afterName | opens, '+': afterName, '|': afterName | bareEnd | turns, '?': afterName | turns, '[': afterName,
	']': afterName | bareEnd, '*': afterName | opens, '#': opens | turns, '/': opens,
	',': afterName | bareEnd | turns, ';': bareEnd | opens | turns, ')': afterName | bareEnd, '}': afterName | bareEnd, '{': afterName,
	'_': word,
	'0': word, '1': word, '2': word, '3': word, '4': word, '5': word, '6': word, '7': word, '8': word, '9': word,
	'A': word | opens, 'B': word, 'C': word, 'D': word, 'E': word | opens, 'F': word, 'G': word | opens, 'H': word, 'I': word,
	'J': word, 'K': word, 'L': word, 'M': word, 'N': word | opens, 'O': word, 'P': word, 'Q': word, 'R': word | opens,
	'S': word | opens, 'T': word | opens, 'U': word, 'V': word | opens, 'W': word, 'X': word, 'Y': word, 'Z': word,
	'a': word, 'b': word, 'c': word, 'd': word, 'e': word | opens, 'f': word, 'g': word, 'h': word, 'i': word,
	'j': word, 'k': word, 'l': word, 'm': word, 'n': word | opens, 'o': word | opens, 'p': word | opens, 'q': word, 'r': word | opens,
	's': word | opens, 't': word | opens, 'u': word | turns, 'v': word | opens, 'w': word, 'x': word | opens, 'y': word, 'z': word,
}

func isWord(c byte) bool  { return class[c]&word != 0 }
func isBlank(c byte) bool { return class[c]&blank != 0 }
func isBreak(c byte) bool { return c == '\n' || c == '\r' }
func isQuote(c byte) bool { return c == '"' || c == '\'' || c == '`' }

// wordEnd returns the offset of the first byte from p on that is of no word.
func wordEnd(data []byte, p int) int {
	for p < len(data) && isWord(data[p]) {
		p++
	}
	return p
}

// skipBlank returns the offset of the first byte from p on that is neither
// space nor tab.
func skipBlank(data []byte, p int) int {
	for p < len(data) && isBlank(data[p]) {
		p++
	}
	return p
}

// backBlank returns the end of the text before p without its trailing blanks.
func backBlank(data []byte, p int) int {
	for p > 0 && isBlank(data[p-1]) {
		p--
	}
	return p
}

// lineStart returns where the line that holds p starts in data. Most long lines are the
// only one in sight.
func lineStart(data []byte, p int) int {
	if bytes.IndexByte(data[:p], '\n') < 0 && bytes.IndexByte(data[:p], '\r') < 0 {
		return 0
	}
	for p > 0 && !isBreak(data[p-1]) {
		p--
	}
	return p
}

// equalFold compares ASCII without case; lower is lower case.
func equalFold(b []byte, lower string) bool {
	if len(b) != len(lower) {
		return false
	}
	for i, c := range b {
		if c-'A' < 26 {
			c |= 0x20
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}
