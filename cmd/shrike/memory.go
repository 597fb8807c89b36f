package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
)

// How much of the heap may be garbage, in percent of what is alive.
const (
	usualPercent = 100
	firstPercent = 1000 // of the 4 MB that the runtime starts from
	sparePercent = 25
)

// usualHeap is how large the heap may grow, in bytes, unless what is alive leaves no
// room for the least share of garbage: with the program itself, 75 MB.
const usualHeap = 48 << 20

// room is how many bytes of garbage a scan of history may leave lying, at least;
// below zero where little may.
var room atomic.Int64

// delayCollection lets the heap grow to 40 MB before its first collection, from
// when on the usual share holds: most hooks end before they have used that much, and
// collecting would take a tenth of their time.
func delayCollection() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(firstPercent)
		afterCollection(paceCollection)
	}
}

// afterCollection calls f once, after the next collection.
func afterCollection(f func()) {
	runtime.AddCleanup(new([16]byte), func(f func()) { f() }, f)
}

// paceCollection sets the share from one collection to the next.
func paceCollection() {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	live := max(int64(sample[0].Value.Uint64()), 1<<20)
	percent := int64(sparePercent)
	switch free := room.Load(); {
	case free > 0:
		percent = max(usualPercent, 100*free/live)
	case free == 0:
		percent = min(max(sparePercent, 100*(usualHeap-live)/live), usualPercent)
	}
	debug.SetGCPercent(int(percent))
	afterCollection(paceCollection)
}

// spendMemory lets a scan of history leave 64 MB of garbage lying, however little is
// alive: a tenth of its time.
func spendMemory() {
	const free, least = 64 << 20, 4 << 20 // least is what the runtime starts from
	room.Store(free)
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(100 * free / least)
	}
}

// spareMemory collects more often where there is much to report: it takes little
// beside what the scan took, and a report of 25,000 findings fits into 100 MB.
func spareMemory(findings int) {
	const many = 5000
	if findings >= many && os.Getenv("GOGC") == "" {
		room.Store(-1)
		debug.SetGCPercent(sparePercent)
	}
}
