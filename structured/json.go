package structured

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"unicode/utf8"
)

var errNotJSON = errors.New("text is no JSON value")

// parseJSON reads one JSON value (RFC 8259), and accepts what encoding/json does. A
// scalar's literal is the text between its quotes, escapes and all. The tree's
// strings are slices of one copy of the text.
func parseJSON(text []byte) (*value, error) {
	p := jsonParser{text: text, source: string(text)}
	if bytes.HasPrefix(text, []byte("\xef\xbb\xbf")) {
		p.at = 3
	}
	v, err := p.value(0)
	if err != nil {
		return nil, err
	}
	if p.peek(); p.at < len(text) {
		return nil, errNotJSON
	}
	return v, nil
}

type jsonParser struct {
	text   []byte
	source string // text again: what the tree's strings are slices of
	at     int    // offset of the next byte in text
	nodes  int
	arena  arena

	// Children of the collections that are being read, the innermost last.
	items   []*value
	members []member
}

// peek steps over white space and returns the byte there, or 0 at the end.
func (p *jsonParser) peek() byte {
	for ; p.at < len(p.text); p.at++ {
		if c := p.text[p.at]; !isSpace(c) {
			return c
		}
	}
	return 0
}

// skip steps over the byte c if it comes next.
func (p *jsonParser) skip(c byte) bool {
	if p.peek() != c {
		return false
	}
	p.at++
	return true
}

func (p *jsonParser) value(depth int) (*value, error) {
	p.nodes++
	if depth > maxDepth || p.nodes > maxNodes {
		return nil, errTooLarge
	}
	switch c := p.peek(); c {
	case '{':
		return p.object(depth)
	case '[':
		return p.list(depth)
	case '"':
		text, at, err := p.quoted()
		return p.arena.add(value{kind: scalar, text: text, str: true, start: at.start, end: at.end}), err
	case 't':
		return p.word("true")
	case 'f':
		return p.word("false")
	case 'n':
		v, err := p.word("null")
		v.text = ""
		return v, err
	default:
		return p.number()
	}
}

func (p *jsonParser) object(depth int) (*value, error) {
	first := len(p.members)
	p.at++ // the brace
	for more := !p.skip('}'); more; {
		if p.peek() != '"' {
			return nil, errNotJSON
		}
		key, at, err := p.quoted()
		if err != nil {
			return nil, err
		}
		if !p.skip(':') {
			return nil, errNotJSON
		}
		child, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		p.members = append(p.members, member{key, child, at})
		if more = p.skip(','); !more && !p.skip('}') {
			return nil, errNotJSON
		}
	}
	v := p.arena.add(value{kind: object, members: slices.Clone(p.members[first:])})
	p.members = p.members[:first]
	return v, nil
}

func (p *jsonParser) list(depth int) (*value, error) {
	first := len(p.items)
	p.at++ // the bracket
	for more := !p.skip(']'); more; {
		child, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		p.items = append(p.items, child)
		if more = p.skip(','); !more && !p.skip(']') {
			return nil, errNotJSON
		}
	}
	v := p.arena.add(value{kind: list, items: slices.Clone(p.items[first:])})
	p.items = p.items[:first]
	return v, nil
}

// quoted reads the string whose opening quote comes next, and returns its content
// and where its literal stands inside the quotes.
func (p *jsonParser) quoted() (string, span, error) {
	start, isPlain := p.at+1, true
	for i := start; i < len(p.text); i++ {
		switch c := p.text[i]; {
		case c == '"':
			p.at = i + 1
			if content := p.source[start:i]; isPlain || utf8.ValidString(content) && !bytes.Contains(p.text[start:i], []byte{'\\'}) {
				return content, span{start, i}, nil
			}
			var content string
			err := json.Unmarshal(p.text[start-1:p.at], &content)
			return content, span{start, i}, err
		case c == '\\':
			isPlain = false
			i++
		case c < ' ':
			return "", span{}, errNotJSON
		case c >= utf8.RuneSelf:
			isPlain = false
		}
	}
	return "", span{}, errNotJSON
}

// word reads true, false or null.
func (p *jsonParser) word(word string) (*value, error) {
	v := p.arena.add(value{kind: scalar, text: word, start: p.at, end: p.at + len(word)})
	if !bytes.HasPrefix(p.text[p.at:], []byte(word)) {
		return v, errNotJSON
	}
	p.at += len(word)
	return v, nil
}

// number reads a number, whose digits stay as they are written.
func (p *jsonParser) number() (*value, error) {
	start := p.at
	for p.at < len(p.text) && isNumeric(p.text[p.at]) {
		p.at++
	}
	if !json.Valid(p.text[start:p.at]) {
		return nil, errNotJSON
	}
	return p.arena.add(value{kind: scalar, text: p.source[start:p.at], start: start, end: p.at}), nil
}

func isNumeric(c byte) bool {
	return c-'0' < 10 || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E'
}
