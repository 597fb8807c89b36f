package scanner

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestInlineAllow(t *testing.T) {
	e := mustCompile(t, testRules(), Options{})
	k := key("")
	tests := []struct {
		name, text string
		allowed    bool
	}{
		{"same line", k + " # shrike:allow aws test fixture", true},
		{"line before, for the next", "# shrike:allow-next-line aws test fixture\n" + k, true},
		{"line before, for its own line", "# shrike:allow aws test fixture\n" + k, false},
		{"for the next, on the same line", k + " # shrike:allow-next-line aws x", false},
		{"two lines before", "# shrike:allow-next-line aws x\n\n" + k, false},
		{"another rule", k + " # shrike:allow near x", false},
		{"another line", k + "\n# shrike:allow aws x", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ms := e.Scan(e.NewScratch(), []byte(tt.text))
			require.Len(t, ms, 1)
			require.Equal(t, tt.allowed, ms[0].Allow != nil)
			if tt.allowed {
				require.Equal(t, "inline", ms[0].Allow.By)
			}
		})
	}
}

// TestAllowBetweenMatches puts a comment before, behind and between many matches, at
// distances around that which is searched.
func TestAllowBetweenMatches(t *testing.T) {
	e := mustCompile(t, testRules(), Options{})
	k := key("")
	for gap := allowReach - 80; gap < allowReach+80; gap++ {
		fill := strings.Repeat(".", gap)
		text := k + fill + " shrike:allow aws x\n" + k + " " + k + fill + "# shrike:allow aws x" + fill + " " + k + "\n" + k
		for _, m := range e.Scan(e.NewScratch(), []byte(text)) {
			_, rules, next, ok := parseAllow(lineAround([]byte(text), m.Start))
			want := ok && !next && slices.Contains(rules, m.Rule.ID)
			require.Equal(t, want, m.Allow != nil, "%d: %d", gap, m.Start)
		}
	}
}

func TestHideAllowed(t *testing.T) {
	now := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	allow := func(until string) *Suppression { return &Suppression{By: "inline", Until: until} }
	place := func(path string, s *Suppression) Occurrence { return Occurrence{Path: path, Allow: s} }
	tests := []struct {
		name       string
		at         []Occurrence
		left       int
		suppressed bool
	}{
		{"all allowed", []Occurrence{place("a", allow(""))}, 1, true},
		{"an older version of the file", []Occurrence{place("a", nil), place("a", allow(""))}, 2, true},
		{"another file", []Occurrence{place("b", nil), place("a", allow(""))}, 1, false},
		{"ended", []Occurrence{place("a", allow("2026-04-30"))}, 1, false},
		{"last day", []Occurrence{place("a", allow("2026-05-01"))}, 1, true},
		{"no path, not allowed", []Occurrence{place("", nil), place("a", allow(""))}, 1, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := &Finding{Occurrences: tt.at}
			HideAllowed([]*Finding{f}, now)
			require.Len(t, f.Occurrences, tt.left)
			require.Equal(t, tt.suppressed, f.Suppressed != nil)
		})
	}
}
