package git

import (
	"github.com/shrike-scan/shrike/git/odb"
	"github.com/shrike-scan/shrike/scanner"
)

// memory is what a complete scan of all objects leaves for the next one, so that
// this needs to read only what is new: see recall.go for its use, remember.go for
// its making, memoryfile.go for its form in a file.
//
// It holds no secret: of each object with credentials only where they stand, and
// which of them are the same. The credentials themselves are read from the
// repository again.
type memory struct {
	packs   []odb.PackID // all their objects are known
	blobs   idTable      // scanned
	tags    idTable      // scanned, annotated ones
	strays  idTable      // trees among the loose objects; those in packs are not listed
	loose   idTable      // loose objects of any kind
	graph   *graph       // the commits, all scanned
	settled []bool       // commit -> a ref or a reflog reached it: its trees were complete
	objects []spotted    // what holds credentials, by ascending id
	kinds   int          // count of different credentials in objects
	shapes  rememberedShapes
}

// spotted is an object that holds credentials.
type spotted struct {
	id    odb.ID
	spots []spot // in the order in which a scan gives them
}

// spot is where a credential stands in an object.
type spot struct {
	kind                             uint32 // the same for the same credential, found in the same way
	where                            uint8  // index into places
	allowed                          bool   // by a comment beside it
	line, column, endLine, endColumn int
}

// places are the parts of a git object that are scanned.
var places = [...]scanner.Where{scanner.InFile, scanner.InCommitMessage, scanner.InIdentity, scanner.InTagMessage}

// rememberedShapes is a shapeSet whose names and blobs are numbered by position.
type rememberedShapes struct {
	known bool // false: every tree is to be read again
	names []string
	blobs idTable
	edges [][]edge // shape -> entries, not sorted
	roots []uint32 // commit -> shape of its tree
}

func newMemory(hashSize int) *memory {
	none := idTable{size: hashSize}
	return &memory{
		blobs: none, tags: none, strays: none, loose: none,
		graph:  &graph{hashSize: hashSize, parentStart: make([]uint32, 1)},
		shapes: rememberedShapes{known: true, blobs: none, edges: make([][]edge, 1)},
	}
}

// knows reports whether an object was scanned, or is none that is.
func (m *memory) knows(id []byte) bool {
	return m.blobs.has(id) || m.graph.find(id) != absent || m.tags.has(id) || m.strays.has(id)
}

// without forgets the objects that are gone. It fails where a commit is gone that
// another one needs: what is left is no history that a scan could have seen.
func (m *memory) without(gone func(id []byte) bool) (*memory, bool) {
	left := *m
	for _, t := range []*idTable{&left.blobs, &left.tags, &left.strays, &left.loose} {
		*t = t.without(gone)
	}
	var moved []int32
	var ok bool
	if left.graph, moved, ok = m.graph.without(gone); !ok {
		return nil, false
	}
	left.settled = make([]bool, left.graph.len())
	for old, c := range moved {
		if c != absent {
			left.settled[c] = m.settled[old]
		}
	}
	left.objects = nil
	for _, o := range m.objects {
		if !gone(o.id[:m.graph.hashSize]) {
			left.objects = append(left.objects, o)
		}
	}
	left.shapes = rememberedShapes{}
	return &left, true
}
