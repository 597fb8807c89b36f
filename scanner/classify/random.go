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
	caseTurned = 2.2 // text: the other case
	separator  = 3.0 // text: - _ . /
	oddSign    = 5.5 // text: any other sign

	hexDigit, hexLetter       = 0.68, 4.0  // 16 signs
	oneCaseDigit, oneCase     = 1.85, 5.17 // 36 signs
	mixedDigit, mixed         = 2.68, 6.0  // 64 signs
	mixedSeparator, mixedSign = 5.0, 5.0
)

// impossible is the cost of a byte that a model cannot write.
const impossible = 1e6

// maxRandom bounds how many bytes of a value are weighed: more change nothing.
const maxRandom = 128

// randomness says how many bits of evidence there are that v was drawn at
// random and not written by a person: the log of the ratio of its likelihood
// under the best of three random alphabets (hexadecimal, one case with digits,
// base64) to that under a model of the names and prose that people write.
func randomness(v []byte) float64 {
	if len(v) > maxRandom {
		v = v[:maxRandom]
	}
	text, hex, lower, upper, base := 0.0, 0.0, 0.0, 0.0, 0.0
	a, b := otherSymbol, otherSymbol
	var last byte // case bit of the letter before, 1 where there was none
	last = 1
	for _, c := range v {
		s := symbolOf(c)
		switch {
		case s == digitSymbol:
			text += float64(trigrams[(a*symbolCount+b)*symbolCount+s]) / 16
			hex, lower, upper, base = hex+hexDigit, lower+oneCaseDigit, upper+oneCaseDigit, base+mixedDigit
			last = 1
		case s < digitSymbol:
			text += float64(trigrams[(a*symbolCount+b)*symbolCount+s]) / 16
			upperCase := c&0x20 == 0
			if k := c & 0x20; last != 1 && k != last {
				text += caseTurned
			} else {
				text += caseKept
			}
			last = c & 0x20
			if s < 6 {
				hex += hexLetter
			} else {
				hex += impossible
			}
			if upperCase {
				upper += oneCase
				lower += impossible
			} else {
				lower += oneCase
				upper += impossible
			}
			base += mixed
		case c == '-' || c == '_' || c == '.' || c == '/' || c == ' ':
			text += separator
			hex, lower, upper, base = hex+impossible, lower+separator+3, upper+separator+3, base+mixedSeparator
			if c == ' ' {
				base += 6
			}
			last = 1
		case c == '=' || c == '+':
			text += separator
			hex, lower, upper, base = hex+impossible, lower+impossible, upper+impossible, base+separator
			last = 1
		default:
			text += oddSign
			hex, lower, upper, base = hex+impossible, lower+impossible, upper+impossible, base+mixedSign
			last = 1
		}
		a, b = b, s
	}
	return text - min(hex, lower, upper, base)
}
