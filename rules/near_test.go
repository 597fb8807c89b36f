package rules

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

// breaks are ways to make of a sample of any rule a text that holds no credential of
// its kind: text[start:end] is the secret. A rule that still finds one in part of
// what was the secret reads less than the whole token, or something else as a token.
var breaks = []struct {
	name string
	make func(text []byte, start, end int) string
}{
	{"foreign sign", func(text []byte, start, end int) string { return put(text, (start+end)/2, 1, "?") }},
	{"foreign sign late", func(text []byte, start, end int) string { return put(text, end-2, 1, "$") }},
	{"broken escape", func(text []byte, start, end int) string { return put(text, end-3, 1, "%") }},
	{"goes on with a sign", func(text []byte, start, end int) string { return put(text, end, 0, "$q7") }},
	{"goes on with letters", func(text []byte, start, end int) string { return put(text, end, 0, strings.Repeat("Q7z", 400)) }},
	{"half", func(text []byte, start, end int) string { return put(text, (start+end)/2, end-(start+end)/2, "") }},
	{"mask", func(text []byte, start, end int) string { return masked(text, start, end, 'x') }},
	{"zeros", func(text []byte, start, end int) string { return masked(text, start, end, '0') }},
	{"placeholder", func(text []byte, start, end int) string {
		return put(text, (start+end)/2, end-(start+end)/2, strings.Repeat("your", end)[:end-(start+end)/2])
	}},
	{"reference", func(text []byte, start, end int) string { return put(text, start, end-start, "${SOME_KEY}") }},
}

// put returns text with n bytes at a place replaced.
func put(text []byte, at, n int, by string) string {
	return string(text[:at]) + by + string(text[at+n:])
}

// masked returns text with the letters and digits of the secret's second half
// replaced.
func masked(text []byte, start, end int, by byte) string {
	text = bytes.Clone(text)
	for i := (start + end) / 2; i < end; i++ {
		if isWord(text[i]) && text[i] != '_' {
			text[i] = by
		}
	}
	return string(text)
}

// TestNearMisses breaks the first sample of every rule in all these ways, and counts
// how many the rule still finds. Tokens of any length stay whole when they are cut. The
// table and the rules at fault are printed with -v.
func TestNearMisses(t *testing.T) {
	t.Parallel()
	all, err := Load()
	require.NoError(t, err)
	flagged, tried := make([][]string, len(breaks)), 0
	for _, r := range all {
		if r.Generic() || r.Chosen || strings.Contains(r.Check, "pem") {
			continue
		}
		e := engine(t, []scanner.Rule{r})
		s := e.NewScratch()
		samples, _, err := Samples(r)
		require.NoError(t, err)
		text := []byte(samples[0])
		m := e.Scan(s, text)
		require.NotEmpty(t, m, r.ID)
		start := bytes.Index(text, []byte(m[0].Secret.Reveal()))
		end := start + len(m[0].Secret.Reveal())
		if m[0].Proven || start < 0 || end-start < 8 {
			continue
		}
		tried++
		for i, b := range breaks {
			if len(e.Scan(s, []byte(b.make(text, start, end)))) > 0 {
				flagged[i] = append(flagged[i], r.ID)
			}
		}
	}
	require.Greater(t, tried, 1000)
	sum := 0
	for i, b := range breaks {
		sum += len(flagged[i])
		t.Logf("%-20s %4.1f %%  %v", b.name, 100*float64(len(flagged[i]))/float64(tried), flagged[i][:min(len(flagged[i]), 12)])
	}
	require.Less(t, float64(sum)/float64(tried*len(breaks)), 0.015, "broken credentials that are found")
}

// TestNamesWithinWords: a name in the middle of another word names no service.
func TestNamesWithinWords(t *testing.T) {
	t.Parallel()
	all, err := Load()
	require.NoError(t, err)
	tried := 0
	for _, r := range all {
		parts := nameOf.FindStringSubmatch(r.Samples[0])
		if parts == nil || !r.Named && len(r.Context) == 0 {
			continue
		}
		tried++
		value, err := Expand(r.ID, 0, parts[2])
		require.NoError(t, err)
		e := engine(t, []scanner.Rule{r})
		text := "ovel" + strings.ToLower(parts[1]) + " = '" + value + "'"
		require.Empty(t, e.Scan(e.NewScratch(), []byte(text)), "%s: %s", r.ID, text[:strings.IndexByte(text, '=')])
	}
	require.Greater(t, tried, 500)
}

// TestWordsAreNoTokens: what people write where a token of a telling form goes.
func TestWordsAreNoTokens(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]scanner.CheckResult{
		"tok_" + "aK3x9QmT7vB2nZ5wR8yL":      unproven,
		"tok_" + "abcdefghijklmnopqrst":      doubtful,
		"tok_" + "xxxxxxxxxxxxxxxxxxxx":      refuted,
		"tok_" + "00000000000000000000":      refuted,
		"tok_" + "abababababababababab":      refuted,
		"tok_" + "aK3x9EXAMPLEmT7vB2nZ":      refuted,
		"tok_" + "YOUR_TOKEN_HERE_1234":      refuted,
		"tok_" + "this-is-a-placeholder":     refuted,
		"tok_" + "insertKeyHere12345678":     refuted,
		"tok_" + "accountservicehandlerbean": refuted,
		"sq0-" + "accountServiceHandler":     refuted,
		"tok_" + "accountServiceHandler":     refuted,
		"tok_" + "account-service-handler":   refuted,
		"tok_" + "xQzKpWvBnMdRtYhGjLsF":      unproven, // letters alone, of either case
		"hf_" + "kqzvxjwpbngtmyrdlfhsabcq":   refuted,  // and of one
	} {
		require.Equal(t, want, checkNotRepetitive([]byte(text), nil), text)
	}
}

// TestNamesOfOtherTexts: a value beside a service's name that is the name of a sum, a
// revision or a request is no credential.
func TestNamesOfOtherTexts(t *testing.T) {
	t.Parallel()
	value := "q8Zk2LmX0vBn4TcW7yRd"
	for name, want := range map[string]scanner.Proof{
		"acme_key = ": scanner.Unproven, "acme = ": scanner.Unproven, "acme_checksum_key: ": scanner.Unproven, "acme commit_token=": scanner.Unproven,
		"acme sha256:": scanner.Refuted, "acme_etag = ": scanner.Refuted, "acme trace_id=": scanner.Refuted, "acme checksum: ": scanner.Refuted, "acmeRequestId: ": scanner.Refuted,
	} {
		require.Equal(t, want, checkRandomToken([]byte(value), []byte(name+value)).Proof, name)
		require.Equal(t, want, checkNamed([]byte(value), []byte(name+value)).Proof, name)
	}
	sum := string(expand(t, "%{hex:40}"))
	for name, want := range map[string]scanner.Proof{
		"acme_key = ": scanner.Unproven, "acme/key: ": scanner.Unproven, "acme_client_id = ": scanner.Unproven,
		"acme/app:": scanner.Refuted, "acme_user_id = ": scanner.Refuted, "acme rev ": scanner.Refuted, "acme_object_uuid: ": scanner.Refuted,
	} {
		require.Equal(t, want, checkAssigned([]byte(sum), []byte(name+sum)).Proof, name)
	}
}
