package rules

import (
	"bytes"
	"strings"

	"github.com/shrike-scan/shrike/scanner"
)

// checkPassword judges a password whose place gives it away, such as a
// connection string: anything but a stand-in or a reference.
func checkPassword(secret, match []byte) scanner.CheckResult {
	if placeholder(string(secret)) || standIn(string(secret)) || anonymous(secret, match) {
		return refuted
	}
	return judgePassword("", string(secret))
}

// checkPasswordArgument is checkPassword for the arguments of calls, where words
// such as "secret" are samples mostly.
func checkPasswordArgument(secret, match []byte) scanner.CheckResult {
	result := checkPassword(secret, match)
	if result.Confidence == scanner.ConfidenceLow {
		return refuted
	}
	return result
}

// placeholder knows references to a variable, masks, and texts that ask the
// reader to put a password in.
func placeholder(password string) bool {
	p := strings.ToLower(password)
	if strings.ContainsAny(p, "{}<>[]`\\") || strings.HasPrefix(p, "$") || strings.HasPrefix(p, "&") || bindVariable(p) ||
		strings.HasPrefix(p, "%") && strings.HasSuffix(p, "%") {
		return true
	}
	if strings.IndexFunc(p, func(r rune) bool { return r < 0x80 }) < 0 { // prose in another script
		return true
	}
	if strings.Trim(p, "*x.-_#?") == "" || len(p) == 2 && p[0] == '%' { // masks, and verbs of printf
		return true
	}
	for _, start := range []string{"your", "my-pass", "my_pass", "mypass", "my-secret", "my_secret", "password_here", "passwordhere", "enter", "insert", "replace", "change-me-", "redacted", "placeholder"} {
		if strings.HasPrefix(p, start) {
			return true
		}
	}
	// NAMES_LIKE_THIS stand for a variable.
	return len(p) > 4 && strings.ToUpper(password) == password && strings.ContainsAny(p, "_") && !strings.ContainsAny(p, digits)
}

// anonymous knows the address that an anonymous user gives for a password (RFC 1635).
func anonymous(secret, match []byte) bool {
	return bytes.IndexByte(secret, '@') > 0 && bytes.Contains(match, []byte("login anonymous"))
}

// bindVariable knows :name, which stands for a value in SQL.
func bindVariable(p string) bool {
	return len(p) > 1 && p[0] == ':' && strings.Trim(p[1:], "abcdefghijklmnopqrstuvwxyz_") == ""
}

// standIn knows the words that samples put where a password goes.
func standIn(password string) bool {
	switch strings.ToLower(strings.Trim(password, "-_. !")) {
	case "password", "passwd", "pass", "pwd", "pw", "user", "username", "example", "dummy", "hidden", "none", "null",
		"string", "key", "api_key", "apikey", "token", "pat", "x-oauth-basic", "x-oauth-token", "foo", "bar", "baz":
		return true
	}
	return false
}

// judgePassword rates words low that are chosen so often that many are samples.
func judgePassword(user, password string) scanner.CheckResult {
	weak := scanner.CheckResult{Confidence: scanner.ConfidenceLow, Severity: scanner.SeverityLow}
	switch strings.ToLower(password) {
	case "secret", "changeme", "change-me", "change_me", "test":
		return weak
	}
	if standIn(password) || user != "" && strings.EqualFold(user, password) {
		return weak
	}
	return unproven
}

// checkRandomToken judges a token that only its place gives away, so that it has
// to stand near its name and to look random itself. Each bound holds for at least 995 of 1000 random texts of
// 20 characters: digits, or as many capitals as small letters; no long run of
// letters of one case; few separators; none of the words that people write in its
// place.
func checkRandomToken(secret, match []byte) scanner.CheckResult {
	if repetitive(secret) || remote(secret, match) {
		return refuted
	}
	if sequential(secret) {
		return doubtful
	}
	digits, lower, upper, separators, run, longest := 0, 0, 0, 0, 0, 0
	for i, c := range secret {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case letterCase(c) == 'a':
			lower++
		case letterCase(c) == 'A':
			upper++
		case c == '_' || c == '-' || c == '/' || c == '.' || c == '+':
			separators++
		}
		if i > 0 && letterCase(c) != 0 && letterCase(c) == letterCase(secret[i-1]) {
			run++
		} else {
			run = 0
		}
		longest = max(longest, run+1)
	}
	most := 24 // letters in a row, of 36 characters
	if lower > 0 && upper > 0 {
		most = 12 // of one case, of 62
	}
	// A name in camel case has few capitals, one at the start of each word.
	mixed := 4*min(lower, upper) > len(secret) && longest <= 6
	if digits == 0 && !mixed || longest > most || separators > 2+len(secret)/8 || joinedWords(secret) {
		return refuted
	}
	text := strings.ToLower(string(secret))
	for _, word := range []string{"your", "token", "example", "secret", "xxxx", "access", "api_key", "apikey", "placeholder"} {
		if strings.Contains(text, word) {
			return refuted
		}
	}
	if strings.Contains(text, "12345678") || strings.Contains(text, "abcdefgh") {
		return doubtful
	}
	return unproven
}

// joinedWords holds for a slug: three or more words between dashes, dots or
// underscores, each of letters of one case or of digits, or of letters and then digits.
func joinedWords(text []byte) bool {
	words := bytes.FieldsFunc(text, func(r rune) bool { return r == '-' || r == '_' || r == '.' })
	for _, word := range words {
		letters := bytes.TrimRight(word, "0123456789")
		for i := range letters {
			if letterCase(letters[i]) != letterCase(letters[len(letters)-1]) || letterCase(letters[i]) == 0 {
				return false
			}
		}
	}
	return len(words) >= 3
}

func letterCase(c byte) byte {
	switch {
	case c >= 'a' && c <= 'z':
		return 'a'
	case c >= 'A' && c <= 'Z':
		return 'A'
	}
	return 0
}

// checkJWTBase64 reads a token that was encoded once more.
func checkJWTBase64(secret, match []byte) scanner.CheckResult {
	return checkJWT(bytes.TrimSpace(decodeTolerant(secret)), match)
}
