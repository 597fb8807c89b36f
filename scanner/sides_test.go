package scanner

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestShape(t *testing.T) {
	shape := func(regex string, literals ...string) string {
		p, err := newPlan(&Rule{Regex: regex, Literals: literals})
		require.NoError(t, err)
		return p.anchors[0].sides.shape
	}
	for _, tt := range []struct {
		a, b string
		same bool
	}{
		{`acme_[0-9a-f]{32}`, `(?i:other_)([0-9a-f]{32})`, false},
		{`acme_[0-9a-f]{32}`, `(?i:other_)[0-9a-f]{32}`, true},
		{`\bacme_[0-9a-f]{32}`, `acme_[0-9a-f]{32}`, true}, // profiles tell of the byte before
		{`=.acme_[0-9a-f]{32}`, `acme_[0-9a-f]{32}`, false},
		{`acme_[0-9a-f]{32}`, `acme-[0-9a-f]{32}`, false}, // \b is not the same beside it
		{`acme_[0-9a-f]{32}`, `acme_[0-9a-f]{33}`, false},
		{`(?:acme_[0-9]{9}x?)+`, `acme_[0-9]{9}x?`, false}, // another round may follow
		{`acme_(?i:x)`, `acme_(?:X|[x])[0-9]`, false},
	} {
		require.Equal(t, tt.same, shape(tt.a) == shape(tt.b), "%s and %s", tt.a, tt.b)
	}
	require.NotEqual(t, shape(`acme_[0-9a-f]{32}`), shape(`acme_[0-9a-f]{32}`, "acme"))
}
