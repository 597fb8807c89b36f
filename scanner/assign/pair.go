package assign

import "bytes"

// call reads name("v"). The second of two literals is taken where the name
// says that the first is a user's.
func (r *reader) call(p int) bool {
	r.a.Op, r.a.Form = Call, Argument
	p = skipBlank(r.data, p+1)
	if p < len(r.data) && isBreak(r.data[p]) {
		p = r.nextLine(p)
	}
	if r.a.NameEnd-r.a.NameStart > len(".set") && r.has(r.a.NameEnd-len(".set"), ".set") { // password.set("v")
		r.a.NameEnd -= len(".set")
	}
	if r.literal(p) {
		r.afterUser()
		return true
	}
	// ConvertTo-SecureString(..), setKey(Base64.decode("v"))
	start := p
	for limit := min(len(r.data), p+48); p < limit && (isWord(r.data[p]) || r.data[p] == '.' || r.data[p] == '[' || r.data[p] == ']' || r.data[p] == ' '); {
		p++
	}
	if p > start && r.at(p) == '(' && isQuote(r.at(p+1)) && r.literal(p+1) {
		r.a.WrapStart, r.a.WrapEnd = start, p
		return true
	}
	return false
}

// afterUser moves on to the second literal of a call whose name says that the
// first is a user's: UserPassword("u", "v").
func (r *reader) afterUser() {
	user := false
	for p := r.a.NameStart; p < r.a.NameEnd && !user; p++ {
		user = r.hasFold(p, "user")
		if r.hasFold(p, "pass") || r.hasFold(p, "pw") {
			break
		}
	}
	p := skipBlank(r.data, r.a.ValueEnd+1)
	if !user || r.at(p) != ',' {
		return
	}
	first := *r.a
	if p = skipBlank(r.data, p+1); !isQuote(r.at(p)) || !r.literal(p) {
		*r.a = first
	}
}

// secondArgument reads ("name", "v"), and the pairs in which a second key
// stands between the two.
func (r *reader) secondArgument(p int) bool {
	p = skipBlank(r.data, p)
	if p < len(r.data) && isBreak(r.data[p]) {
		p = r.nextLine(p)
	}
	r.a.Op = Comma
	r.a.Form = Argument
	quote := r.at(p)
	if (isWord(quote) || isQuote(quote) || quote == '\\' || quote == ':') && r.valueKey(p) {
		return true
	}
	if r.declaresField() {
		return r.literal(p)
	}
	if r.has(r.a.NameStart, "--") { // "--name", "v"
		r.a.Form = Flag
		if r.literal(p) {
			return r.at(skipBlank(r.data, r.a.ValueEnd+1)) != ':' // the next key of an object
		}
		return r.keyedValue(p)
	}
	return r.onlyArgument(p) || r.valueBefore() || r.besideQuoted(p) || r.opened() && r.keyedValue(p)
}

// opened reports whether the quoted name is the first argument of a call.
func (r *reader) opened() bool {
	open := backBlank(r.data, r.nameOpen)
	return open > 0 && r.data[open-1] == '('
}

// onlyArgument reads ("name", "v"): two arguments and no more, for lists of words hold
// names of secrets too.
func (r *reader) onlyArgument(p int) bool {
	if !r.opened() || !r.literal(p) {
		return false
	}
	end := r.a.ValueEnd
	for r.at(end) == '\\' || isQuote(r.at(end)) {
		end++
	}
	end = skipBlank(r.data, end)
	return r.at(end) == ')' || r.at(end) == '.'
}

// declaresField reports whether the line is one of a Gradle file that gives a
// program a constant: buildConfigField "String", "NAME", "v".
func (r *reader) declaresField() bool {
	before := r.data[:r.a.NameStart]
	return holdsField(before) && holdsField(before[lineStart(before, len(before)):])
}

func holdsField(text []byte) bool {
	return bytes.Contains(text, []byte("buildConfigField")) || bytes.Contains(text, []byte("resValue"))
}

