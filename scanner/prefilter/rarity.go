package prefilter

import _ "embed" // for pairs

// pairs holds, for each pair of folded bytes, eight times the logarithm (base 2)
// of how often it stood in the training text, plus one: a table of 64 x 64 made
// by `go run scanner/prefilter/train/main.go` from source code and documentation.
//
//go:embed pairs.bin
var pairs string

// column maps a byte to its column of pairs: folding leaves 64 ASCII values.
func column(c byte) int { return int(c&0x1F | c&0x40>>1) }

// rarest returns the offset of the gram of a literal that is expected to be
// rarest in text, by the pairs it is made of. Any choice is right; a good one
// makes the filter pass less often.
func rarest(text string) int {
	best, least := 0, 1<<30
	for i := 0; i+gram <= len(text); i++ {
		sum := 0
		for j := i; j+1 < i+gram; j++ {
			sum += int(pairs[column(text[j])<<6|column(text[j+1])])
		}
		if sum < least {
			best, least = i, sum
		}
	}
	return best
}
