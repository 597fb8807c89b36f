package scanner

import (
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

func TestTriggerFillsALineOfTheCache(t *testing.T) {
	t.Parallel()
	require.LessOrEqual(t, unsafe.Sizeof(trigger{}), uintptr(64))
}

// TestLongLiteralsStandWhole: the prefilter looks for the beginning of a long literal,
// and a trigger for the rest, in its case.
func TestLongLiteralsStandWhole(t *testing.T) {
	t.Parallel()
	const long = "a-literal-of-more-bytes-than-16"
	folded, exact := newTrigger(&anchor{lit: literal{text: long, fold: true}}), newTrigger(&anchor{lit: literal{text: long}})
	for text, wanted := range map[string]struct{ folded, exact bool }{
		long:                                 {true, true},
		"A-literal-of-MORE-bytes-than-16":    {true, false},
		"a-literal-of-more-bites-than-16":    {},
		"a-literal-of-more-bytes\x0dthan-16": {},
		long[:len(long)-1]:                   {},
		long[:maxLook]:                       {},
	} {
		text := []byte("x" + text)
		require.Equal(t, wanted.folded, folded.stands(text, 1), "%s", text)
		require.Equal(t, wanted.exact, exact.stands(text, 1), "%s", text)
	}
}
