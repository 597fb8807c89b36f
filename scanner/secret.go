package scanner

import "fmt"

// Secret holds the bytes of a credential and does not let them out by accident:
// every way of printing or encoding it yields the redacted form. Reveal is the
// only way to the bytes. Immutable; safe for concurrent use.
type Secret struct {
	// A pointer, for package fmt calls no methods on what stands in unexported
	// fields, and of a pointer it shows the address.
	text *string
}

// NewSecret copies b.
func NewSecret(b []byte) Secret {
	text := string(b)
	return Secret{&text}
}

// Reveal returns the bytes as text. Callers that print it say so to their user.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// Len is the length in bytes.
func (s Secret) Len() int { return len(s.Reveal()) }

// Redacted shows at most the first four characters, and none of a secret that
// is too short for them to be a public prefix.
func (s Secret) Redacted() string {
	text := s.Reveal()
	if len(text) < 20 {
		return "********"
	}
	head := 0
	for head < 4 && isWordByte(text[head]) {
		head++
	}
	if text[:head] == "----" {
		head = 0
	}
	return fmt.Sprintf("%s…[%d]", text[:head], len(text))
}

func (s Secret) String() string { return s.Redacted() }

// GoString redacts under %#v.
func (s Secret) GoString() string { return s.Redacted() }

// MarshalText redacts in JSON and the like.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.Redacted()), nil }

// Format redacts under every verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.Redacted())) }

func isWordByte(c byte) bool {
	return c == '_' || c-'0' < 10 || c-'a' < 26 || c-'A' < 26
}
