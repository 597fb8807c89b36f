package structured

import (
	"bytes"
	"errors"
	"sync"
)

// Bounds of a text. The largest template CloudFormation accepts is 1 MB, the
// deepest real ones nest some thirty levels, and one byte in eight separates nodes.
const (
	maxText  = 2 << 20 // bytes
	maxDepth = 100
	maxNodes = 150_000 // over all documents; the YAML parser takes 1 KB for each
)

var errTooLarge = errors.New("document is nested too deeply or has too many nodes")

type kind uint8

const (
	opaque kind = iota // an alias to a collection, or an unknown tag: not looked into
	scalar
	list
	object
)

// value is a node of a document. A scalar knows where its literal stands, so
// that a finding can point at it.
type value struct {
	kind       kind
	text       string // of a scalar, unquoted
	str        bool   // a scalar that is a string: no number, boolean or null
	start, end int    // byte offsets of a scalar's literal inside its quotes; start < 0: unknown
	items      []*value
	members    []member // in the order of the text; keys may repeat
}

type member struct {
	key   string
	value *value
	at    span // of the key's literal
}

// span is a range of bytes of the text. It is empty where the place is not known.
type span struct{ start, end int }

// get returns the last member named key, as decoders of both formats do, or nil.
func (v *value) get(key string) *value {
	if v == nil {
		return nil
	}
	for i := len(v.members) - 1; i >= 0; i-- {
		if v.members[i].key == key {
			return v.members[i].value
		}
	}
	return nil
}

// string returns a scalar's text, and "" for everything else.
func (v *value) string() string {
	if v == nil || v.kind != scalar {
		return ""
	}
	return v.text
}

// startsProse reports whether a text that starts so is no mapping in JSON or YAML:
// manuals in markup start with a star, a dot or an equals sign.
func startsProse(c byte) bool { return bytes.IndexByte([]byte("*.=<|+(\\@"), c) >= 0 }

// isProse reports whether a text is too long for parse or starts as prose does.
func isProse(text []byte) bool {
	body := bytes.TrimLeft(text, "\xef\xbb\xbf \t\r\n")
	return len(body) == 0 || len(text) > maxText || startsProse(body[0])
}

// parse reads all documents of a JSON or YAML text. Documents before a syntax
// error count.
func parse(text []byte) []*value {
	documents, _ := parseAll(text)
	return documents
}

// parseAll is parse, and returns the error that it ended at. The trees are not to be
// changed: extractors that read the same text share them.
func parseAll(text []byte) ([]*value, error) {
	if isProse(text) {
		return nil, nil
	}
	if last, ok := lastParsed.Get().(*parsed); ok && last.text == string(text) {
		lastParsed.Put(last)
		return last.documents, last.err
	}
	documents, err := parseText(text)
	lastParsed.Put(&parsed{string(text), documents, err})
	return documents, err
}

// parsed is the text that was parsed last: extractors are called one after the
// other on the same text.
type parsed struct {
	text      string
	documents []*value
	err       error
}

var lastParsed sync.Pool // of *parsed; in effect one for each processor

// parseText parses a text that is no prose.
func parseText(text []byte) ([]*value, error) {
	if nodesAtMost(text) > maxNodes {
		return nil, errTooLarge
	}
	body := bytes.TrimLeft(text, "\xef\xbb\xbf \t\r\n")
	if body[0] == '{' || body[0] == '[' {
		if v, err := parseJSON(text); err == nil {
			return []*value{v}, nil
		}
		// JSON with comments or trailing commas is YAML in most cases.
	}
	return parseYAML(text)
}

// parseBoundedJSON reads one JSON value within the bounds of a text.
func parseBoundedJSON(text []byte) (*value, error) {
	if len(text) > maxText || nodesAtMost(text) > maxNodes {
		return nil, errTooLarge
	}
	return parseJSON(text)
}

// nodesAtMost is an upper bound of the nodes of a text, by the bytes that can
// separate two: what keeps a parser from building a tree of millions.
func nodesAtMost(text []byte) int {
	n := 1
	for _, separator := range []string{"\n", ",", ":", "-", "[", "{"} {
		n += bytes.Count(text, []byte(separator))
	}
	return n
}
