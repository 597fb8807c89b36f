package structured

// arena allocates the nodes of one text's trees, in blocks that grow with the text:
// a tree lives and dies as a whole. The zero arena is ready for use.
type arena struct{ block []value }

// Bounds of a block, in nodes: small texts must not pay for large ones.
const (
	minBlock = 16
	maxBlock = 512
)

// add returns a new node that equals v.
func (a *arena) add(v value) *value {
	if len(a.block) == cap(a.block) {
		a.block = make([]value, 0, min(max(2*cap(a.block), minBlock), maxBlock))
	}
	a.block = append(a.block, v)
	return &a.block[len(a.block)-1]
}
