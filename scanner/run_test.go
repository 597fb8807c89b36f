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
		{`key=([0-9a-f]{32})\b`, "0f", "32"},
		{`key=([0-9a-f]{32,64})|tok_[A-Z]{20}`, "0fAZ", "20"},
		{`(?:[0-9]{12}-)+[a-z]{9}`, "09", "12"},
		{`a(?:[0-9]{12})?`, "", "0"},   // not in every match
		{`a[0-9]{12}|b`, "", "0"},      // likewise
		{`a[0-9]{7}`, "", "0"},         // too short to tell anything
		{`a[^\s"]{30}`, "", "0"},       // too many bytes
		{`[0-9]{0,30}[a-z]*`, "", "0"}, // may be empty
	}
	for _, tt := range tests {
		re, err := syntax.Parse(tt.expr, syntax.Perl)
		require.NoError(t, err)
		r := newRun(re)
		require.Equal(t, tt.want, fmt.Sprint(r.least), tt.expr)
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
		r := run{set, rng.Intn(9)}
		want := r.least == 0
		for _, piece := range strings.Split(string(text), "-") {
			want = want || len(piece) >= r.least
		}
		require.Equal(t, want, r.in(text), "%d in %s", r.least, text)
	}
}
