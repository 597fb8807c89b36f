package scanner

import (
	"fmt"
	"strings"

	"github.com/shrike-scan/shrike/scanner/assign"
	"github.com/shrike-scan/shrike/scanner/classify"
	"github.com/shrike-scan/shrike/scanner/prefilter"
)

// missed says why a hit came to nothing: the first of the looks of try that it fails.
func (t *trigger) missed(text []byte, h prefilter.Hit, binary bool) (Outcome, string) {
	start, end := t.around(h)
	switch {
	case end > len(text) || !strings.EqualFold(string(text[start:end]), t.lit.text):
		return Unmatched, fmt.Sprintf("only the beginning of %q stands there", t.lit.text)
	case !t.stands(text, start):
		return Unmatched, fmt.Sprintf("it wants %q in this case", t.lit.text)
	case t.before.behind(text, start) < len(t.before):
		return Unmatched, "what stands before it cannot be part of a match"
	case t.after.ahead(text, end) < len(t.after):
		return Unmatched, "what stands behind it cannot be part of a match"
	}
	if t.named && !isName(text, start, end) {
		return Unmatched, "it is a part of another word"
	}
	switch t.rule.form {
	case formContext:
		return Unmatched, fmt.Sprintf("no token of the rule's form stands within %d bytes before and %d behind it", t.rule.Before, t.rule.after())
	case formKeyword:
		return t.rule.unassigned(text, span{min: start, max: end}, binary)
	}
	return Unmatched, "the regex does not match around it, or not all of a longer word"
}

// unassigned says why a keyword rule accepts nothing.
func (c *compiled) unassigned(text []byte, word span, binary bool) (Outcome, string) {
	if binary {
		return Unmatched, "rules that know no format are not applied to binary content"
	}
	if reason := c.assignment(text, word); reason != "" {
		return Refused, reason
	}
	return Unmatched, "nothing is assigned to a name that holds it"
}

// read reads the assignment around a keyword as tryKeyword does.
func read(text []byte, word span) (window []byte, lo int, a assign.Assignment, ok bool) {
	lo = max(0, word.min-keywordBefore)
	window = text[lo:min(len(text), word.max+keywordAfter)]
	ok = a.Read(window, word.min-lo, word.max-lo)
	return window, lo, a, ok && !a.Inside(window)
}

// assigned is where the value stands that is assigned to the name around a keyword;
// empty where none is.
func (c *compiled) assigned(text []byte, word span) span {
	_, lo, a, ok := read(text, word)
	if !ok {
		return span{}
	}
	return span{min: lo + a.ValueStart, max: lo + a.ValueEnd}
}

// assignment says what is assigned to the name around a keyword, and what the
// classifier makes of it; "" where nothing is. The value itself is not quoted.
func (c *compiled) assignment(text []byte, word span) string {
	window, _, a, ok := read(text, word)
	if !ok {
		return ""
	}
	verdict := classify.Value(classify.Of(window, &a))
	value := window[a.ValueStart:a.ValueEnd]
	return fmt.Sprintf("%q %s of %d bytes and %.1f bits a character, which is classified as %s: %s (score %.2f)",
		window[a.NameStart:a.NameEnd], shapeNames[a.Form], len(value), Entropy(value), verdict.Class, verdict.Reason, verdict.Score)
}

// shapeNames say how a value is given to a name.
var shapeNames = [...]string{
	assign.Quoted: "is given a quoted value", assign.Bare: "is given a bare value", assign.Element: "is an element with a value",
	assign.Argument: "is passed a value", assign.Flag: "is a flag with a value", assign.Header: "is a header with a value",
	assign.Query: "is a query parameter with a value", assign.Pair: "names a pair's value", assign.Compared: "is compared with a value",
	assign.Beside: "stands beside a value", assign.Bytes: "is given a list of bytes",
}
