package prefilter

import (
	_ "embed" // for counts

	"github.com/shrike-scan/shrike/scanner/prefilter/internal/columns"
)

// counts says how often pairs and triples of bytes stood in a training text: for
// each, eight times the logarithm (base 2) of its count plus one. First the 32 x 32
// pairs, then the 32 x 32 x 32 triples, of the bytes' columns. It is made by
// train.go from source code and documentation.
//
//go:embed counts.bin
var counts string

const triples = columns.Count * columns.Count // where they begin in counts

func pairCount(a, b int) int { return int(counts[a<<columns.Bits|b]) }

func tripleCount(a, b, c int) int {
	return int(counts[triples+a<<(2*columns.Bits)+b<<columns.Bits+c])
}

// threeCount counts the first three bytes of a text.
func threeCount(text []byte) int {
	return tripleCount(columns.Of(text[0]), columns.Of(text[1]), columns.Of(text[2]))
}

// rarest returns the offset in a literal, longer than a gram, of the two
// neighbouring grams that are expected to be rarest in text. Any choice is right; a
// good one makes the sift pass less often.
func rarest(text []byte) int {
	// A gram's count is estimated as if its last byte depended on the two before it
	// alone. The more frequent of the two grams makes nearly all of their sum.
	best, least := 0, 1<<30
	b, c, d := columns.Of(text[1]), columns.Of(text[2]), columns.Of(text[3])
	triple := tripleCount(b, c, d)
	last := threeCount(text) + triple - pairCount(b, c)
	for i, char := range text[gram:] {
		b, c, d = c, d, columns.Of(char)
		ahead := tripleCount(b, c, d)
		next := triple + ahead - pairCount(b, c)
		if most := max(last, next); most < least {
			best, least = i, most
		}
		triple, last = ahead, next
	}
	return best
}
