package assign

// operator reads an operator at p and returns the offset behind it, or 0 when
// what stands there is none.
func operator(data []byte, p int) (Op, int) {
	if p >= len(data) {
		return 0, p
	}
	rest := data[p:]
	next := func(i int) byte {
		if i < len(rest) {
			return rest[i]
		}
		return 0
	}
	switch rest[0] {
	case '=':
		switch next(1) {
		case '=':
			if next(2) == '=' {
				return Equal, p + 3
			}
			return Equal, p + 2
		case '>':
			return Arrow, p + 2
		case '~':
			return 0, p
		}
		return Assign, p + 1
	case ':':
		switch next(1) {
		case ':': // ::= and :::= of make, :: of Jsonnet
			i := 2
			if next(i) == ':' {
				i++
			}
			if next(i) == '=' {
				return Assign, p + i + 1
			}
			if isBlank(next(i)) && isQuote(next(i+1)) {
				return Colon, p + i
			}
			return 0, p
		case '-', '+', '?', ')':
			return 0, p
		case '=':
			return Assign, p + 2
		}
		return Colon, p + 1
	case '!':
		if next(1) == ':' { // password!: string = "v"
			return Colon, p + 2
		}
		if next(1) == '=' {
			if next(2) == '=' {
				return Equal, p + 3
			}
			return Equal, p + 2
		}
	case '-':
		if q := skipBlank(data, min(p+2, len(data))); next(1) == '>' && q < len(data) && isQuote(data[q]) {
			return Arrow, p + 2 // 'name' -> 'v', not a member
		}
	case '<':
		if next(1) == '-' {
			return Assign, p + 2
		}
		if next(1) == '<' && next(2) == '-' && isBlank(next(3)) { // of R, where no here-document starts
			return Assign, p + 3
		}
	case '+':
		if next(1) == '=' {
			return Assign, p + 2
		}
		if next(1) == ':' {
			return Colon, p + 2
		}
	case '|':
		if next(1) == '|' && next(2) == '=' {
			return Assign, p + 3
		}
	case '?':
		switch {
		case next(1) == '=':
			return Assign, p + 2
		case next(1) == '?' && next(2) == '=':
			return Assign, p + 3
		case next(1) == ':':
			return Colon, p + 2
		}
	case '*': // **Password**: v
		if next(1) == '*' && next(2) == ':' {
			return Colon, p + 3
		}
	case '[': // char password[16] = "v"
		i := 1
		for i < 8 && isWord(next(i)) {
			i++
		}
		if next(i) == ']' {
			i = skipBlank(data, p+i+1)
			if i < len(data) && data[i] == '=' && (i+1 >= len(data) || data[i+1] != '=') {
				return Assign, i + 1
			}
		}
	}
	return 0, p
}
