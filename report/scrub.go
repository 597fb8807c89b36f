package report

import (
	"math/bits"
	"slices"
	"sort"
	"strings"

	"github.com/shrike-scan/shrike/scanner"
)

// Secrets shorter than shortest are never replaced in free text: "test" or "1234"
// would shred every path. Those shorter than loose are replaced only where they
// stand as a word of their own, for people choose words as passwords.
const (
	shortest = 6
	loose    = 12
)

// everyday holds words that texts of reports are made of. Some choose them as
// passwords, and who guesses does so first: to blot them out of every sentence would
// hide nothing, and give the value away.
var everyday = []string{
	"access", "account", "credential", "credentials", "database", "default", "example", "master",
	"password", "passwords", "private", "public", "secret", "secrets", "server", "string",
}

// scrubber replaces known secrets in free text. It holds all their written forms
// as one sorted array. For a position of the text, the longest key that starts
// there is found by binary search: if any key is a prefix of the text, the longest
// such key is the greatest key not above the text, or a prefix of that key. The
// parent links lead along those prefixes.
//
// Nearly all positions are turned away before the search by a small bit set over
// a hash of the first six bytes. A text of n bytes costs O(n log k) for k keys
// at worst, whatever the secrets; memory is that of the keys. Immutable; a nil
// scrubber changes nothing.
type scrubber struct {
	keys   []key
	parent []int32 // index of the longest other key that is a proper prefix, or -1
	starts []uint64
	shift  int             // of a hash, to a bit of starts
	rules  map[string]bool // ids of the report's rules: `generic-password` stays even where "password" is one
}

// key is one written form of a secret.
type key struct {
	text  string
	shown string // what stands for it
	word  bool   // replaced only as a word of its own
}

func newScrubber(findings []*scanner.Finding) *scrubber {
	var keys []key
	rules := map[string]bool{}
	for _, f := range findings {
		rule := ruleOf(f)
		rules[rule.ID] = true
		if !rule.Public {
			keys = appendKeys(keys, f.Secret, rule.Kind)
		}
		for _, p := range f.Parts {
			if !p.Public {
				keys = appendKeys(keys, p.Value, strings.ReplaceAll(p.Name, "-", " "))
			}
		}
	}
	if len(keys) == 0 {
		return nil
	}
	slices.SortStableFunc(keys, func(a, b key) int { return strings.Compare(a.text, b.text) })
	keys = slices.CompactFunc(keys, func(a, b key) bool { return a.text == b.text })
	s := &scrubber{keys: keys, parent: make([]int32, len(keys)), rules: rules}
	s.link()
	s.index()
	return s
}

func appendKeys(keys []key, s scanner.Secret, kind string) []key {
	if slices.Contains(everyday, strings.ToLower(s.Reveal())) {
		return keys
	}
	shown := redacted(s, kind)
	for _, form := range forms(s.Reveal()) {
		if len(form) >= shortest {
			keys = append(keys, key{form, shown, len(form) < loose})
		}
	}
	return keys
}

// link sets parent. The keys are sorted, so those that are prefixes of the current
// one are a stack.
func (s *scrubber) link() {
	var stack []int32
	for i, k := range s.keys {
		for len(stack) > 0 && !strings.HasPrefix(k.text, s.keys[stack[len(stack)-1]].text) {
			stack = stack[:len(stack)-1]
		}
		s.parent[i] = -1
		if len(stack) > 0 {
			s.parent[i] = stack[len(stack)-1]
		}
		stack = append(stack, int32(i))
	}
}

// index fills the bit set, of at least 16 bits a key.
func (s *scrubber) index() {
	width := max(10, bits.Len(uint(16*len(s.keys)-1)))
	s.shift = 64 - width
	s.starts = make([]uint64, 1<<width/64)
	for _, k := range s.keys {
		h := s.hash(k.text)
		s.starts[h/64] |= 1 << (h % 64)
	}
}

// hash of the first six bytes: text has at least as many. It is multiplicative:
// who makes texts collide makes them be searched for, and no more.
func (s *scrubber) hash(text string) uint64 {
	_ = text[shortest-1]
	six := uint64(text[0]) | uint64(text[1])<<8 | uint64(text[2])<<16 | uint64(text[3])<<24 | uint64(text[4])<<32 | uint64(text[5])<<40
	return six * 0x9e3779b97f4a7c15 >> s.shift
}

// clean returns text with every key in it replaced. Keys that overlap are replaced
// as one: the end of the second would give it away otherwise.
func (s *scrubber) clean(text string) string {
	if s == nil || len(text) < shortest {
		return text
	}
	var out strings.Builder
	copied := 0          // text[:copied] is in out
	start, end := -1, -1 // the span under way
	var shown string     // stands for it
	longest := 0         // the longest key in it
	flush := func() {
		out.WriteString(text[copied:start])
		out.WriteString(shown)
		copied = end
	}
	for i := 0; i+shortest <= len(text); i++ {
		k := s.at(text, i)
		if k == nil {
			continue
		}
		if i >= end { // a new span
			if end >= 0 {
				flush()
			}
			start, longest = i, 0
		}
		if len(k.text) > longest {
			longest, shown = len(k.text), k.shown
		}
		end = max(end, i+len(k.text))
	}
	if end < 0 {
		return text
	}
	flush()
	out.WriteString(text[copied:])
	return out.String()
}

// at returns the longest key that starts at text[i], or nil.
func (s *scrubber) at(text string, i int) *key {
	rest := text[i:]
	if h := s.hash(rest); s.starts[h/64]&(1<<(h%64)) == 0 {
		return nil
	}
	at := sort.Search(len(s.keys), func(j int) bool { return s.keys[j].text > rest }) - 1
	for ; at >= 0; at = int(s.parent[at]) {
		k := &s.keys[at]
		if strings.HasPrefix(rest, k.text) && (!k.word || isWord(text, i, i+len(k.text)) && !s.inRule(text, i)) {
			return k
		}
	}
	return nil
}

// inRule reports whether text[i] stands in the id of one of the report's rules.
func (s *scrubber) inRule(text string, i int) bool {
	start, end := i, i
	for start > 0 && isRuleByte(text[start-1]) {
		start--
	}
	for end < len(text) && isRuleByte(text[end]) {
		end++
	}
	return s.rules[text[start:end]]
}

func isRuleByte(c byte) bool { return c == '-' || c-'0' < 10 || c-'a' < 26 }

// isWord reports whether no letter or digit touches text[start:end].
func isWord(text string, start, end int) bool {
	return (start == 0 || !isWordByte(text[start-1])) && (end == len(text) || !isWordByte(text[end]))
}

// isWordByte takes every byte beyond ASCII for part of a letter.
func isWordByte(c byte) bool {
	return c >= 0x80 || c-'0' < 10 || c|0x20-'a' < 26
}
