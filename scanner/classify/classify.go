// Package classify judges whether a value that is assigned to a name is a
// secret: a password, a key or a token that somebody wrote down, and not a
// placeholder, a reference, a name, a path, prose or a digest.
//
// It asks in turn: does the name promise a secret (name.go)? Does the value
// refer to something else, or stand in for it (reference.go, placeholder.go)?
// Has it another well-known shape (shape.go)? Was it drawn at random rather
// than written (random.go)? A password need not be random: people choose words.
// Who asks for secrets alone gets the same answers sooner: see Secretive.
package classify

import (
	"bytes"

	"github.com/shrike-scan/shrike/scanner/assign"
)

// Class says what a value is.
type Class uint8

// The classes. Only a Secret is reported.
const (
	Secret Class = iota + 1
	Placeholder
	Reference  // to a variable, an environment, a secret store, a template
	Identifier // a name in code or configuration
	FilePath
	URL
	Prose
	Hash // a digest or a fingerprint named so
	UUID
	Encrypted
	Code
	TestVector
	Number // a number or a truth value
	Version
)

var classNames = [...]string{"", "secret", "placeholder", "reference", "identifier", "path", "url", "prose",
	"hash", "uuid", "encrypted", "code", "test vector", "number", "version"}

func (c Class) String() string {
	if int(c) < len(classNames) {
		return classNames[c]
	}
	return ""
}

// Candidate is a value, the name it is assigned to, and the text around both.
// Before and After are bounded and may be empty: text that was cut there is
// never required.
type Candidate struct {
	Name, Value []byte
	Wrapper     []byte // a conversion or look-up between operator and literal
	Before      []byte // what stands before the name
	After       []byte // what stands behind the value, from its closing quote on
	Form        assign.Form
	Op          assign.Op
	Quote       byte // around the value; 0 when it is bare
	Gap         bool // white space stands between the name and the value
}

// Of makes a candidate of an assignment in its window.
func Of(window []byte, a *assign.Assignment) Candidate {
	var c Candidate
	c.fill(window, a)
	return c
}

func (c *Candidate) fill(window []byte, a *assign.Assignment) {
	between := window[min(a.NameEnd, a.ValueStart):a.ValueStart]
	c.Gap = bytes.IndexByte(between, ' ') >= 0 || bytes.IndexByte(between, '\t') >= 0
	c.Name = window[a.NameStart:a.NameEnd]
	c.Value = window[a.ValueStart:a.ValueEnd]
	c.Wrapper = window[a.WrapStart:a.WrapEnd]
	c.Before = window[:a.NameStart]
	c.After = window[a.ValueEnd:]
	c.Form, c.Op, c.Quote = a.Form, a.Op, a.Quote
}

// Verdict says what a value is, how likely it is a secret (0 to 1), and why.
// Below 0.5 a Secret is one that people chose badly, such as `changeme`: it is
// a credential all the same where it is set.
type Verdict struct {
	Class  Class
	Score  float64
	Reason string
}

// maxValue bounds how many bytes of a value are judged: the rest of a long one
// is more of the same.
const maxValue = 512

// Value judges a candidate. Pure, allocation-free, and linear in the value;
// safe for concurrent use.
func Value(c Candidate) Verdict { return judge(&c, true) }

// Secretive is Value of an assignment for those who ask only for secrets: it gives the
// same verdict on each of them, and on most other values the first that comes to hand.
func Secretive(window []byte, a *assign.Assignment) Verdict {
	var c Candidate
	c.fill(window, a)
	return judge(&c, false)
}

