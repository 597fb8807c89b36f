package verify

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/shrike-scan/shrike/scanner"
)

// answer is what a provider sent back.
type answer struct {
	status int
	header http.Header
	body   any // of JSON; nil where it is none
	page   bool
}

// newAnswer reads a body whole. Anything may stand in it.
func newAnswer(status int, header http.Header, body []byte) *answer {
	a := &answer{status: status, header: header}
	body = bytes.TrimSpace(body)
	a.page = bytes.HasPrefix(body, []byte("<")) || strings.HasPrefix(header.Get("Content-Type"), "text/html")
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if decoder.Decode(&a.body) != nil {
		a.body = nil
	} else if _, err := decoder.Token(); err != io.EOF {
		a.body = nil
	}
	return a
}

// fits reports whether all that a check wants of an answer holds. A status alone
// says nothing where a page came with it: proxies and portals send those.
func (a *answer) fits(want *scanner.HTTPAnswer) bool {
	if !slices.Contains(want.Status, a.status) || len(want.Has)+len(want.Is) == 0 && a.page {
		return false
	}
	for _, path := range want.Has {
		if a.field(path) == nil {
			return false
		}
	}
	for path, texts := range want.Is {
		text, ok := scalar(a.field(path))
		if !ok || !slices.ContainsFunc(texts, func(want string) bool { return isText(text, want) }) {
			return false
		}
	}
	return true
}

func isText(text, want string) bool {
	if beginning, open := strings.CutSuffix(want, "*"); open {
		return strings.HasPrefix(text, beginning)
	}
	return text == want
}

// field returns the value at a path, see scanner.HTTPCheck; nil without one.
func (a *answer) field(path string) any {
	if name, ok := strings.CutPrefix(path, "@"); ok {
		if values := a.header.Values(name); len(values) > 0 {
			return strings.Join(values, ", ")
		}
		return nil
	}
	value := a.body
	if path == "." {
		return value
	}
	for key := range strings.SplitSeq(path, ".") {
		switch at := value.(type) {
		case map[string]any:
			value = at[key]
		case []any:
			i, err := strconv.Atoi(key)
			if err != nil || i < 0 || i >= len(at) {
				return nil
			}
			value = at[i]
		default:
			return nil
		}
	}
	return value
}

func scalar(value any) (string, bool) {
	switch v := value.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}

// Bounds of what a report repeats of an answer.
const (
	maxShown = 200 // characters of a value
	maxItems = 20  // of a list
)

// shown is a field's value for a report; "" where it has none that is fit to show:
// a text or a list of texts, short, printable, and without any of the secrets.
func (a *answer) shown(path string, secrets []string) string {
	value := a.field(path)
	text, ok := scalar(value)
	if list, isList := value.([]any); isList && len(list) <= maxItems {
		var items []string
		for _, item := range list {
			if text, ok := scalar(item); ok {
				items = append(items, text)
			}
		}
		text, ok = strings.Join(items, ", "), true
	}
	if !ok || utf8.RuneCountInString(text) > maxShown || !utf8.ValidString(text) ||
		strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) ||
		slices.ContainsFunc(secrets, func(secret string) bool { return strings.Contains(text, secret) }) {
		return ""
	}
	return text
}
