package assign

import "bytes"

// delimited reads a literal in other signs than quotes: q{v} and qq(v) of Perl, %q(v)
// of Ruby, [[v]] of Lua, {v} of Tcl, <<"v">> of Erlang.
func (r *reader) delimited(p int) bool {
	rest := r.data[p:]
	switch rest[0] {
	case '<':
		return r.has(p, `<<"`) && r.literal(p+2)
	case '[':
		return r.has(p, "[[") && r.until(p+2, "]]")
	case '{':
		return r.until(p+1, "}")
	}
	if r.at(p) == '%' && r.at(p+1)|0x20 != 'q' {
		return false
	}
	for n, c := range rest[1:min(len(rest), 4)] {
		switch c {
		case 'q', 'Q':
			continue
		case '{':
			return r.until(p+n+2, "}")
		case '(':
			return r.until(p+n+2, ")")
		}
		break
	}
	return false
}

// until takes a word that ends at the sign end.
func (r *reader) until(start int, end string) bool {
	rest := r.data[start:min(len(r.data), start+cutLength)]
	n := bytes.Index(rest, []byte(end))
	if n < 1 || bytes.ContainsAny(rest[:n], " \t\r\n\"'") {
		return false
	}
	return r.take(start, start+n, end[0])
}

// inTurn moves a value on to its place where names before the name are assigned to at
// once: user, password = "u", "v".
func (r *reader) inTurn() bool {
	if r.a.Op != Assign || r.a.Quote == 0 || r.at(skipBlank(r.data, r.a.ValueEnd+1)) != ',' {
		return true
	}
	turn, p := 0, backBlank(r.data, r.a.NameStart)
	for ; p > 0 && r.data[p-1] == ','; turn++ {
		end := backBlank(r.data, p-1)
		start := nameStart(r.data, end)
		if start == end {
			return true
		}
		p = backBlank(r.data, start)
	}
	if p > 0 && !isBreak(r.data[p-1]) && !isWord(r.data[p-1]) {
		return true // an argument: f(x, password="v", "w")
	}
	for range turn {
		next := skipBlank(r.data, r.a.ValueEnd+1)
		if r.at(next) != ',' || !r.literal(skipBlank(r.data, next+1)) {
			return false
		}
	}
	return true
}

// inOrder reads the first of several values for as many names: password, user = "v", "u".
// A call gives both where the second is an error: key, err := f("v").
func (r *reader) inOrder(p int) bool {
	for range 3 {
		start := skipBlank(r.data, p+1)
		end := wordEnd(r.data, start)
		if end == start {
			return false
		}
		if p = skipBlank(r.data, end); r.at(p) == ',' {
			continue
		}
		op, next := operator(r.data, p)
		if op != Assign {
			return false
		}
		r.a.Op = op
		if next = skipBlank(r.data, next); !isQuote(r.at(next)) {
			second := r.data[start:end]
			return (string(second) == "_" || string(second) == "err") && r.calledOn(next)
		}
		return r.literal(next) && r.beforeLiteral(r.a.ValueEnd+1) && r.inTurn()
	}
	return false
}

// calledOn reads the literal that alone is given to a function: hex.DecodeString("v").
func (r *reader) calledOn(start int) bool {
	p := nameEnd(r.data, start)
	if r.at(p) != '(' || !isQuote(r.at(p+1)) || !r.literal(p+1) {
		return false
	}
	r.a.WrapStart, r.a.WrapEnd = start, p+1
	return r.at(r.a.ValueEnd+1) == ')'
}

// beforeLiteral reports whether a comma and another literal follow at p: a name does in
// a call with named arguments, f(password, alias="v", size=2).
func (r *reader) beforeLiteral(p int) bool {
	p = skipBlank(r.data, p)
	return r.at(p) == ',' && isQuote(r.at(skipBlank(r.data, p+1)))
}

// laterArgument reads the literal behind a name in a call that takes the first of them
// that is set: coalesce(var.password, "v"), get(ENV, "NAME", "v").
func (r *reader) laterArgument(start, p int) bool {
	end := nameEnd(r.data, p)
	if end == p || r.at(end) != ',' {
		return false
	}
	next := skipBlank(r.data, end+1)
	if !isQuote(r.at(next)) || !r.literal(next) {
		return false
	}
	r.a.WrapStart, r.a.WrapEnd = start, next
	return true
}

// valueClause reads a declaration of COBOL or ABAP: name PIC X(8) VALUE 'v'.
func (r *reader) valueClause(p int) bool {
	const clause = "value "
	if !r.hasFold(p, "pic ") && !r.hasFold(p, "type ") && !r.hasFold(p, clause) {
		return false
	}
	for limit := min(len(r.data), p+64); p < limit && !isBreak(r.data[p]); p++ {
		if r.hasFold(p, clause) {
			p = skipBlank(r.data, p+len(clause))
			r.a.Op, r.a.Form = Assign, Quoted
			return isQuote(r.at(p)) && r.literal(p)
		}
	}
	return false
}

// cell reads the next cell of a table in Markdown: | name | v |.
func (r *reader) cell(p int) bool {
	before := backBlank(r.data, r.a.NameStart)
	if before == 0 || r.data[before-1] != '|' {
		return false
	}
	start := skipBlank(r.data, p+1)
	if r.at(start) == '`' {
		r.a.Form, r.a.Op = Beside, Space
		return r.literal(start)
	}
	end := start
	for end < len(r.data) && r.data[end] > ' ' && r.data[end] != '|' {
		end++
	}
	if r.at(skipBlank(r.data, end)) != '|' {
		return false
	}
	r.a.Form, r.a.Op = Beside, Space
	return r.take(start, end, 0)
}
