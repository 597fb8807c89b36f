package classify

// The kinds of bytes that a shape counts.
const (
	sign = iota // any other
	lowHex
	low
	highHex
	high
	digit
	space
	beyond // ASCII
	dot
	slash
	dash
	underscore
	colon
)

// A tally counts all kinds but the signs at once, without a branch a byte: each has ten bits, which
// no value that is judged overflows, of one of two words.
type tally [2]uint64

const fieldBits, fields = 10, 6

func (t *tally) of(kind int) int {
	kind--
	return int(t[kind/fields] >> (kind % fields * fieldBits) & (1<<fieldBits - 1))
}

// tallies holds one of each kind.
var tallies = func() (one [colon + 1]tally) {
	for k := range colon {
		one[k+1][k/fields] = 1 << (k % fields * fieldBits)
	}
	return one
}()

var kindOf = func() (kinds [256]uint8) {
	for i := range kinds {
		switch c := byte(i); {
		case isLower(c) && c <= 'f':
			kinds[i] = lowHex
		case isLower(c):
			kinds[i] = low
		case isUpper(c) && c <= 'F':
			kinds[i] = highHex
		case isUpper(c):
			kinds[i] = high
		case isDigit(c):
			kinds[i] = digit
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			kinds[i] = space
		case c >= 0x80:
			kinds[i] = beyond
		}
	}
	kinds['.'], kinds['/'], kinds['-'], kinds['_'], kinds[':'] = dot, slash, dash, underscore, colon
	return kinds
}()
