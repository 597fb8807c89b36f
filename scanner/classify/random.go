package classify

import _ "embed"

// trigrams holds -log2 of each symbol's likelihood after the two before it in
// names and prose, in sixteenths of a bit. Written by train/main.go.
//
//go:embed trigrams.bin
var trigrams string

// The alphabet of the trigrams: letters without case, all digits, all else.
const (
	digitSymbol = 26
	otherSymbol = 27
	symbolCount = 28
)

func symbolOf(c byte) int {
	switch {
	case isDigit(c):
		return digitSymbol
	case c|0x20 >= 'a' && c|0x20 <= 'z':
		return int(c|0x20) - 'a'
	}
	return otherSymbol
}

// What a byte costs, in bits, under the models that randomness compares. Digits
// count as one symbol, as in the trigrams.
const (
	caseKept   = 0.2 // text: a letter of the case of the one before it
	caseTurned = 2.0 // text: more than that for the other case
	separator  = 3.0 // text: - _ . /
	oddSign    = 5.5 // text: any other sign

	hexDigit, hexLetter   = 0.68, 4.0  // 16 signs
	oneCaseDigit, oneCase = 1.85, 5.17 // 36 signs
	mixedDigit, mixed     = 2.68, 6.0  // 64 signs
	mixedSign             = 5.0        // 64 signs and more
	rareSign              = 6.0        // a sign that an alphabet should not have
)

// caseBit tells small letters from capitals in ASCII; noCase is no letter's.
const (
	caseBit = 0x20
	noCase  = 1
)

// impossible is the cost of a byte that a model cannot write.
const impossible = 1e6

// maxRandom bounds how many bytes of a value are weighed: more change nothing.
const maxRandom = 128

// randomness says how many bits of evidence there are that v was drawn at
// random and not written by a person: the log of the ratio of its likelihood
// under the best of four random alphabets (hexadecimal, digits with letters of
// one case, base64) to that under a model of the names and prose that people
// write.
func randomness(v []byte) float64 {
	var text, hex, lower, upper, base float64
	a, b := otherSymbol, otherSymbol
	turned := byte(noCase) // the case of the letter before
	for _, c := range v[:min(len(v), maxRandom)] {
		s := symbolOf(c)
		letterCase := byte(noCase)
		switch {
		case s == digitSymbol:
			text += surprise(a, b, s)
			hex, lower, upper, base = hex+hexDigit, lower+oneCaseDigit, upper+oneCaseDigit, base+mixedDigit
		case s < digitSymbol:
			letterCase = c & caseBit
			text += surprise(a, b, s) + caseKept
			if turned != noCase && turned != letterCase {
				text += caseTurned
			}
			hex, lower, upper, base = hex+hexLetter, lower+oneCase, upper+oneCase, base+mixed
			if s >= 6 {
				hex += impossible
			}
			if letterCase == 0 {
				lower += impossible
			} else {
				upper += impossible
			}
		case c == '-' || c == '_' || c == '.' || c == '/' || c == ' ':
			text += separator
			hex, lower, upper, base = hex+impossible, lower+rareSign, upper+rareSign, base+mixedSign
			if c == ' ' {
				base += rareSign
			}
		case c == '=' || c == '+':
			text += separator
			hex, lower, upper, base = hex+impossible, lower+impossible, upper+impossible, base+separator
		default:
			text += oddSign
			hex, lower, upper, base = hex+impossible, lower+impossible, upper+impossible, base+mixedSign
		}
		a, b, turned = b, s, letterCase
	}
	return text - min(hex, lower, upper, base)
}

// A run is what stands between two separators of a value. One that is long enough may
// be random where the whole is not, as behind a prefix: app-0f9c...
const (
	shortestRun = 16
	runCost     = 6 // bits that choosing a run costs
)

// runRandomness is the randomness of the most random run of v that is shorter than v,
// and a great negative number where there is none.
func runRandomness(v []byte) float64 {
	best := -impossible
	v = v[:min(len(v), maxRandom)]
	for start := 0; start+shortestRun <= len(v); {
		end := start
		for end < len(v) && (isLetter(v[end]) || isDigit(v[end])) {
			end++
		}
		if end-start >= shortestRun && end-start < len(v) {
			best = max(best, randomness(v[start:end]))
		}
		start = end + 1
	}
	return best
}

// surprise is the cost of symbol s after a and b, in bits.
func surprise(a, b, s int) float64 {
	return float64(trigrams[(a*symbolCount+b)*symbolCount+s]) / 16
}
