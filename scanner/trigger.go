package scanner

import (
	"github.com/shrike-scan/shrike/scanner/prefilter"
)

// trigger is what a hit of a literal sets off: a rule, or an extractor. In text that is
// made of literals each hit meets another one, and to fetch what is not in the cache
// takes longer than all looks at the text. So what most hits need is in its 64 bytes;
// the rest is behind pointers.
type trigger struct {
	*anchor
	rule   *compiled // nil for an extractor
	near   *byteSet  // what can stand right before it
	run    *run      // the rule's
	number int32     // of an extractor, among the engine's
	place  uint16    // of the anchor in its rule
	kind   runKind   // of what the run is of
	size   int32     // bytes of the literal
	window reach     // of a regex in ASCII text; of a context rule, where values start
	widest reach     // of all that the rule's verdict can depend on
	form   form

	named  bool // it must be a word of its own
	beset  bool // it is not enough that the hit stands behind a byte of near
	fenced bool
}

// reach is bytes before and after a literal.
type reach struct{ before, after int32 }

// newTrigger returns what an anchor's literal sets off, without the rule.
func newTrigger(a *anchor) trigger {
	t := trigger{anchor: a, near: &allBytes, size: int32(len(a.lit.text)), fenced: len(a.fences) > 0}
	if len(a.before) > 0 {
		t.near = &a.before[0].byteSet
	}
	t.beset = len(a.before) > 1 || len(a.after) > 0 || t.size > maxLook || !a.lit.fold
	return t
}

// of makes the trigger one of a rule.
func (t *trigger) of(c *compiled) {
	t.rule, t.form, t.run = c, c.form, &c.run
	before, size := &t.lit.before, &c.size
	switch c.form {
	case formContext:
		t.named = true
		t.window = reach{int32(c.Before), int32(c.after())}
		t.widest = reach{int32(max(c.Before+2, around)), int32(c.after() + min(size.max, maxReachValue) + tokenAhead)} // startsToken looks at two
	case formKeyword:
		t.widest = reach{keywordBefore, keywordAfter}
	case formRegex:
		t.named = c.Named && t.lit.fold && before.max <= 1
		t.window = c.span(len(t.lit.text), before.narrow, before.min, size.narrow)
		t.widest = c.span(len(t.lit.text), before.max, before.min, size.max)
		t.widest.after += listReach
	}
}

// span is what a match takes beside a literal of some bytes, and the assertions beside
// the match, where at most before and at least least bytes of it stand before the
// literal, and it has at most size.
func (c *compiled) span(literal, before, least, size int) reach {
	if before >= unbounded {
		before = c.reach()
	}
	after := c.reach()
	if size < unbounded {
		after = max(0, size-least-literal)
	}
	return reach{int32(before + around), int32(after + around)}
}

// tail is how many bytes of its literal the prefilter does not look for.
func (t *trigger) tail() int { return max(0, int(t.size)-maxLook) }

// around returns where the trigger's literal stands that a hit is the beginning of.
func (t *trigger) around(h prefilter.Hit) (start, end int) {
	end = int(h.End) + t.tail()
	return end - int(t.size), end
}

// stands reports whether the whole literal, in its case, is text[start:].
func (t *trigger) stands(text []byte, start int) bool {
	end := start + int(t.size)
	switch {
	case end > len(text):
		return false
	case !t.lit.fold:
		return string(text[start:end]) == t.lit.text
	}
	for i := maxLook; i < int(t.size); i++ {
		if c, want := text[start+i], t.lit.text[i]; c != want && (c-'A' >= 26 || c+0x20 != want) {
			return false
		}
	}
	return true
}

// within is the range of text in which a match that holds the literal at text[start:end]
// lies, with what assertions may look at. In text that is known to be ASCII there, it is
// narrower.
func (t *trigger) within(s *Scratch, text []byte, start, end int) (lo, hi int, ascii bool) {
	lo, hi = start-int(t.window.before), end+int(t.window.after)
	if s.ascii.covers(text, max(0, lo), min(hi, len(text))) {
		return lo, hi, true
	}
	return start - int(t.widest.before), end + int(t.widest.after) - listReach, false
}

// searched is where the trigger's run must stand.
func (t *trigger) searched(ascii bool) reach {
	if ascii && t.form == formRegex {
		return t.window
	}
	return t.widest
}

// setOff returns the triggers of a literal.
func (e *Engine) setOff(literal int32) []trigger {
	return e.triggers[e.firsts[literal]:e.firsts[literal+1]]
}

// sets makes the trigger one of an extractor.
func (t *trigger) sets(extractor int) { t.form, t.number = formExtract, int32(extractor) }
