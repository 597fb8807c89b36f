package rules

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/shrike-scan/shrike/scanner"
)

// Tokens that describe themselves.

// checkPyPI reads a version 2 macaroon: location, identifier, caveats.
func checkPyPI(secret, _ []byte) scanner.CheckResult {
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(string(bytes.TrimPrefix(secret, []byte("pypi-"))), "="))
	if err != nil {
		return checkNotRepetitive(secret, nil)
	}
	location, rest, ok := macaroonField(raw, 2, 1)
	if !ok || !bytes.HasSuffix(location, []byte("pypi.org")) {
		return refuted
	}
	identifier, _, ok := macaroonField(append([]byte{2}, rest...), 2, 2)
	if !ok {
		return checkNotRepetitive(secret, nil)
	}
	return proven(
		scanner.Detail{Name: "location", Value: printable(string(location))},
		scanner.Detail{Name: "token id", Value: printable(string(identifier))},
	)
}

// macaroonField reads one field (type, length, value) after the version byte.
func macaroonField(raw []byte, version, kind byte) (value, rest []byte, ok bool) {
	if len(raw) < 3 || raw[0] != version || raw[1] != kind || raw[2] >= 0x80 || len(raw) < 3+int(raw[2]) {
		return nil, nil, false
	}
	end := 3 + int(raw[2])
	return raw[3:end], raw[end:], true
}

// checkTelegram names the bot.
func checkTelegram(secret, _ []byte) scanner.CheckResult {
	bot, key, ok := bytes.Cut(secret, []byte(":"))
	if !ok || repetitive(key) {
		return refuted
	}
	if sequential(key) {
		return doubtful
	}
	return known(scanner.Detail{Name: "bot id", Value: printable(string(bot))})
}

// checkDiscord: the first part is the user's snowflake in base64. One that is not
// proves nothing.
func checkDiscord(secret, _ []byte) scanner.CheckResult {
	if repetitive(secret) {
		return refuted
	}
	if sequential(secret) {
		return doubtful
	}
	first, _, _ := bytes.Cut(secret, []byte("."))
	raw, err := base64.RawURLEncoding.DecodeString(string(first))
	if err != nil || len(raw) < 15 {
		return unproven
	}
	if _, err := strconv.ParseUint(string(raw), 10, 64); err != nil {
		return unproven
	}
	return proven(scanner.Detail{Name: "user id", Value: string(raw)})
}

// stripeSampleKey ends the test key that Stripe's own documentation shows.
const stripeSampleKey = "4eC39HqLyjWDarjtT1zdp7dc"

// checkStripe rates keys of test mode low.
func checkStripe(secret, _ []byte) scanner.CheckResult {
	switch {
	case repetitive(secret[bytes.LastIndexByte(secret, '_')+1:]) || standsForToken(secret) || wordy(secret) && !sequential(secret):
		return refuted
	case bytes.HasSuffix(secret, []byte(stripeSampleKey)):
		return example
	case bytes.Contains(secret, []byte("_test_")):
		return scanner.CheckResult{Severity: scanner.SeverityLow, Details: []scanner.Detail{{Name: "mode", Value: "test"}}}
	case sequential(secret):
		return doubtful
	}
	return unproven
}

// jsonFields are the fields of tokens that carry base64 JSON, by what a reader
// calls them. None is secret.
var jsonFields = []struct{ key, name string }{
	{"n", "name"}, {"name", "name"}, {"o", "organisation"}, {"id", "organisation"}, {"org", "organisation"},
	{"url", "host"}, {"region_url", "region"}, {"signInAddress", "host"}, {"email", "account"}, {"u", "user"},
}

// checkJSONToken reads a prefix up to _ or ., then base64 JSON: Grafana, Sentry,
// 1Password, Mapbox.
func checkJSONToken(secret, _ []byte) scanner.CheckResult {
	at := bytes.Index(secret, []byte("eyJ"))
	if at < 0 {
		return checkNotRepetitive(secret, nil)
	}
	text := secret[at:]
	if end := bytes.IndexAny(text, "_."); end > 0 && at > 0 {
		text = text[:end]
	}
	fields, ok := decodeJSON(text)
	if !ok {
		return checkNotRepetitive(secret, nil)
	}
	var details []scanner.Detail
	for _, f := range jsonFields {
		details = append(details, scanner.Detail{Name: f.name, Value: plain(fields[f.key])})
	}
	return proven(details...)
}

