package structured

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// parseYAML reads the documents of a YAML stream up to its first error, which it
// returns. An alias of a scalar is that scalar; aliases of collections are left alone, so that no
// text grows when it is read.
func parseYAML(text []byte) ([]*value, error) {
	loader, err := yaml.NewLoader(bytes.NewReader(text),
		yaml.WithUniqueKeys(false),
		yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(maxDepth))))
	if err != nil {
		return nil, err
	}
	p := yamlParser{
		cursor:  cursor{text: text, line: 1, column: 1},
		anchors: map[*yaml.Node]*value{},
	}
	p.cursor.skipMark()
	var documents []*value
	for {
		var node yaml.Node
		if err := loader.Load(&node); errors.Is(err, io.EOF) {
			return documents, nil
		} else if err != nil {
			return documents, err
		}
		v, err := p.value(&node, 0)
		if err != nil {
			return documents, err
		}
		documents = append(documents, v)
	}
}

type yamlParser struct {
	cursor  cursor
	nodes   int
	arena   arena
	anchors map[*yaml.Node]*value // scalars with an anchor
}

func (p *yamlParser) value(n *yaml.Node, depth int) (*value, error) {
	p.nodes++
	if depth > maxDepth || p.nodes > maxNodes {
		return nil, errTooLarge
	}
	switch n.Kind {
	case yaml.DocumentNode:
		if len(n.Content) == 0 {
			return &value{}, nil
		}
		return p.value(n.Content[0], depth)
	case yaml.AliasNode:
		if v := p.anchors[n.Alias]; v != nil {
			return v, nil
		}
		return &value{}, nil
	}
	v, err := p.node(n, depth)
	if err != nil {
		return nil, err
	}
	return p.intrinsic(n.Tag, v), nil
}

func (p *yamlParser) node(n *yaml.Node, depth int) (*value, error) {
	switch n.Kind {
	case yaml.ScalarNode:
		tag := n.ShortTag()
		v := p.arena.add(value{kind: scalar, text: n.Value, start: -1})
		v.str = tag != "!!int" && tag != "!!float" && tag != "!!bool" && tag != "!!null"
		if tag == "!!null" {
			v.text = ""
		}
		if at := p.place(n); at != (span{}) {
			v.start, v.end = at.start, at.end
		}
		if n.Anchor != "" {
			p.anchors[n] = v
		}
		return v, nil
	case yaml.SequenceNode:
		v := p.arena.add(value{kind: list, items: make([]*value, 0, len(n.Content))})
		for _, item := range n.Content {
			child, err := p.value(item, depth+1)
			if err != nil {
				return nil, err
			}
			v.items = append(v.items, child)
		}
		return v, nil
	case yaml.MappingNode:
		v := p.arena.add(value{kind: object, members: make([]member, 0, len(n.Content)/2)})
		for i := 0; i+1 < len(n.Content); i += 2 {
			at := p.place(n.Content[i])
			child, err := p.value(n.Content[i+1], depth+1)
			if err != nil {
				return nil, err
			}
			v.members = append(v.members, member{n.Content[i].Value, child, at})
		}
		return v, nil
	}
	return &value{}, nil
}

// place returns where a scalar's literal stands.
func (p *yamlParser) place(n *yaml.Node) span {
	if n.Kind == yaml.ScalarNode && p.cursor.seek(n.Line, n.Column) {
		if start, end := literal(p.cursor.text, p.cursor.offset, n); start >= 0 {
			return span{start, end}
		}
	}
	return span{}
}

// intrinsic rewrites CloudFormation's short form `!Sub x` to the long form
// {"Fn::Sub": x}, so that the two formats give the same tree. Tags of YAML
// itself change nothing.
func (p *yamlParser) intrinsic(tag string, v *value) *value {
	if len(tag) < 2 || tag[0] != '!' || tag[1] == '!' {
		return v
	}
	name := tag[1:]
	if name != "Ref" && name != "Condition" {
		name = "Fn::" + name
	}
	return p.arena.add(value{kind: object, members: []member{{key: name, value: v}}})
}

