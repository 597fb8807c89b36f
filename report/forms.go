package report

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
)

// shortLine is the length below which a line of a longer secret is not looked for
// by itself: it may be a header or a blank.
const shortLine = 24

// forms lists the ways in which a secret may be written in a path, a message or an
// error: as it is, percent-encoded, as the inside of a JSON string, in base64 at
// each of the three alignments, and for a secret of several lines, its lines.
func forms(secret string) []string {
	list := []string{secret}
	add := func(form string) {
		if form != secret {
			list = append(list, form)
		}
	}
	add(url.QueryEscape(secret))
	add(url.PathEscape(secret))
	for _, escapeHTML := range []bool{true, false} {
		add(jsonInside(secret, escapeHTML))
	}
	if len(secret) >= loose {
		for offset := range 3 {
			form := base64Core(secret, offset)
			add(form)
			if strings.ContainsAny(form, "+/") {
				add(strings.NewReplacer("+", "-", "/", "_").Replace(form))
			}
		}
	}
	if strings.Contains(secret, "\n") {
		for line := range strings.Lines(secret) {
			line = strings.TrimSpace(line)
			if len(line) >= shortLine && !strings.HasPrefix(line, "-----") {
				add(line)
			}
		}
	}
	return list
}

// base64Core encodes secret as it appears in the base64 of a longer text in which
// offset bytes (mod 3) stand before it, without the characters at both ends that
// depend on its neighbours.
func base64Core(secret string, offset int) string {
	padded := make([]byte, offset, offset+len(secret))
	padded = append(padded, secret...)
	encoded := base64.RawStdEncoding.EncodeToString(padded)
	first := (offset*8 + 5) / 6 // the first character that holds bits of secret alone
	last := len(padded) * 8 / 6 // one past the last
	return encoded[first:last]
}

func jsonInside(s string, escapeHTML bool) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(escapeHTML)
	if e.Encode(s) != nil { // a string always encodes
		return s
	}
	return strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(b.String()), `"`), `"`)
}
