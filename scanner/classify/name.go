package classify

import (
	"bytes"

	"github.com/shrike-scan/shrike/scanner/assign"
)

// meaning is what a name says its value is.
type meaning uint8

const (
	nothing  meaning = iota // no secret
	password                // chosen by a person, or not
	secret                  // a secret of some kind
	token
	key     // a key that is said to be secret: api key, private key
	auth    // an authorization
	someKey // "key" alone: an index, a map's key, or a key
)

// never is more evidence than any value brings.
const never = 1e9

// needs returns the least bits of randomness that make a value a secret under
// such a name, exact or not.
func (m meaning) needs(s *shape, exact bool) float64 {
	if s.length < 8 && m != password || s.length < 16 && !exact {
		return never
	}
	switch m {
	case password:
		return 14
	case secret, key:
		return 10
	case token:
		return 12
	case auth:
		return 16
	}
	switch {
	case s.length < 12:
		return never
	case s.dashes > 0 || s.dots > 0:
		return 32
	}
	return 18
}

// shortest returns the length of the shortest value that can be a secret under such a
// name, exact or not: see needs, chosen and isBasicPair.
func (m meaning) shortest(exact bool) int {
	switch {
	case m == auth:
		return 6
	case !exact:
		return 16
	case m == password:
		return 2
	case m == secret, m == key:
		return 6
	case m == someKey:
		return 12
	}
	return 8
}

// meaningOf reads a name from its last word back: "db_password_2" is a
// password, "password_field" is not.
//
// It is exact when every word behind the promise is neutral: a name such as
// "password_notes" promises less. A called function whose words look for a
// secret, or check one, promises nothing.
func meaningOf(name []byte, called bool) (m meaning, exact bool) {
	const phrase = "identified by" // of SQL
	if len(name) == len(phrase) && bytes.EqualFold(name, []byte(phrase)) {
		return password, true
	}
	if string(name) == "PWD" || string(name) == "OLDPWD" {
		return nothing, false // the working directory
	}
	if len(name) > 2*mostSpaces && bytes.Count(name, []byte(" ")) > mostSpaces {
		return nothing, false // a sentence
	}
	if dot := bytes.LastIndexByte(name, '.'); called && dot >= 0 {
		if compares(name[dot+1:]) {
			name, called = name[:dot], false
		} else {
			name = name[dot+1:]
		}
	}
	var words words
	words.split(name)
	exact = true
	for i := words.n - 1; i >= 0; i-- {
		w, before := words.at(i), words.at(i-1)
		switch m, known := coreWord(w); {
		case m == someKey && plural(w):
			if m = keyMeaning(before); m == someKey || !exact {
				return nothing, false
			}
			return m, false
		case m == someKey && exact:
			return keyMeaning(before), true
		case m == someKey:
			if keyMeaning(before) == nothing {
				return nothing, false
			}
			return someKey, false
		case m == auth && !exact:
			return nothing, false
		case m != nothing:
			if spoils(before) || i > 1 && looks(words.at(0)) || words.caption(i) || m == token && counts(before) || called && words.call() {
				return nothing, false
			}
			return m, exact && !plural(w) && !(m == token && oneTime(before))
		case known:
			return nothing, false
		case !neutral(w):
			if exact = false; called {
				return nothing, false
			}
		}
	}
	return nothing, false
}

// besideFail reports whether one of the two lines before, or the next, gives what is to
// fail: fail: "v".
func besideFail(c *Candidate) bool {
	before := c.Before[max(0, len(c.Before)-100):]
	after := c.After[:min(len(c.After), 60)]
	return bytes.Contains(before, []byte("fail:")) || bytes.Contains(after, []byte("fail:"))
}

// choosesKey recognises keys that people make up, as they do passwords: those that a
// program signs and encrypts with. Providers issue the others.
func choosesKey(name []byte) bool {
	var words words
	words.split(name)
	switch string(words.at(words.n - 1)) {
	case "secretkey", "encryptionkey", "signingkey", "masterkey":
		return true
	}
	switch string(words.at(words.n - 2)) {
	case "secret", "encryption", "encrypt", "crypt", "crypto", "cipher", "signing", "sign", "jwt", "hmac", "aes", "session", "cookie", "master":
		return true
	}
	return false
}

// compares reports whether a method compares its receiver with its argument.
func compares(method []byte) bool {
	switch string(method) {
	case "equals", "equalsIgnoreCase", "contentEquals", "compareTo", "eql":
		return true
	}
	return false
}

