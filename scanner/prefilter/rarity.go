package prefilter

import _ "embed" // for pairs

// pairs holds, for each pair of folded bytes, eight times the logarithm (base 2)
// of how often it stood in the training text, plus one: a table of 64 x 64 made
// by `go run ./scanner/prefilter/train` from source code and documentation.
//
//go:embed pairs.bin
var pairs string

// column maps a byte to its column of pairs: folding leaves 64 ASCII values.
func column(c byte) int { return int(c&0x1F | c&0x40>>1) }

// rarest returns the offset in a literal, longer than a gram, of the two
// neighbouring grams that are expected to be rarest in text, by the pairs they are
// made of. Any choice is right; a good one makes the sift pass less often.
func rarest(text []byte) int {
	best, least := 0, 1<<30
	for i := 0; i+gram+1 <= len(text); i++ {
		// The more frequent of the two grams makes nearly all of their sum.
		if f := max(frequency(text[i:]), frequency(text[i+1:])); f < least {
			best, least = i, f
		}
	}
	return best
}

// frequency is a measure of how often the gram that text starts with is met.
func frequency(text []byte) int {
	sum := 0
	for i := range gram - 1 {
		sum += int(pairs[column(text[i])<<6|column(text[i+1])])
	}
	return sum
}
