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

func pairCount(text []byte) int {
	return int(counts[columns.Of(text[0])<<columns.Bits|columns.Of(text[1])])
}

func tripleCount(text []byte) int {
	return int(counts[triples+columns.Of(text[0])<<(2*columns.Bits)+columns.Of(text[1])<<columns.Bits+columns.Of(text[2])])
}

// rarest returns the offset in a literal, longer than a gram, of the two
// neighbouring grams that are expected to be rarest in text. Any choice is right; a
// good one makes the sift pass less often.
func rarest(text []byte) int {
	best, least := 0, 1<<30
	triple := tripleCount(text[1:])
	last := tripleCount(text) + triple - pairCount(text[1:])
	for i := 0; i+gram+1 <= len(text); i++ {
		// A gram's count is estimated as if its last byte depended on the two before it
		// alone. The more frequent of the two grams makes nearly all of their sum.
		ahead := tripleCount(text[i+2:])
		next := triple + ahead - pairCount(text[i+2:])
		if most := max(last, next); most < least {
			best, least = i, most
		}
		triple, last = ahead, next
	}
	return best
}
