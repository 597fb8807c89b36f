package rules

import (
	"bytes"
	"slices"
	"strings"

	"github.com/shrike-scan/shrike/scanner"
)

// What random tokens look like, and what people write in their place. A text that
// is one of a form by chance is refuted in less than one case of a hundred.

// checkNotRepetitive judges a token of a telling form: masks, words and requests to
// put a token there are none. It doubts runs through the alphabet.
func checkNotRepetitive(secret, _ []byte) scanner.CheckResult {
	switch {
	case repetitive(secret) || standsForToken(secret):
		return refuted
	case sequential(secret):
		return doubtful
	case wordy(secret):
		return refuted
	}
	return unproven
}

// checkRandomToken judges a token that only its place gives away, so that it has
// to stand near its name and to look random itself. Each bound holds for at least
// 995 of 1000 random texts of 20 characters: digits, or as many capitals as small
// letters where it is short or in one piece; no long run of letters of one case; few
// separators; none of the words that people write in its place.
func checkRandomToken(secret, match []byte) scanner.CheckResult {
	if repetitive(secret) || remote(secret, match) || misnamed(secret, match) {
		return refuted
	}
	if sequential(secret) {
		return doubtful
	}
	t := tallyOf(secret)
	// A name in camel case has few capitals, one at the start of each word.
	mixed := 4*min(t.lower, t.upper) > len(secret) && t.longest <= 6
	if t.digits == 0 && (!mixed || len(secret) >= 32 && t.separators > 1) || t.longest > t.mostInRow() || t.separators > 2+len(secret)/8 || joinedWords(secret) || standsForToken(secret) {
		return refuted
	}
	text := strings.ToLower(string(secret))
	if containsAny(text, "token", "secret", "access", "api_key", "apikey") {
		return refuted
	}
	if containsAny(text, "12345678", "abcdefgh") {
		return doubtful
	}
	return unproven
}

// repetitive reports whether text is a mask or says that it is an example: far
// fewer different bytes, as a whole or in its second half (behind a prefix), than
// random text would hold, or a word for that.
func repetitive(text []byte) bool {
	half := text[len(text)/2:]
	return len(text) >= 12 && distinct(text) < 5 || len(half) >= 8 && distinct(half) < 4 ||
		endsMasked(text) || bytes.Contains(text, []byte("EXAMPLE")) || bytes.Contains(text, []byte("deadbeefdeadbeef"))
}

// endsMasked reports whether text ends in as many X as no random text does: a mask
// behind identifiers that are none.
func endsMasked(text []byte) bool {
	const least = 12
	return len(text)-len(bytes.TrimRight(text, "xX")) >= least
}

// sequential reports whether text holds a run through digits or the alphabet, as
// people type who need any value of a format. Samples and tests are full of them,
// but so is what somebody set in a hurry.
func sequential(text []byte) bool {
	for _, run := range []string{"0123456789abcdef", "abcdef0123456789", "1234567890abcdef", "abcdefghijklmnop", "ABCDEFGHIJKLMNOP"} {
		if bytes.Contains(text, []byte(run)) {
			return true
		}
	}
	return false
}

// standsForToken reports whether text asks its reader to put a token there.
func standsForToken(text []byte) bool {
	return containsAny(strings.ToLower(string(text)), "your", "example", "placeholder", "replace", "insert", "change_me", "changeme", "xxxxx")
}

// wordy reports whether a token of a telling form is made of words: behind its prefix
// letters alone with a capital here and there, or a long row of small ones where
// others are mixed.
func wordy(text []byte) bool {
	t, half := tallyOf(behindPrefix(text)), tallyOf(text[len(text)/2:])
	least := 24 // letters, of 36 characters
	switch {
	case t.separators >= 2:
		least = 16
	case t.lower > 0 && t.upper > 0:
		least = 20 // of 62
	}
	return t.digits == 0 && t.lower+t.upper >= least && !t.mixed() || half.mixed() && half.small > 12
}

// behindPrefix is what stands behind the last separator in the first third of a token.
func behindPrefix(text []byte) []byte {
	return text[bytes.LastIndexAny(text[:len(text)/3], "_-.~:")+1:]
}

// tally counts the characters of a token by kind.
type tally struct {
	digits, lower, upper, separators int

	longest, small int // letters of one case in a row, and small ones
}

// mixed reports whether there are many letters of either case.
func (t *tally) mixed() bool { return 6*min(t.lower, t.upper) > t.lower+t.upper }

func tallyOf(text []byte) (t tally) {
	run := 0
	for i, c := range text {
		switch {
		case c >= '0' && c <= '9':
			t.digits++
		case letterCase(c) == 'a':
			t.lower++
		case letterCase(c) == 'A':
			t.upper++
		case c == '_' || c == '-' || c == '/' || c == '.' || c == '+':
			t.separators++
		}
		if i > 0 && letterCase(c) != 0 && letterCase(c) == letterCase(text[i-1]) {
			run++
		} else {
			run = 0
		}
		t.longest = max(t.longest, run+1)
		if letterCase(c) == 'a' {
			t.small = max(t.small, run+1)
		}
	}
	return t
}

// mostInRow is how many letters of one case stand in a row of a random token.
func (t *tally) mostInRow() int {
	if t.lower > 0 && t.upper > 0 {
		return 12 // of 62 characters
	}
	return 24 // of 36
}

// joinedWords holds for a slug: three or more words between dashes, dots or
// underscores, each of letters of one case or of digits, or of letters and then digits.
func joinedWords(text []byte) bool {
	words := bytes.FieldsFunc(text, func(r rune) bool { return r == '-' || r == '_' || r == '.' })
	for _, word := range words {
		letters := bytes.TrimRight(word, "0123456789")
		for i := range letters {
			if letterCase(letters[i]) != letterCase(letters[len(letters)-1]) || letterCase(letters[i]) == 0 {
				return false
			}
		}
	}
	return len(words) >= 3
}

func letterCase(c byte) byte {
	switch {
	case c >= 'a' && c <= 'z':
		return 'a'
	case c >= 'A' && c <= 'Z':
		return 'A'
	}
	return 0
}

// distinct counts the different bytes of text.
func distinct(text []byte) int {
	var seen [256]bool
	n := 0
	for _, c := range text {
		if !seen[c] {
			seen[c] = true
			n++
		}
	}
	return n
}

func containsAny(text string, words ...string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(text, word) })
}
