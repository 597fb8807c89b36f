package structured

import (
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/shrike-scan/shrike/scanner"
)

const ruleKubernetes = "kubernetes-secret"

const useExternalSecret = "a SealedSecret, an ExternalSecret, or a manifest encrypted with SOPS"

// Kubernetes returns the extractor of Kubernetes Secret manifests, in YAML and
// JSON, alone and in lists: the values of data, decoded, and of stringData.
// It is stateless and safe for concurrent use.
func Kubernetes() scanner.Extractor { return kubernetes{} }

type kubernetes struct{}

func (kubernetes) Triggers() []string {
	return []string{"kind: Secret", `kind: "Secret`, `"kind": "Secret"`, `"kind":"Secret"`}
}

func (kubernetes) Rules() []scanner.Rule {
	return []scanner.Rule{{
		ID: ruleKubernetes, Service: "Kubernetes", Kind: "value of a Secret manifest",
		Severity: scanner.SeverityHigh, Confidence: scanner.ConfidenceMedium,
		Gives:  "A credential of the programs that the Secret is mounted into: base64 hides nothing.",
		Revoke: "Change the credential where it is used, and keep the new one out of the manifest.",
	}}
}

func (kubernetes) Extract(text []byte) []scanner.Extract {
	r := reading{text: text, seen: map[int]bool{}}
	for _, document := range parse(text) {
		r.manifest(nil, document)
	}
	return r.found
}

// manifest reads a Secret, or those among the items of a List.
func (r *reading) manifest(path []string, v *value) {
	if v.get("kind").string() == "Secret" {
		for _, m := range members(v.get("data")) {
			r.encoding = "base64"
			r.secretData(append(path, "data", m.key), m.key, m.value)
			r.encoding = ""
		}
		for _, m := range members(v.get("stringData")) {
			r.secretText(append(path, "stringData", m.key), m.key, m.value.string(), m.value)
		}
		return
	}
	if items := v.get("items"); items != nil && len(path) == 0 {
		for i, item := range items.items {
			r.manifest([]string{"items", fmt.Sprintf("[%d]", i)}, item)
		}
	}
}

// secretData reads a member of data, which is base64.
func (r *reading) secretData(path []string, key string, v *value) {
	if len(v.string()) > maxUserData {
		return
	}
	compact := strings.Join(strings.Fields(v.string()), "")
	decoded, err := base64.StdEncoding.DecodeString(compact)
	if err == nil && utf8.Valid(decoded) {
		r.secretText(path, key, string(decoded), v)
	}
}

// secretText judges the value of a key: the secret itself, or a file that assigns
// some. Keys such as "username" and "ca.crt" promise none.
func (r *reading) secretText(path []string, key, text string, v *value) {
	logical := pathOf(path)
	text = strings.TrimSpace(text)
	switch class := classifyName(key); {
	case (strings.Contains(text, "\n") || class == notSecret && strings.Contains(key, ".")) && !strings.HasPrefix(text, "-----BEGIN"):
		for line := range strings.Lines(text) {
			assignments(line, func(class nameClass, secret string) {
				if isPlausible(class, secret) {
					r.report(ruleKubernetes, logical, useExternalSecret, secret, v)
				}
			})
		}
	case class != notSecret && isReal(text) && !strings.HasPrefix(text, "-----BEGIN"):
		r.report(ruleKubernetes, logical, useExternalSecret, text, v)
	case isBareKey(key) && isReal(text) && len(text) >= minSecret && isMixed(text),
		len(text) >= minBare && isReal(text) && isMixed(text) && strings.Trim(text, base64Letters) == "":
		r.report(ruleKubernetes, logical, useExternalSecret, text, v)
	}
}

// A value of so many letters of base64 is a secret inside a Secret whatever its name.
const (
	minBare       = 20
	base64Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_-"
)

// isBareKey accepts names that promise a secret only inside a Secret.
func isBareKey(key string) bool {
	switch strings.ToLower(key) {
	case "key", "pass", "auth", "value", "secretkeybase", "cookie", "salt":
		return true
	}
	return false
}
