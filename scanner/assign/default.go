package assign

import "bytes"

// unfold narrows a value to the literal that it falls back on where nothing is set:
// the v of ${NAME:-v}, ${name:v}, {{ name | default("v") }}, <%= ENV.fetch("NAME", "v") %>.
func (r *reader) unfold() {
	v := r.data[r.a.ValueStart:r.a.ValueEnd]
	if len(v) < 2 {
		return
	}
	switch {
	case v[0] == '$' && v[1] == '{':
		r.unset(v)
	case v[0] == '{' && v[1] == '{':
		r.templated("}}", "default")
	case v[0] == '<' && v[1] == '%':
		r.templated("%>", ",", "||")
	}
}

// lookedUp reads the literal behind the look-up of a quoted name: env("NAME") || "v",
// env::var("NAME").unwrap_or("v"), ENV.fetch("NAME") { "v" }.
func (r *reader) lookedUp(p int) bool {
	r.a.Form, r.a.Op = Beside, Arrow
	if block := skipBlank(r.data, p+1); r.at(block) == '{' {
		block = skipBlank(r.data, block+1)
		return isQuote(r.at(block)) && r.literal(block)
	}
	return r.fallback(p)
}

// unset narrows ${NAME:-v} and its kin of shells and Spring, with nothing behind it.
func (r *reader) unset(v []byte) {
	end := len(v) - 1
	if v[end] != '}' {
		return
	}
	i, capitals := 2, true
	for i < end && (isWord(v[i]) || v[i] == '.' || v[i] == '-' && !capitals) {
		capitals = capitals && v[i] < 'a'
		i++
	}
	name := i
	switch {
	case v[i] == ':' && (v[i+1] == '-' || v[i+1] == '='):
		i += 2
	case v[i] == ':' && v[i+1] != '?' && v[i+1] != '+' && !isBlank(v[i+1]), v[i] == '-':
		i++
	}
	if i+1 < end && (v[i] == '"' || v[i] == '\'') && v[end-1] == v[i] {
		i, end = i+1, end-1
	}
	if i == name || i >= end || bytes.IndexByte(v[i:end], '{') >= 0 || bytes.IndexByte(v[i:end], ':') >= 0 {
		return
	}
	r.a.WrapStart, r.a.WrapEnd = r.a.ValueStart, r.a.ValueStart+i
	r.a.ValueStart, r.a.ValueEnd = r.a.WrapEnd, r.a.ValueStart+end
}

// templated narrows an expression of a template to the literal behind the last of some
// signs. The expression may reach beyond a value without quotes, which ends at a blank.
func (r *reader) templated(end string, signs ...string) {
	line := r.data[r.a.ValueStart:]
	line = line[:min(len(line), 2*maxName)]
	if i := bytes.IndexByte(line, '\n'); i >= 0 {
		line = line[:i]
	}
	close := bytes.Index(line, []byte(end))
	if close < 0 {
		return
	}
	for _, sign := range signs {
		at := bytes.LastIndex(line[:close], []byte(sign))
		if at < 0 {
			continue
		}
		p := r.a.ValueStart + at + len(sign)
		for isBlank(r.at(p)) || r.at(p) == '(' {
			p++
		}
		whole := *r.a
		if isQuote(r.at(p)) && r.literal(p) && r.a.ValueEnd < whole.ValueStart+close {
			r.a.WrapStart, r.a.WrapEnd = whole.ValueStart, p
			return
		}
		*r.a = whole
	}
}
