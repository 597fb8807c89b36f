package git

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/git/odb"
)

// TestIDTable compares the table with a sorted list. Few different first bytes make
// the guess of where an id stands a bad one.
func TestIDTable(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, first := range []int{1, 3, 256} {
		table := idTable{size: 20}
		var all []odb.ID
		for range 20 {
			var more []odb.ID
			for range rng.IntN(30) {
				id := odb.ID{byte(256 / first * rng.IntN(first)), byte(rng.Uint32()), byte(rng.Uint32()), byte(rng.Uint32())}
				if !slices.Contains(all, id) && !slices.Contains(more, id) {
					more = append(more, id)
				}
			}
			table = table.with(more)
			all = append(all, more...)
			slices.SortFunc(all, compareIDs)
			require.Equal(t, len(all), table.len())
			for i, id := range all {
				require.Equal(t, id[:20], table.at(i))
				at, ok := table.find(id[:20])
				require.True(t, ok)
				require.Equal(t, i, at)
				id[19]++ // stands behind
				at, ok = table.find(id[:20])
				require.False(t, ok)
				require.Equal(t, i+1, at)
			}
		}
		odd := table.without(func(id []byte) bool { return id[3]&1 == 0 })
		for _, id := range all {
			require.Equal(t, id[3]&1 == 1, odd.has(id[:20]))
		}
		require.True(t, bytes.Equal(table.ids, table.with(nil).ids))
	}
}