// homonym says what else a name means where it is no secret's: what its value or
// its place tells, and the name alone does not.
func homonym(c *Candidate, m meaning) string {
	name, v := c.Name, c.Value
	switch {
	case string(name) == "PASS" && c.Op == assign.Colon:
		if bytes.HasSuffix(c.Before, []byte("--- ")) || hasPrefix(v, "Test") || hasPrefix(v, "tests/") {
			return "the result of a test"
		}
	case string(name) == "pass" && c.Op == assign.Colon && besideFail(c):
		return "what is to pass a test, beside what is to fail"
	case string(name) == "passwd" && c.Op == assign.Colon:
		switch string(v) { // nsswitch.conf(5)
		case "compat", "files", "db", "nis", "nisplus", "ldap", "systemd", "sss", "winbind", "hesiod", "cache", "cached":
			return "a source of the name service"
		}
	case len(name) >= 10 && bytes.EqualFold(name[len(name)-10:], []byte("signingkey")):
		if s := shapeOf(v); s.hex && s.lower == 0 && (s.length == 8 || s.length == 16 || s.length == 40) {
			return "the id of an OpenPGP key"
		}
	}
	return placed(c, m)
}

// ofPublicKey reports whether the line before a name opens a public key whose member
// it is: PublicKey{Key: "v"}.
func ofPublicKey(before []byte) bool {
	line := lastLine(before)
	return bytes.Contains(line, []byte("ublicKey")) || bytes.Contains(line, []byte("ublic_key"))
}

const (
	maxName    = 96 // bytes of a name that are read, from its end
	maxWords   = 16
	mostSpaces = 4 // between the words of a name
)

// words splits a name at its signs, digits and humps: dbPassword2 is "db" and
// "password".
type words struct {
	lower  [maxName]byte // the name without case, with spaces for all but letters
	length int
	starts [maxWords]uint8 // of each word in lower; the last words when there are more
	n      int
}

func (w *words) split(name []byte) {
	if len(name) > maxName {
		name = name[len(name)-maxName:]
	}
	w.length = len(name)
	last := byte(' ')
	for i, c := range name {
		letter := letters[c]
		w.lower[i] = letter
		if letter != ' ' && (last == ' ' || isUpper(c) && (isLower(name[i-1]) || endsAcronym(name, i))) {
			if w.n == maxWords {
				copy(w.starts[:], w.starts[1:])
				w.n--
			}
			w.starts[w.n] = uint8(i)
			w.n++
		}
		last = letter
	}
}

// letters holds the small letter of each byte of a word, and a space for the others.
var letters = func() (all [256]byte) {
	for i := range all {
		switch c := byte(i); {
		case isUpper(c):
			all[i] = c | 0x20
		case isLower(c) || c >= 0x80:
			all[i] = c
		default:
			all[i] = ' '
		}
	}
	return all
}()

// endsAcronym reports whether the capital at i starts a word behind an acronym,
// as the K of APIKey does and that of URLs does not.
func endsAcronym(name []byte, i int) bool {
	return i+1 < len(name) && isUpper(name[i-1]) && isLower(name[i+1]) && (i+2 < len(name) || name[i+1] != 's')
}

// at returns the word i, and nil outside the name.
func (w *words) at(i int) []byte {
	if i < 0 || i >= w.n {
		return nil
	}
	end := w.length
	if i+1 < w.n {
		end = int(w.starts[i+1])
	}
	for w.lower[end-1] == ' ' {
		end--
	}
	return w.lower[w.starts[i]:end]
}

// call reports whether a function of that name looks for a secret, checks or
// changes one, or passes a test.
func (w *words) call() bool {
	for i := range w.n {
		if word := w.at(i); looks(word) || checks(word) || string(word) == "pass" {
			return true
		}
	}
	return false
}

// caption reports whether one of the first n words says that the value only speaks of a
// secret: a label, a hint or a message that people read, or a kind or a method.
func (w *words) caption(n int) bool {
	for i := range n {
		switch string(w.at(i)) {
		case "label", "lbl", "caption", "tooltip", "placeholder", "hint", "heading", "title", "message", "msg",
			"error", "err", "errors", "warning", "enter", "mandatory", "translation", "translations",
			"method", "type", "types", "kind", "mode", "grant":
			return true
		}
	}
	return false
}

// plural tells tokens from pass: a list is no one secret.
func plural(w []byte) bool {
	return w[len(w)-1] == 's' && !hasSuffix(w, "ss")
}
