package assign

// besideTag reads the word behind an element that holds the name alone: the next cell of
// a table, <td>name</td><td>v</td>, or the text behind bold letters, <b>name:</b> v.
func (r *reader) besideTag(p int) bool {
	if !r.has(p, "</") || !r.widenTag() {
		return false
	}
	end := wordEnd(r.data, p+2)
	cell := false
	switch string(r.data[p+2 : end]) {
	case "td", "th", "dt":
		cell = true
	case "b", "strong", "em", "code", "label", "span":
	default:
		return false
	}
	if r.at(end) != '>' {
		return false
	}
	if p = skipBlank(r.data, end+1); cell && p < len(r.data) && isBreak(r.data[p]) {
		p = r.nextLine(p)
	}
	if cell {
		if !r.has(p, "<td") && !r.has(p, "<dd") {
			return false
		}
		p = r.behindTag(p)
	} else if r.at(p) == ':' {
		p = skipBlank(r.data, p+1)
	}
	if r.has(p, "<code>") || r.has(p, "<b>") || r.has(p, "<tt>") || r.has(p, "<strong>") {
		p = r.behindTag(p)
	}
	start := p
	for p < len(r.data) && r.data[p] > ' ' && r.data[p] != '<' {
		p++
	}
	if p-start < LeastBeside || r.at(skipBlank(r.data, p)) != '<' {
		return false
	}
	r.a.Form, r.a.Op = Beside, Close
	return r.take(start, p, 0)
}

// widenTag extends the name to the words before it, if nothing else stands in its element.
func (r *reader) widenTag() bool {
	const longest = 24
	n := r.a.NameStart
	for n > 0 && r.a.NameStart-n < longest && (isWord(r.data[n-1]) || r.data[n-1] == ' ') {
		n--
	}
	if n == 0 || r.data[n-1] != '>' {
		return false
	}
	r.a.NameStart = n
	return true
}

// behindTag skips the start tag at p, on its line.
func (r *reader) behindTag(p int) int {
	for limit := min(len(r.data), p+maxName); p < limit && !isBreak(r.data[p]); p++ {
		if r.data[p] == '>' {
			return skipBlank(r.data, p+1)
		}
	}
	return len(r.data)
}
