package git

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestParseSignature(t *testing.T) {
	tests := []struct {
		line, name, email string
		date              time.Time
	}{
		{"A U Thor <a@b.c> 1500000000 +0530", "A U Thor", "a@b.c", time.Unix(1_500_000_000, 0).In(time.FixedZone("", 19800))},
		{"A <a@b.c> 1500000000 -0130", "A", "a@b.c", time.Unix(1_500_000_000, 0).In(time.FixedZone("", -5400))},
		{"<> 0 +0000", "", "", time.Unix(0, 0).UTC()},
		{"no address", "no address", "", time.Unix(0, 0).UTC()},
		{"a <b <c@d> e> 12 +0000", "a", "b <c@d> e", time.Unix(12, 0).UTC()},
		{"a <b> 99999999999999999999 +9999999", "a", "b", time.Unix(0, 0).UTC()},
		{"a> 7 +0000", "a", "", time.Unix(7, 0).UTC()},
	}
	for _, tt := range tests {
		t.Run(tt.line, func(t *testing.T) {
			s := parseSignature([]byte(tt.line))
			require.Equal(t, tt.name, string(s.name))
			require.Equal(t, tt.email, string(s.email))
			require.True(t, tt.date.Equal(s.date()), s.date())
			require.Equal(t, tt.date.Format(time.RFC3339), s.date().Format(time.RFC3339))
		})
	}
}

func FuzzParseCommit(f *testing.F) {
	tree := "tree " + strings.Repeat("a1", 20) + "\n"
	f.Add([]byte(tree + "parent " + strings.Repeat("b2", 20) + "\nauthor A <a@b> 1 +0000\ncommitter C <c@d> 2 -0100\ngpgsig x\n y\n\nmessage\n"))
	f.Add([]byte(tree + "mergetag object " + strings.Repeat("c3", 20) + "\n type commit\n tag v1\n tagger T <t@u> 3 +0000\n \n text\n\nmessage"))
	f.Add([]byte(tree))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, hashSize := range []int{20, 32} {
			var c commitObject
			if parseCommit(data, hashSize, &c) != nil {
				continue
			}
			require.LessOrEqual(t, len(c.parents)*hashSize, len(data))
			require.True(t, strings.HasSuffix(string(data), string(c.message)))
			for _, folded := range c.mergetags {
				_, _ = parseTag(unfold(folded), hashSize)
			}
			d := describe(c.tree, c.author, c.message)
			require.NotContains(t, d.Subject, "\n")
			_, err := d.Date.MarshalText()
			require.NoError(t, err)
		}
	})
}

func FuzzParseTag(f *testing.F) {
	f.Add([]byte("object " + strings.Repeat("c3", 20) + "\ntype commit\ntag v1\ntagger T <t@u> 3 +0000\n\ntext\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if tag, err := parseTag(data, 20); err == nil {
			require.True(t, strings.HasSuffix(string(data), string(tag.message)))
		}
	})
}

func FuzzTree(f *testing.F) {
	id := strings.Repeat("\x07", 20)
	f.Add([]byte("100644 a\x00"+id+"40000 b\x00"+id+"160000 c\x00"+id), uint8(20))
	f.Add([]byte("40000 \x00"+id), uint8(32))
	f.Fuzz(func(t *testing.T, data []byte, size uint8) {
		hashSize := 20 + int(size%2)*12
		for {
			e, rest, ok := nextEntry(data, hashSize)
			if !ok {
				return
			}
			require.Less(t, len(rest), len(data))
			require.Len(t, e.id, hashSize)
			require.NotEmpty(t, e.name)
			data = rest
		}
	})
}

func FuzzParseGrafts(f *testing.F) {
	id := strings.Repeat("ab", 20)
	f.Add([]byte(id + "\n" + id + " " + id + "\n# " + id + "\nshort\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		total := 0
		for _, parents := range parseGrafts(text, 20) {
			total += 1 + len(parents)
		}
		require.LessOrEqual(t, total*40, len(text))
	})
}
