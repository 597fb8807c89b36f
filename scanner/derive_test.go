package scanner

import (
	"fmt"
	"math/rand"
	"testing"

	"github.com/stretchr/testify/require"
)

var encodedPieces = []string{
	in64("password = hunter2hunter2 "+key("")) + " ", "x" + in64("QUtJ "+key("")), `\u003d`, "%3A%2F%2F%41" + key("")[1:], "%3A",
}

// edit makes a text out of base by random pieces and random new bytes.
func edit(rng *rand.Rand, base []byte) (text []byte, pieces []Copy) {
	at := 0
	for at < len(base) && len(text) < 3*len(base)+1000 {
		switch rng.Intn(8) {
		case 0: // insert
			text = append(text, randomText(rng, rng.Intn(60))...)
		case 1: // insert a little, which may complete or break a match
			text = append(text, "A\n =x\""[rng.Intn(6)])
			if rng.Intn(40) == 0 {
				text = append(text, encodedPieces[rng.Intn(len(encodedPieces))]...)
			}
		case 2: // skip
			at = min(len(base), at+rng.Intn(50))
		case 3: // move
			at = rng.Intn(len(base))
		default:
			n := min(len(base)-at, 1+rng.Intn(3000))
			pieces = append(pieces, Copy{To: len(text), From: at, Len: n})
			text = append(text, base[at:at+n]...)
			at += n
		}
	}
	if rng.Intn(3) == 0 {
		text = append(text, randomText(rng, 30)...)
	}
	return text, pieces
}

// TestScanDerivedEqualsScan goes down chains of edits: matches and all that is
// kept must be those of a whole scan.
func TestScanDerivedEqualsScan(t *testing.T) {
	e := mustCompile(t, testRules(), Options{})
	s, oracle := e.NewScratch(), e.NewScratch()
	for seed := range int64(150) {
		rng := rand.New(rand.NewSource(seed))
		text := randomText(rng, 1+rng.Intn(12000))
		if rng.Intn(4) == 0 {
			text = append([]byte{0}, text...) // binary
		}
		if rng.Intn(8) == 0 {
			text = encode16(string(text), true, true)
		}
		state := &State{}
		e.ScanKeep(s, text, state)
		for depth := range 12 {
			made, pieces := edit(rng, text)
			if rng.Intn(10) == 0 && len(made) > 0 {
				made, pieces = append([]byte{0}, made...), shifted(pieces, 1)
			}
			next, want := &State{}, &State{}
			got := fmt.Sprint(places(e.ScanDerived(s, made, state, pieces, next)))
			require.Equal(t, fmt.Sprint(places(e.ScanKeep(oracle, made, want))), got, "seed %d depth %d", seed, depth)
			require.Equal(t, want.opaque, next.opaque)
			if !want.opaque {
				require.Equal(t, fmt.Sprint(want.hits), fmt.Sprint(next.hits), "seed %d depth %d", seed, depth)
				require.Equal(t, fmt.Sprint(want.found), fmt.Sprint(next.found), "seed %d depth %d", seed, depth)
			}
			text, state = made, next
		}
	}
}

func shifted(pieces []Copy, by int) []Copy {
	for i := range pieces {
		pieces[i].To += by
	}
	return pieces
}

func FuzzScanDerived(f *testing.F) {
	e := mustCompile(f, testRules(), Options{})
	f.Add([]byte("password = \"hunter2hunter2\"\n"+key("")), []byte{4, 9, 200, 0, 3, 77})
	f.Fuzz(func(t *testing.T, base, ops []byte) {
		var text []byte
		var pieces []Copy
		for len(ops) >= 3 && len(text) < 1<<16 && len(base) > 0 {
			a, b, c := int(ops[0]), int(ops[1]), int(ops[2])
			ops = ops[3:]
			if a&1 == 0 {
				text = append(text, byte(b), byte(c))
				continue
			}
			from := (a>>1 | b<<7) % len(base)
			n := min(len(base)-from, 1+c*4)
			pieces = append(pieces, Copy{To: len(text), From: from, Len: n})
			text = append(text, base[from:from+n]...)
		}
		s := e.NewScratch()
		state, next, want := &State{}, &State{}, &State{}
		e.ScanKeep(s, base, state)
		got := fmt.Sprint(places(e.ScanDerived(s, text, state, pieces, next)))
		require.Equal(t, fmt.Sprint(places(e.ScanKeep(s, text, want))), got)
		require.Equal(t, fmt.Sprint(want.hits, want.found), fmt.Sprint(next.hits, next.found))
	})
}
