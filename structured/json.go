package structured

import (
	"bytes"
	"encoding/json"
	"io"
)

// parseJSON reads one JSON value. A scalar's literal is the text between its
// quotes, escapes and all.
func parseJSON(text []byte) (*value, error) {
	body := bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	p := jsonParser{text: text, base: len(text) - len(body), decoder: json.NewDecoder(bytes.NewReader(body))}
	p.decoder.UseNumber()
	v, err := p.value(0)
	if err != nil {
		return nil, err
	}
	if _, err := p.decoder.Token(); err != io.EOF {
		return nil, errTooLarge
	}
	return v, nil
}

type jsonParser struct {
	text    []byte
	base    int // offset of the decoder's first byte in text
	nodes   int
	decoder *json.Decoder
}

// value reads the next value. Each level costs the decoder nothing but a state,
// so the depth is bounded for our own recursion.
func (p *jsonParser) value(depth int) (*value, error) {
	p.nodes++
	if depth > maxDepth || p.nodes > maxNodes {
		return nil, errTooLarge
	}
	from := p.offset()
	token, err := p.decoder.Token()
	if err != nil {
		return nil, err
	}
	switch t := token.(type) {
	case json.Delim:
		if t == '{' {
			return p.object(depth)
		}
		return p.list(depth)
	case string:
		start, end := p.literal(from)
		return &value{kind: scalar, text: t, str: true, start: start + 1, end: end - 1}, nil
	default: // number, boolean, null
		start, end := p.literal(from)
		text := string(p.text[start:end])
		if token == nil {
			text = ""
		}
		return &value{kind: scalar, text: text, start: start, end: end}, nil
	}
}

func (p *jsonParser) object(depth int) (*value, error) {
	v := &value{kind: object}
	for p.decoder.More() {
		from := p.offset()
		key, err := p.decoder.Token()
		if err != nil {
			return nil, err
		}
		start, end := p.literal(from)
		child, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		v.members = append(v.members, member{key.(string), child, span{start + 1, end - 1}}) // the decoder admits no other key
	}
	_, err := p.decoder.Token()
	return v, err
}

func (p *jsonParser) list(depth int) (*value, error) {
	v := &value{kind: list}
	for p.decoder.More() {
		child, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		v.items = append(v.items, child)
	}
	_, err := p.decoder.Token()
	return v, err
}

// offset is where the last token ended.
func (p *jsonParser) offset() int { return p.base + int(p.decoder.InputOffset()) }

// literal returns the bounds of the token just read, which began after from.
func (p *jsonParser) literal(from int) (start, end int) {
	end = p.offset()
	for start = from; start < end; start++ {
		switch p.text[start] {
		case ' ', '\t', '\r', '\n', ',', ':':
		default:
			return start, end
		}
	}
	return end, end
}
