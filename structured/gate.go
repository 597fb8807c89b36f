package structured

import (
	"bytes"
	"slices"
	"strings"
	"sync"
)

// To parse a text costs a hundred times what it costs to look for a few words in
// it, and a history holds each template in many versions. So a text is parsed only
// if it can be a template at all, and if something in it is named as a secret is:
// without such a name nothing can be reported. What is hidden from these looks is
// let through: escapes in quoted text, and scripts in base64. A name that a template
// puts together of pieces, or writes on several lines, is not seen.

// isForeign reports whether a text in JSON starts with a key in lower case, as
// none of CloudFormation's does but CDK's tree: above all the models of the services'
// APIs, of a megabyte each.
func isForeign(text []byte) bool {
	body := bytes.TrimLeft(text, "\xef\xbb\xbf \t\r\n")
	inside, ok := bytes.CutPrefix(body, []byte{'{'})
	inside = bytes.TrimLeft(inside, " \t\r\n")
	return ok && len(inside) > 1 && inside[0] == '"' && inside[1]-'a' < 26 &&
		!bytes.Contains(inside[:min(len(inside), 64)], []byte(`"tree-`))
}

// holdsParameters reports whether a text may hold the parameters or the outputs of
// a stack. It looks for the rarest letter of these keys.
func holdsParameters(text []byte) bool {
	for at := 0; ; at += len("Key") {
		i := bytes.Index(text[at:], []byte("Key"))
		if i < 0 {
			return false
		}
		at += i
		if bytes.HasSuffix(text[:at], []byte("Parameter")) || bytes.HasSuffix(text[:at], []byte("Output")) {
			return true
		}
	}
}

// namesSecret reports whether classifyName or the table of sensitive properties
// may see the name of a secret in a text, or an author's word that a value is to be
// hidden.
func namesSecret(text []byte) bool {
	scripts := true // a script further on may be in base64
	for i := range max(len(text)-1, 0) {
		if !isLook(text[i], text[i+1]) {
			continue
		}
		rest := text[i:]
		switch rest[0] {
		case 'P', 'p', 'S', 's', 'T', 't', 'C', 'c', 'K', 'k':
			if endsSecretName(text, i) && !isOtherKey(text, i) {
				return true
			}
		case 'N', 'n':
			if hasPrefixFold(rest, "noecho") {
				return true
			}
		case 'U':
			if scripts && bytes.HasPrefix(rest, []byte("UserData")) {
				if scripts = hasEncodedLine(rest); scripts {
					return true
				}
			}
		case '\\':
			if isEscape(text, i) {
				return true
			}
		case 0xc4, 0xe2: // two letters that are ASCII in lower case
			if bytes.HasPrefix(rest, []byte("\u0130")) || bytes.HasPrefix(rest, []byte("\u212a")) {
				return true
			}
		}
	}
	return false
}

// looks has, for the two bytes that each thing looked for starts with, the bit of the
// second at the place of the first: of both the lower five bits, which letters in
// either case share. Few other pairs pass.
var looks = [32]uint32{
	'p' & 31:  1<<('a'&31) | 1<<('w'&31),
	's' & 31:  1 << ('e' & 31),
	't' & 31:  1 << ('o' & 31),
	'c' & 31:  1<<('r'&31) | 1<<('o'&31),
	'k' & 31:  1 << ('e' & 31),
	'n' & 31:  1 << ('o' & 31),
	'u' & 31:  1 << ('s' & 31),
	'\\' & 31: 1<<('x'&31) | 1<<('u'&31) | 1<<('\r'&31) | 1<<('\n'&31),
	0xc4 & 31: 1 << (0xb0 & 31),
	0xe2 & 31: 1 << (0x84 & 31),
}

// isLook reports whether two bytes may start something that is looked for.
func isLook(first, second byte) bool { return looks[first&31]>>(second&31)&1 != 0 }

// isEscape reports whether the backslash at text[i] may stand for letters in a quoted
// text, or join two parts of a word at the end of a line.
func isEscape(text []byte, i int) bool {
	switch text[i+1] {
	case 'x', 'u', 'U':
		return true
	case '\r', '\n':
		after := bytes.TrimLeft(text[i+1:], " \t\r\n")
		return i > 0 && len(after) > 0 && !isSeparator(text[i-1]) && !isSeparator(after[0])
	}
	return false
}

// stems begin the words that end the names of secrets, with what may complete them.
var stems = [...]struct {
	stem   string
	tails  []string
	before []string // where only some words before it make a secret of it
}{
	{"pass", []string{"word", "wd", "phrase", "code"}, nil},
	{"pwd", nil, nil},
	{"secret", nil, nil},
	{"token", nil, nil},
	{"credential", nil, nil},
	{"cookie", nil, []string{"erlang"}},
	{"key", nil, slices.Concat(keyWords, tableKeys)},
}

// tableKeys stand before "key" in the table of sensitive properties alone.
var tableKeys = []string{"ssh", "app", "apps", "nwk", "nwks"}