// decodeJSON reads an object from base64 of either alphabet, padded or not.
func decodeJSON(text []byte) (fields map[string]any, ok bool) {
	raw, err := base64.RawURLEncoding.DecodeString(strings.NewReplacer("+", "-", "/", "_").Replace(strings.TrimRight(string(text), "=")))
	if err != nil || json.Unmarshal(raw, &fields) != nil {
		return nil, false
	}
	return fields, fields != nil
}

// plain writes a JSON value for a reader.
func plain(value any) string {
	switch v := value.(type) {
	case string:
		return printable(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case nil:
		return ""
	}
	return ""
}

// checkServiceAccount reads Google's JSON key file from its text around the key
// id, as far as it was captured.
func checkServiceAccount(_, match []byte) scanner.CheckResult {
	var file struct {
		Type    string `json:"type"`
		Project string `json:"project_id"`
		KeyID   string `json:"private_key_id"`
		Email   string `json:"client_email"`
		Key     string `json:"private_key"`
	}
	start := bytes.IndexByte(match, '{')
	if start < 0 || json.NewDecoder(bytes.NewReader(match[start:])).Decode(&file) != nil {
		return unproven
	}
	if checkPEM([]byte(file.Key), nil).Proof == scanner.Refuted {
		return refuted
	}
	return proven(
		scanner.Detail{Name: "project", Value: printable(file.Project)},
		scanner.Detail{Name: "service account", Value: printable(file.Email)},
		scanner.Detail{Name: "key id", Value: printable(file.KeyID)},
	)
}

// checkBasicAuth reads base64 of user:password.
func checkBasicAuth(secret, _ []byte) scanner.CheckResult {
	raw, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(string(secret), "="))
	if err != nil {
		return refuted
	}
	user, password, ok := strings.Cut(string(raw), ":")
	if !ok || user == "" || password == "" || !text(raw) || placeholder(password) {
		return refuted
	}
	if user == "Aladdin" && password == "open sesame" {
		return scanner.CheckResult{
			Severity: scanner.SeverityLow, Confidence: scanner.ConfidenceLow,
			Details: []scanner.Detail{{Name: "sample", Value: "RFC 7617"}},
		}
	}
	result := judgePassword(user, password)
	result.Details = present([]scanner.Detail{{Name: "user", Value: printable(user)}})
	return result
}

// checkDockerAuth is checkBasicAuth for the auth field of config.json, where an
// identity token may take the password's place.
func checkDockerAuth(secret, match []byte) scanner.CheckResult { return checkBasicAuth(secret, match) }

// text reports whether raw is printable ASCII or valid UTF-8 text.
func text(raw []byte) bool {
	for _, c := range raw {
		if c < 0x20 || c == 0x7f {
			return false
		}
	}
	return bytes.Equal(bytes.ToValidUTF8(raw, nil), raw)
}

// emulatorKeys begin the constant keys of the storage and Cosmos emulators.
var emulatorKeys = []string{"Eby8vdM02xNOcqFl", "C2y6yDjf5/R+ob0N"}

// checkAzureKey judges keys with a marker at a fixed offset, which the rule's
// regex holds in place: what is left is to drop stand-ins.
func checkAzureKey(secret, match []byte) scanner.CheckResult {
	const longestName = 24
	before := before(secret, match)
	if namesHash(strings.ToLower(string(before[max(0, len(before)-longestName):]))) {
		return refuted // lock files list digests of that length beside names of libraries
	}
	for _, start := range emulatorKeys {
		if bytes.HasPrefix(secret, []byte(start)) {
			return example
		}
	}
	switch {
	case checkNotRepetitive(secret, nil).Proof == scanner.Refuted:
		return refuted
	case identifiable(string(secret)):
		return proven()
	}
	return scanner.CheckResult{Confidence: scanner.ConfidenceHigh}
}
