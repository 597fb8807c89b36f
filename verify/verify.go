// Package verify asks providers whether a found credential still works. It is
// off unless a user asks for it, contacts no host but those that Hosts names,
// and makes read-only requests alone.
//
// Only a provider's own clear answer makes a credential live or dead. A network
// that fails, a proxy, a captive portal or nonsense make it unknown, with the
// reason. No reason, detail or error holds a credential. Of what a server sends none
// repeats more than whose a live credential is, in a few printable characters.
package verify

import (
	"context"

	"github.com/shrike-scan/shrike/scanner"
)

// The states of a scanner.Verdict.
const (
	Live    = "live"    // the provider accepted it
	Dead    = "dead"    // the provider refused it for good
	Unknown = "unknown" // nobody could say; the reason says why
	Canary  = "canary"  // a planted trap: never called, for a call alerts its owner
)

// Credential is what a verifier needs of a finding.
type Credential struct {
	Secret  scanner.Secret
	Parts   []scanner.Part
	Others  []scanner.Part   // as scanner.Finding.Others
	Details []scanner.Detail // as offline checks decoded them
}

// part returns the value of the part of that name, or "".
func (c Credential) part(name string) string {
	for _, p := range c.Parts {
		if p.Name == name {
			return p.Value.Reveal()
		}
	}
	return ""
}

// Verifier asks one provider. Safe for concurrent use.
type Verifier interface {
	// Hosts are the host names that Verify may contact for a credential, sorted.
	Hosts(Credential) []string

	// Complete reports whether the credential has all the parts that a call
	// takes. One that lacks a part is not verified, and has no verdict.
	Complete(Credential) bool

	// Verify returns before ctx's deadline. It sets all fields of the verdict but
	// the time.
	Verify(context.Context, Credential) scanner.Verdict
}
