package assign

import "bytes"

// What stands beside a name need not be its value. The reader takes it where a tuple,
// a line of a configuration or a sentence puts the two together, and says so by the
// Form: whether it looks like a secret is then all that tells.

// member reads an entry of a map by a bare name: $h{name} = "v".
func (r *reader) member(p int) bool {
	n := r.a.NameStart
	if n < 2 || r.data[n-1] != '{' || !isWord(r.data[n-2]) && r.data[n-2] != '>' {
		return false
	}
	op, next := operator(r.data, skipBlank(r.data, p+1))
	return op == Assign && r.assigned(op, next)
}

// keyed reads an entry of a map of a shell, ([name]="v"), or of Ruby: h[:name] = "v".
func (r *reader) keyed(p int) bool {
	n := r.a.NameStart
	if n > 1 && r.data[n-1] == ':' && r.data[n-2] == '[' {
		op, next := operator(r.data, skipBlank(r.data, p+1))
		return (op == Assign || op == Equal) && r.assigned(op, next)
	}
	if n == 0 || r.data[n-1] != '[' || r.at(p+1) != '=' {
		return false
	}
	return r.assigned(Assign, p+2)
}

// braced reads an initialization: name{"v"}.
func (r *reader) braced(p int) bool {
	p = skipBlank(r.data, p+1)
	r.a.Op, r.a.Form = Call, Argument
	return isQuote(r.at(p)) && r.literal(p) && r.at(skipBlank(r.data, r.a.ValueEnd+1)) == '}'
}

// blockOpening is what stands between a symbol of Ruby and the literal that a block gives
// it: let(:name) { "v" }.
const blockOpening = ") { "

// opensBlock reports whether such a block stands at p.
func opensBlock(data []byte, p int) bool {
	n := p + len(blockOpening)
	return data[p] == ')' && n < len(data) && isQuote(data[n]) && string(data[p:n]) == blockOpening
}

// block reads the value of such a block.
func (r *reader) block(p int) bool {
	if n := r.a.NameStart; n < 2 || r.data[n-1] != ':' || r.data[n-2] != '(' {
		return false
	}
	r.a.Op, r.a.Form = Assign, Quoted
	return r.literal(p+len(blockOpening)) && r.at(skipBlank(r.data, r.a.ValueEnd+1)) == '}'
}

// typings holds the ends of calls that fill in a field, in lower case.
var typings = [...]string{").type(", ").sendkeys(", ").send_keys(", ").fill(", ").setvalue(", ").set_value(", ").clear().type(", ").val(", ").set("}

// typedInto reads what is filled in to a field that a call finds by its name:
// find("name").sendKeys("v").
func (r *reader) typedInto(p int) bool {
	for r.at(p+1) == ')' {
		p++
	}
	for _, call := range &typings {
		if r.hasFold(p, call) {
			r.a.Op, r.a.Form = Call, Argument
			return isQuote(r.at(p+len(call))) && r.literal(p+len(call))
		}
	}
	return false
}

// tupled reads the literal behind a bare name and a comma: {name, "v"}, f(x, NAME, "v", 1).
func (r *reader) tupled(p int) bool {
	p = skipBlank(r.data, p+1)
	if c := r.at(p); !isQuote(c) && c != '<' && c != '@' {
		return false
	}
	before := backBlank(r.data, r.a.NameStart)
	if before == 0 {
		return false
	}
	switch r.data[before-1] {
	case '(', '{', ',', '&', ':':
	default:
		return false
	}
	r.a.Form, r.a.Op = Beside, Comma
	return r.literal(p)
}

// paired reads a line of a table of two columns: name,v.
func (r *reader) paired(p int) bool {
	if n := r.a.NameStart; n > 0 && !isBreak(r.data[n-1]) {
		return false
	}
	start := p + 1
	end := start
	for end < len(r.data) && r.data[end] > ' ' && r.data[end] != ',' {
		end++
	}
	if end-start < LeastBeside || end < len(r.data) && !isBreak(r.data[end]) {
		return false
	}
	r.a.Form, r.a.Op = Beside, Comma
	return r.take(start, end, 0)
}

