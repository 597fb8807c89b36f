package assign

// assigned reads the value behind an operator.
func (r *reader) assigned(op Op, p int) bool {
	r.a.Op = op
	p = skipBlank(r.data, p)
	if op == Colon && r.has(p, "**") { // **Password:** v
		p = skipBlank(r.data, p+2)
	} else if op == Colon && r.has(p, "</") {
		return r.besideTag(p)
	}
	if p < len(r.data) && isBreak(r.data[p]) {
		// Only a quoted literal is taken from the next line: a bare word there is
		// a nested block or a statement of its own.
		if p = r.nextLine(p); !isQuote(r.at(p)) || op == Equal {
			return op == Colon && (r.itemBelow(p) || r.valueBelow(p))
		}
	}
	switch {
	case op == Equal:
		r.a.Form = Compared
	case r.flagged():
		r.a.Form = Flag
	case r.queried():
		r.a.Form = Query
	}
	if r.escape == 0 && r.at(p) == '\\' && isQuote(r.at(p+1)) {
		r.escape = 1 // name=\"v\" inside a string
	}
	end := wordEnd(r.data, p)
	if end-p <= mostPrefix && r.literal(p) {
		r.a.Direct = r.nameOpen < 0 && r.escape == 0
		return r.inTurn() && r.scheme()
	}
	if op == Colon && r.nameOpen < 0 {
		if next, ok := r.annotation(p); ok && (r.literal(next) || r.wrapped(next, wordEnd(r.data, next))) {
			return true
		}
	}
	if r.wrapped(p, end) {
		return true
	}
	if op == Equal {
		return false
	}
	return r.bare(p, end) && r.scheme()
}

// nextLine returns the first byte of the next line that is not blank.
func (r *reader) nextLine(p int) int {
	if r.at(p) == '\r' {
		p++
	}
	if r.at(p) == '\n' {
		p++
	}
	return skipBlank(r.data, p)
}

// mostPrefix is how many letters may stand before the quote of a literal.
const mostPrefix = 3

// literal reads a quoted literal at p, with the prefix that languages put
// before it: b”, r"", @"", $"", N”, L"".
func (r *reader) literal(p int) bool {
	switch r.at(p) {
	case '<', '[', '%', 'q':
		if r.delimited(p) {
			return true
		}
	}
	for i := 0; i < 3; i++ {
		switch c := r.at(p); {
		case isQuote(c):
			return r.escape == 0 && r.quoted(p, c)
		case c == '\\' && r.escape > 0:
			return r.escaped(p)
		case c == '&' && r.has(p, "&quot;"):
			return r.entity(p + len("&quot;"))
		case c == '@' || c == '$' || isWord(c) && c > '9':
			p++
		default:
			return false
		}
	}
	return false
}

// quoted reads to the quote that closes the one at p. A literal in single or
// double quotes ends on its line; one in three quotes or backquotes may be long.
func (r *reader) quoted(p int, quote byte) bool {
	start := p + 1
	if r.at(start) == quote && r.at(start+1) == quote && quote != '`' {
		start += 2
		for i := start; i+2 < len(r.data); i++ {
			if r.data[i] == quote && r.data[i+1] == quote && r.data[i+2] == quote {
				return r.take(start, i, quote)
			}
		}
		return false
	}
	if quote == '\'' && r.at(start) == quote && isWord(r.at(start+1)) { // ''v'' of Nix, and in strings of SQL
		start++
	}
	for i := start; i < len(r.data); i++ {
		switch c := r.data[i]; {
		case c == quote:
			return r.take(start, i, quote) && r.inner()
		case c == '\\':
			i++
		case isBreak(c) && quote != '`':
			return false
		}
	}
	return r.cut(start, quote)
}

// inner leaves out the quotes of a literal inside the literal: "\"v\"".
func (r *reader) inner() bool {
	v := r.data[r.a.ValueStart:r.a.ValueEnd]
	if n := len(v); n > 4 && v[0] == '\\' && isQuote(v[1]) && v[n-2] == '\\' && v[n-1] == v[1] {
		r.a.ValueStart, r.a.ValueEnd = r.a.ValueStart+2, r.a.ValueEnd-2
	}
	return true
}

// cutLength is the least length at which a literal that the window cuts off is
// taken as far as it goes.
const cutLength = 400

// cut takes a literal that reaches the end of the window, if it is long and of
// one word, as keys and tokens are.
func (r *reader) cut(start int, quote byte) bool {
	if len(r.data)-start < cutLength {
		return false
	}
	for _, c := range r.data[start:] {
		if c <= ' ' {
			return false
		}
	}
	return r.take(start, len(r.data), quote)
}

// escaped reads a literal whose quotes carry as many backslashes as those of
// the name: \"v\".
func (r *reader) escaped(p int) bool {
	for i := 0; i < r.escape; i++ {
		if r.at(p) != '\\' {
			return false
		}
		p++
	}
	quote := r.at(p)
	if !isQuote(quote) {
		return false
	}
	start := p + 1
	for i, slashes := start, 0; i < len(r.data); i++ {
		switch c := r.data[i]; {
		case c == '\\':
			slashes++
			continue
		case c == quote && slashes <= r.escape:
			return r.take(start, i-slashes, quote)
		case isBreak(c):
			return false
		}
		slashes = 0
	}
	return r.cut(start, quote)
}

// entity reads a literal between &quot; entities.
func (r *reader) entity(start int) bool {
	for i := start; i < len(r.data) && !isBreak(r.data[i]); i++ {
		if r.data[i] == '&' && r.has(i, "&quot;") {
			return r.take(start, i, '"')
		}
	}
	return false
}

