package scanner

import "fmt"

// Severity says how bad a leak of the credential is, were it live.
type Severity uint8

// The severities, in rising order. The zero value means "not set".
const (
	SeverityUnset Severity = iota
	SeverityLow
	SeverityMedium
	SeverityHigh
	SeverityCritical
)

var severityNames = [...]string{"", "low", "medium", "high", "critical"}

func (s Severity) String() string { return severityNames[s] }

// MarshalText writes the lower-case name.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads one of low, medium, high, critical.
func (s *Severity) UnmarshalText(text []byte) error {
	for i, name := range severityNames {
		if i > 0 && name == string(text) {
			*s = Severity(i)
			return nil
		}
	}
	return fmt.Errorf("unknown severity %q: want low, medium, high or critical", text)
}

// Confidence says how sure it is that a match is a credential at all.
type Confidence uint8

// The confidences, in rising order. The zero value means "not set".
const (
	ConfidenceUnset Confidence = iota
	ConfidenceLow
	ConfidenceMedium
	ConfidenceHigh
)

var confidenceNames = [...]string{"", "low", "medium", "high"}

func (c Confidence) String() string { return confidenceNames[c] }

// MarshalText writes the lower-case name.
func (c Confidence) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads one of low, medium, high.
func (c *Confidence) UnmarshalText(text []byte) error {
	for i, name := range confidenceNames {
		if i > 0 && name == string(text) {
			*c = Confidence(i)
			return nil
		}
	}
	return fmt.Errorf("unknown confidence %q: want low, medium or high", text)
}

// Rule is a declarative detector, as it is authored in TOML. Exactly one of
// three forms holds:
//
//   - Regex alone: the credential's own text is distinctive (`ghp_` ...).
//   - Context and Value: the text is not distinctive; Value must match a whole
//     token within Before/After bytes of a Context word.
//   - Keywords: an assignment to a name that holds one of the words, whose value
//     the classifier judges (passwords and other secrets without a format).
type Rule struct {
	ID         string     `toml:"id"`         // kebab-case, unique
	Service    string     `toml:"service"`    // who issues it: "GitHub"
	Kind       string     `toml:"kind"`       // what it is: "personal access token"
	Severity   Severity   `toml:"severity"`   // were it live
	Confidence Confidence `toml:"confidence"` // before any check raises it
	Gives      string     `toml:"gives"`      // what it gives away, one sentence
	Revoke     string     `toml:"revoke"`     // how to revoke it: command or console page

	// Regex is RE2. The secret is the group named "secret", else group 1, else
	// the whole match.
	Regex string `toml:"regex"`

	Context []string `toml:"context"` // words, matched without case
	Value   string   `toml:"value"`   // RE2, must match a whole token
	Before  int      `toml:"before"`  // bytes searched before a context word; default 0
	After   int      `toml:"after"`   // bytes searched after a context word; default 80

	Keywords []string `toml:"keywords"` // words, matched without case

	// Literals overrides the literals derived from Regex, for the rare regex
	// whose best literal the derivation cannot see. Every match must hold one.
	Literals []string `toml:"literals"`

	// Reach bounds, in bytes, how far a match of an unbounded Regex may extend
	// from its literal; 0 means the default of 512. Longer text is cut there.
	Reach int `toml:"reach"`

	Entropy float64 `toml:"entropy"` // least Shannon entropy of the secret, bits a character; 0 = no check
	Check   string  `toml:"check"`   // name of an offline check, see check.go
	Pair    string  `toml:"pair"`    // the part that completes this credential: "access-key-id"
	Part    string  `toml:"part"`    // the part of another credential that this rule finds
	Verify  string  `toml:"verify"`  // name of the live check, see package verify
	Public  bool    `toml:"public"`  // an identifier, not a secret: reported only as half of a pair or when nothing hides it
	Chosen  bool    `toml:"chosen"`  // a value that people choose, such as a password: accepted for the paths it stands in, never everywhere

	// Named says that a match begins with the name of a service, which must be a word
	// of its own there. True of regexes that are written with fragments for what stands
	// between a name and a value, see package rules; context words are always names.
	Named bool `toml:"-"`

	// Files names the files that a match counts in, as patterns of path.Match for the
	// last two parts of a path: for what nothing but its place tells. Of rules of
	// extractors alone; empty for any place. See Pair.
	Files []string `toml:"-"`

	// HTTP is a live check of the rule's own. It says nothing of what matches, and so
	// is no part of Engine.Hash.
	HTTP *HTTPCheck `toml:"http" json:"-"`

	// Samples must match, Misses must not. Both hold %{class:n} templates, so
	// that no file holds a live-shaped secret; package rules expands them.
	Samples []string `toml:"samples"`
	Misses  []string `toml:"misses"`

	// plan is what Unpack read of the rule beside its text. It goes with copies;
	// the text that it is derived from must not be changed in them.
	plan *plan
}

// Generic reports whether the rule knows no format: a specific rule on the same
// bytes beats it, and it is not applied to binary blobs.
func (r *Rule) Generic() bool { return len(r.Keywords) > 0 }