// cursor turns the parser's lines and columns, which count characters, into
// byte offsets. It only moves forward, so that a whole document costs one pass
// however long its lines are.
type cursor struct {
	text         []byte
	offset       int
	line, column int // of offset, from 1
}

// skipMark steps over a byte order mark, which has no column.
func (c *cursor) skipMark() {
	if bytes.HasPrefix(c.text, []byte("\xef\xbb\xbf")) {
		c.offset = 3
	}
}

// seek moves to a place at or after the cursor's own. It reports false for a
// place that the text does not have.
func (c *cursor) seek(line, column int) bool {
	for c.offset < len(c.text) && (c.line < line || c.line == line && c.column < column) {
		if b := c.text[c.offset]; b >= ' ' && b < utf8.RuneSelf {
			c.offset++
			c.column++
			continue
		}
		r, size := utf8.DecodeRune(c.text[c.offset:])
		c.offset += size
		switch r {
		case '\r':
			if c.offset < len(c.text) && c.text[c.offset] == '\n' {
				c.offset++
			}
			c.newline()
		case '\n', '\u0085', '\u2028', '\u2029': // the line breaks of YAML 1.1
			c.newline()
		default:
			c.column++
		}
	}
	return c.line == line && c.column == column
}

func (c *cursor) newline() { c.line, c.column = c.line+1, 1 }

// literal finds the bounds of a scalar's literal in text, whose node begins at
// offset: inside the quotes of a quoted one, the content lines of a block. It
// returns -1 where the text is not what the node says.
func literal(text []byte, offset int, n *yaml.Node) (start, end int) {
	offset = skipProperties(text, offset)
	switch {
	case n.Style&yaml.DoubleQuotedStyle != 0:
		return quoted(text, offset, '"')
	case n.Style&yaml.SingleQuotedStyle != 0:
		return quoted(text, offset, '\'')
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return block(text, offset)
	}
	return plain(text, offset, n.Value)
}

// skipProperties steps over a node's tag and anchor.
func skipProperties(text []byte, offset int) int {
	for offset < len(text) && (text[offset] == '!' || text[offset] == '&') {
		for offset < len(text) && !isSpace(text[offset]) {
			offset++
		}
		for offset < len(text) && isSpace(text[offset]) {
			offset++
		}
	}
	return offset
}

func quoted(text []byte, offset int, quote byte) (start, end int) {
	if offset >= len(text) || text[offset] != quote {
		return -1, -1
	}
	for i := offset + 1; i < len(text); i++ {
		switch {
		case text[i] == '\\' && quote == '"':
			i++
		case text[i] == quote && quote == '\'' && i+1 < len(text) && text[i+1] == '\'':
			i++
		case text[i] == quote:
			return offset + 1, i
		}
	}
	return -1, -1
}

// plain finds an unquoted scalar, whose line breaks the parser has folded into
// spaces.
func plain(text []byte, offset int, content string) (start, end int) {
	end = offset
	for word := range strings.FieldsSeq(content) {
		for end < len(text) && isSpace(text[end]) {
			end++
		}
		if !bytes.HasPrefix(text[end:], []byte(word)) {
			return -1, -1
		}
		end += len(word)
	}
	return offset, end
}

// block finds the content of a literal or folded block: the lines after its
// header up to the first that is indented less than the first one.
func block(text []byte, offset int) (start, end int) {
	if offset >= len(text) || text[offset] != '|' && text[offset] != '>' {
		return -1, -1
	}
	start, indent := -1, 0
	for i := nextLine(text, offset); i < len(text); i = nextLine(text, i) {
		line := bytes.TrimRight(text[i:nextLine(text, i)], " \t\r\n")
		if len(line) == 0 {
			continue
		}
		depth := len(line) - len(bytes.TrimLeft(line, " "))
		if start < 0 {
			start, indent = i+depth, depth
		}
		if depth < indent {
			break
		}
		end = i + len(line)
	}
	return start, end
}

// nextLine returns where the line after the one at offset begins.
func nextLine(text []byte, offset int) int {
	if i := bytes.IndexByte(text[offset:], '\n'); i >= 0 {
		return offset + i + 1
	}
	return len(text)
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }
