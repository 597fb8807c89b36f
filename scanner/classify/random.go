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

// What a byte costs, in bits, under the models that randomness compares. Digits
// count as one symbol, as in the trigrams.
const (
	caseKept   = 0.2 // text: a letter of the case of the one before it
	caseTurned = 2.0 // text: more than that for the other case
	separator  = 3.0 // text: - _ . / = + and space
	oddSign    = 5.5 // text: any other sign

	hexDigit, hexLetter   = 0.68, 4.0  // 16 signs
	oneCaseDigit, oneCase = 1.85, 5.17 // 36 signs
	mixedDigit, mixed     = 2.68, 6.0  // 64 signs
	mixedSign             = 5.0        // 64 signs and more
	rareSign              = 6.0        // a sign that an alphabet should not have
	impossible            = 2000.0     // what a model cannot write: more than maxRandom bytes of any other cost
)

// unit is the fraction of a bit in which costs are added up, of which each is a whole number.
const unit = 400

// cost is what a byte of a kind costs: that of two models a word, in 32 bits each, so
// that two sums add up four, and the text's, to which letters and digits add a trigram.
type cost struct {
	hexLower, upperBase uint64
	text                int
}

// The kinds of bytes that cost the same.
const (
	oddKind = iota
	separatorKind
	blankKind
	paddingKind
	digitKind
	smallHexKind
	smallKind
	capitalHexKind
	capitalKind
)

var costs = [...]cost{
	oddKind:        newCost(impossible, impossible, impossible, mixedSign, oddSign),
	separatorKind:  newCost(impossible, rareSign, rareSign, mixedSign, separator),
	blankKind:      newCost(impossible, rareSign, rareSign, mixedSign+rareSign, separator),
	paddingKind:    newCost(impossible, impossible, impossible, separator, separator),
	digitKind:      newCost(hexDigit, oneCaseDigit, oneCaseDigit, mixedDigit, 0),
	smallHexKind:   newCost(hexLetter, oneCase, impossible, mixed, caseKept),
	smallKind:      newCost(impossible, oneCase, impossible, mixed, caseKept),
	capitalHexKind: newCost(hexLetter, impossible, oneCase, mixed, caseKept),
	capitalKind:    newCost(impossible, impossible, oneCase, mixed, caseKept),
}

func newCost(hex, lower, upper, base, text float64) cost {
	units := func(bits float64) uint64 { return uint64(bits*unit + 0.5) }
	return cost{units(hex)<<32 | units(lower), units(upper)<<32 | units(base), int(units(text))}
}

// weights holds the kind of each byte, and its symbol.
var weights = func() (all [256]struct{ kind, symbol uint8 }) {
	for i := range all {
		all[i].symbol = otherSymbol
		switch c := byte(i); {
		case isDigit(c):
			all[i].kind, all[i].symbol = digitKind, digitSymbol
		case isLetter(c):
			all[i].kind, all[i].symbol = smallKind, c|0x20-'a'
			if isUpper(c) {
				all[i].kind = capitalKind
			}
			if c|0x20 <= 'f' {
				all[i].kind--
			}
		case c == '-' || c == '_' || c == '.' || c == '/':
			all[i].kind = separatorKind
		case c == ' ':
			all[i].kind = blankKind
		case c == '=' || c == '+':
			all[i].kind = paddingKind
		}
	}
	return all
}()

// caseBit tells small letters from capitals in ASCII; noCase is no letter's.
const (
	caseBit = 0x20
	noCase  = 1
)

// maxRandom bounds how many bytes of a value are weighed: more change nothing.
const maxRandom = 128

// randomness says how many bits of evidence there are that v was drawn at
// random and not written by a person: the log of the ratio of its likelihood
// under the best of four random alphabets (hexadecimal, digits with letters of
// one case, base64) to that under a model of the names and prose that people
// write.
func randomness(v []byte) float64 {
	var hexLower, upperBase uint64
	text := 0
	before, last := otherSymbol, otherSymbol
	turned := byte(noCase) // the case of the letter before
	for _, c := range v[:min(len(v), maxRandom)] {
		w := weights[c]
		x := &costs[w.kind]
		hexLower += x.hexLower
		upperBase += x.upperBase
		text += x.text
		symbol, letterCase := int(w.symbol), byte(noCase)
		if symbol != otherSymbol {
			text += int(trigrams[(before*symbolCount+last)*symbolCount+symbol]) * (unit / 16)
		}
		if symbol < digitSymbol {
			letterCase = c & caseBit
			if turned^letterCase == caseBit {
				text += caseTurned * unit
			}
		}
		before, last, turned = last, symbol, letterCase
	}
	least := min(hexLower>>32, hexLower&(1<<32-1), upperBase>>32, upperBase&(1<<32-1))
	return float64(text-int(least)) / unit
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
	best := -never
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
