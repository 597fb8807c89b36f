package structured

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxUserData bounds what a compressed script may expand to. EC2 takes 16 KiB.
const maxUserData = 256 << 10

// userData reads the script that an instance runs at boot: in the clear below
// Fn::Base64, or as base64, gzipped or not.
func (r *reading) userData(rule string, path []string, v *value) {
	logical := pathOf(path)
	var pieces []*value
	text := script(v, &pieces, 0)
	if decoded, ok := decodeScript(text); ok {
		text = decoded
	}
	for line := range strings.Lines(text) {
		assignments(line, func(class nameClass, secret string) {
			if !isPlausible(class, secret) || strings.ContainsAny(secret, "$`") {
				return
			}
			at := slices.IndexFunc(pieces, func(p *value) bool { return strings.Contains(p.text, secret) })
			if at < 0 { // decoded, or put together
				at = 0
			}
			r.report(rule, logical, useBootTime, secret, pieces[at])
		})
	}
}

// hole stands in a script for what is known only when the stack is made.
const hole = "${}"

// script puts together the text that v makes, and collects its literal pieces.
func script(v *value, pieces *[]*value, depth int) string {
	switch {
	case v == nil || depth > maxDepth:
		return ""
	case v.kind == scalar:
		*pieces = append(*pieces, v)
		return v.text
	case v.kind == list: // branches of a condition
		var b strings.Builder
		for _, item := range v.items {
			b.WriteString(script(item, pieces, depth+1) + "\n")
		}
		return b.String()
	case len(v.members) != 1:
		return hole
	}
	switch argument := v.members[0].value; v.members[0].key {
	case "Fn::Base64":
		return script(argument, pieces, depth+1)
	case "Fn::Sub":
		if argument.kind == list && len(argument.items) > 0 {
			argument = argument.items[0]
		}
		return script(argument, pieces, depth+1)
	case "Fn::If":
		return script(argument, pieces, depth+1)
	case "Fn::Join":
		if argument.kind != list || len(argument.items) != 2 {
			return hole
		}
		var texts []string
		for _, item := range argument.items[1].items {
			texts = append(texts, script(item, pieces, depth+1))
		}
		return strings.Join(texts, argument.items[0].string())
	}
	return hole
}

// scalars visits every scalar below v.
func scalars(v *value, visit func(*value)) {
	if v == nil {
		return
	}
	if v.kind == scalar {
		visit(v)
	}
	for _, item := range v.items {
		scalars(item, visit)
	}
	for _, m := range v.members {
		scalars(m.value, visit)
	}
}

// decodeScript undoes base64 and gzip. It reports false for text that is
// neither, which is most text.
func decodeScript(text string) (string, bool) {
	lines := strings.Fields(text)
	if len(lines) == 0 || len(lines[0]) < minEncoded {
		return "", false
	}
	compact := strings.Join(lines, "")
	decoded, err := base64.StdEncoding.DecodeString(compact)
	if err != nil {
		return "", false
	}
	if bytes.HasPrefix(decoded, []byte{0x1f, 0x8b}) {
		reader, err := gzip.NewReader(bytes.NewReader(decoded))
		if err != nil {
			return "", false
		}
		if decoded, err = io.ReadAll(io.LimitReader(reader, maxUserData)); err != nil {
			return "", false
		}
	}
	return string(decoded), utf8.Valid(decoded)
}

// assignments visits what a line of a shell, PowerShell or cloud-config script
// assigns to secret-like names: NAME=value, $name = "value", name: value,
// --name value.
func assignments(line string, visit func(class nameClass, value string)) {
	for i := range len(line) {
		before, after := line[:i], line[i+1:]
		switch line[i] {
		case '=':
			before = strings.TrimRight(before, " ")
			if len(before) < i { // spaces before the sign: it takes spaces after it
				after = strings.TrimLeft(after, " ")
			}
		case ':':
			if !strings.HasPrefix(after, " ") {
				continue
			}
			before, after = strings.TrimRight(before, `"' `), strings.TrimLeft(after, " ")
		case ' ':
			if !strings.HasPrefix(lastName(before), "--") {
				continue
			}
		default:
			continue
		}
		if class := classifyName(lastName(before)); class != notSecret {
			visit(class, firstValue(after))
		}
	}
}

// longestName keeps the cost of a line linear.
const longestName = 64

// lastName returns the name that text ends with.
func lastName(text string) string {
	start := len(text)
	for start > 0 && len(text)-start < longestName && isIdentifierByte(text[start-1]) {
		start--
	}
	return text[start:]
}

// firstValue returns the quoted string or the shell word that text begins with,
// and nothing where that is longer than a password.
func firstValue(text string) string {
	const longest = 256 // keeps a line's cost linear
	text = text[:min(len(text), longest)]
	if text == "" {
		return ""
	}
	if quote := text[0]; quote == '"' || quote == '\'' {
		inner, _, found := strings.Cut(text[1:], string(quote))
		if !found {
			return ""
		}
		return inner
	}
	if end := strings.IndexAny(text, " \t\r\n;|&<>\"'),"); end >= 0 {
		return text[:end]
	}
	if len(text) == longest {
		return ""
	}
	return text
}
