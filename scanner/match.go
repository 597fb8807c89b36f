package scanner

// Match is one credential found in one blob. Secret and Parts are copies: a
// Match outlives the blob's bytes. Offsets count bytes of the decoded text (see
// Encoding), which for plain text is the blob itself.
type Match struct {
	Rule       *Rule
	Secret     Secret
	Start, End int // of the secret

	Line, Column, EndLine, EndColumn int // as in Occurrence

	Proven     bool // an offline check holds
	Severity   Severity
	Confidence Confidence
	Details    []Detail
	Allow      *Suppression // an inline allow comment covers it
	Encoding   string       // as in Occurrence
}

// Proof is what an offline check says of a secret's structure.
type Proof uint8

// The outcomes of a Check.
const (
	Unproven Proof = iota // nothing to say
	Proven                // a checksum or a parsed structure holds
	Refuted               // it cannot be a credential of this kind: dropped
	Example               // a published example: dropped, with whatever other rules see in it
)

// CheckResult is the outcome of an offline check. Zero Severity and Confidence
// leave the rule's own.
type CheckResult struct {
	Proof      Proof
	Severity   Severity
	Confidence Confidence
	Details    []Detail
}

// Check proves or refutes a secret offline, from its bytes and those of the
// match around it alone. Pure; safe for concurrent use; must not keep its
// arguments.
type Check func(secret, match []byte) CheckResult

// Extractor reads credentials that only a file's structure gives away, such as
// a literal at a secret property of a CloudFormation template. Extract is called
// with whole decoded text that holds one of Triggers (any case), or, where there are
// none, with every text of at most SmallText bytes. Safe for concurrent use. A malformed file is no error: it yields nothing, and is
// scanned as text all the same.
type Extractor interface {
	Triggers() []string
	Rules() []Rule // metadata of the rules that Extract names; none has a pattern
	Extract(text []byte) []Extract
}

// SmallText is how many bytes a text has at most that is nothing but a credential.
const SmallText = 64

// Extract is one credential an Extractor read: its rule's id, where its literal
// text stands, and the value (which differs from the text where that is quoted
// or encoded).
type Extract struct {
	Rule       string
	Start, End int
	Value      []byte
	Details    []Detail
	Encoding   string // of the value in the text, as in Occurrence

	// Note, in place of all else, says why a text could not be read as what it claims
	// to be: "a CloudFormation template that does not parse". It holds nothing of the text.
	Note string
}
