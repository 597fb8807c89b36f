package scanner

import "strings"

// Lists. A name stands before several values, and its rule's regex ends with the
// first: acme_keys = ["v", "w"]. So each value that follows is put in the place of the
// first, and the regex is asked again.

const (
	maxItems  = 32  // values of a list that are judged
	listReach = 256 // bytes beyond the window of the first match in which they stand
)

// more accepts the values that follow text[start:end] in a list. That is the secret of
// a match which begins at from, before it.
func (c *compiled) more(s *Scratch, text []byte, from, start, end, hi int) {
	if from == start || c.Chosen {
		return
	}
	for n := 1; n < maxItems; n++ {
		next := nextItem(text[:hi], end)
		if next < 0 {
			return
		}
		if n == 1 {
			s.sight.ahead += listReach
			hi = min(hi+listReach, len(text))
		}
		a, lo := c.anchoredAt(from)
		spliced := append(append([]byte(nil), text[lo:start]...), text[next:hi]...)
		m := a.regex.FindSubmatchIndex(spliced)
		g := 2 * a.secret
		if m == nil || m[g] != start-lo || m[g] == m[g+1] {
			return
		}
		end = next + m[g+1] - m[g]
		c.accept(s, text, next, end, spliced[from-lo:m[3]])
	}
}

// anchoredAt returns the expression that is tried at a place of the text, and where
// the text that it reads starts.
func (c *compiled) anchoredAt(from int) (a *anchored, lo int) {
	if from > 0 {
		c.later.compile(`\A(?s:.)`, c.Regex)
		return &c.later, from - 1
	}
	c.first.compile(`\A`, c.Regex)
	return &c.first, 0
}

// nextItem returns where the next value of a list starts behind one that ends at p:
// behind a comma, or a dash on the line below. It is -1 where the list does not go on.
func nextItem(text []byte, p int) int {
	p = skip(text, p, "\"'`")
	p = skip(text, p, " \t")
	if p == len(text) || text[p] != ',' && text[p] != '\n' && text[p] != '\r' {
		return -1
	}
	comma := text[p] == ','
	if comma {
		p++
	}
	p = skip(text, p, " \t\r\n")
	if !comma {
		if p == len(text) || text[p] != '-' {
			return -1
		}
		p = skip(text, p+1, " \t")
	}
	if p = skip(text, p, "\"'`"); p == len(text) {
		return -1
	}
	return p
}

// skip returns the offset of the first byte from p on that is none of the given ones.
func skip(text []byte, p int, bytes string) int {
	for p < len(text) && strings.IndexByte(bytes, text[p]) >= 0 {
		p++
	}
	return p
}
