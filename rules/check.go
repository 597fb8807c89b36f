package rules

import (
	"bytes"

	"github.com/shrike-scan/shrike/scanner"
)

// Checks returns the offline checks that rules may name. Each proves or refutes
// a credential from its own bytes; none touches the network or keeps its
// arguments.
func Checks() map[string]scanner.Check { return checks }

var checks = map[string]scanner.Check{
	"age-identity":          checkAge,
	"assigned":              checkAssigned,
	"atlassian-token":       checkAtlassian,
	"aws-bedrock-key":       checkBedrock,
	"aws-bedrock-short-key": checkBedrockShort,
	"aws-key-id":            checkAWSKeyID,
	"aws-secret-key":        checkAWSSecret,
	"aws-session-token":     checkAWSSession,
	"azure-key":             checkAzureKey,
	"base58check":           checkBase58,
	"basic-auth":            checkBasicAuth,
	"cloudflare-token":      checkCloudflare,
	"confluent-secret":      checkConfluent,
	"crc32-base62":          checkTail62,
	"crc32-base62-hint":     checkTail62Hint,
	"database-url":          checkDatabaseURL,
	"der-key":               checkDER,
	"discord-token":         checkDiscord,
	"docker-auth":           checkDockerAuth,
	"ethereum-key":          checkEthereum,
	"gcp-service-account":   checkServiceAccount,
	"github-fine-grained":   checkFineGrained,
	"gitlab-routable":       checkGitLabRoutable,
	"grafana-token":         checkGrafana,
	"json-token":            checkJSONToken,
	"jwt":                   checkJWT,
	"jwt-base64":            checkJWTBase64,
	"mnemonic":              checkMnemonic,
	"named":                 checkNamed,
	"nkey":                  checkNKey,
	"not-repetitive":        checkNotRepetitive,
	"password":              checkPassword,
	"password-argument":     checkPasswordArgument,
	"pem":                   checkPEM,
	"pem-base64":            checkPEMBase64,
	"putty":                 checkPuTTY,
	"pypi-token":            checkPyPI,
	"random-token":          checkRandomToken,
	"stripe-key":            checkStripe,
	"telegram-token":        checkTelegram,
	"url-credentials":       checkURL,
	"zuplo-key":             checkZuplo,
}

var (
	unproven = scanner.CheckResult{}
	refuted  = scanner.CheckResult{Proof: scanner.Refuted}
	example  = scanner.CheckResult{Proof: scanner.Example}
	doubtful = scanner.CheckResult{Severity: scanner.SeverityLow, Confidence: scanner.ConfidenceLow}
)

// proven tells what was decoded. A detail without a value is left out.
func proven(details ...scanner.Detail) scanner.CheckResult {
	return scanner.CheckResult{Proof: scanner.Proven, Confidence: scanner.ConfidenceHigh, Details: present(details)}
}

// known is for facts that were decoded but prove nothing.
func known(details ...scanner.Detail) scanner.CheckResult {
	return scanner.CheckResult{Details: present(details)}
}

func present(details []scanner.Detail) []scanner.Detail {
	kept := details[:0]
	for _, d := range details {
		if d.Value != "" {
			kept = append(kept, d)
		}
	}
	return kept
}

// proveIf drops what fails a check-sum whose rule is certain.
func proveIf(holds bool) scanner.CheckResult {
	if holds {
		return proven()
	}
	return refuted
}

// checkNotRepetitive refutes stand-ins of few different characters, such as a
// row of x or 0123 over and over, and doubts runs through the alphabet.
func checkNotRepetitive(secret, _ []byte) scanner.CheckResult {
	switch {
	case repetitive(secret):
		return refuted
	case sequential(secret):
		return doubtful
	}
	return unproven
}

// repetitive reports whether text is a mask or says that it is an example: far
// fewer different bytes, as a whole or in its second half (behind a prefix), than
// random text would hold, or a word for that.
func repetitive(text []byte) bool {
	half := text[len(text)/2:]
	return len(text) >= 12 && distinct(text) < 5 || len(half) >= 8 && distinct(half) < 4 ||
		endsMasked(text) || bytes.Contains(text, []byte("EXAMPLE")) || bytes.Contains(text, []byte("deadbeefdeadbeef"))
}

// endsMasked reports whether text ends in as many X as no random text does: a mask
// behind identifiers that are none.
func endsMasked(text []byte) bool {
	const least = 12
	return len(text)-len(bytes.TrimRight(text, "xX")) >= least
}

// sequential reports whether text holds a run through digits or the alphabet, as
// people type who need any value of a format. Samples and tests are full of them,
// but so is what somebody set in a hurry.
func sequential(text []byte) bool {
	for _, run := range []string{"0123456789abcdef", "abcdef0123456789", "1234567890abcdef", "abcdefghijklmnop", "ABCDEFGHIJKLMNOP"} {
		if bytes.Contains(text, []byte(run)) {
			return true
		}
	}
	return false
}

// distinct counts the different bytes of text.
func distinct(text []byte) int {
	var seen [256]bool
	n := 0
	for _, c := range text {
		if !seen[c] {
			seen[c] = true
			n++
		}
	}
	return n
}

// printable bounds what decoded text may enter a detail: short, and free of
// control characters.
func printable(text string) string {
	const most = 120
	if len(text) > most {
		return ""
	}
	for i := 0; i < len(text); i++ {
		if text[i] < 0x20 || text[i] >= 0x7f {
			return ""
		}
	}
	return text
}
