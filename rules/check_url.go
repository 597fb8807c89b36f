package rules

import (
	"bytes"
	"net/url"
	"slices"
	"strings"

	"github.com/shrike-scan/shrike/scanner"
)

// checkURL judges a password in a URL: secret is the password, match holds the
// URL. Stand-ins and references are refuted.
func checkURL(secret, match []byte) scanner.CheckResult { return judgeURL(secret, match) }

// checkDatabaseURL also rates databases on the developer's own machine low.
func checkDatabaseURL(secret, match []byte) scanner.CheckResult {
	result := judgeURL(secret, match)
	if result.Proof != scanner.Refuted && localHost(urlHost(secret, match)) {
		result.Severity = scanner.SeverityLow
	}
	return result
}

func judgeURL(secret, match []byte) scanner.CheckResult {
	password, err := url.PathUnescape(string(secret))
	if err != nil {
		password = string(secret)
	}
	user, host := urlUser(secret, match), urlHost(secret, match)
	if placeholder(password) || standIn(password) || placeholderHost(host) || isPort(password) {
		return refuted
	}
	result := judgePassword(user, password)
	if documentationHost(host) {
		if result.Confidence == scanner.ConfidenceLow {
			return refuted
		}
		result.Confidence, result.Severity = scanner.ConfidenceLow, scanner.SeverityLow
	}
	result.Details = present([]scanner.Detail{
		{Name: "host", Value: printable(host)},
		{Name: "user", Value: printable(user)},
	})
	return result
}

// isPort knows a port with a query or a fragment behind it, which may hold an @: by
// RFC 3986 the host ends there.
func isPort(text string) bool {
	rest := strings.TrimLeft(text, digits)
	return rest != "" && len(text)-len(rest) >= 2 && (rest[0] == '?' || rest[0] == '#')
}

// urlUser is the text between :// and the password.
func urlUser(secret, match []byte) string {
	_, rest, _ := bytes.Cut(match, []byte("://"))
	user, _, ok := bytes.Cut(rest, slices.Concat([]byte(":"), secret, []byte("@")))
	if !ok {
		return ""
	}
	return string(user)
}

// urlHost is the text after the password, up to a port, path or quote.
func urlHost(secret, match []byte) string {
	_, rest, ok := bytes.Cut(match, slices.Concat([]byte(":"), secret, []byte("@")))
	if !ok {
		return ""
	}
	if end := bytes.IndexAny(rest, ":/?#\"'` \t\r\n,;<>)]}\\"); end >= 0 {
		rest = rest[:end]
	}
	return string(rest)
}

func localHost(host string) bool {
	return slices.Contains([]string{"localhost", "127.0.0.1", "0.0.0.0", "::1", "[", "host.docker.internal", "db", "database", "postgres", "mysql", "mariadb", "mongo", "mongodb", "redis", "rabbitmq"}, strings.ToLower(host))
}

// placeholderHost knows references and stand-ins.
func placeholderHost(host string) bool {
	return strings.ContainsAny(host, "${}<>%*") || slices.Contains([]string{"host", "hostname", "..."}, strings.ToLower(host))
}

// documentationHost knows the names that RFC 2606 keeps for examples.
func documentationHost(host string) bool {
	host = strings.ToLower(host)
	for _, name := range []string{"example.com", "example.org", "example.net"} {
		if host == name || strings.HasSuffix(host, "."+name) {
			return true
		}
	}
	return false
}
