package rules

import (
	"bytes"
	"encoding/base64"
	"regexp"
	"sync"

	"github.com/shrike-scan/shrike/scanner"
)

// checkAWSKeyID names the account in an access key id, and tells canaries. The
// ids that AWS publishes as examples end in EXAMPLE.
func checkAWSKeyID(secret, _ []byte) scanner.CheckResult {
	if bytes.HasSuffix(secret, []byte("EXAMPLE")) {
		return example
	}
	if len(secret) != 20 || repetitive(secret[4:]) {
		return refuted
	}
	account, ok := scanner.AWSAccount(string(secret))
	if !ok {
		return doubtful
	}
	return known(
		scanner.Detail{Name: "aws account", Value: account},
		scanner.Detail{Name: "canary", Value: scanner.CanaryOwner(account)},
	)
}

// checkAWSSecret judges 40 base64 characters: thirty random bytes, so neither a
// hex digest nor a path nor an identifier of words.
func checkAWSSecret(secret, _ []byte) scanner.CheckResult {
	if bytes.HasSuffix(secret, []byte("EXAMPLEKEY")) {
		return example
	}
	if len(secret) != 40 {
		return refuted
	}
	if _, err := base64.StdEncoding.DecodeString(string(secret)); err != nil {
		return refuted
	}
	if !looksRandom(secret) || standsForToken(secret) {
		return refuted
	}
	return unproven
}

// looksRandom tells random base64 from words, paths and digests. It keeps more
// than 99 in 100 random texts of 40 characters.
func looksRandom(text []byte) bool {
	var count [4]int // of lower-case, upper-case, digits, others
	vowels, turns, run, longest := 0, 0, 0, 0
	last := -1
	for _, c := range text {
		class := 3
		switch {
		case c >= 'a' && c <= 'z':
			class = 0
			if bytes.IndexByte([]byte("aeiou"), c) >= 0 {
				vowels++
			}
		case c >= 'A' && c <= 'Z':
			class = 1
		case c >= '0' && c <= '9':
			class = 2
		}
		count[class]++
		if class == last {
			run++
		} else {
			turns++
			run = 1
		}
		if class == 0 {
			longest = max(longest, run)
		}
		last = class
	}
	wordy := turns < 22 && 3*vowels > count[0]
	return distinct(text) >= 18 && count[0] >= 4 && count[1] >= 4 && count[2] >= 1 && count[3] <= 6 && longest <= 9 && !wordy
}

// checkBedrock reads a long-lived key: base64 of a name BedrockAPIKey-...-at-
// with the account, a colon and a secret. What does not read so proves nothing.
func checkBedrock(secret, match []byte) scanner.CheckResult {
	raw, err := base64.StdEncoding.DecodeString(string(bytes.TrimPrefix(secret, []byte("ABSK"))))
	if err != nil || !bytes.HasPrefix(raw, []byte("BedrockAPIKey-")) {
		return checkRandomToken(secret, match)
	}
	user, _, ok := bytes.Cut(raw, []byte(":"))
	if !ok {
		return refuted
	}
	_, account, _ := bytes.Cut(user, []byte("-at-"))
	return proven(
		scanner.Detail{Name: "aws account", Value: printable(string(account))},
		scanner.Detail{Name: "iam user", Value: printable(string(user))},
	)
}

var credentialScope = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`X-Amz-Credential=([A-Z0-9]{20})(?:%2F|/)(\d{8})(?:%2F|/)([a-z0-9-]+)`)
})

// checkBedrockShort reads a short-lived key: base64 of a presigned URL.
func checkBedrockShort(secret, _ []byte) scanner.CheckResult {
	raw, _ := base64.RawStdEncoding.DecodeString(string(bytes.TrimRight(bytes.TrimPrefix(secret, []byte("bedrock-api-key-")), "=")))
	m := credentialScope().FindSubmatch(raw)
	if m == nil {
		return checkNotRepetitive(secret, nil)
	}
	account, _ := scanner.AWSAccount(string(m[1]))
	return proven(
		scanner.Detail{Name: "aws account", Value: account},
		scanner.Detail{Name: "region", Value: string(m[3])},
		scanner.Detail{Name: "signed on", Value: string(m[2])},
	)
}

var sessionRegion = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`[a-z]{2}(?:-[a-z]+)?-[a-z]+-[0-9]`)
})

// checkAWSSession reads a token of the security token service: base64 whose
// first bytes name its kind and, in most, the region.
func checkAWSSession(secret, _ []byte) scanner.CheckResult {
	text := bytes.TrimRight(secret, "=")
	raw, err := base64.RawStdEncoding.DecodeString(string(text[:len(text)/4*4]))
	if err != nil || repetitive(secret) {
		return refuted
	}
	if !bytes.Contains(raw, []byte("aws")) && !bytes.Contains(raw, []byte("origin")) {
		return unproven
	}
	return proven(scanner.Detail{Name: "region", Value: string(sessionRegion().Find(raw[:min(len(raw), 48)]))})
}
