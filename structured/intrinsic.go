package structured

import "strings"

// literals visits every literal that v can be once the stack is made: itself,
// the items of a list and of Fn::Select, both branches of Fn::If, the text of
// Fn::Sub, Fn::Base64 and of a Fn::Join of literals. References to parameters, other resources and
// secret stores are none.
func literals(v *value, visit func(*value)) {
	if v == nil {
		return
	}
	switch v.kind {
	case scalar:
		visit(v)
	case list:
		for _, item := range v.items {
			literals(item, visit)
		}
	case object:
		if len(v.members) != 1 {
			return
		}
		argument := v.members[0].value
		switch v.members[0].key {
		case "Fn::Sub":
			if argument.kind == list && len(argument.items) > 0 {
				argument = argument.items[0]
			}
			literals(argument, func(v *value) { visit(fixed(v)) })
		case "Fn::Select":
			if argument.kind == list && len(argument.items) == 2 {
				literals(argument.items[1], visit)
			}
		case "Fn::Base64":
			literals(argument, visit)
		case "Fn::If":
			if argument.kind == list && len(argument.items) == 3 {
				literals(argument.items[1], visit)
				literals(argument.items[2], visit)
			}
		case "Fn::Join":
			if joined := join(argument); joined != nil {
				visit(joined)
			}
		}
	}
}

// fixed returns the text of a Fn::Sub without the pseudo parameters at its ends:
// the region and the like are no secret.
func fixed(v *value) *value {
	const open, mark = "${AWS::", "}"
	text := v.text
	if !strings.Contains(text, open) {
		return v
	}
	if strings.HasPrefix(text, open) {
		_, text, _ = strings.Cut(text, mark)
	}
	if at := strings.LastIndex(text, open); at >= 0 && strings.HasSuffix(text, mark) {
		text = text[:at]
	}
	return &value{kind: scalar, text: text, str: v.str, start: v.start, end: v.end}
}

// join returns the text that [delimiter, [literal ...]] makes, standing from the
// first literal to the last, or nil where a piece is no literal.
func join(argument *value) *value {
	if argument.kind != list || len(argument.items) != 2 || argument.items[1].kind != list || len(argument.items[1].items) == 0 {
		return nil
	}
	pieces := argument.items[1].items
	texts := make([]string, len(pieces))
	for i, piece := range pieces {
		if piece.kind != scalar {
			return nil
		}
		texts[i] = piece.text
	}
	return &value{
		kind: scalar, str: true, text: strings.Join(texts, argument.items[0].string()),
		start: pieces[0].start, end: pieces[len(pieces)-1].end,
	}
}

// references visits every logical name, "Name" or "Name.Attribute", that v
// refers to, with the scalar that names it.
func references(v *value, visit func(target string, at *value)) {
	if v == nil {
		return
	}
	switch v.kind {
	case list:
		for _, item := range v.items {
			references(item, visit)
		}
	case object:
		for _, m := range v.members {
			switch {
			case m.key == "Ref" && m.value.kind == scalar:
				visit(m.value.text, m.value)
			case m.key == "Fn::GetAtt" && m.value.kind == scalar:
				visit(m.value.text, m.value)
			case m.key == "Fn::GetAtt" && m.value.kind == list && len(m.value.items) == 2:
				names := m.value.items
				visit(names[0].string()+"."+names[1].string(), names[1])
			case m.key == "Fn::Sub":
				text := m.value
				if text.kind == list && len(text.items) > 0 {
					references(text, visit)
					text = text.items[0]
				}
				placeholders(text, visit)
			default:
				references(m.value, visit)
			}
		}
	}
}

// placeholders visits the ${names} of a Fn::Sub; ${!name} is literal text.
func placeholders(v *value, visit func(target string, at *value)) {
	for rest := v.string(); ; {
		_, after, found := strings.Cut(rest, "${")
		if !found {
			return
		}
		name, tail, found := strings.Cut(after, "}")
		if !found {
			return
		}
		if !strings.HasPrefix(name, "!") {
			visit(strings.TrimSpace(name), v)
		}
		rest = tail
	}
}
