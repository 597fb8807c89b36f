package assign

// bare reads a value without quotes: a word of text, of which data[p:end] is the
// start and of no sign. Where the assignment starts its line (a properties or
// environment file, YAML) only white space ends it, else the punctuation of the text
// around it does too.
func (r *reader) bare(p, end int) bool {
	if isQuote(r.at(p)) {
		return false // a literal that does not close
	}
	if r.chained(p, end) {
		return false
	}
	start, alone := p, r.a.Form == None && r.escape == 0 && r.startsLine()
	if !alone {
		end = r.memory.bareEnd(r.data, r.offset, end)
	} else {
		for end < len(r.data) && r.data[end] > ' ' {
			if c := r.data[end]; (c == '&' || c == ',') && r.startsPair(end+1) {
				break
			}
			end++
		}
		for end > start && (r.data[end-1] == ',' || r.data[end-1] == ';' || r.data[end-1] == '&') {
			end--
		}
	}
	if r.a.Form != Query && !alone && r.at(start) == '$' && r.at(start+1) == '{' && r.at(end) == '}' {
		end++
	}
	return r.take(start, end, 0)
}

// startsPair reports whether another name and its operator stand at p, as behind a
// value in the body of a form and among options: name=v&other=w.
func (r *reader) startsPair(p int) bool {
	end := nameEnd(r.data, p)
	return end > p && r.at(end) == '='
}

// chained reports whether an unbroken text starts with another name, data[p:end], and
// its operator, as in a=b=c, and is too long for a password: the names in it are read
// by themselves.
func (r *reader) chained(p, end int) bool {
	const long = 64
	if len(r.data)-p < long || end == p || end >= p+long || r.data[end] != '=' || !isWord(r.at(end+1)) {
		return false
	}
	for _, c := range r.data[end+1 : p+long] {
		if class[c]&bareEnd != 0 {
			return false
		}
	}
	return true
}

// startsLine reports whether nothing but markup of lists, comments and exports
// stands before the name on its line.
func (r *reader) startsLine() bool {
	p := r.a.NameStart
	start := p
	for start > 0 && class[r.data[start-1]]&opens != 0 {
		start--
	}
	if start > 0 && !isBreak(r.data[start-1]) {
		return false // seen without a look at all of a long line
	}
	for start < p {
		switch c := r.data[start]; {
		case isBlank(c) || c == '-' || c == '#' || c == '*' || c == ';':
			start++
		case r.has(start, "export "), r.has(start, "setenv "):
			start += 7
		case r.has(start, "ENV "), r.has(start, "ARG "), r.has(start, "set ") && (start == 0 || r.data[start-1] != '-'), r.has(start, "SET "):
			start += 4
		case r.has(start, "//"):
			start += 2
		default:
			return false
		}
	}
	return true
}

// scheme moves the value of an Authorization header behind its scheme, and
// reads the word that follows a bare one.
func (r *reader) scheme() bool {
	v := r.data[r.a.ValueStart:r.a.ValueEnd]
	n := schemeLength(v)
	if n == 0 || v[0]|0x20 != 'b' && !r.authorization() {
		return true
	}
	p := skipBlank(r.data, r.a.ValueStart+n)
	if p == r.a.ValueStart+n {
		return true
	}
	r.a.Form = Header
	r.a.WrapStart, r.a.WrapEnd = r.a.ValueStart, r.a.ValueStart+n
	if r.a.Quote != 0 {
		if p >= r.a.ValueEnd && r.at(skipBlank(r.data, r.a.ValueEnd+1)) == '+' {
			next := skipBlank(r.data, skipBlank(r.data, r.a.ValueEnd+1)+1) // "Bearer " + "v"
			return isQuote(r.at(next)) && r.literal(next)
		}
		r.a.ValueStart = min(p, r.a.ValueEnd)
		return r.a.ValueStart < r.a.ValueEnd
	}
	end := p
	for end < len(r.data) && class[r.data[end]]&bareEnd == 0 {
		end++
	}
	return r.take(p, end, 0)
}

// authorization reports whether the name is that of a header which carries a
// scheme.
func (r *reader) authorization() bool {
	for p := r.a.NameStart; p < r.a.NameEnd; p++ {
		if r.hasFold(p, "auth") {
			return true
		}
	}
	return false
}

