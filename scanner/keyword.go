package scanner

import (
	"github.com/shrike-scan/shrike/scanner/assign"
)

// tryKeyword reads the assignment to the name that holds the keyword and lets
// the classifier judge the value.
func (c *compiled) tryKeyword(s *Scratch, text []byte, start, end int) {
	lo, hi := max(0, start-keywordBefore), min(len(text), end+keywordAfter)
	a, ok := assign.Read(text[lo:hi], start-lo, end-lo)
	if !ok {
		return
	}
	value := text[lo+a.ValueStart : lo+a.ValueEnd]
	c.accept(s, text, lo+a.ValueStart, lo+a.ValueEnd, value)
}