// judge asks what the name and the value's bytes promise, then whether the value is
// known to be something else. The first tells most values from secrets in a few
// nanoseconds, the second says best what they are: so that comes first where the reason
// is wanted.
func judge(c *Candidate, reasons bool) Verdict {
	c.Value = bytes.TrimSpace(c.Value[:min(len(c.Value), maxValue)])
	if len(c.Value) < 2 && !reasons {
		return tooShort
	}
	m, exact := meaningOf(c.Name, c.Op == assign.Call)
	if m == nothing || len(c.Value) == 0 {
		return Verdict{Identifier, 0, "the name promises no secret"}
	}
	if len(c.Value) < m.shortest(exact) && !reasons || c.Form == assign.Beside && c.Op != assign.Comma && len(c.Value) < assign.LeastBeside {
		return tooShort
	}
	if !reasons && m != auth && isProgramText(c) {
		return Verdict{Code, 0.05, "an expression"}
	}
	s := new(shape)
	s.count(c.Value)
	bits := randomness(c.Value)
	promised := promise(c, m, exact, s, bits)
	hopeless := promised.Class != Secret && !weak(c.Value, s) && !reasons
	if hopeless && m != auth && !isCoded(c) {
		return promised
	}
	if reason := homonym(c, m); reason != "" {
		return Verdict{Identifier, 0.05, reason}
	}
	if isCoded(c) {
		return numbers(c.Value, m, exact)
	}
	if v, ok := basic(c, m); ok {
		return v
	}
	if hopeless {
		return promised
	}
	if v, ok := reference(c); ok {
		return v
	}
	if v, ok := placeholder(c.Value, s); ok {
		return v
	}
	if v, ok := shaped(c, m, s, exact); ok {
		return v
	}
	if c.Quote == 0 && c.Form != assign.Element {
		if v, ok := code(c, s, bits); ok {
			return v
		}
	}
	return promised
}

// isProgramText reports whether a value is a piece of a program whatever else is seen in
// it: it holds what stands in no bare value, and has no shape that is asked for before.
func isProgramText(c *Candidate) bool {
	v := c.Value
	return c.Quote == 0 && c.Form != assign.Element && expressions.in(v) &&
		!isCoded(c) && !isUUID(v) && !prefixedUUID(v) && !isSequence(v) && !isSlackToken(v) && !apostrophe(v)
}

// isCoded recognises bytes that are written as numbers or escapes.
func isCoded(c *Candidate) bool {
	return c.Form == assign.Bytes || bytes.HasPrefix(c.Value, []byte(`\x`))
}

// weak reports whether a value has one of the shapes that shaped takes for a secret
// under the right name, though it is neither random nor of words.
func weak(v []byte, s *shape) bool {
	return isNumber(s) || isUUID(v) || prefixedUUID(v) || isSequence(v) || isSlackToken(v)
}

// tooShort is the verdict on values of which no more is looked at.
var tooShort = Verdict{Placeholder, 0.05, "too short"}

// promise judges a value that is not known to be anything else.
func promise(c *Candidate, m meaning, exact bool, s *shape, bits float64) Verdict {
	if m == someKey && ofPublicKey(c.Before) {
		return Verdict{Identifier, 0.1, "a member of a public key"}
	}
	if c.Op == assign.Comma && c.Form == assign.Argument && takesPassword(c.Before) {
		return Verdict{Identifier, 0.1, "what stands behind a password"}
	}
	if c.Form == assign.Beside {
		return beside(c, m, s, exact, bits)
	}
	if m != someKey && exact && bits < m.needs(s, exact) {
		bits = max(bits, runRandomness(c.Value)-runCost)
	}
	if bits >= m.needs(s, exact) && (s.length >= 16 || len(c.Wrapper) == 0 || c.Form == assign.Header || converts(c.Wrapper)) {
		return Verdict{Secret, certainty(bits), "drawn at random"}
	}
	if m == key && exact && s.digits > 0 && s.letters > 0 && s.colons == 0 && choosesKey(c.Name) && !promises(c.Value) {
		m = secret
	}
	if !exact || m != password && m != secret {
		return Verdict{Identifier, 0.1, "words, not random text"}
	}
	return chosen(c, m, s, bits)
}

// certainty maps bits of evidence to a score in 0.5 to 1.
func certainty(bits float64) float64 {
	return 1 - 0.5/(1+max(0, bits)/12)
}
