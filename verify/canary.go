package verify

import "github.com/shrike-scan/shrike/scanner"

// isCanary reports whether a credential is a trap: an offline check says so, or
// its AWS key id belongs to a known account, for a finding of a user's own rule
// carries no checked details and a call with such a key does harm.
func isCanary(c Credential) bool {
	for _, d := range c.Details {
		if d.Name == "canary" {
			return true
		}
	}
	return isCanaryKey(c.part(partKeyID))
}

func isCanaryKey(id string) bool {
	account, ok := scanner.AWSAccount(id)
	return ok && scanner.CanaryOwner(account) != ""
}
