package structured

import (
	"bytes"
	"strings"
)

// parseHCL reads a text in Terraform's native syntax (HCL 2, "Native Syntax
// Specification") into the same tree as JSON: a block is an object below its type
// and its labels, so that `resource "t" "n" { a = "x" }` is {resource: {t: {n: {a: x}}}}.
//
// Expressions are read for the literals that they can yield. References, sums and
// calls of other functions are opaque. What is no HCL is skipped, byte by byte, so
// every text gives a tree, in linear time.
func parseHCL(text []byte) *value {
	p := hclParser{text: text}
	return p.body(0, 0)
}

type hclParser struct {
	text  []byte
	at    int
	nodes int
}

// body reads attributes and blocks up to a closing bracket, or to the end.
func (p *hclParser) body(closing byte, depth int) *value {
	v := &value{kind: object}
	for p.space(true); p.at < len(p.text); p.space(true) {
		switch c := p.text[p.at]; {
		case c == closing:
			p.at++
			return v
		case c == '}' && depth > 0: // of a block around this one
			return v
		}
		path := p.names()
		if p.at >= len(p.text) || len(path) == 0 {
			p.at++
			continue
		}
		switch p.text[p.at] {
		case '=', ':':
			p.at++
			if p.at < len(p.text) && (p.text[p.at] == '=' || p.text[p.at] == '>') { // a comparison, a for expression
				p.at++
				continue
			}
			v.members = append(v.members, member{key: path[len(path)-1], value: p.expression(depth + 1)})
		case '{':
			p.at++
			v.members = append(v.members, nested(path, p.below('}', depth)))
		}
	}
	return v
}

// below reads what a bracket opens, and skips what is too deep or too much.
func (p *hclParser) below(closing byte, depth int) *value {
	if p.nodes++; depth >= maxDepth || p.nodes > maxNodes {
		p.at = len(p.text)
		return &value{}
	}
	if closing == ']' || closing == ')' {
		return p.list(closing, depth+1)
	}
	return p.body(closing, depth+1)
}

// nested puts a block's body below its type and its labels.
func nested(path []string, body *value) member {
	m := member{key: path[len(path)-1], value: body}
	for i := len(path) - 2; i >= 0; i-- {
		m = member{key: path[i], value: &value{kind: object, members: []member{m}}}
	}
	return m
}

// names reads the words that stand before a sign: the name of an attribute, or a
// block's type and labels. A block has three at most.
func (p *hclParser) names() (path []string) {
	for p.at < len(p.text) && len(path) < 3 {
		switch c := p.text[p.at]; {
		case c == '"':
			path = append(path, p.quoted().text)
		case isNameByte(c):
			path = append(path, p.word())
		default:
			return path
		}
		p.space(false)
	}
	return path
}

func isNameByte(c byte) bool {
	return c|0x20-'a' < 26 || c-'0' < 10 || c == '_' || c == '-' || c == '.' || c >= 0x80
}

func (p *hclParser) word() string {
	start := p.at
	for p.at < len(p.text) && isNameByte(p.text[p.at]) {
		p.at++
	}
	return string(p.text[start:p.at])
}

// expression reads operands and the operators between them. Of a conditional it
// yields both results; of any other operation nothing.
func (p *hclParser) expression(depth int) *value {
	v := p.operand(depth)
	for {
		p.space(false)
		if p.at >= len(p.text) {
			return v
		}
		switch c := p.text[p.at]; {
		case c == '?':
			p.at++
			p.space(true)
			yes, no := p.expression(depth+1), &value{}
			if p.space(true); p.at < len(p.text) && p.text[p.at] == ':' {
				p.at++
				no = p.expression(depth + 1)
			}
			return &value{kind: list, items: []*value{yes, no}}
		case strings.IndexByte("+-*/%=!<>&|", c) >= 0:
			for p.at < len(p.text) && strings.IndexByte("+-*/%=!<>&|", p.text[p.at]) >= 0 {
				p.at++
			}
			p.operand(depth)
			v = &value{}
		case c == '[' || c == '.': // an index or attribute of what was read
			p.at++
			if c == '[' {
				p.below(']', depth)
			}
			v = &value{}
		default:
			return v
		}
	}
}

