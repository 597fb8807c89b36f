package scanner

import (
	"fmt"
	"math/rand"
	"regexp/syntax"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNewRun(t *testing.T) {
	tests := []struct{ expr, set, want string }{
		{`key=([0-9a-f]{32})\b`, "0f", "32-32"},
		{`key=([0-9a-f]{32,40})(?:[^\w-]|$)`, "0f", "32-40"},
		{`key=([0-9a-f]{32})[^f]`, "0f", "32-0"}, // a digit may follow
		{`key=([0-9a-f]{32})`, "0f", "32-0"},     // anything may
		{`[^\n]{0,40}([0-9a-f]{32})\b`, "0f", "32-0"},
		{`(?:=|"\s?)?([0-9a-f]{32})\b`, "0f", "32-0"},
		{`(?:=|"\s?)([0-9a-f]{32}|[0-9a-f]{64})\b`, "0f", "32-64"},
		{`=(?:[0-9]{32}|[a-f]{64})\b`, "0f", "32-0"}, // the one may stand beside the other
		{`\b([\w-]{32})\b`, "0f-", "32-0"},           // a dash may follow a letter
		{`\b(?i:[a-z]{9,})\b`, "azAZ", "9-0"},
		{`key=([0-9a-f]{32,64})|tok_[A-Z]{20}`, "0fAZ", "20-0"},
		{`(?:[0-9]{12}-)+[a-z]{9}`, "09", "12-0"},
		{`a(?:[0-9]{12})?`, "", "0-0"},   // not in every match
		{`a[0-9]{12}|b`, "", "0-0"},      // likewise
		{`a[0-9]{7}`, "", "0-0"},         // too short to tell anything
		{`a[^\s"]{30}`, "", "0-0"},       // too many bytes
		{`[0-9]{0,30}[a-z]*`, "", "0-0"}, // may be empty
	}
	for _, tt := range tests {
		re, err := syntax.Parse(tt.expr, syntax.Perl)
		require.NoError(t, err)
		r := newRun(re, anywhere)
		require.Equal(t, tt.want, fmt.Sprintf("%d-%d", r.least, r.most), tt.expr)
		for i := range len(tt.set) {
			require.True(t, r.set.has(tt.set[i]), tt.expr)
		}
	}
}

// TestRunIn compares the skipping search with counting.
func TestRunIn(t *testing.T) {
	var set byteSet
	set.add('a')
	set.add('b')
	rng := rand.New(rand.NewSource(1))
	for range 20000 {
		text := make([]byte, rng.Intn(30))
		for i := range text {
			text[i] = "aab-"[rng.Intn(4)]
		}
		r := run{set: set, least: rng.Intn(9)}
		if rng.Intn(2) == 0 {
			r.most = r.least + rng.Intn(4)
		}
		want := r.least == 0
		for _, piece := range strings.Split(string(text), "-") {
			want = want || len(piece) >= r.least && (r.most == 0 || len(piece) <= r.most)
		}
		require.Equal(t, want, r.in(text), "%d to %d in %s", r.least, r.most, text)
	}
}
