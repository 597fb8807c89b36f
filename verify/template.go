package verify

import (
	"errors"
	"fmt"
	"strings"
)

// template is a text with {placeholders}.
type template []piece

type piece struct {
	text string
	hole bool // text is a placeholder's name
}

func parseTemplate(text string) (template, error) {
	var t template
	for text != "" {
		literal, rest, found := strings.Cut(text, "{")
		if strings.Contains(literal, "}") {
			return nil, errors.New("a } without its {")
		}
		if literal != "" {
			t = append(t, piece{text: literal})
		}
		if !found {
			break
		}
		name, rest, closed := strings.Cut(rest, "}")
		if !closed || !isPartName(name) {
			return nil, fmt.Errorf("want a name and } after {, in lower case, digits, _ and -")
		}
		t = append(t, piece{name, true})
		text = rest
	}
	return t, nil
}

func isPartName(name string) bool {
	return name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == ""
}

// fill puts values, escaped, in the place of the placeholders.
func (t template) fill(value func(name string) string, escape func(string) string) string {
	var out strings.Builder
	for _, p := range t {
		if p.hole {
			out.WriteString(escape(value(p.text)))
		} else {
			out.WriteString(p.text)
		}
	}
	return out.String()
}

func plain(text string) string { return text }

// address is a URL by its parts, each of which is escaped in its own way.
type address struct{ host, path, query template }

// parseAddress reads https://HOST[:PORT][/PATH][?QUERY].
func parseAddress(text string) (a address, err error) {
	rest, ok := strings.CutPrefix(text, "https://")
	if !ok {
		return a, errors.New("want a URL that starts with https://")
	}
	for i := range len(rest) {
		if c := rest[i]; c <= ' ' || c >= 0x7f || strings.IndexByte(`"<>\^|#`+"`", c) >= 0 {
			return a, errors.New("the URL holds a character that none may hold, or a fragment")
		}
	}
	rest, query, _ := strings.Cut(rest, "?")
	host, path := rest, "/"
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		host, path = rest[:i], rest[i:]
	}
	for _, part := range []struct {
		text string
		into *template
	}{{host, &a.host}, {path, &a.path}, {query, &a.query}} {
		if *part.into, err = parseTemplate(part.text); err != nil {
			return a, err
		}
	}
	return a, a.checkHost()
}

// checkHost admits a host that is fixed, one of the check's own list, or a label
// from the credential below a fixed domain of two labels or more: no credential
// chooses whom it is sent to.
func (a address) checkHost() error {
	switch {
	case len(a.host) == 1 && !a.host[0].hole:
		return checkHostName(a.host[0].text)
	case len(a.host) == 1 && a.host[0].text == holeHost:
		return nil
	case len(a.host) == 2 && a.host[0].hole && !a.host[1].hole && a.host[0].text != holeHost:
		domain, below := strings.CutPrefix(a.host[1].text, ".")
		if !below || !strings.Contains(domain, ".") {
			return errors.New("a host from the credential must be one label below a fixed domain, as in {name}.service.example")
		}
		return checkHostName(domain)
	}
	return errors.New("want a fixed host, {host}, or one label from the credential below a fixed domain")
}

// checkHostName admits names and IPv4 addresses in lower case, with or without a
// port.
func checkHostName(host string) error {
	name, port, hasPort := strings.Cut(host, ":")
	if hasPort && (port == "" || len(port) > 5 || strings.Trim(port, "0123456789") != "") {
		return fmt.Errorf("%q is no host with a port", host)
	}
	for label := range strings.SplitSeq(name, ".") {
		if !isLabel(label) {
			return fmt.Errorf("%q is no host: want labels of lower-case letters, digits and dashes", host)
		}
	}
	return nil
}

func isLabel(label string) bool {
	return label != "" && len(label) <= 63 && strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-") == "" && strings.Trim(label, "-") == label
}