// symbol reads the argument behind a symbol of Ruby: set :name, "v".
func (r *reader) symbol(p int) bool {
	n := r.a.NameStart
	if n == 0 || r.data[n-1] != ':' || n > 1 && (r.data[n-2] == ':' || isWord(r.data[n-2])) {
		return r.tupled(p) || r.paired(p) || r.inOrder(p) || r.columned(p)
	}
	r.a.Op, r.a.Form = Comma, Argument
	p = skipBlank(r.data, p+1)
	if isQuote(r.at(p)) {
		return r.literal(p)
	}
	return r.has(p, "with:") && r.valueKey(p) // fill_in :name, with: "v"
}

// valueKey reads a key that stands for the value (value, default, with) and the
// literal behind it.
func (r *reader) valueKey(p int) bool {
	start := p
	for p < len(r.data) && p < start+8 && !isWord(r.data[p]) && !isBreak(r.data[p]) {
		p++
	}
	if r.has(p, "android:") {
		p += len("android:")
	}
	n := 0
	for _, k := range [...]string{"value", "default", "with", "secretvalue", "defaultvalue", "content"} {
		if r.hasFold(p, k) && !isWord(r.at(p+len(k))) {
			n = len(k)
		}
	}
	if n == 0 {
		return false
	}
	p += n
	for p < len(r.data) && (r.data[p] == '\\' || isQuote(r.data[p])) {
		p++
	}
	p = skipBlank(r.data, p)
	op, next := operator(r.data, p)
	if op != Colon && op != Assign && op != Arrow {
		return false
	}
	r.a.Form, r.a.Op = Pair, Comma
	next = skipBlank(r.data, next)
	return r.literal(next) || r.wrapped(next, wordEnd(r.data, next)) || r.bareInPair(next)
}

// bareInPair takes a YAML value to the end of its word.
func (r *reader) bareInPair(p int) bool {
	end := p
	for end < len(r.data) && class[r.data[end]]&bareEnd == 0 {
		end++
	}
	return r.take(p, end, 0)
}

// attributeAfter reads key="name" value="v".
func (r *reader) attributeAfter(p int) bool { return r.valueKey(p) }

// pairBelow reads a YAML pair of lines, `name: n` above `value: v`.
func (r *reader) pairBelow(p int) bool {
	before := backBlank(r.data, r.a.NameStart)
	if before == 0 || r.data[before-1] != ':' || !r.hasFold(before-5, "name:") && !r.hasFold(before-4, "key:") {
		return false
	}
	return r.valueKey(r.nextLine(p))
}

// keyedValue reads the value by its key among others: {"type": "string", "default": "v"},
// Field(default="v"). It looks at the line and the one below.
func (r *reader) keyedValue(from int) bool {
	was, breaks := *r.a, 0
	limit := min(len(r.data), from+2*maxName)
	for p := from; p < limit; p++ {
		switch c := r.data[p]; {
		case c == '}' || c == ')' || c == ';':
			limit = p
		case c == '\n':
			if breaks++; breaks > 1 {
				limit = p
			}
		case isWord(c):
			if c |= 0x20; (c == 'v' || c == 'd') && p >= r.tried {
				r.tried = p + 1 // a call in its value reads what is behind it, and need not do so again
				if r.valueKey(p) && r.a.Quote != 0 {
					return true
				}
				*r.a = was
				if r.keyless > p { // such a call came as far as this would
					limit = min(limit, r.keyless)
				}
			}
			p = wordEnd(r.data, p) - 1
		}
	}
	r.keyless = from
	return false
}