// take sets the value. It keeps a Form that was set before.
func (r *reader) take(start, end int, quote byte) bool {
	r.a.ValueStart, r.a.ValueEnd, r.a.Quote = start, end, quote
	if r.a.Form == None {
		r.a.Form = Quoted
		if quote == 0 {
			r.a.Form = Bare
		}
	}
	return start < end
}

// annotation skips a type between a colon and the sign of assignment behind it:
// name: String = "v".
func (r *reader) annotation(p int) (int, bool) {
	if r.at(p) == '<' || r.hasFold(p, "digest ") || r.hasFold(p, "hawk ") { // RFC 7616: its response is no secret
		return p, false
	}
	for limit := min(len(r.data), p+48); p < limit; p++ {
		switch c := r.data[p]; c {
		case '=':
			if n := r.at(p + 1); n == '=' || n == '>' {
				return p, false
			}
			return skipBlank(r.data, p+1), true
		case '&', '\'', '<', '>', '[', ']', '?', '.', '*', ':', '|', ' ':
		default:
			if !isWord(c) {
				return p, false
			}
		}
	}
	return p, false
}

// wrapped reads a literal inside a conversion, a constructor or a look-up with
// a default: []byte("v"), String("v"), env("NAME", "v"), process.env.X || "v".
// data[start:p] is the word it starts with.
func (r *reader) wrapped(start, p int) bool {
	if r.secureString(start) {
		return true
	}
	for limit := min(len(r.data), start+64); p < limit; p++ {
		c := r.data[p]
		if isWord(c) {
			continue
		}
		if c == '(' || c == '{' || c == '[' && r.at(p+1) != ']' {
			return r.enclosed(start, p)
		}
		if c == '|' || c == '?' {
			return r.fallback(start)
		}
		if c != '.' && c != ':' && c != '[' && c != ']' && c != '*' && c != '&' && c != ' ' && c != '<' && c != '>' && c != '$' && c != '-' {
			return false
		}
		if c == ' ' && !r.has(start, "new ") {
			if isBlank(r.data[start-1]) && isQuote(r.at(p+1)) && r.literal(p+1) { // T.pack "v"
				r.a.WrapStart, r.a.WrapEnd = start, p+1
				return true
			}
			return r.fallback(p)
		}
	}
	return false
}

// enclosed reads what stands in the brackets that open at p, behind the text from
// start on.
func (r *reader) enclosed(start, p int) bool {
	q := skipBlank(r.data, p+1)
	if q < len(r.data) && isBreak(r.data[q]) {
		q = r.nextLine(q)
	}
	if !r.literal(q) {
		return r.bytes(q) || r.laterArgument(start, q) || r.keyedValue(q) || r.fallback(p)
	}
	r.a.WrapStart, r.a.WrapEnd = start, p+1
	call := r.data[p] == '('
	if op, next := operator(r.data, skipBlank(r.data, r.a.ValueEnd+1)); !call && op != 0 { // the first key of a map
		return r.listed() && r.literal(skipBlank(r.data, next)) || r.keyedValue(q)
	}
	if call && !r.listed() || r.data[p] == '[' && p > start {
		r.lastArgument(start)
	}
	return true
}

// secureString reads PowerShell's ConvertTo-SecureString "v".
func (r *reader) secureString(start int) bool {
	const command, option = "convertto-securestring", "-string"
	p := start
	if c := r.at(p) | 0x20; c != 'c' && c != '('|0x20 {
		return false
	}
	if r.at(p) == '(' {
		p = skipBlank(r.data, p+1)
	}
	if !r.hasFold(p, command) {
		return false
	}
	p = skipBlank(r.data, p+len(command))
	if r.hasFold(p, option) {
		p = skipBlank(r.data, p+len(option))
	}
	if !r.literal(p) {
		return false
	}
	r.a.WrapStart, r.a.WrapEnd = start, p
	return true
}

// fallbackReach is how far behind the operator the literal of a fallback is looked for.
const fallbackReach = 96

// fallback reads the literal behind `||`, `??` or `or` on the line: the value
// where the expression before it yields none.
func (r *reader) fallback(start int) bool {
	for p, limit := start, min(len(r.data)-3, start+fallbackReach); p < limit; p++ {
		c := r.data[p]
		if class[c]&turns == 0 {
			continue
		}
		var next int
		switch {
		case r.has(p, "||"), r.has(p, "??"), r.has(p, "?:"):
			next = p + 2
		case r.has(p, " or "):
			next = p + 4
		case r.has(p, "unwrap_or("):
			next = p + len("unwrap_or(")
		case r.has(p, "unwrap_or_else(|_| "):
			next = p + len("unwrap_or_else(|_| ")
		case c == ';' || c == ',' || c == '#' || isBreak(c):
			return false
		default:
			continue
		}
		if next = skipBlank(r.data, next); isQuote(r.at(next)) && r.literal(next) {
			r.a.WrapStart, r.a.WrapEnd = start, p
			return true
		}
		if !isWord(r.at(next)) {
			return false
		}
		p = next - 1 // one more of a chain: a || b || "v"
	}
	return false
}

// lastArgument moves on to the second literal of a call that looks up a name
// and falls back on a value: env("NAME", "v"), env("NAME") || "v".
func (r *reader) lastArgument(start int) {
	p := skipBlank(r.data, r.a.ValueEnd+1)
	first := *r.a
	switch r.at(p) {
	case ')', ']':
		r.fallback(start)
		return
	case ',':
	default:
		return
	}
	if p = skipBlank(r.data, p+1); !isQuote(r.at(p)) || !r.literal(p) {
		*r.a = first
		return
	}
	r.a.WrapEnd = first.ValueEnd
}