// besideQuoted reads the literal behind a quoted name and a comma, in an initializer
// or among the arguments of a call: {"name", "v"}, f(x, "name", "v", 1).
func (r *reader) besideQuoted(p int) bool {
	before := backBlank(r.data, r.nameOpen)
	if before == 0 || nameEnd(r.data, r.a.NameStart) < r.a.NameEnd {
		return false
	}
	switch r.data[before-1] {
	case '(':
	case '{':
	case ',':
		if !r.isArgument(before - 1) {
			return false
		}
	default:
		return false
	}
	r.a.Form, r.a.Op = Beside, Comma
	if !r.literal(p) {
		return false
	}
	switch r.at(skipBlank(r.data, r.a.ValueEnd+1)) {
	case ')', ',':
		return true
	case '}':
		return r.data[before-1] == '{'
	}
	return false
}

// isArgument reports whether the parentheses of a call are open at p: what stands
// there is no list of words.
func (r *reader) isArgument(p int) bool {
	for low := max(0, p-2*maxName); p > low; p-- {
		switch r.data[p-1] {
		case '(':
			return p > 1 && isWord(r.data[p-2])
		case '[', '{', '\n':
			return false
		}
	}
	return false
}

// LeastBeside is how many bytes a value has at least that may be a secret by its place
// alone.
const LeastBeside = 8

// beside reads a word behind a name and white space: `password v` alone on its line
// or behind a command, as in the configuration of mail programs, and `password is v`.
func (r *reader) beside(p int) bool {
	r.a.Form, r.a.Op = Beside, Space
	sentence := r.hasFold(p, "is ") || r.hasFold(p, "is: ")
	if sentence {
		p = skipBlank(r.data, p+len("is:"))
		r.widenKey()
	}
	if sentence && isQuote(r.at(p)) {
		return r.literal(p)
	}
	end := p
	for end < len(r.data) && r.data[end] > ' ' {
		end++
	}
	if end-p < LeastBeside {
		return false
	}
	if next := skipBlank(r.data, end); !sentence && (next < len(r.data) && !isBreak(r.data[next]) && r.data[next] != '#' || !r.opensLine() && !r.precededBy("with") && !r.precededBy("and")) {
		return false
	}
	for end > p && (r.data[end-1] == ';' || r.data[end-1] == ',' || sentence && (r.data[end-1] == '.' || r.data[end-1] == ')')) {
		end--
	}
	return r.take(p, end, 0)
}

// widenKey takes the word before "key" into the name: API key.
func (r *reader) widenKey() {
	if n := r.a.NameStart; r.a.NameEnd-n == len("key") && n > 0 && isBlank(r.data[n-1]) && r.hasFold(n, "key") {
		r.a.NameStart = nameStart(r.data, backBlank(r.data, n))
	}
}

// opensLine reports whether the name starts its line, or one word alone stands before
// it there: set, option, proxy_set_header. "pass" is a verb behind most.
func (r *reader) opensLine() bool {
	p := backBlank(r.data, r.a.NameStart)
	if p < r.a.NameStart && r.a.NameEnd-r.a.NameStart > len("pass") {
		p = backBlank(r.data, nameStart(r.data, p))
		if start := nameStart(r.data, p); r.hasFold(start, "username ") { // username u password v
			p = start
		}
	}
	return p == 0 || isBreak(r.data[p-1])
}

// valueBefore reads a pair whose value stands before its name on the line:
// {"value": "v", "name": "n"}, addValue("v", forHTTPHeaderField: "n").
func (r *reader) valueBefore() bool {
	p := r.nameOpen
	if p > 0 && r.data[p-1] == '@' {
		p--
	}
	if p = backBlank(r.data, p); p == 0 || r.data[p-1] != ':' && r.data[p-1] != '=' {
		return false
	}
	p = backBlank(r.data, p-1)
	for p > 0 && (isQuote(r.data[p-1]) || r.data[p-1] == '\\') {
		p--
	}
	if !r.hasFold(p-len("name"), "name") && !r.hasFold(p-len("key"), "key") && !r.hasFold(p-len("field"), "field") {
		return false
	}
	before := r.data[max(lineStart(r.data, p), p-2*maxName):p]
	for _, key := range [...]string{"value", "Value", "content", "setObject", ".set"} {
		at := bytes.LastIndex(before, []byte(key))
		if at < 0 {
			continue
		}
		at += p - len(before) + len(key)
		for at < p && (isQuote(r.data[at]) || r.data[at] == '\\') {
			at++
		}
		op, next := operator(r.data, skipBlank(r.data, at))
		if op == 0 && r.at(at) == '(' {
			op, next = Call, at+1
		}
		r.a.Form, r.a.Op = Pair, Comma
		if op != 0 && r.literal(skipBlank(r.data, next)) && r.a.ValueEnd < p {
			return true
		}
	}
	return false
}
