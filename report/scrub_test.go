package report

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

func findingsOf(secrets ...string) []*scanner.Finding {
	var list []*scanner.Finding
	for _, s := range secrets {
		list = append(list, &scanner.Finding{Rule: passwordRule, Secret: secret(s), Fingerprint: "f"})
	}
	return list
}

func TestScrub(t *testing.T) {
	const long, longer = "correct-horse-battery", "correct-horse-battery-staple-of-wood"
	hidden := "********"
	for _, tt := range []struct {
		name       string
		secrets    []string
		text, want string
	}{
		{"nothing known", nil, long, long},
		{"none in it", []string{long}, "correct-horse-batter", "correct-horse-batter"},
		{"alone", []string{long}, long, secret(long).Redacted()},
		{"inside a word", []string{long}, "xx" + long + "yy", "xx" + secret(long).Redacted() + "yy"},
		{"twice", []string{long}, long + long, strings.Repeat(secret(long).Redacted(), 2)},
		{"the longest at a place", []string{long, longer}, "a " + longer + " b", "a " + secret(longer).Redacted() + " b"},
		{"a prefix of a longer one that fails", []string{long, longer}, longer[:len(longer)-1], secret(long).Redacted() + "-staple-of-woo"},
		{"overlapping ones as one", []string{"abcdefghijklm", "ijklmnopqrstuv"}, "-abcdefghijklmnopqrstuv-", "-" + hidden + "-"},
		{"too short for any text", []string{"admin"}, "src/admin/admin", "src/admin/admin"},
		{"a short one as a word", []string{"hunter2"}, "pw=hunter2;", "pw=" + hidden + ";"},
		{"a short one within a word", []string{"dragon"}, "dragons/mydragon/dragon_1", "dragons/mydragon/" + hidden + "_1"},
		{"not UTF-8", []string{"\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8\xf7\xf6\xf5\xf4"}, "a\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8\xf7\xf6\xf5\xf4b", "a" + hidden + "b"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, tt.want, newScrubber(findingsOf(tt.secrets...)).clean(tt.text))
		})
	}
}

func TestScrubForms(t *testing.T) {
	value := `p@ss "w/ord" <&> of+many=signs ~~~`
	s := newScrubber(findingsOf(value))
	for name, form := range map[string]string{
		"query":       url.QueryEscape(value),
		"path":        url.PathEscape(value),
		"json":        strings.Trim(fmt.Sprintf("%q", value), `"`),
		"base64":      base64.StdEncoding.EncodeToString([]byte(value)),
		"base64 of 1": base64.StdEncoding.EncodeToString([]byte("u" + value + "x")),
		"base64 of 2": base64.StdEncoding.EncodeToString([]byte("u:" + value)),
		"url base64":  base64.URLEncoding.EncodeToString([]byte("usr:" + value + "\n")),
	} {
		t.Run(name, func(t *testing.T) {
			got := s.clean("before " + form + " after")
			require.Contains(t, got, secret(value).Redacted())
			// Characters that hold neighbours' bits may stay: at most two at each end.
			require.LessOrEqual(t, len(got), len("before  after")+len(secret(value).Redacted())+8)
		})
	}
	t.Run("lines of a key", func(t *testing.T) {
		line := strings.Split(pemKey, "\n")[1]
		s := newScrubber([]*scanner.Finding{{Rule: keyRule, Secret: secret(pemKey)}})
		require.Equal(t, "see [private key, 6 lines]", s.clean("see "+line))
	})
	t.Run("public identifiers stay", func(t *testing.T) {
		findings, _ := rich()
		require.Equal(t, awsKeyID, newScrubber(findings).clean(awsKeyID))
	})
}

// slowClean is what clean must equal: for each position the longest key, spans
// merged.
func slowClean(s *scrubber, text string) string {
	type span struct{ start, end, longest, key int }
	var spans []span
	for i := range len(text) {
		best := -1
		for j, k := range s.keys {
			if strings.HasPrefix(text[i:], k.text) && (best < 0 || len(k.text) > len(s.keys[best].text)) &&
				(!k.word || isWord(text, i, i+len(k.text))) {
				best = j
			}
		}
		if best < 0 {
			continue
		}
		n := len(s.keys[best].text)
		if last := len(spans) - 1; last >= 0 && i < spans[last].end {
			spans[last].end = max(spans[last].end, i+n)
			if n > spans[last].longest {
				spans[last].longest, spans[last].key = n, best
			}
			continue
		}
		spans = append(spans, span{i, i + n, n, best})
	}
	for _, sp := range slices.Backward(spans) {
		text = text[:sp.start] + s.keys[sp.key].shown + text[sp.end:]
	}
	return text
}

func FuzzScrub(f *testing.F) {
	f.Add("abcabcabc,abcabcabcabcabc,bcabca", "xabcabcabcabcabcabcabcx")
	f.Add("hunter2,hunter2-hunter2", "a hunter2-hunter2-hunter2 hunter22")
	f.Add("ááááááá", "ááááááááá")
	f.Fuzz(func(t *testing.T, secrets, text string) {
		s := newScrubber(findingsOf(strings.Split(secrets, ",")...))
		if s == nil {
			return
		}
		got := s.clean(text)
		require.Equal(t, slowClean(s, text), got)
	})
}

// As many findings as a code scanning service takes, all with the same beginning,
// in texts full of that beginning: still fast, still right.
func TestScrubMany(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	secrets := make([]string, 25_000)
	for i := range secrets {
		secrets[i] = fmt.Sprintf("postgres://admin:%016x@db/%d", random.Uint64(), i)
	}
	start := time.Now()
	s := newScrubber(findingsOf(secrets...))
	noise := strings.Repeat("postgres://admin:postgres://", 8)
	for _, value := range secrets {
		require.Equal(t, noise+secret(value).Redacted(), s.clean(noise+value))
	}
	require.Less(t, time.Since(start), 2*time.Minute) // about 1 s; a quadratic one takes minutes
	require.True(t, slices.IsSortedFunc(s.keys, func(a, b key) int { return cmp.Compare(a.text, b.text) }))
}

func TestScrubKeepsRuleIDs(t *testing.T) {
	rule := &scanner.Rule{ID: "generic-dragon", Keywords: []string{"dragon"}}
	s := newScrubber([]*scanner.Finding{{Rule: rule, Secret: scanner.NewSecret([]byte("dragon"))}})
	require.Equal(t, "shrike:allow generic-dragon WHY", s.clean("shrike:allow generic-dragon WHY"))
	require.NotContains(t, s.clean("in my-dragon.txt"), "dragon")
	require.NotContains(t, s.clean("say dragon"), "dragon")
}

// A password that is a word of the report's own sentences does not blot it out of them.
func TestEverydayWordsStay(t *testing.T) {
	f := &scanner.Finding{Rule: githubRule, Secret: secret("Secret"), Fingerprint: "ab"}
	d := Build([]*scanner.Finding{f}, Meta{Notes: []string{"no secret, or a Secret that is known"}}, Options{})
	require.Equal(t, "no secret, or a Secret that is known", d.Summary.Notes[0])
	require.Equal(t, "********", d.Findings[0].Secret)
}
