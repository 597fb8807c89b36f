// Package columns numbers bytes for the counts that the prefilter judges rarity by:
// the program that counts and the one that looks up must agree.
package columns

// Bits is how many bits a column takes, Count how many columns there are.
const (
	Bits  = 5
	Count = 1 << Bits
)

// Of maps a byte to its column: a letter without case to 1...26, other bytes to
// classes.
func Of(c byte) int {
	switch letter := (c | 0x20) - 'a'; {
	case letter < 26:
		return int(letter) + 1
	case c-'0' < 10:
		return 27
	case c == '_':
		return 28
	case c == '-':
		return 29
	case c == '.':
		return 30
	case c <= ' ':
		return 31
	}
	return 0
}
