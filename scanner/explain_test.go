package scanner

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func explainEngine(t *testing.T) *Engine {
	t.Helper()
	e, err := Compile([]Rule{
		{ID: "acme-key", Regex: `\bacme_[0-9a-f]{8}\b`, Entropy: 2, Check: "odd", Severity: SeverityHigh, Confidence: ConfidenceMedium},
		{ID: "acme-wide", Regex: `acme_[0-9a-f]{8}`, Severity: SeverityLow, Confidence: ConfidenceLow},
		{ID: "near", Context: []string{"vault"}, Value: `[0-9]{6}`, Severity: SeverityHigh, Confidence: ConfidenceMedium},
		{ID: "password", Keywords: []string{"password"}, Severity: SeverityMedium, Confidence: ConfidenceMedium},
		{ID: "cased", Regex: `KEY-[0-9]{4}`, Severity: SeverityHigh, Confidence: ConfidenceMedium},
	}, Options{Checks: map[string]Check{"odd": func(secret, _ []byte) CheckResult {
		switch secret[len(secret)-1] {
		case '0':
			return CheckResult{Proof: Refuted}
		case 'e':
			return CheckResult{Proof: Example}
		case '1':
			return CheckResult{Proof: Proven}
		}
		return CheckResult{}
	}}})
	require.NoError(t, err)
	return e
}

func TestExplain(t *testing.T) {
	e := explainEngine(t)
	tests := []struct{ text, want string }{
		{"k = acme_12ab34c1", `found acme-key: severity high (the rule's), confidence high (proven by the check "odd") | beaten acme-wide: the rule acme-key has the same bytes and proves them`},
		{"k = acme_12ab34c3", `found acme-key: severity high (the rule's), confidence medium (the rule's) | beaten acme-wide: the rule acme-key has the same bytes and is surer`},
		{"k = acme_12ab34c0", `found acme-wide: severity low (the rule's), confidence low (the rule's) | refused acme-key: the check "odd" refutes it`},
		{"k = acme_12ab34ce", `beaten acme-key: it is a published example | beaten acme-wide: the rule acme-key has the same bytes and knows them as a published example`},
		{"k = acme_11111111", `found acme-wide: severity low (the rule's), confidence low (the rule's) | refused acme-key: its characters have 1.9 bits each, below 2.0`},
		{"k = acme_zz", `no match acme-key: what stands behind it cannot be part of a match | no match acme-wide: what stands behind it cannot be part of a match`},
		{"xacme_12ab34c3 ", `found acme-wide: severity low (the rule's), confidence low (the rule's) | no match acme-key: what stands before it cannot be part of a match`},
		{"vault: none", "no match near: no token of the rule's form stands within 0 bytes before and 80 behind it"},
		{"key-1234", `no match cased: it wants "KEY-" in this case`},
		{"the password is", "no match password: nothing is assigned to a name that holds it"},
		{`password = "changeme" `, `found password: "password" is given a quoted value of 8 bytes and 2.8 bits a character, which is classified as secret: …`},
		{"password = \"${X}\"\x00", "no match password: rules that know no format are not applied to binary content"},
		{"nothing", ""},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			var got []string
			for _, x := range e.Explain([]byte(tt.text)).Line(1) {
				got = append(got, x.Outcome.String()+" "+x.Rule.ID+": "+x.Reason)
				require.Equal(t, x.Outcome == Found, x.Match != nil)
				require.Equal(t, x.Outcome == Unmatched, x.Secret.Len() == 0)
			}
			if want, open := strings.CutSuffix(tt.want, "…"); open {
				require.True(t, strings.HasPrefix(got[0], want), got)
				return
			}
			require.Equal(t, tt.want, strings.Join(got, " | "))
		})
	}
}

// A word on one line and the value on another are explained on both.
func TestExplainAcrossLines(t *testing.T) {
	x := explainEngine(t).Explain([]byte("first\nvault:\n  123456\nlast"))
	for line, want := range map[int]int{1: 0, 2: 1, 3: 1, 4: 0, 0: 0, 9: 0} {
		require.Len(t, x.Line(line), want, "line %d", line)
	}
	require.Equal(t, 3, x.Line(2)[0].Match.Line)
}

// A literal inside a secret is a part of it.
func TestExplainQuotesNoSecret(t *testing.T) {
	for _, x := range explainEngine(t).Explain([]byte(`password = "KEY-x9!vault7Qz"`)).Line(1) {
		require.NotContains(t, x.Reason+x.Word, "vault", x.Rule.ID)
	}
}

func FuzzExplain(f *testing.F) {
	f.Add([]byte("k = acme_12ab34c1\npassword = 'x'\nvault 123456"))
	e, err := Compile([]Rule{{ID: "a", Regex: `acme_[0-9a-f]{8}`}, {ID: "near", Context: []string{"vault"}, Value: `[0-9]{6}`}, {ID: "p", Keywords: []string{"password"}}}, Options{})
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, text []byte) {
		type at struct {
			rule       string
			start, end int
		}
		scanned, explained := map[at]bool{}, map[at]bool{}
		for _, m := range e.Scan(e.NewScratch(), text) {
			scanned[at{m.Rule.ID, m.Start, m.End}] = true
		}
		x := e.Explain(text)
		for line := 1; line <= 1+len(text); line++ {
			for _, one := range x.Line(line) {
				if m := one.Match; m != nil {
					explained[at{m.Rule.ID, m.Start, m.End}] = true
				}
			}
		}
		require.Equal(t, scanned, explained)
	})
}
