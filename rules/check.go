package rules

import "github.com/shrike-scan/shrike/scanner"

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
