package git

import (
	"bytes"
	"context"
	"sync/atomic"

	"github.com/shrike-scan/shrike/git/odb"
	"github.com/shrike-scan/shrike/scanner"
)

func compareIDs(a, b odb.ID) int { return bytes.Compare(a[:], b[:]) }

// scanBlobs reads and scans blobs, one reader a goroutine, and counts them in the
// receipt. paths tells where each blob stands; without it none is named.
func (r *Repository) scanBlobs(ctx context.Context, ids []odb.ID, paths map[odb.ID][]string, readers []*reader, receipt *Receipt, progress func(done, total int64)) error {
	var count, size atomic.Int64
	err := inParallel(ctx, len(readers), len(ids), func(worker, i int) {
		own, id := readers[worker], ids[i]
		data, err := readKind(r.store, id, odb.Blob)
		if err != nil {
			own.problems.object(id, err)
			return
		}
		size.Add(int64(len(data)))
		done := count.Add(1)
		if worker == 0 && progress != nil {
			progress(done, int64(len(ids)))
		}
		ms := own.engine.Scan(own.scratch, data)
		if len(ms) == 0 {
			return
		}
		place := scanner.Place{Where: scanner.InFile, Object: id.String()}
		if paths == nil {
			own.collector.Add(place, ms)
		}
		for _, place.Path = range paths[id] {
			own.collector.Add(place, ms)
		}
	})
	receipt.Blobs += count.Load()
	receipt.Objects[odb.Blob] += count.Load()
	receipt.Bytes[odb.Blob] += size.Load()
	return err
}
