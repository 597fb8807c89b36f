package config

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Limits of a TOML text. They keep the parser behind, whose cost grows with the
// product of these numbers, in bounds whatever a hostile file nests or repeats.
const (
	maxNesting  = 8      // arrays and inline tables in each other
	maxKeyParts = 8      // of a dotted key
	maxKeyBytes = 256    // of a dotted key
	maxItems    = 50_000 // keys and array elements
)

// outline is where each key and array element of a TOML text stands, by path:
// "allow[1].paths[0]". The parser knows positions by key only, and mixes up the
// tables of an array.
type outline map[string]Place

// at returns the place of path, or of the nearest enclosing one.
func (o outline) at(path string) Place {
	for path != "" {
		if p, ok := o[path]; ok {
			return p
		}
		path = path[:max(0, strings.LastIndexAny(path, ".["))]
	}
	return Place{o[""].File, 1, 1}
}

func joinKey(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func joinIndex(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

// readOutline walks any text, valid TOML or not, in linear time. Of an invalid
// one the outline is right up to the fault. An error means a limit. The text's own
// path is empty.
func readOutline(file, text string) (outline, *Error) {
	w := &walker{file: file, text: text, line: 1, column: 1, elements: map[string]int{}}
	w.places = outline{"": {file, 1, 1}}
	w.i = len(text) - len(strings.TrimPrefix(text, "\ufeff"))
	w.seen = w.i
	w.document()
	return w.places, w.err
}

type walker struct {
	file     string
	text     string
	i        int // next byte
	places   outline
	elements map[string]int // of arrays of tables: how many so far
	depth    int
	err      *Error

	seen, line, column int // line and column of byte seen, which is never after i
}

// here is the place of the next byte. Calls move forward only, so that all of
// them together cost one pass.
func (w *walker) here() Place {
	passed := w.text[w.seen:w.i]
	if n := strings.Count(passed, "\n"); n > 0 {
		w.line, w.column = w.line+n, 1
		passed = passed[strings.LastIndexByte(passed, '\n')+1:]
	}
	w.column += utf8.RuneCountInString(passed)
	w.seen = w.i
	return Place{w.file, w.line, w.column}
}

func (w *walker) mark(path string, at Place) {
	if _, known := w.places[path]; !known {
		w.places[path] = at
	}
	if len(w.places) > maxItems {
		w.fail("more than %d keys and values", maxItems)
	}
}

// fail ends the walk: nothing is left to read.
func (w *walker) fail(format string, args ...any) {
	if w.err == nil {
		w.err = &Error{w.here(), fmt.Sprintf(format, args...)}
		w.i = len(w.text)
	}
}

// peek is the next byte, 0 at the end.
func (w *walker) peek() byte {
	if w.i < len(w.text) {
		return w.text[w.i]
	}
	return 0
}

func (w *walker) done() bool { return w.i >= len(w.text) }

func (w *walker) document() {
	table := ""
	for w.blanks(); !w.done(); w.blanks() {
		if w.peek() != '[' {
			w.pair(table)
		} else if w.i++; w.peek() != '[' {
			table = w.resolve(w.key())
		} else {
			w.i++
			if at, key := w.key(); len(key) > 0 {
				last := len(key) - 1
				array := joinKey(w.resolve(at, key[:last]), key[last])
				table = joinIndex(array, w.elements[array])
				w.elements[array]++
				w.mark(array, at)
				w.mark(table, at)
			}
		}
		w.rest()
	}
}

// resolve turns the key of a table's header into its path: the name of an array
// of tables stands for the last of them.
func (w *walker) resolve(at Place, key []string) string {
	path := ""
	for _, part := range key {
		path = joinKey(path, part)
		if n := w.elements[path]; n > 0 {
			path = joinIndex(path, n-1)
		}
		w.mark(path, at)
	}
	return path
}

// pair reads `key = value` into table.
func (w *walker) pair(table string) {
	at, key := w.key()
	path := table
	for _, part := range key {
		path = joinKey(path, part)
		w.mark(path, at)
	}
	if w.spaces(); w.peek() == '=' {
		w.i++
		w.spaces()
		w.value(path)
	}
}

// key reads a dotted key and returns where it starts.
func (w *walker) key() (Place, []string) {
	w.spaces()
	at, start := w.here(), w.i
	var parts []string
	for {
		w.spaces()
		from := w.i
		var part string
		if q := w.peek(); q == '"' || q == '\'' {
			w.quoted(q)
			part = strings.Trim(w.text[from:w.i], string(q))
		} else {
			n := strings.IndexAny(w.text[w.i:], " \t\r\n=.,[]{}#\"'")
			if n < 0 {
				n = len(w.text) - w.i
			}
			w.i += n
			part = w.text[from:w.i]
		}
		parts = append(parts, part)
		if len(parts) > maxKeyParts || w.i-start > maxKeyBytes {
			w.fail("key of more than %d parts or %d bytes", maxKeyParts, maxKeyBytes)
			return at, nil
		}
		if w.spaces(); w.peek() != '.' {
			return at, parts
		}
		w.i++
	}
}

func (w *walker) value(path string) {
	if w.depth++; w.depth > maxNesting {
		w.fail("values nested more than %d deep", maxNesting)
	}
	defer func() { w.depth-- }()
	switch c := w.peek(); c {
	case '"', '\'':
		w.quoted(c)
	case '[':
		w.items(']', func(i int) {
			element := joinIndex(path, i)
			w.mark(element, w.here())
			w.value(element)
		})
	case '{':
		w.items('}', func(int) { w.pair(path) })
	default:
		if n := strings.IndexAny(w.text[w.i:], ",]}#\n"); n >= 0 {
			w.i += n
		} else {
			w.i = len(w.text)
		}
	}
}

// items reads what stands between brackets, separated by commas.
func (w *walker) items(end byte, item func(i int)) {
	w.i++
	for i := 0; ; i++ {
		if w.blanks(); w.done() {
			return
		}
		if w.peek() == end {
			w.i++
			return
		}
		before := w.i
		item(i)
		if w.blanks(); w.peek() == ',' || w.i == before {
			w.i = min(w.i+1, len(w.text))
		}
	}
}

// quoted passes a string: basic or literal, on one line or with three quotes on
// many.
func (w *walker) quoted(q byte) {
	long := strings.Repeat(string(q), 3)
	if !strings.HasPrefix(w.text[w.i:], long) {
		for w.i++; !w.done() && w.peek() != '\n'; w.i++ {
			if w.peek() == q {
				w.i++
				return
			}
			w.escape(q)
		}
		return
	}
	for w.i += 3; !w.done(); w.i++ {
		if strings.HasPrefix(w.text[w.i:], long) {
			w.i += 3
			for n := 0; n < 2 && w.peek() == q; n++ { // up to two quotes end the text itself
				w.i++
			}
			return
		}
		w.escape(q)
	}
}

// escape passes a backslash, so that what it escapes is next.
func (w *walker) escape(q byte) {
	if q == '"' && w.peek() == '\\' && w.i+1 < len(w.text) {
		w.i++
	}
}

func (w *walker) spaces() {
	for w.peek() == ' ' || w.peek() == '\t' {
		w.i++
	}
}

// blanks passes white space, line ends and comments.
func (w *walker) blanks() {
	for {
		switch w.peek() {
		case ' ', '\t', '\r', '\n':
			w.i++
		case '#':
			w.rest()
		default:
			return
		}
	}
}

// rest passes the rest of the line.
func (w *walker) rest() {
	if n := strings.IndexByte(w.text[w.i:], '\n'); n >= 0 {
		w.i += n
	} else {
		w.i = len(w.text)
	}
}
