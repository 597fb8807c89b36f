package scanner

import (
	"cmp"
	"math"

	"github.com/shrike-scan/shrike/scanner/prefilter"
)

// sight is how far the verdicts on a hit looked: bytes before its start and after
// its end. A text that is the same that far gives the same verdicts, moved. Most
// hits are dropped for a byte beside them, so most of what is near a change need not
// be tried again.
type sight struct{ behind, ahead int }

// to widens the sight.
func (s *sight) to(behind, ahead int) {
	s.behind, s.ahead = max(s.behind, behind), max(s.ahead, ahead)
}

// mark is a hit and the sight of its verdicts, as a State keeps them.
type mark struct {
	prefilter.Hit
	behind, ahead uint16
}

// far stands for a sight that is farther than a mark can say.
const far = math.MaxUint16

func (m *mark) keep(s sight) {
	m.behind, m.ahead = uint16(min(s.behind, far)), uint16(min(s.ahead, far))
}

func compareMarks(a, b mark) int { return compareHits(a.Hit, b.Hit) }

// compareHits orders hits by their ends, then by literal.
func compareHits(a, b prefilter.Hit) int { return cmp.Compare(order(a), order(b)) }

func order(h prefilter.Hit) uint64 { return uint64(h.End)<<32 | uint64(uint32(h.Literal)) }