func (p *hclParser) operand(depth int) *value {
	p.space(false)
	if p.at >= len(p.text) || depth > maxDepth {
		p.at = len(p.text)
		return &value{}
	}
	switch c := p.text[p.at]; {
	case c == '"':
		return p.quoted()
	case bytes.HasPrefix(p.text[p.at:], []byte("<<")):
		return p.heredoc()
	case c == '{':
		p.at++
		return p.below('}', depth)
	case c == '[':
		p.at++
		return p.below(']', depth)
	case c == '(':
		p.at++
		return p.below(')', depth)
	case isNameByte(c):
		name := p.word()
		if p.at < len(p.text) && p.text[p.at] == '(' {
			p.at++
			return called(name, p.below(')', depth))
		}
		return &value{kind: scalar, text: name, start: -1} // a number, a boolean or a reference
	}
	return &value{}
}

// called returns what a function makes of its arguments, where that is one of them
// or what holds it.
func called(name string, arguments *value) *value {
	switch name {
	case "sensitive", "nonsensitive", "jsonencode", "yamlencode", "base64encode", "tostring", "trimspace", "chomp", "tomap", "tolist", "toset",
		"merge", "concat", "coalesce", "try":
		if len(arguments.items) == 1 {
			return arguments.items[0]
		}
		return arguments
	}
	return &value{}
}

// list reads expressions up to a closing bracket.
func (p *hclParser) list(closing byte, depth int) *value {
	v := &value{kind: list}
	for p.space(true); p.at < len(p.text); p.space(true) {
		c := p.text[p.at]
		if c == closing {
			p.at++
			return v
		}
		if c == '}' {
			return v
		}
		before := p.at
		if item := p.expression(depth); item.kind != opaque {
			p.nodes++
			v.items = append(v.items, item)
		}
		if p.at == before {
			p.at++
		}
	}
	return v
}

// quoted reads a template in quotes. The quotes inside ${...} are its own.
func (p *hclParser) quoted() *value {
	p.at++
	start, braces := p.at, 0
	for ; p.at < len(p.text); p.at++ {
		switch c := p.text[p.at]; {
		case c == '\\':
			p.at++
		case c == '\n': // a template ends on its line
			return &value{}
		case c == '{' && (braces > 0 || p.text[p.at-1] == '$' || p.text[p.at-1] == '%'):
			braces++
		case c == '}' && braces > 0:
			braces--
		case c == '"' && braces == 0:
			literal := string(p.text[start:p.at])
			v := &value{kind: scalar, text: unescaped.Replace(literal), str: true, start: start, end: p.at}
			p.at++
			return v
		}
	}
	p.at = len(p.text)
	return &value{}
}

var unescaped = strings.NewReplacer(`\"`, `"`, `\\`, `\`, `\n`, "\n", `\t`, "\t")

// heredoc reads <<NAME or <<-NAME, lines, and NAME alone.
func (p *hclParser) heredoc() *value {
	p.at += len("<<")
	if p.at < len(p.text) && p.text[p.at] == '-' {
		p.at++
	}
	name := p.word()
	start := nextLine(p.text, p.at)
	for at := start; at < len(p.text); {
		next := nextLine(p.text, at)
		if string(bytes.TrimSpace(p.text[at:next])) == name {
			p.at = next
			return &value{kind: scalar, text: string(p.text[start:at]), str: true, start: start, end: at}
		}
		at = next
	}
	p.at = len(p.text) // one without its end takes the rest
	return &value{}
}

// space steps over white space and comments; over line breaks and commas too
// where those separate.
func (p *hclParser) space(lines bool) {
	for p.at < len(p.text) {
		switch c := p.text[p.at]; {
		case c == ' ' || c == '\t' || c == '\r' || lines && (c == '\n' || c == ',' || c == ';'):
			p.at++
		case c == '#' || bytes.HasPrefix(p.text[p.at:], []byte("//")):
			if end := bytes.IndexByte(p.text[p.at:], '\n'); end >= 0 {
				p.at += end
			} else {
				p.at = len(p.text)
			}
		case bytes.HasPrefix(p.text[p.at:], []byte("/*")):
			if end := bytes.Index(p.text[p.at:], []byte("*/")); end >= 0 {
				p.at += end + 2
			} else {
				p.at = len(p.text)
			}
		default:
			return
		}
	}
}
