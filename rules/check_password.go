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
	if afterHost(match) || result.Confidence == scanner.ConfidenceLow {
		return refuted
	}
	return result
}

// afterHost holds where the first of the arguments is a host: what follows is a user.
func afterHost(match []byte) bool {
	open := bytes.IndexAny(match, `"'`)
	if open < 0 {
		return false
	}
	first, _, _ := bytes.Cut(match[open+1:], match[open:open+1])
	for _, end := range []string{".com", ".org", ".net", ".io", ".dev", ".test"} {
		if bytes.HasSuffix(first, []byte(end)) {
			return bytes.IndexByte(first, '@') < 0
		}
	}
	return false
}

// placeholder knows references to a variable, masks, and texts that ask the
// reader to put a password in.
func placeholder(password string) bool {
	p := strings.ToLower(password)
	if strings.ContainsAny(p, "{}<>[]`\\") || strings.HasPrefix(p, "$") || strings.HasPrefix(p, "%s'") || strings.HasPrefix(p, "&") || bindVariable(p) ||
		strings.HasPrefix(p, "%") && strings.HasSuffix(p, "%") {
		return true
	}
	if strings.IndexFunc(p, func(r rune) bool { return r < 0x80 }) < 0 { // prose in another script
		return true
	}
	if strings.Trim(p, "*x.-_#?") == "" || strings.Contains(p, "_here") || len(p) == 2 && p[0] == '%' { // masks, and verbs of printf
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
		"string", "key", "public", "private", "api_key", "apikey", "token", "pat", "x-oauth-basic", "x-oauth-token", "foo", "bar", "baz":
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
