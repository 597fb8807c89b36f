package structured

import (
	"bytes"

	"github.com/shrike-scan/shrike/scanner"
)

const ruleRails = "rails-master-key"

// RailsKey returns the extractor of the keys of Rails' encrypted credentials (the
// guide "Securing Rails Applications", Custom Credentials): a file with 32
// hexadecimal digits and nothing else, config/master.key or
// config/credentials/production.key. Stateless; safe for concurrent use.
func RailsKey() scanner.Extractor { return railsKey{} }

type railsKey struct{}

// Triggers are none: the text is short, and holds no word.
func (railsKey) Triggers() []string { return nil }

func (railsKey) Rules() []scanner.Rule {
	return []scanner.Rule{{
		ID: ruleRails, Service: "Ruby on Rails", Kind: "master key",
		Severity: scanner.SeverityCritical, Confidence: scanner.ConfidenceLow,
		Gives:  "Decrypts the application's credentials, which are mostly committed beside it, and signs its sessions.",
		Revoke: "Make a new key, encrypt the credentials with it (bin/rails credentials:edit), and change every credential in them.",
		Files:  []string{"config/master.key", "credentials/*.key"},
	}}
}

func (railsKey) Extract(text []byte) []scanner.Extract {
	key := bytes.TrimSpace(text)
	start := bytes.Index(text, key)
	if len(key) != 32 || bytes.ContainsFunc(key, func(r rune) bool { return (r < '0' || r > '9') && (r < 'a' || r > 'f') }) {
		return nil
	}
	return []scanner.Extract{{Rule: ruleRails, Start: start, End: start + len(key), Value: key}}
}