// schemeLength is the length of the authentication scheme that v starts with,
// or 0.
func schemeLength(v []byte) int {
	if len(v) == 0 {
		return 0
	}
	name := ""
	switch v[0] | 0x20 {
	case 'a':
		name = "apikey"
	case 'b':
		if name = "bearer"; len(v) > 1 && v[1]|0x20 == 'a' {
			name = "basic"
		}
	case 'j':
		name = "jwt"
	case 't':
		name = "token"
	}
	n := len(name)
	if n == 0 || len(v) < n || !equalFold(v[:n], name) || len(v) > n && !isBlank(v[n]) {
		return 0
	}
	return n
}

// spaced reads on behind a name that white space follows.
func (r *reader) spaced(p int) bool {
	if n := r.a.NameStart; n > 0 && r.data[n-1] == '<' {
		return r.attributes(p)
	}
	p = skipBlank(r.data, p)
	if p == len(r.data) {
		return false
	}
	if op, next := operator(r.data, p); op != 0 {
		return r.assigned(op, next)
	}
	name := r.data[r.a.NameStart:r.a.NameEnd]
	r.a.Op = Space
	c := r.data[p]
	switch {
	case isBreak(c):
		return r.pairBelow(p) || r.optionBelow(p)
	case isQuote(c) && c != '`', c == '@' && isQuote(r.at(p+1)): // backquotes are Markdown here
		r.a.Form = Argument
		if r.flagged() {
			r.a.Form = Flag
		}
		return r.literal(p)
	case r.flagged():
		r.a.Form = Flag
		return c != '-' && p == r.a.NameEnd+1 && r.bare(p, wordEnd(r.data, p)) // more space sets off a help text
	case name[0]|0x20 == 'b' && schemeLength(name) == len(name):
		r.a.Form = Header
		return r.bare(p, wordEnd(r.data, p))
	case r.commanded():
		r.a.Form = None
		return r.bare(p, wordEnd(r.data, p))
	case r.has(p, "value="), r.has(p, "value ="):
		return r.attributeAfter(p)
	case isWord(c):
		if r.hasFold(p, "as ") { // Visual Basic: Dim name As String = "v"
			p = skipBlank(r.data, p+2)
		}
		if r.typed(p) {
			return true
		}
		switch c | 0x20 {
		case 'p', 't', 'v':
			if r.valueClause(p) {
				return true
			}
		}
		return r.beside(p)
	case c == '{':
		return r.property(p) || r.precededBy("set") && r.delimited(p) || r.startsLine() && r.braced(p)
	case c == '.' && isBlank(r.at(p+1)): // (name . "v") of Lisp
		r.a.Op = Arrow
		p = skipBlank(r.data, p+1)
		return isQuote(r.at(p)) && r.literal(p)
	case c == '|':
		return r.cell(p)
	case c == '$' || c == '<' || c == '-':
	default:
		return r.beside(p)
	}
	return false
}

// commanded reports whether a command that sets the variable of that name stands before it.
func (r *reader) commanded() bool {
	end := backBlank(r.data, r.a.NameStart)
	if end == 0 || end == r.a.NameStart {
		return false
	}
	switch r.data[end-1] | 0x20 {
	case 'v', 'g', 'x', 't':
	default:
		return false // the last letters of all of these
	}
	return r.precededBy("env") || r.precededBy("setenv") || r.precededBy("arg") || r.precededBy("setx") ||
		r.precededBy("\\set") || r.precededBy("set -x") || r.precededBy("set -gx")
}

// property reads what a property of C# starts with: name { get; set; } = "v".
func (r *reader) property(p int) bool {
	const longest = 48
	if next := skipBlank(r.data, p+1); !r.has(next, "get") {
		return false
	}
	for limit := min(len(r.data), p+longest); p < limit && r.data[p] != '}'; p++ {
		if isBreak(r.data[p]) {
			return false
		}
	}
	op, next := operator(r.data, skipBlank(r.data, min(p+1, len(r.data))))
	if op != Assign {
		return false
	}
	r.a.Op = op
	next = skipBlank(r.data, next)
	return isQuote(r.at(next)) && r.literal(next)
}

// typed reads `name type = "v"`, where the type stands behind the name. Behind the
// name of an element, or of a variable of a template (#name), that is an attribute.
func (r *reader) typed(p int) bool {
	if n := r.a.NameStart; n > 1 && (r.data[n-1] == '#' || r.data[n-1] == ':' && isWord(r.data[n-2])) {
		return false
	}
	for limit := min(len(r.data), p+32); p < limit && (isWord(r.data[p]) || r.data[p] == '.'); {
		p++
	}
	p = skipBlank(r.data, p)
	if r.at(p) != '=' {
		return false
	}
	op, next := operator(r.data, p)
	if op != Assign {
		return false
	}
	r.a.Op = op
	next = skipBlank(r.data, next)
	return isQuote(r.at(next)) && r.literal(next)
}
