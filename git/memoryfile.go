package git

import (
	"encoding/binary"
	"errors"
	"math"

	"github.com/shrike-scan/shrike/git/odb"
)

// The sections of a history cache (see package cache). Tables of ids ascend and
// hold hashSize bytes an id; fixed numbers are little-endian, others varints as
// in package encoding/binary. A commit's number is its position among the commits.
const (
	secPacks   = iota // of each: length of the name, name, size, both checksums
	secBlobs          // ids
	secTags           // ids
	secStrays         // ids
	secLoose          // ids
	secCommits        // ids
	secTrees          // hashSize bytes a commit, in their order
	secDates          // int64 a commit: the corrected date
	secCounts         // uint32 a commit, and one more: start of its parents
	secParents        // uint32 each: a commit's number
	secOrder          // uint32 each: a commit's number
	secSettled        // a byte a commit: 0 or 1
	secObjects        // see appendObjects
	secNames          // of each: length, bytes
	secMarked         // ids of the blobs that shapes name
	secShapes         // of each from number 1 on: count of edges, edges: key, target
	secRoots          // uint32 a commit: a shape's number; empty: none is known
	sections
)

var errShape = errors.New("its parts do not fit together")

// format gives the sections of a file.
func (m *memory) format() [][]byte {
	s := make([][]byte, sections)
	for _, p := range m.packs {
		s[secPacks] = appendString(s[secPacks], p.Name)
		s[secPacks] = binary.AppendVarint(s[secPacks], p.Size)
		s[secPacks] = append(append(s[secPacks], p.Sum[:]...), p.Index[:]...)
	}
	g := m.graph
	s[secBlobs], s[secTags], s[secStrays], s[secLoose] = m.blobs.ids, m.tags.ids, m.strays.ids, m.loose.ids
	s[secCommits], s[secTrees] = g.ids, g.trees
	for _, d := range g.dates {
		s[secDates] = binary.LittleEndian.AppendUint64(s[secDates], uint64(d))
	}
	s[secCounts] = appendNumbers(nil, g.parentStart)
	s[secParents] = appendNumbers(nil, g.parents)
	s[secOrder] = appendNumbers(nil, g.order)
	for _, yes := range m.settled {
		b := byte(0)
		if yes {
			b = 1
		}
		s[secSettled] = append(s[secSettled], b)
	}
	s[secObjects] = m.appendObjects(nil)
	if !m.shapes.known {
		return s
	}
	for _, name := range m.shapes.names {
		s[secNames] = appendString(s[secNames], name)
	}
	s[secMarked] = m.shapes.blobs.ids
	for _, edges := range m.shapes.edges[1:] {
		s[secShapes] = binary.AppendUvarint(s[secShapes], uint64(len(edges)))
		for _, e := range edges {
			s[secShapes] = binary.AppendUvarint(s[secShapes], uint64(e.key))
			s[secShapes] = binary.AppendUvarint(s[secShapes], uint64(e.target))
		}
	}
	s[secRoots] = appendNumbers(nil, m.shapes.roots)
	return s
}

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func appendNumbers[N int32 | uint32](b []byte, list []N) []byte {
	for _, n := range list {
		b = binary.LittleEndian.AppendUint32(b, uint32(n))
	}
	return b
}

// appendObjects writes the count of kinds and of objects, then of each: id, count
// of spots, spots: where and whether allowed, kind, line, column, lines and columns
// from there to the end.
func (m *memory) appendObjects(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(m.kinds))
	b = binary.AppendUvarint(b, uint64(len(m.objects)))
	for _, o := range m.objects {
		b = append(b, o.id[:m.graph.hashSize]...)
		b = binary.AppendUvarint(b, uint64(len(o.spots)))
		for _, s := range o.spots {
			where := uint64(s.where) << 1
			if s.allowed {
				where |= 1
			}
			b = binary.AppendUvarint(b, where)
			b = binary.AppendUvarint(b, uint64(s.kind))
			b = binary.AppendUvarint(b, uint64(s.line))
			b = binary.AppendUvarint(b, uint64(s.column))
			b = binary.AppendVarint(b, int64(s.endLine-s.line))
			b = binary.AppendVarint(b, int64(s.endColumn-s.column))
		}
	}
	return b
}

