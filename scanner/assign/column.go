package assign

// columned reads the value of a column: INSERT INTO t (a, name) VALUES ('x', 'v'). The
// name stands before p in the list of columns.
func (r *reader) columned(p int) bool {
	column := r.column()
	if column < 0 {
		return false
	}
	var near reader // as far as Seen says
	near.data, near.a, near.nameOpen = r.data[:min(len(r.data), linesAfter(r.data, r.a.NameEnd, linesBelow))], r.a, r.nameOpen
	return near.valueOf(column, p)
}

// valueOf reads the value of a column behind the list of columns, which goes on at p.
func (r *reader) valueOf(column, p int) bool {
	for p < len(r.data) && isColumn(r.data[p]) {
		p++
	}
	if r.at(p) != ')' {
		return false
	}
	p = r.skipSpace(p + 1)
	if !r.hasFold(p, "values") {
		return false
	}
	if p = r.skipSpace(p + len("values")); r.at(p) != '(' {
		return false
	}
	p = r.skipSpace(p + 1)
	for ; column > 0; column-- {
		if r.literal(p) {
			p = r.a.ValueEnd + 1
		}
		for p < len(r.data) && r.data[p] != ',' && r.data[p] != ')' && r.data[p] != '(' && !isQuote(r.data[p]) {
			p++
		}
		if r.at(p) != ',' {
			return false
		}
		p = r.skipSpace(p + 1)
	}
	r.a.Form, r.a.Op = Quoted, Comma
	return isQuote(r.at(p)) && r.literal(p)
}

// column is the number of columns before the name in the list of an INSERT, or -1
// where it stands in none.
func (r *reader) column() int {
	n, p := 0, r.a.NameStart
	for low := max(0, p-2*maxName); p > low; p-- {
		switch c := r.data[p-1]; {
		case c == ',':
			n++
		case c == '(':
			table := backBlank(r.data, p-1)
			for table > 0 && isColumn(r.data[table-1]) && r.data[table-1] > ' ' {
				table--
			}
			if end := backBlank(r.data, table); end < table && r.hasFold(end-len("into"), "into") {
				return n
			}
			return -1
		case !isColumn(c) || isBreak(c):
			return -1
		}
	}
	return -1
}

// isColumn reports whether a list of columns may hold a byte.
func isColumn(c byte) bool {
	return isWord(c) || c == ',' || isBlank(c) || isBreak(c) || c == '`' || c == '"' || c == '[' || c == ']' || c == '.'
}

// skipSpace is skipBlank, and goes on behind one line break.
func (r *reader) skipSpace(p int) int {
	if p = skipBlank(r.data, min(p, len(r.data))); p < len(r.data) && isBreak(r.data[p]) {
		p = r.nextLine(p)
	}
	return p
}
