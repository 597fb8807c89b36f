package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/config"
	"github.com/shrike-scan/shrike/rules"
	"github.com/shrike-scan/shrike/scanner"
)

// tally counts the labelled lines of one kind.
type tally struct{ secrets, found, others, flagged int }

func (a tally) plus(b tally) tally {
	return tally{a.secrets + b.secrets, a.found + b.found, a.others + b.others, a.flagged + b.flagged}
}

func (a tally) recall() float64    { return ratio(a.found, a.secrets) }
func (a tally) precision() float64 { return ratio(a.found, a.found+a.flagged) }

// ratio is a percentage; of nothing, all.
func ratio(part, whole int) float64 {
	if whole == 0 {
		return 100
	}
	return 100 * float64(part) / float64(whole)
}

// TestLabelledLines measures precision and recall over testdata/labelled, with
// all rules on, and prints them by kind. The bounds are a little below what was
// reached: they keep a change from losing what nobody looks at.
func TestLabelledLines(t *testing.T) {
	const leastRecall, leastPrecision = 95, 97
	engine, err := newEngine(&config.Config{})
	require.NoError(t, err)
	files, err := filepath.Glob("../../testdata/labelled/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	var sum tally
	languages := map[string]bool{}
	fmt.Println("| kind | secrets | found | recall | others | flagged | precision |\n|---|---|---|---|---|---|---|")
	for _, file := range files {
		kind := strings.TrimSuffix(filepath.Base(file), ".txt")
		one := measure(t, engine, kind, file, languages)
		row(kind, one)
		sum = sum.plus(one)
	}
	row("all", sum)
	require.GreaterOrEqual(t, len(languages), 20)
	require.GreaterOrEqual(t, sum.recall(), float64(leastRecall))
	require.GreaterOrEqual(t, sum.precision(), float64(leastPrecision))
}

func row(kind string, a tally) {
	fmt.Printf("| %s | %d | %d | %.1f %% | %d | %d | %.1f %% |\n", kind, a.secrets, a.found, a.recall(), a.others, a.flagged, a.precision())
}

// measure scans the lines of one file.
func measure(t *testing.T, engine *scanner.Engine, kind, file string, languages map[string]bool) (sum tally) {
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	number := 0
	for line := range strings.Lines(string(data)) {
		number++
		sign, language, text := label(t, line)
		languages[language] = true
		made, err := rules.Expand("labelled-"+kind, number, text)
		require.NoError(t, err, line)
		before, rest, marked := strings.Cut(strings.ReplaceAll(made, "↵", "\n"), "«")
		secret, after, _ := strings.Cut(rest, "»")
		require.Equal(t, sign == "+", marked, line)
		matches := engine.Scan(engine.NewScratch(), []byte(before+secret+after+"\n"))
		require.Equal(t, matched(matches), explained(engine, before+secret+after+"\n"), "%s:%d: the explanation's verdict", kind, number)
		hit := false
		for _, m := range matches {
			hit = hit || !marked || m.Start < len(before)+len(secret) && m.End > len(before)
		}
		switch {
		case marked:
			sum = sum.plus(tally{secrets: 1, found: toInt(hit)})
		default:
			sum = sum.plus(tally{others: 1, flagged: toInt(hit)})
		}
		if hit != marked {
			t.Logf("%s:%d: %s", kind, number, strings.TrimSpace(line))
		}
	}
	return sum
}

// matched names matches by rule and place.
func matched(matches []scanner.Match) map[string]bool {
	names := map[string]bool{}
	for _, m := range matches {
		names[fmt.Sprintf("%s %d-%d %v %v", m.Rule.ID, m.Start, m.End, m.Severity, m.Confidence)] = true
	}
	return names
}

// explained names what the explanations of a text's lines say is found.
func explained(engine *scanner.Engine, text string) map[string]bool {
	var found []scanner.Match
	x := engine.Explain([]byte(text))
	for line := range 2 + strings.Count(text, "\n") {
		for _, one := range x.Line(line) {
			if one.Match != nil {
				found = append(found, *one.Match)
			}
		}
	}
	return matched(found)
}

// label splits a line into its sign, language and text.
func label(t *testing.T, line string) (sign, language, text string) {
	head, text, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " | ")
	require.True(t, ok, line)
	sign, language, ok = strings.Cut(head, " ")
	require.True(t, ok, line)
	return sign, language, text
}

func toInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
