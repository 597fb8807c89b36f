package git

import (
	"bytes"

	"github.com/shrike-scan/shrike/git/odb"
)

// Modes of a tree's entries, octal as git writes them. Everything that is
// neither a folder nor a submodule's commit is a blob.
const (
	modeTree    = 0o040000
	modeGitlink = 0o160000
	modeType    = 0o170000
)

// treeEntry is one entry of a tree. Its slices point into the tree's data.
type treeEntry struct {
	mode uint32
	name []byte
	id   []byte // HashSize bytes
}

func (e treeEntry) isTree() bool    { return e.mode&modeType == modeTree }
func (e treeEntry) isGitlink() bool { return e.mode&modeType == modeGitlink }

func (e treeEntry) object() odb.ID {
	var id odb.ID
	copy(id[:], e.id)
	return id
}

// nextEntry cuts the first entry off a tree: MODE SP NAME NUL ID. ok is false at
// the end and at bytes that are no entry; rest is then empty or starts with them.
func nextEntry(data []byte, hashSize int) (e treeEntry, rest []byte, ok bool) {
	i := 0
	for i < len(data) && data[i] != ' ' {
		d := data[i] - '0'
		if d > 7 || i > 6 {
			return e, data, false
		}
		e.mode = e.mode<<3 | uint32(d)
		i++
	}
	i++
	if i >= len(data) {
		return e, data, false
	}
	n := bytes.IndexByte(data[i:], 0)
	if n <= 0 || len(data)-i-n-1 < hashSize {
		return e, data, false
	}
	e.name = data[i : i+n]
	i += n + 1
	e.id = data[i : i+hashSize]
	return e, data[i+hashSize:], true
}
