package assign

// Inside reports whether the name stands in a literal which the quote before the value
// closes, so that the value is none: 'Password: ' + v + '.'. Of data, where Read found the
// assignment, the name's line is read up to the name. Read itself does not look, for the
// lines of programs that were made small are long, and most values fall for what they are.
func (a *Assignment) Inside(data []byte) bool {
	if !a.Direct || a.Quote != '"' && a.Quote != '\'' {
		return false
	}
	inside := false
	for p := lineStart(data, a.NameStart); p < a.NameStart; p++ {
		switch data[p] {
		case '\\':
			p++
		case a.Quote:
			inside = !inside && (a.Quote == '"' || p == 0 || !isWord(data[p-1]))
		}
	}
	return inside
}
