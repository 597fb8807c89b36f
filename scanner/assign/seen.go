package assign

import "bytes"

// Seen returns the range of data that Read looked at when it found no assignment to
// data[start:end]. It is -1, or more than the length, where the start or the end of
// data was met.
func Seen(data []byte, start, end int) (lo, hi int) {
	p := nameEnd(data, end)
	if !mayAssign(data, p) {
		return start, p + len(blockOpening) + 2
	}
	if next := behindWord(data, p); next > 0 {
		return linesBefore(data, start, 1), next
	}
	return linesBefore(data, start, 1), linesAfter(data, end, linesBelow)
}

// linesBelow is how many lines Read looks at when it finds nothing: that of the name and
// those below.
const linesBelow = 3

// behindWord returns how far Read looked when white space and a word follow a name,
// as in prose, or 0 where it may have read on.
func behindWord(data []byte, p int) int {
	if q := skipBlank(data, p); q > p {
		p = q
	} else {
		return 0
	}
	limit := min(len(data), p+40)
	word := p
	for p < limit && (isWord(data[p]) || data[p] == '.') {
		p++
	}
	end := p
	if p = skipBlank(data, p); p == word || p >= limit || p == end && !isBreak(data[p]) || data[p] == '=' || opensClause(data[word:end]) {
		return 0
	}
	return p + 1
}

// opensClause reports whether Read looks behind a word that follows a name.
func opensClause(word []byte) bool {
	switch len(word) {
	case len("as"): // and "is"
		return true
	case len("pic"):
		return equalFold(word, "pic")
	case len("type"):
		return equalFold(word, "type")
	case len("value"):
		return equalFold(word, "value")
	}
	return false
}

// Around returns the range of data that holds the given number of lines before start
// and after end, with the rest of their own; as Seen does where data is shorter.
func Around(data []byte, start, end, lines int) (lo, hi int) {
	return linesBefore(data, start, lines+1), linesAfter(data, end, lines+1)
}

// linesBefore returns the offset of the n-th line break before p, or -1.
func linesBefore(data []byte, p, n int) int {
	for ; n > 0 && p >= 0; n-- {
		p = bytes.LastIndexByte(data[:p], '\n')
	}
	return p
}

// linesAfter returns the offset behind the n-th line break from p on, or more than
// the length. A literal may run on behind a break that is escaped, and one in back
// quotes or three quotes behind any.
func linesAfter(data []byte, p, n int) int {
	lines := data[p:]
	for range n {
		i := bytes.IndexByte(data[p:], '\n')
		if i < 0 || i > 0 && data[p+i-1] == '\\' || i > 1 && data[p+i-1] == '\r' && data[p+i-2] == '\\' {
			return len(data) + 1
		}
		p += i + 1
	}
	lines = lines[:len(lines)-(len(data)-p)]
	if bytes.IndexByte(lines, '`') >= 0 || bytes.Contains(lines, []byte(`"""`)) || bytes.Contains(lines, []byte(`'''`)) {
		return len(data) + 1
	}
	return p
}
