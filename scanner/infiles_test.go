package scanner

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPairKeepsWhatStandsInItsFiles(t *testing.T) {
	rule := &Rule{ID: "key", Confidence: ConfidenceLow, Files: []string{"config/master.key", "credentials/*.key"}}
	at := func(paths ...string) *Finding {
		f := &Finding{Rule: rule, Confidence: rule.Confidence}
		for _, p := range paths {
			f.Occurrences = append(f.Occurrences, Occurrence{Where: InFile, Path: p})
		}
		return f
	}
	message := &Finding{Rule: rule, Occurrences: []Occurrence{{Where: InCommitMessage, Path: "config/master.key"}}}
	here, nested, moved := at("config/master.key"), at("app/config/credentials/production.key"), at("old.txt", "config/master.key")
	other := &Finding{Rule: &Rule{ID: "other"}, Confidence: ConfidenceMedium}
	got := Pair([]*Finding{here, at("digest.txt"), nested, at("master.key"), moved, message, at(), other})
	require.Equal(t, []*Finding{here, nested, moved, other}, got)
	for _, f := range got[:3] {
		require.Equal(t, ConfidenceHigh, f.Confidence)
	}
	require.Equal(t, ConfidenceMedium, other.Confidence)
}

func TestPairReadsNoTranslations(t *testing.T) {
	generic := &Rule{ID: "generic", Keywords: []string{"password"}}
	at := func(rule *Rule, c Confidence, paths ...string) *Finding {
		f := &Finding{Rule: rule, Confidence: c}
		for _, p := range paths {
			f.Occurrences = append(f.Occurrences, Occurrence{Where: InFile, Path: p})
		}
		return f
	}
	word, both := at(generic, ConfidenceLow, "web/locales/de.json", "lang/fr.php"), at(generic, ConfidenceLow, "config.json", "lang/fr.php")
	drawn, format := at(generic, ConfidenceMedium, "lang/fr.php"), at(&Rule{ID: "format"}, ConfidenceLow, "lang/fr.php")
	nowhere := at(generic, ConfidenceLow)
	got := Pair([]*Finding{word, both, drawn, format, nowhere})
	require.Equal(t, []*Finding{both, drawn, format, nowhere}, got)
	require.Equal(t, []Occurrence{{Where: InFile, Path: "config.json"}}, both.Occurrences)
}
