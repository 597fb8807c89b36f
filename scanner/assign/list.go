package assign

// listed reports whether the name is a plural: what it names holds several values.
func (r *reader) listed() bool {
	n := r.a.NameEnd
	for n > r.a.NameStart && !isWord(r.data[n-1]) {
		n--
	}
	return n-r.a.NameStart > 2 && r.data[n-1]|0x20 == 's' && r.data[n-2]|0x20 != 's'
}

// isOpened reports whether a bracket, a brace or the dash of an item opens the list right
// behind the name.
func (r *reader) isOpened() bool {
	const farthest = 48
	for p := r.a.NameEnd; p < min(r.a.ValueStart, r.a.NameEnd+farthest); p++ {
		switch r.data[p] {
		case '[', '{', '(', '-':
			return true
		}
	}
	return false
}

// Next moves the value on to the one that follows it in a list: ["v", "w"],
// {"a": "v", "b": "w"}, or the items of YAML's on lines of their own. It reports false
// where none does; then a is of no use. Data is what was read.
func (a *Assignment) Next(data []byte) bool {
	var r reader
	r.data, r.a, r.nameOpen = data, a, -1
	if a.ValueStart < a.NameEnd || !r.listed() || !r.isOpened() {
		return false
	}
	p := a.ValueEnd
	if a.Quote != 0 {
		p = min(p+1, len(data))
	}
	p = skipBlank(data, p)
	comma := r.at(p) == ','
	if comma {
		p = skipBlank(data, p+1)
	}
	if p < len(data) && isBreak(data[p]) {
		p = r.nextLine(p)
		dash := r.at(p) == '-' && isBlank(r.at(p+1))
		if dash {
			p = skipBlank(data, p+1)
		}
		if !dash && (!comma || a.Quote == 0) {
			return false
		}
	} else if !comma {
		return false
	}
	if a.Quote != 0 {
		return r.item(p) && a.ValueStart < a.ValueEnd
	}
	r.bareItem(p)
	return a.ValueStart < a.ValueEnd && data[a.ValueEnd-1] != ':' // that of a map
}

// item reads a quoted item of a list, or the value of one of a map.
func (r *reader) item(p int) bool {
	if !r.literal(p) {
		return false
	}
	q := skipBlank(r.data, r.a.ValueEnd+1)
	if op, next := operator(r.data, q); op == Colon || op == Arrow {
		return !describes(r.data[r.a.ValueStart:r.a.ValueEnd]) && r.literal(skipBlank(r.data, next))
	}
	return true
}

// describes recognises keys of an object that is no map of values, such as what a lock
// file says of the package js-tokens.
func describes(key []byte) bool {
	switch string(key) {
	case "version", "resolved", "integrity", "requires", "type", "name", "description", "title", "label", "url":
		return true
	}
	return false
}

// bareItem reads an item without quotes.
func (r *reader) bareItem(p int) {
	end := p
	for end < len(r.data) && r.data[end] != ',' && class[r.data[end]]&bareEnd == 0 {
		end++
	}
	r.take(p, end, 0)
}

// itemBelow reads the first item of YAML's lists on the line below the name.
func (r *reader) itemBelow(p int) bool {
	if r.at(p) != '-' || !isBlank(r.at(p+1)) || !r.listed() {
		return false
	}
	p = skipBlank(r.data, p+1)
	if r.literal(p) {
		return r.at(skipBlank(r.data, r.a.ValueEnd+1)) != ':'
	}
	r.bareItem(p)
	return r.a.ValueStart < r.a.ValueEnd && r.data[r.a.ValueEnd-1] != ':'
}

// optionBelow reads the item of YAML's below an option of a command: "- --name" above
// "- v".
func (r *reader) optionBelow(p int) bool {
	if !r.flagged() {
		return false
	}
	dashes := backBlank(r.data, r.a.NameStart-2)
	if p = r.nextLine(p); dashes == 0 || r.data[dashes-1] != '-' || r.at(p) != '-' || !isBlank(r.at(p+1)) {
		return false
	}
	p = skipBlank(r.data, p+1)
	r.a.Form, r.a.Op = Flag, Space
	if isQuote(r.at(p)) {
		return r.literal(p)
	}
	r.bareItem(p)
	return r.a.ValueStart < r.a.ValueEnd && r.data[r.a.ValueStart] != '-'
}

// leastBytes is how many numbers make a list that may be a key.
const leastBytes = 8

// bytes reads a list of bytes as numbers: 0x01, 0x02, or 1, 2, with a cast before each
// or none.
func (r *reader) bytes(start int) bool {
	count, end := 0, start
	for p := start; ; {
		if r.has(p, "(byte)") {
			p = skipBlank(r.data, p+len("(byte)"))
		}
		n := wordEnd(r.data, p)
		if n == p || n-p > 4 || r.data[p] > '9' {
			break
		}
		count, end = count+1, n
		if p = skipBlank(r.data, n); r.at(p) != ',' {
			break
		}
		p = skipBlank(r.data, p+1)
		if p < len(r.data) && isBreak(r.data[p]) {
			p = r.nextLine(p)
		}
	}
	if count < leastBytes {
		return false
	}
	r.a.Form = Bytes
	return r.take(start, end, 0)
}