// valueBelow reads the value by its key on a line below the name, and deeper:
//
//	name:
//	  default: v
func (r *reader) valueBelow(p int) bool {
	if p == 0 || !isBlank(r.data[p-1]) {
		return false
	}
	for range 2 {
		if c := r.at(p) | 0x20; (c == 'v' || c == 'd') && r.valueKey(p) {
			return true
		}
		if !r.hasFold(p, "type:") && !r.hasFold(p, "description:") && !r.hasFold(p, "required:") && !r.hasFold(p, "format:") {
			return false
		}
		for p < len(r.data) && !isBreak(r.data[p]) {
			p++
		}
		p = r.nextLine(p)
	}
	return false
}

// attributes skips those of a start tag: <name kind="x">v</name>.
func (r *reader) attributes(p int) bool {
	for limit := min(len(r.data), p+maxName); p < limit && !isBreak(r.data[p]) && r.data[p] != '/'; p++ {
		if r.data[p] == '>' {
			return r.element(p)
		}
	}
	return false
}

// isMarkup reports whether the tag at p is one of HTML's that mark a text up: what
// its attributes name is a place to link to, and no setting.
func (r *reader) isMarkup(p int) bool {
	for _, tag := range [...]string{"a", "span", "li", "h1", "h2", "h3", "h4", "h5", "h6", "div", "p", "td", "th", "option", "label", "button", "dt", "dd", "abbr", "em", "strong"} {
		if r.hasFold(p, tag) && !isWord(r.at(p+len(tag))) {
			return true
		}
	}
	return false
}

// element reads <name>v</name> and <string name="name">v</string>.
func (r *reader) element(p int) bool {
	before := lineStart(r.data, r.a.NameStart)
	open := -1
	for i := r.a.NameStart; i > before && open < 0; i-- {
		switch r.data[i-1] {
		case '<':
			open = i
		case '>', '/':
			return false
		}
	}
	if open < 0 || open < r.a.NameStart && r.isMarkup(open) {
		return false
	}
	before = backBlank(r.data, open-1)
	return r.content(p+1, before == 0 || isBreak(r.data[before-1]) || r.data[before-1] == '>')
}

// content reads the text of an element, on the line of its start tag or alone on
// the next one, which it may be where markup alone stands before that tag.
func (r *reader) content(p int, below bool) bool {
	if r.has(p, "<![CDATA[") {
		p += len("<![CDATA[")
	}
	p = skipBlank(r.data, p)
	alone := p < len(r.data) && isBreak(r.data[p])
	if alone {
		if !below {
			return false
		}
		p = r.nextLine(p)
	}
	if r.at(p) == '<' && r.hasFold(p, "<value>") {
		p, alone = p+len("<value>"), false
	}
	if c := r.at(p); c == '`' || c == '}' {
		return false // a text that speaks of the tags
	}
	end := p
	for end < len(r.data) && r.data[end] != '<' && r.data[end] != ']' && !isBreak(r.data[end]) && !(alone && isBlank(r.data[end])) {
		end++
	}
	switch {
	case end == len(r.data):
		return false
	case alone:
		if !isBreak(r.data[end]) || r.at(r.nextLine(end)) != '<' {
			return false // one of several words or lines
		}
	case !r.has(end, "</") && !r.has(end, `<\/`) && !r.has(end, "]]>"):
		return false
	}
	r.a.Form, r.a.Op = Element, Close
	return r.take(p, backBlank(r.data, end), 0)
}

// entry reads one of a property list, <key>name</key> <string>v</string>, or of a
// configuration of Hadoop, <name>name</name> <value>v</value>.
func (r *reader) entry(p int) bool {
	for _, tag := range [...]struct{ opened, closed, value string }{{"<key>", "</key>", "<string>"}, {"<name>", "</name>", "<value>"}} {
		if !r.has(p, tag.closed) || r.a.NameStart < len(tag.opened) || !r.has(r.a.NameStart-len(tag.opened), tag.opened) {
			continue
		}
		p = skipBlank(r.data, p+len(tag.closed))
		if p < len(r.data) && isBreak(r.data[p]) {
			p = r.nextLine(p)
		}
		return r.has(p, tag.value) && r.content(p+len(tag.value), true)
	}
	return false
}
