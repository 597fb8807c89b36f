package assign

// Memory is what the reading of one text has shown. Words that are looked for stand in
// one name, and names before one long word, so each would be read once more for every
// word before its end. The zero value knows nothing; it must be that before another text
// is read. Not for concurrent use.
type Memory struct {
	from, to     int // text[from:to] is of a name, behind the first word looked for in it
	first, start int // where that word starts, and the name, if no farther than maxName before it

	bareFrom, bareTo int // text[bareFrom:bareTo] holds nothing that ends a bare value
}

// Read is Assignment.Read of data that stands at text[at:], and that reaches more than
// maxName bytes to either side of data[start:end] where the text does.
func (m *Memory) Read(a *Assignment, data []byte, at, start, end int) bool {
	if start < 0 || start >= end || end > len(data) {
		return false
	}
	p := m.nameEnd(data, at, end)
	return mayAssign(data, p) && a.read(data, m.nameStart(data, at, start), p, m, at)
}

// nameEnd is the function of that name.
func (m *Memory) nameEnd(data []byte, at, p int) int {
	if at+p < m.from || m.to < at+p {
		m.from, m.to, m.first = at+p, at+p, -1
	}
	limit := min(len(data), p+maxName)
	if m.to-at >= limit {
		return limit
	}
	end := nameRun(data, m.to-at, limit)
	m.to = at + end
	return end
}

// nameStart is the function of that name, for the word whose end nameEnd was asked of.
func (m *Memory) nameStart(data []byte, at, start int) int {
	if m.first < 0 {
		p := nameStart(data, start)
		if p > 0 || at == 0 { // else the name may start before data
			m.first, m.start = at+start, at+p
		}
		return p
	}
	limit := max(0, start-maxName)
	p := min(start, max(m.from-at+1, limit))
	for p > limit && p != m.first-at && joinsBefore(data, p) {
		p--
	}
	if p == m.first-at {
		return max(m.start-at, limit)
	}
	return p
}

// bareEnd returns where text of no sign that ends a bare value ends, from p on.
func (m *Memory) bareEnd(data []byte, at, p int) int {
	if m == nil {
		m, at = &Memory{}, 0
	}
	if at+p < m.bareFrom || m.bareTo < at+p {
		m.bareFrom, m.bareTo = at+p, at+p
	}
	end := min(m.bareTo-at, len(data))
	for end < len(data) && data[end] > ' ' && class[data[end]]&bareEnd == 0 {
		end++
	}
	m.bareTo = max(m.bareTo, at+end)
	return end
}
