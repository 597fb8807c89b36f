package git

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"

	"github.com/shrike-scan/shrike/git/odb"
	"github.com/shrike-scan/shrike/scanner"
)

func compareIDs(a, b odb.ID) int { return bytes.Compare(a[:], b[:]) }

// scanBlobs reads and scans blobs, one reader a goroutine, and counts them in the
// receipt. paths tells where each blob stands; without it none is named.
func (r *Repository) scanBlobs(ctx context.Context, ids []odb.ID, paths map[odb.ID][]string, readers []*reader, receipt *Receipt, progress func(done, total int64)) error {
	var count, size atomic.Int64
	problem := r.tolerant(readers[0].problems)
	err := inParallel(ctx, len(readers), len(ids), func(worker, i int) {
		own, id := readers[worker], ids[i]
		data, err := readKind(r.store, id, odb.Blob)
		if err != nil {
			problem(id, err)
			return
		}
		size.Add(int64(len(data)))
		done := count.Add(1)
		if worker == 0 && progress != nil {
			progress(done, int64(len(ids)))
		}
		ms := own.engine.Scan(own.scratch, data)
		if len(ms)+len(own.scratch.Notes()) == 0 {
			return
		}
		place := scanner.Place{Where: scanner.InFile, Object: id.String()}
		if paths == nil {
			own.collector.Add(place, ms)
		}
		for _, place.Path = range paths[id] {
			own.collector.Add(place, ms)
			own.collector.Note(place, own.scratch.Notes())
		}
	})
	receipt.Blobs += count.Load()
	receipt.Objects[odb.Blob] += count.Load()
	receipt.Bytes[odb.Blob] += size.Load()
	return err
}

// walkBlobs scans blobs as a walk through the store's delta trees comes by them.
func (r *Repository) walkBlobs(ctx context.Context, ids map[odb.ID]struct{}, readers []*reader, receipt *Receipt, progress func(done, total int64)) error {
	problems := readers[0].problems
	stats, err := r.store.Walk(ctx, odb.WalkOptions{Only: ids, Workers: len(readers), Progress: progress}, odb.Visitor{
		Object: func(worker int, o *odb.Object) error {
			if o.Kind != odb.Blob {
				problems.object(o.ID, fmt.Errorf("object %s is a %s where a %s is named", o.ID, o.Kind, odb.Blob))
				return nil
			}
			readers[worker].blob(o)
			return nil
		},
		Large: func(worker int, id odb.ID, k odb.Kind, _ int64, body io.Reader) error {
			readers[worker].stream(id, k, body)
			return nil
		},
		Problem: problems.add,
	})
	for id := range ids {
		r.missing(id, "", problems)
	}
	receipt.Blobs += stats.Objects[odb.Blob]
	receipt.Objects[odb.Blob] += stats.Objects[odb.Blob]
	receipt.Bytes[odb.Blob] += stats.Bytes[odb.Blob]
	return err
}

// tolerant reports what cannot be read, except for what a partial clone was never
// sent: the receipt counts that.
func (r *Repository) tolerant(problems *problemList) func(odb.ID, error) {
	return func(id odb.ID, err error) {
		if len(r.settings.promisor) > 0 {
			if missing := (*odb.MissingError)(nil); errors.As(err, &missing) {
				return
			}
		}
		problems.object(id, err)
	}
}
