package scanner

import "bytes"

// Where tokens and names begin and end. A credential is a whole token: a run that
// goes on with what a token can hold is another, longer text. The name of a service
// is a whole word: `acme` says nothing in `lacmedian`.

// startsToken reports whether a token can start at text[i]. A letter that
// belongs to an escape such as \n does not count as part of the token.
func startsToken(text []byte, i int) bool {
	return i == 0 || !isTokenByte(text[i-1]) || isEscaped(text, i-1)
}

// isEscaped reports whether text[i] is the letter of an escape such as \n.
func isEscaped(text []byte, i int) bool {
	c := text[i]
	return (c == 'n' || c == 'r' || c == 't') && i > 0 && text[i-1] == '\\'
}

// endsToken reports whether the token text[start:end], which nothing but its place
// tells, ends there.
func endsToken(text []byte, start, end int) bool {
	switch {
	case end == len(text):
		return true
	case text[end] == '=' || isTokenByte(text[end]):
		return false
	case text[end] == '.' && end+1 < len(text) && isWordByte(text[end+1]):
		return false
	}
	return !goesOn(text, start, end)
}

func isTokenByte(c byte) bool { return isWordByte(c) || c == '-' || c == '+' || c == '/' }

// tokenRims are what stands beside a whole token that is no escape's letter.
var tokenRims = func() rims {
	var r rim
	for b := range 256 {
		if !isTokenByte(byte(b)) {
			r.set.add(byte(b))
		}
	}
	return rims{r, r}
}()

// tokenAhead is how many bytes behind a token endsToken and goesOn look at.
const tokenAhead = 4

// goesOn reports whether text[start:end] is but the start of a longer token: behind
// it stands a sign that other formats and passwords hold, and that no sentence or
// notation puts there.
func goesOn(text []byte, start, end int) bool {
	if end == len(text) {
		return false
	}
	var next byte // 0 at the end of the text
	if end+1 < len(text) {
		next = text[end+1]
	}
	switch text[end] {
	case '$', '^':
		return true
	case '%':
		return !escapes(text[end:])
	case '#': // behind a path begins a fragment
		return !isPath(text, start, end)
	case '?': // or a query
		return closes(text, start, next) || isWordByte(next) && !isPath(text, start, end)
	case '-', '+': // that also end a part of a longer text: "tok-" + rest
		return next == '"' || next == '\'' || closes(text, start, next) || isWordByte(next)
	case '!', '~', '*', '=':
		return closes(text, start, next) || isWordByte(next)
	case '.':
		return closes(text, start, next) || isAsset(text[end+1:])
	}
	return false
}

// isAsset reports whether a name ends, behind its dot, as a file of a page does that
// builds name by its digest: key-0123abcd.png.
func isAsset(ending []byte) bool {
	if len(ending) < 2 {
		return false
	}
	if string(ending[:2]) == "js" {
		return len(ending) == 2 || !isLetter(ending[2])
	}
	if len(ending) < 3 {
		return false
	}
	switch string(ending[:3]) {
	case "css", "png", "gif", "jpg", "jpe", "svg", "ico", "web", "wof", "ttf", "eot":
		return true
	}
	return false
}

// escapes reports whether text begins with the escape, in a URL, of a character that
// can stand behind a token: `%20`.
func escapes(text []byte) bool {
	r, _ := hexRune(text, 1, 2)
	if r == '\t' || r == '\n' || r == '\r' || r == 0xC2 || r == 0xE2 { // the last two begin spaces and quotation marks
		return true
	}
	return r >= ' ' && r < 0x7f && (r == '/' || !isTokenByte(byte(r))) // as in plain text a slash ends a token
}

// closes reports whether c closes what opens right before text[start].
func closes(text []byte, start int, c byte) bool {
	if start == 0 {
		return false
	}
	switch open := text[start-1]; open {
	case '"', '\'', '`':
		return c == open
	case '>':
		return c == '<'
	case '{':
		return c == '}'
	}
	return false
}

// isPath reports whether a token is a part of a path: a slash stands before it, or in
// it, behind a host or a folder in small letters.
func isPath(text []byte, start, end int) bool {
	if start > 0 && text[start-1] == '/' {
		return true
	}
	rest := bytes.TrimLeft(text[start:end], "abcdefghijklmnopqrstuvwxyz.")
	return bytes.HasPrefix(rest, []byte("/")) || bytes.HasPrefix(rest, []byte("://"))
}

// nameAhead is how many bytes behind a name isName looks at. Before it it looks at
// no more than around.
const nameAhead = 6

// isName reports whether text[start:end] is a word of its own, or the first of those
// that are joined to a name: not the middle or the end of another, and not inflected.
func isName(text []byte, start, end int) bool {
	return !isBesideLetter(text, start, end) || isJoined(text, start, end)
}

// isBesideLetter reports whether a letter stands on either side of text[start:end].
func isBesideLetter(text []byte, start, end int) bool {
	return start > 0 && isLetter(text[start-1]) || end < len(text) && isLetter(text[end])
}

// isJoined is isName of what may have letters beside it.
func isJoined(text []byte, start, end int) bool {
	if continues(text, start) {
		from := start - 1
		if !ownEnds.has(text[from]) {
			return false
		}
		for start-from < around-1 && continues(text, from) {
			from--
		}
		if !isOwn(text[from:start]) {
			return false
		}
	}
	if end == len(text) || !endingStarts.has(text[end]) {
		return true
	}
	to := end
	for to-end < nameAhead-1 && to < len(text) && continues(text, to) {
		to++
	}
	return to == end || !isEnding(text[end:to]) || bytes.ContainsAny(text[start:end], " _.-")
}

// letterSet is a set of letters without case.
type letterSet uint32

func letters(list string) (s letterSet) {
	for i := range len(list) {
		s |= 1 << (list[i] & 31)
	}
	return s
}

func (s letterSet) has(letter byte) bool { return s>>(letter&31)&1 != 0 }

// With what the words of isOwn end, and those of isEnding start: one look tells most
// letters beside a name.
var ownEnds, endingStarts = letters("yrewtipvbkos"), letters("seianfl")

// continues reports whether the letters text[i-1] and text[i] belong to one word,
// unless the case of letters says that a new one begins.
func continues(text []byte, i int) bool {
	if i == 0 || !isLetter(text[i-1]) || !isLetter(text[i]) || isEscaped(text, i-1) {
		return false
	}
	if !isUpper(text[i]) {
		return true // of a word such as Word
	}
	return isUpper(text[i-1]) && (i+1 == len(text) || !isLetter(text[i+1]) || isUpper(text[i+1]))
}

func isUpper(c byte) bool { return c-'A' < 26 }

// isOwn reports whether letters are a word that people put before names without
// anything between: `myacme`.
func isOwn(letters []byte) bool {
	switch lowerASCII(string(letters)) {
	case "my", "our", "the", "new", "get", "set", "use", "api", "app", "dev", "lib", "sdk", "go", "py", "js", "php":
		return true
	}
	return false
}

// isEnding reports whether letters are what an inflected or derived word ends with.
func isEnding(letters []byte) bool {
	switch lowerASCII(string(letters)) {
	case "s", "ed", "ing", "ings", "ish", "able", "ness", "ful", "less":
		return true
	}
	return false
}
