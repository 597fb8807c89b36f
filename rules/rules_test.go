package rules

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

func engine(t testing.TB, rules []scanner.Rule) *scanner.Engine {
	t.Helper()
	e, err := scanner.Compile(rules, scanner.Options{Checks: Checks()})
	require.NoError(t, err)
	return e
}

func ids(matches []scanner.Match) []string {
	var out []string
	for _, m := range matches {
		out = append(out, m.Rule.ID)
	}
	return out
}

// TestRules proves each rule by itself and beside all others: every sample
// matches, no near miss does, and with all rules on no other rule reports it, other
// than the one for its second half and the generic ones.
func TestRules(t *testing.T) {
	t.Parallel()
	all, err := Load()
	require.NoError(t, err)
	whole := engine(t, all)
	scratch := whole.NewScratch()
	for _, r := range all {
		t.Run(r.ID, func(t *testing.T) {
			samples, misses, err := Samples(r)
			require.NoError(t, err)
			require.NotEmpty(t, samples, "a rule needs a sample")
			alone := engine(t, []scanner.Rule{r})
			s := alone.NewScratch()
			for i, sample := range samples {
				require.Contains(t, ids(alone.Scan(s, []byte(sample))), r.ID, "sample %d: %s", i+1, r.Samples[i])
				for _, m := range whole.Scan(scratch, []byte(sample)) {
					require.True(t, mayReport(m.Rule, &r), "sample %d: %s is reported by %s", i+1, r.Samples[i], m.Rule.ID)
				}
			}
			for i, miss := range misses {
				require.Empty(t, alone.Scan(s, []byte(miss)), "miss %d: %s", i+1, r.Misses[i])
			}
		})
	}
}

// mayReport says whether a rule may report what is in a sample of another.
func mayReport(by, of *scanner.Rule) bool {
	return by.ID == of.ID || by.Generic() || isHalf(by, of) || isHalf(of, by)
}

// isHalf says whether a finds the part that completes what b finds.
func isHalf(a, b *scanner.Rule) bool {
	return b.Pair != "" && a.Part == b.Pair && a.Service == b.Service
}

// TestRulesAreComplete holds the shipped rules to more than Decode asks of a
// user's.
func TestRulesAreComplete(t *testing.T) {
	t.Parallel()
	all, err := Load()
	require.NoError(t, err)
	seen := map[string]bool{}
	for _, r := range all {
		require.NoError(t, Validate(r), r.ID)
		require.False(t, seen[r.ID], "%s is there twice", r.ID)
		seen[r.ID] = true
		require.NotEmpty(t, r.Service, r.ID)
		require.NotEmpty(t, r.Kind, r.ID)
		require.NotZero(t, r.Severity, r.ID)
		require.NotZero(t, r.Confidence, r.ID)
		require.Regexp(t, `^\S.*\.$`, r.Gives, r.ID)
		require.Regexp(t, `^\S.*\.$`, r.Revoke, r.ID)
		require.NotEmpty(t, r.Samples, r.ID)
	}
	for _, r := range all {
		half := func(other scanner.Rule) bool { return isHalf(&other, &r) }
		require.True(t, r.Pair == "" || slices.ContainsFunc(all, half), "%s is completed by %s, which no rule of its service finds", r.ID, r.Pair)
	}
}

// TestFilesHoldNoSecret scans the rules' own text.
func TestFilesHoldNoSecret(t *testing.T) {
	t.Parallel()
	all, err := Load()
	require.NoError(t, err)
	e := engine(t, all)
	scratch := e.NewScratch()
	names, err := embedded.ReadDir(".")
	require.NoError(t, err)
	for _, name := range names {
		text, err := embedded.ReadFile(name.Name())
		require.NoError(t, err)
		for _, m := range e.Scan(scratch, text) {
			require.Fail(t, "live-shaped secret", "%s:%d: %s", name.Name(), m.Line, m.Rule.ID)
		}
	}
}

// TestRegexesAreAnchored finds rules whose secret would match inside a longer
// word.
func TestRegexesAreAnchored(t *testing.T) {
	t.Parallel()
	all, err := Load()
	require.NoError(t, err)
	for _, r := range all {
		if r.Regex == "" {
			continue
		}
		re := regexp.MustCompile(r.Regex)
		samples, _, err := Samples(r)
		require.NoError(t, err)
		for _, sample := range samples {
			m := re.FindStringSubmatchIndex(sample)
			if len(m) < 4 || m[2] < 0 || !isWord(sample[m[3]-1]) {
				continue
			}
			longer := sample[:m[3]] + strings.Repeat("Zz9", 200) + sample[m[3]:]
			again := re.FindStringSubmatchIndex(longer)
			if again != nil && again[3] == m[3] {
				require.Fail(t, "matches within a longer word", "%s", r.ID)
			}
		}
	}
}

func isWord(c byte) bool {
	return bytes.IndexByte([]byte("_"), c) >= 0 || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}