// endsSecretName reports whether such a word stands at text[i:] and may be the last
// one of a name that says something.
func endsSecretName(text []byte, i int) bool {
	for k := range stems {
		s := &stems[k]
		if !hasPrefixFold(text[i:], s.stem) {
			continue
		}
		if s.before != nil && !endsWord(text[:i], s.before) {
			return false
		}
		end := i + len(s.stem)
		for _, tail := range s.tails {
			if hasPrefixFold(text[end:], tail) {
				end += len(tail)
				break
			}
		}
		return endsName(text[end:]) || hasPrefixFold(text[end:], "s") && endsName(text[end+1:])
	}
	return false
}

// entryWords follow a secret's name in the names of collections of them: secretEnv.
var entryWords = []string{"env", "vars"}

// endsName reports whether a word that stands before text may be the last one of a
// name that counts: no lower-case letter follows, and no other word but these.
func endsName(text []byte) bool {
	if len(text) > 0 && text[0]-'a' < 26 {
		return false
	}
	text = bytes.TrimLeft(text, "0123456789")
	follows := func(word string) bool { return hasPrefixFold(text, word) }
	return len(text) == 0 || text[0]|0x20-'a' >= 26 || slices.ContainsFunc(neutralWords, follows) || slices.ContainsFunc(entryWords, follows)
}

// endsWord reports whether one of the words may stand before the end of text. What
// is not ASCII there may be a separator or part of a letter.
func endsWord(text []byte, words []string) bool {
	for len(text) > 0 && isSeparator(text[len(text)-1]) {
		text = text[:len(text)-1]
	}
	if len(text) > 0 && text[len(text)-1] >= 0x80 {
		return true
	}
	return slices.ContainsFunc(words, func(word string) bool {
		return len(text) >= len(word) && hasPrefixFold(text[len(text)-len(word):], word)
	})
}

// isOtherKey reports whether text[i] stands in a key, on a line of its own or quoted,
// that is as a whole no secret's name: ServiceToken, ManageMasterUserPassword. A key
// that begins on the line before is not seen.
func isOtherKey(text []byte, i int) bool {
	start, end := i, i
	for start > 0 && isIdentifierByte(text[start-1]) {
		start--
	}
	for end < len(text) && isIdentifierByte(text[end]) {
		end++
	}
	return end-start <= longestName && isKey(text, start, end) && namesNone(string(text[start:end]))
}

// isKey reports whether text[start:end] is a key on a line of its own, or a quoted one
// in JSON.
func isKey(text []byte, start, end int) bool {
	isQuoted := start > 0 && end < len(text) && text[end] == text[start-1] && (text[end] == '"' || text[end] == '\'')
	if isQuoted {
		start, end = start-1, end+1
	}
	if end == len(text) || text[end] != ':' || !isQuoted && end+1 < len(text) && !isSpace(text[end+1]) {
		return false
	}
	before := bytes.TrimRight(text[:start], " \t")
	return len(before) == 0 || before[len(before)-1] == '\n' || isQuoted && bytes.IndexByte([]byte("{,"), before[len(before)-1]) >= 0
}

// namesNone reports whether a name with such a word in it is none of a secret, nor of
// a collection of them.
func namesNone(name string) bool {
	return classifyName(name) == notSecret && !slices.Contains(collections, name) && !sensitiveKeys()[strings.ToLower(name)]
}

// sensitiveKeys are the keys that paths in the table of sensitive properties end with,
// in lower case.
var sensitiveKeys = sync.OnceValue(func() map[string]bool {
	keys := map[string]bool{}
	for _, paths := range sensitive() {
		for _, path := range paths {
			keys[strings.ToLower(path[strings.LastIndexByte(path, '.')+1:])] = true
		}
	}
	return keys
})

// isSeparator reports whether c is an ASCII character that is no letter or digit.
func isSeparator(c byte) bool { return c < 0x80 && c|0x20-'a' >= 26 && c-'0' >= 10 }

// hasPrefixFold reports whether text starts with a word of lower-case letters, in
// any case.
func hasPrefixFold[T string | []byte](text T, word string) bool {
	if len(text) < len(word) {
		return false
	}
	for i := range len(word) {
		if text[i]|0x20 != word[i] {
			return false
		}
	}
	return true
}

// minEncoded is the least length of the first line of a script in base64.
const minEncoded = 24

// hasEncodedLine reports whether a text has a run of so many characters of base64
// that nothing else touches but white space and what ends a quoted text or an item.
func hasEncodedLine(text []byte) bool {
	for i := 0; i < len(text); i++ {
		start := i
		for i < len(text) && isBase64(text[i]) {
			i++
		}
		if i-start >= minEncoded && (start == 0 || endsItem(text[start-1])) && (i == len(text) || endsItem(text[i])) {
			return true
		}
	}
	return false
}

func isBase64(c byte) bool {
	return c < 0x80 && !isSeparator(c) || c == '+' || c == '/' || c == '='
}

func endsItem(c byte) bool { return isSpace(c) || bytes.IndexByte([]byte("\"'\\,:[]{}"), c) >= 0 }
