package odb

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// GraphCommit is what a commit-graph tells of a commit.
type GraphCommit struct {
	ID, Tree ID
	Date     int64 // of the committer, seconds since 1970; git keeps the low 34 bits
}

// CommitGraph lists the commits of the repository's commit-graph by ascending id;
// none where git wrote none. It may be older than the store: new commits are not in
// it, and some in it may be gone. A file that does not match its checksum, or is
// none, is an error.
func (s *Store) CommitGraph() ([]GraphCommit, error) {
	for _, dir := range s.dirs {
		files, err := graphFiles(filepath.Join(dir, "info"), s.o.HashSize)
		if err != nil {
			return nil, err
		}
		if len(files) == 0 {
			continue
		}
		var all []GraphCommit
		for _, file := range files {
			if all, err = appendGraph(all, file, s.o.HashSize); err != nil {
				return nil, fmt.Errorf("read commit-graph %s: %w", file, err)
			}
		}
		slices.SortFunc(all, func(a, b GraphCommit) int { return compareID(a.ID, b.ID) })
		return slices.CompactFunc(all, func(a, b GraphCommit) bool { return a.ID == b.ID }), nil
	}
	return nil, nil
}

// graphFiles lists the commit-graph of an objects directory, or else the layers of
// one in a chain, the lowest first.
func graphFiles(info string, hash int) ([]string, error) {
	one := filepath.Join(info, "commit-graph")
	if _, err := os.Stat(one); err == nil {
		return []string{one}, nil
	}
	return chainFiles(filepath.Join(info, "commit-graphs", "commit-graph-chain"), "graph-", ".graph", hash)
}

// chainFiles reads a file that names the layers of a chain, a checksum a line.
func chainFiles(file, before, after string, hash int) (files []string, err error) {
	text, err := readSmall(file)
	if err != nil {
		return nil, err
	}
	const most = 255 // layers, as a byte counts them in git's formats
	for line := range bytes.Lines(text) {
		sum := strings.TrimSpace(string(line))
		if raw, err := hex.DecodeString(sum); err != nil || len(raw) != hash || len(files) == most {
			return nil, fmt.Errorf("read %s: not a list of at most %d checksums", file, most)
		}
		files = append(files, filepath.Join(filepath.Dir(file), before+sum+after))
	}
	return files, nil
}

func appendGraph(all []GraphCommit, file string, hash int) ([]GraphCommit, error) {
	data, err := mapFile(file)
	if err != nil {
		return nil, err
	}
	defer unmap(data)
	err = guarded(func() error {
		table, err := parseCommitGraph(data, hash)
		if err != nil {
			return err
		}
		if !sealed(data, hash) {
			return errors.New("it does not match its checksum")
		}
		all = slices.Grow(all, table.n)
		for i := range table.n {
			all = append(all, table.commit(i))
		}
		return nil
	})
	return all, err
}

// commitTable is a commit-graph, or one layer of one. It is a file in chunks
// (gitformat-commit-graph(5)), see chunks:
//
//	header  "CGPH", byte version = 1, byte kind of hash (1: SHA-1, 2: SHA-256),
//	        byte count of chunks, byte count of layers below
//	OIDF    fan-out, 256 x uint32: how many ids have a first byte <= i
//	OIDL    N x H ids, in order
//	CDAT    N x { H tree, 2 x uint32 parents, uint64 generation << 34 | date }
//	EDGE, GDA2, GDO2, BIDX, BDAT, BASE  further parents, generations, Bloom filters,
//	        the layers below
//
// Parents and generations are not used.
type commitTable struct {
	idList
	rows []byte // CDAT
}

const (
	graphHeader = 8
	graphRow    = 16 // after the tree
)

func parseCommitGraph(data []byte, hash int) (*commitTable, error) {
	if len(data) < graphHeader+hash {
		return nil, errors.New("it is truncated")
	}
	if !bytes.HasPrefix(data, []byte("CGPH")) {
		return nil, errors.New("it has no signature")
	}
	if v := data[4]; v != 1 {
		return nil, fmt.Errorf("it has version %d: 1 is known", v)
	}
	if uint32(data[5]) != hashKind(hash) {
		return nil, errors.New("it belongs to a repository with another kind of hash")
	}
	found, err := chunks(data, graphHeader, int(data[6]), hash)
	if err != nil {
		return nil, fmt.Errorf("it %w", err)
	}
	t := &commitTable{rows: found["CDAT"]}
	if t.idList, err = newChunkIDs(found, hash); err != nil {
		return nil, fmt.Errorf("it %w", err)
	}
	if len(t.rows) != t.n*(hash+graphRow) {
		return nil, fmt.Errorf("it has %d bytes of rows for %d commits", len(t.rows), t.n)
	}
	return t, nil
}

func (t *commitTable) commit(i int) (c GraphCommit) {
	row := t.rows[i*(t.hash+graphRow):][:t.hash+graphRow]
	copy(c.ID[:], t.id(i))
	copy(c.Tree[:], row[:t.hash])
	c.Date = int64(binary.BigEndian.Uint64(row[t.hash+8:]) & (1<<34 - 1))
	return c
}
