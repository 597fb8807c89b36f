package scanner

import (
	"bytes"
	"fmt"
	"math/rand"
	"regexp"
	"regexp/syntax"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDerive(t *testing.T) {
	tests := []struct {
		regex string
		want  string // literals, * marks a folded one, @min-max the bytes before
		size  span
	}{
		{`abcd`, "abcd@0-0", span{4, 4, 4}},
		{`\bAKIA[A-Z2-7]{16}\b`, "AKIA@0-0", span{20, 20, 20}},
		{`(?:^|[^a-z])(ghp_[0-9a-z]{36})`, "ghp_@0-4", span{40, 44, 41}},
		{`(?i)token_[a-f]{4}`, "token_*@0-0", span{10, 22, 10}},
		{`xox[bp]-[0-9]+`, "xoxb-@0-0 xoxp-@0-0", span{6, unbounded, unbounded}},
		{`(?:abc|defg)x`, "abcx@0-0 defgx@0-0", span{4, 5, 5}},
		{`[0-9]{8}:AAE`, ":AAE@8-8", span{12, 12, 12}},
		{`[a-z]+\.example\.com`, ".example.com@1-1073741824", span{13, unbounded, unbounded}},
		{`(?:foo){2}`, "foofoo@0-0", span{6, 6, 6}},
		{`(?:live_)?key_[a-z]`, "key_@0-0 live_key_@0-0", span{5, 10, 10}},
		{`[Ss]ecret`, "secret*@0-0", span{6, 6, 6}},
		{`ab`, "", span{2, 2, 2}},
		{`[a-z]{20}`, "", span{20, 20, 20}},
		{`(?:abc|[0-9]{5})`, "", span{3, 5, 5}},
	}
	for _, tt := range tests {
		t.Run(tt.regex, func(t *testing.T) {
			re, err := syntax.Parse(tt.regex, syntax.Perl)
			require.NoError(t, err)
			lits, size := derive(re)
			var got []string
			for _, l := range lits {
				star := map[bool]string{true: "*"}[l.fold]
				got = append(got, fmt.Sprintf("%s%s@%d-%d", l.text, star, l.before.min, l.before.max))
			}
			require.Equal(t, tt.want, strings.Join(got, " "))
			require.Equal(t, tt.size, size)
		})
	}
}

// TestEveryMatchHoldsALiteral generates regexes and texts at random: whatever
// matches must hold a derived literal within its span, and have a derived size.
func TestEveryMatchHoldsALiteral(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	matched, refused, wrong := 0, 0, 0
	for range 3000 {
		expr := randomRegex(rng, 3)
		re := regexp.MustCompile(expr)
		parsed, err := syntax.Parse(expr, syntax.Perl)
		require.NoError(t, err)
		lits, size := derive(parsed)
		whole := newAutomaton([]*syntax.Regexp{anything, parsed}, false, edge)
		for range 40 {
			text := make([]byte, rng.Intn(24))
			for i := range text {
				text[i] = "abcABC -\n"[rng.Intn(9)]
			}
			fits := newSubsets(whole).ahead(text)
			switch {
			case re.Match(text):
				require.True(t, fits && bytes.Contains(text, innerOf([]*syntax.Regexp{parsed})), "%s in %s", expr, text)
			case whole == nil: // it may match nothing
			case fits:
				wrong++
			default:
				refused++
			}
			for _, m := range re.FindAllIndex(text, -1) {
				matched++
				require.GreaterOrEqual(t, m[1]-m[0], size.min, "%s in %s", expr, text)
				require.LessOrEqual(t, m[1]-m[0], size.narrow, "%s in %s", expr, text)
				require.LessOrEqual(t, size.narrow, size.max, "%s", expr)
				random := findRun(parsed, anywhere)
				require.True(t, random.in(text), "%s in %s holds no run of %v", expr, text, random)
				require.True(t, len(lits) == 0 || holdsAny(lits, text, m), "%s matches %s of %s without %v", expr, text[m[0]:m[1]], text, lits)
			}
		}
	}
	require.Greater(t, matched, 10000)
	require.Greater(t, refused, 20*wrong, "%d against %d", wrong, refused) // by assertions behind one another
}

func holdsAny(lits []literal, text []byte, m []int) bool {
	for _, l := range lits {
		for at := m[0] + l.before.min; at <= min(m[1]-len(l.text), m[0]+l.before.max); at++ {
			end := at + len(l.text)
			if l.fold && !strings.EqualFold(l.text, string(text[at:end])) || !l.fold && string(text[at:end]) != l.text {
				continue
			}
			left, right := newProfile(l.left, true, l.text[0]), newProfile(l.right, false, l.text[len(l.text)-1])
			_, fenced := jump(newFences(l.right), text, end, m[1])
			if fenced && bytes.Contains(text[end:m[1]], innerOf(l.right)) && m[1]-end <= afterOf(l.right).narrow && left.behind(text, at) == len(left) && right.ahead(text, end) == len(right) &&
				newSubsets(newAutomaton(l.left, true, int(l.text[0]))).behind(text[:at]) &&
				newSubsets(newAutomaton(l.right, false, int(l.text[len(l.text)-1]))).ahead(text[end:]) {
				return true
			}
		}
	}
	return false
}

func randomRegex(rng *rand.Rand, depth int) string {
	if depth == 0 {
		return []string{"a", "b", "c", "abc", "[ab]", "[aA]", "(?i:bc)", "[a-cA-C]", "abca", ".", `\b`, "(?m:^)", "(?:^|[- ])", "$", "[ab]{2}", "[a-cA-C]{1,3}", `\B`, "(?s:.)", "(?s:.)*"}[rng.Intn(19)]
	}
	sub := func() string { return randomRegex(rng, depth-1) }
	switch rng.Intn(7) {
	case 0:
		return "(?:" + sub() + "|" + sub() + ")"
	case 1:
		return "(?:" + sub() + ")" + []string{"?", "*", "+", "{2}", "{1,3}", "{0,2}", "{2,}"}[rng.Intn(7)]
	default:
		return sub() + sub()
	}
}

func TestInnerOf(t *testing.T) {
	for expr, want := range map[string]string{
		`a(?s:.{0,80})(t-[0-9a-f]{14})`:   "t-",
		`(?i:acme_KEY_1)`:                 "_1",
		`(?i:a-B-c)|--`:                   "",
		`(ey\w+)(?:\.ey)?(\.abc)x?`:       ".abc",
		`\b(?:gh[pousr]_)[0-9A-Za-z]{36}`: "gh",
		`[ab]{2}c`:                        "",
	} {
		re, err := syntax.Parse(expr, syntax.Perl)
		require.NoError(t, err)
		require.Equal(t, want, string(innerOf([]*syntax.Regexp{re})), expr)
	}
	require.Empty(t, innerOf([]*syntax.Regexp{nil, {Op: syntax.OpLiteral, Rune: []rune("text")}}))
}