// parseMemory reads the sections of a file. Tables of ids point into them.
// Whatever the bytes, what it gives can be used without running out of bounds.
func parseMemory(s [][]byte, hashSize int) (*memory, error) {
	if len(s) != sections {
		return nil, errShape
	}
	m := newMemory(hashSize)
	for at, t := range map[int]*idTable{
		secBlobs: &m.blobs, secTags: &m.tags, secStrays: &m.strays, secLoose: &m.loose, secMarked: &m.shapes.blobs,
	} {
		if t.ids = s[at]; len(t.ids)%hashSize != 0 {
			return nil, errShape
		}
	}
	d := &decoder{data: s[secPacks]}
	for len(d.data) > 0 {
		p := odb.PackID{Name: string(d.bytes(d.number())), Size: d.signed()}
		copy(p.Sum[:], d.bytes(len(p.Sum)))
		copy(p.Index[:], d.bytes(len(p.Index)))
		m.packs = append(m.packs, p)
	}
	if d.failed || !m.parseGraph(s) || !m.parseObjects(s[secObjects]) || !m.parseShapes(s) {
		return nil, errShape
	}
	return m, nil
}

func (m *memory) parseGraph(s [][]byte) bool {
	g := m.graph
	g.ids, g.trees = s[secCommits], s[secTrees]
	n := len(g.ids) / g.hashSize
	if len(g.ids) != n*g.hashSize || len(g.trees) != len(g.ids) || len(s[secDates]) != 8*n ||
		len(s[secSettled]) != n || len(s[secCounts]) != 4*(n+1) || len(s[secOrder]) != 4*n || len(s[secParents])%4 != 0 {
		return false
	}
	g.dates, m.settled = make([]int64, n), make([]bool, n)
	for c := range n {
		g.dates[c] = int64(binary.LittleEndian.Uint64(s[secDates][8*c:]))
		m.settled[c] = s[secSettled][c] != 0
	}
	g.parentStart = numbers[uint32](s[secCounts])
	g.parents = numbers[int32](s[secParents])
	g.order = numbers[int32](s[secOrder])
	before := uint32(0)
	for _, start := range g.parentStart {
		if start < before || start > uint32(len(g.parents)) {
			return false
		}
		before = start
	}
	seen := make([]bool, n)
	for _, p := range g.parents {
		if p < 0 || int(p) >= n {
			return false
		}
	}
	for _, c := range g.order {
		if c < 0 || int(c) >= n || seen[c] {
			return false
		}
		seen[c] = true
	}
	g.setRank()
	return true
}

func numbers[N int32 | uint32](b []byte) []N {
	list := make([]N, len(b)/4)
	for i := range list {
		list[i] = N(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return list
}

func (m *memory) parseObjects(b []byte) bool {
	d := &decoder{data: b}
	m.kinds = d.number()
	for range d.number() {
		o := spotted{id: toID(d.bytes(m.graph.hashSize))}
		for range d.number() {
			where := d.number()
			s := spot{where: uint8(where >> 1), allowed: where&1 == 1, kind: uint32(d.number()), line: d.number(), column: d.number()}
			s.endLine, s.endColumn = s.line+int(d.signed()), s.column+int(d.signed())
			if d.failed || where>>1 >= len(places) || int(s.kind) >= m.kinds {
				return false
			}
			o.spots = append(o.spots, s)
		}
		if d.failed {
			return false
		}
		m.objects = append(m.objects, o)
	}
	return !d.failed && len(d.data) == 0
}

func (m *memory) parseShapes(s [][]byte) bool {
	h := &m.shapes
	h.known = len(s[secRoots]) > 0 || m.graph.len() == 0
	d := &decoder{data: s[secNames]}
	for len(d.data) > 0 {
		h.names = append(h.names, string(d.bytes(d.number())))
	}
	d.data = append(d.data, s[secShapes]...)
	for len(d.data) > 0 {
		shape := uint32(len(h.edges))
		var edges []edge
		for range d.number() {
			e := edge{uint32(d.number()), uint32(d.number())}
			if d.failed || int(e.key>>1) >= len(h.names) || !e.isBlob() && e.target >= shape || e.isBlob() && int(e.target) >= h.blobs.len() {
				return false
			}
			edges = append(edges, e)
		}
		h.edges = append(h.edges, edges)
	}
	h.roots = numbers[uint32](s[secRoots])
	for _, shape := range h.roots {
		if int(shape) >= len(h.edges) {
			return false
		}
	}
	return !d.failed && (!h.known || len(h.roots) == m.graph.len())
}

// decoder reads varints and bytes. After a failure there is nothing left to read.
type decoder struct {
	data   []byte
	failed bool
}

func (d *decoder) fail() {
	d.failed, d.data = true, nil
}

// number reads a count, a size or a position.
func (d *decoder) number() int {
	v, n := binary.Uvarint(d.data)
	if n <= 0 || v > math.MaxInt32 {
		d.fail()
		return 0
	}
	d.data = d.data[n:]
	return int(v)
}

func (d *decoder) signed() int64 {
	v, n := binary.Varint(d.data)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.data = d.data[n:]
	return v
}

// bytes cuts off n bytes, or gives none.
func (d *decoder) bytes(n int) []byte {
	if n > len(d.data) {
		d.fail()
		return nil
	}
	b := d.data[:n]
	d.data = d.data[n:]
	return b
}
