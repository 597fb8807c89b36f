package assign

// nameEnd extends a name to the right: word bytes, and single dots and dashes
// between them.
func nameEnd(data []byte, p int) int { return nameRun(data, p, min(len(data), p+maxName)) }

func nameRun(data []byte, p, limit int) int {
	for p < limit && (isWord(data[p]) || (data[p] == '.' || data[p] == '-') && p+1 < len(data) && isWord(data[p+1])) {
		p++
	}
	return p
}

// nameStart is nameEnd to the left.
func nameStart(data []byte, p int) int {
	for limit := max(0, p-maxName); p > limit && joinsBefore(data, p); {
		p--
	}
	return p
}

// joinsBefore reports whether the byte before data[p] belongs to the same name.
func joinsBefore(data []byte, p int) bool {
	c := data[p-1]
	return isWord(c) || (c == '.' || c == '-') && p > 1 && isWord(data[p-2])
}

// quotedName reads on behind a name that ends at a quote, which may be escaped
// (\" in a string) or an entity (&quot;).
func (r *reader) quotedName(p int) bool {
	for r.at(p) == '\\' {
		p++
		r.escape++
	}
	quote := r.at(p)
	switch {
	case isQuote(quote):
		p++
	case r.escape == 0 && r.has(p, "&quot;"):
		quote = '&'
		p += len("&quot;")
	case r.escape == 0 && quote == '&':
		return false
	default:
		return false
	}
	if !r.widen(quote) {
		return false
	}
	p = skipBlank(r.data, p)
	switch c := r.at(p); {
	case c == ',':
		if quote == '`' {
			return r.columned(p) // of SQL
		}
		return r.secondArgument(p + 1)
	case c == '>':
		return r.element(p) || r.valueBefore()
	case c == ']':
		p = skipBlank(r.data, p+1)
		if op, _ := operator(r.data, p); op == 0 {
			return r.valueBefore()
		}
	case c == '}' && r.subscript():
		p = skipBlank(r.data, p+1)
	case c == '}':
		return r.valueBefore()
	case c == 't' && r.has(p, "to ") && isQuote(r.at(p+3)): // "name" to "v"
		r.a.Op = Arrow
		return r.literal(p + 3)
	case c == '/' || isWord(c):
		return r.attributeAfter(p) || r.attributes(p) || r.valueBefore()
	case c == ')':
		return r.typedInto(p) || r.valueBefore() || r.lookedUp(p)
	}
	op, next := operator(r.data, p)
	if op == 0 {
		return false
	}
	if before := backBlank(r.data, r.nameOpen); op == Colon && before > 0 && r.data[before-1] == '?' {
		return false // a ? "name" : "other"
	}
	return r.assigned(op, next)
}

// subscript reports whether the quoted name is a key in braces behind a map: $h{'name'}.
func (r *reader) subscript() bool {
	n := r.nameOpen
	return n > 1 && r.data[n-1] == '{' && (isWord(r.data[n-2]) || r.data[n-2] == '>')
}

// widen extends a quoted name to its opening quote, for a name may be of
// several words. It reports false when no such quote stands on the line.
func (r *reader) widen(quote byte) bool {
	limit := max(0, r.a.NameStart-maxName)
	for p := r.a.NameStart; p > limit; p-- {
		c := r.data[p-1]
		if c == quote || quote == '&' && c == ';' {
			r.a.NameStart = p
			r.nameOpen = p - 1 - r.escape
			if quote == '&' {
				r.nameOpen = p - len("&quot;")
			}
			r.nameOpen = max(0, r.nameOpen)
			return true
		}
		if isBreak(c) || c == '=' || c == '"' {
			return false
		}
	}
	return false
}

// flagged reports whether dashes stand before the name, as before an option of
// a command.
func (r *reader) flagged() bool {
	p := r.a.NameStart
	return p > 1 && r.data[p-1] == '-' && (r.data[p-2] == '-' || isBlank(r.data[p-2]))
}

// queried reports whether the name is a parameter of a URL or a form.
func (r *reader) queried() bool {
	p := r.a.NameStart
	if p > 4 && r.has(p-5, "&amp;") {
		return true
	}
	return p > 0 && (r.data[p-1] == '&' || r.data[p-1] == '?') && !(p > 1 && isBlank(r.data[p-2]))
}

// precededBy reports whether the word lower stands before the name on its line.
func (r *reader) precededBy(lower string) bool {
	end := backBlank(r.data, r.a.NameStart)
	start := end - len(lower)
	return end < r.a.NameStart && r.hasFold(start, lower) && (start == 0 || !isWord(r.data[start-1]))
}
