// Package assign reads `name = value` in the shapes people write it, around a
// word that was found in a name: in programming languages, configuration files,
// markup, command lines, headers and URLs.
//
// It is no parser of any of them. It looks at the bytes that follow the name
// and gives up at the first one that no assignment can have there, for most
// occurrences of words such as "token" assign nothing. It never looks outside
// the window it is given, takes time linear in that window, and allocates
// nothing.
package assign

// Form is the shape in which a value is given to a name.
type Form uint8

// The forms.
const (
	None     Form = iota
	Quoted        // name = "v", "name": "v", name := "v"
	Bare          // name=v, name: v
	Element       // <name>v</name>
	Argument      // setName("v"), put("name", "v"), name 'v'
	Flag          // --name v, --name=v
	Header        // Authorization: Bearer v
	Query         // ?name=v&
	Pair          // {"name": "n", "value": "v"}, <add key="n" value="v"/>
	Compared      // name == "v"
	Beside        // name v, {name, "v"}: nothing but the place tells
	Bytes         // name[] = {0x01, 0x02}
)

// An Op is the operator between a name and its value.
type Op byte

// The operators. The many spellings of one meaning are one Op.
const (
	Space  Op = ' ' // none but white space
	Assign Op = '=' // = := += ||= ?= <-
	Colon  Op = ':' // :
	Arrow  Op = '>' // => ->
	Equal  Op = '~' // == != ===
	Comma  Op = ',' // two arguments, or a pair
	Call   Op = '(' // name("v")
	Close  Op = '<' // the end of a start tag
)

// Assignment says where a name and its value stand in a window: offsets of
// bytes, ends exclusive, without quotes.
type Assignment struct {
	NameStart, NameEnd   int
	ValueStart, ValueEnd int

	// WrapStart and WrapEnd span what stands between the operator and a literal
	// value: a conversion or a look-up (`[]byte(`, `env("X", `, `${X:-`), or the
	// scheme of a Header (`Basic`). Empty mostly.
	WrapStart, WrapEnd int

	Form   Form
	Op     Op
	Quote  byte // the quote around the value; 0 when it is bare
	Direct bool // a literal stands right behind the operator, and the name in no quotes
}

// maxName is how many bytes a name extends to either side of its keyword.
const maxName = 96

// Read reads the assignment to the name that holds data[start:end], a word
// found in it. It reports false when nothing is assigned there, and when start
// and end are no range of data; then a is of no use. It keeps no reference to data.
func (a *Assignment) Read(data []byte, start, end int) bool {
	if start < 0 || start >= end || end > len(data) {
		return false
	}
	p := nameEnd(data, end)
	if !mayAssign(data, p) {
		return false
	}
	return a.read(data, nameStart(data, start), p, nil, 0)
}

// mayAssign reports whether a value may be assigned to a name that ends at p.
func mayAssign(data []byte, p int) bool {
	return p < len(data) && (class[data[p]]&afterName != 0 || opensBlock(data, p))
}

// read reads the assignment to a name.
func (a *Assignment) read(data []byte, name, end int, m *Memory, at int) bool {
	*a = Assignment{NameStart: name, NameEnd: end}
	var r reader // a literal would be copied
	r.data, r.a, r.nameOpen, r.memory, r.offset = data, a, -1, m, at
	if !r.read(end) || a.ValueStart >= a.ValueEnd {
		return false
	}
	r.unfold()
	return true
}

// reader fills in one assignment. Its methods take the offset of the next
// unread byte, which is never past the end of data.
type reader struct {
	data []byte
	a    *Assignment

	memory *Memory // may be nil
	offset int     // of data in the text that is remembered

	escape   int // backslashes before each quote, as in JSON inside a string
	nameOpen int // offset of the quote that opens a quoted name, else -1
	tried    int // no key before it has a value, see keyedValue
	keyless  int // where that was called last, and found none
}

// read dispatches on the byte after the name.
func (r *reader) read(p int) bool {
	switch r.data[p] {
	case '"', '\'', '`', '\\', '&':
		return r.quotedName(p)
	case '(':
		return r.call(p)
	case ')':
		return r.block(p) || r.columned(p)
	case '>':
		return r.element(p)
	case '<':
		return r.entry(p) || r.besideTag(p)
	case ' ', '\t':
		return r.spaced(p)
	case '\r', '\n':
		return r.pairBelow(p) || r.optionBelow(p)
	case ',':
		return r.symbol(p)
	case '}':
		return r.member(p)
	case '{':
		return r.braced(p)
	case ']':
		return r.keyed(p)
	}
	op, next := operator(r.data, p)
	if op == 0 {
		return false
	}
	return r.assigned(op, next)
}

// at returns the byte at p, or 0 past the end.
func (r *reader) at(p int) byte {
	if p < len(r.data) {
		return r.data[p]
	}
	return 0
}

// has reports whether the text s stands at p.
func (r *reader) has(p int, s string) bool {
	return len(r.data)-p >= len(s) && string(r.data[p:p+len(s)]) == s
}

// hasFold is has without case; s is lower case.
func (r *reader) hasFold(p int, s string) bool {
	return p >= 0 && len(r.data)-p >= len(s) && equalFold(r.data[p:p+len(s)], s)
}
